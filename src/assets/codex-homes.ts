import path from 'node:path';
import { isRecord } from '../contracts/json.ts';
import { isFolder, readText } from '../kernel/files.ts';
import { writeDurably } from '../kernel/write-files.ts';
import { codexHome, homeLayout } from '../kernel/home.ts';
import type { Environment } from '../kernel/home.ts';
import { renderJson } from '../kernel/render-json.ts';

/** More than a handful are test runs, not a person's set-up. */
const MAX_REMEMBERED = 8;

/** The CODEX_HOMEs that hooks have seen; a scheduler's environment does not name them. */
function rememberedCodexHomes(home: string): string[] {
  try {
    const value: unknown = JSON.parse(readText(homeLayout(home).codexHomes) ?? '{}');
    const homes = isRecord(value) ? value['homes'] : undefined;
    return Array.isArray(homes) ? homes.filter((entry) => typeof entry === 'string') : [];
  } catch {
    // Only a convenience: what is lost is remembered again by the next session.
    return [];
  }
}

export function rememberCodexHome(home: string, folder: string): void {
  const known = rememberedCodexHomes(home);
  if (known[0] === folder) return;
  const homes = [folder, ...known.filter((entry) => entry !== folder)].slice(0, MAX_REMEMBERED);
  writeDurably(homeLayout(home).codexHomes, renderJson({ version: 1, homes }));
}

/** Codex's skills folders that we publish to: the override alone, otherwise one per Codex home that exists. */
export function skillsFolders(home: string, env: Environment): string[] {
  const override = env['CSEP_CODEX_SKILLS_DIR'];
  if (override) return [path.resolve(override)];
  const homes = [...new Set([...rememberedCodexHomes(home), codexHome(env)])];
  return homes.filter((folder) => isFolder(folder)).map((folder) => path.join(folder, 'skills'));
}
