import fs from 'node:fs';
import path from 'node:path';
import type { Lab } from './lab.ts';

/**
 * The process that died is the test's own, so it still lives: what it left is made to name another
 * one, and to be as old as it would be when the next run comes by.
 */
export function bury(lab: Lab, how: 'killed' | 'power'): void {
  const longAgo = new Date(Date.now() - 60_000);
  const days = new Date(Date.now() - 2 * 86_400_000);
  for (const file of filesBelow(lab.home)) {
    if (path.basename(file).startsWith('.tmp-')) fs.utimesSync(file, days, days);
    if (path.basename(file) !== 'compile.lock' && path.basename(path.dirname(file)) !== 'workers') continue;
    const owner = parsed(file);
    if (owner) {
      const other = how === 'power' ? { boot_id: 'an earlier boot' } : { process_start: 'an earlier process' };
      fs.writeFileSync(file, JSON.stringify({ ...owner, ...other }));
    }
    fs.utimesSync(file, longAgo, longAgo);
  }
  for (const folder of foldersBelow(lab.home))
    if (path.basename(folder) === 'compile.lock.d') fs.utimesSync(folder, longAgo, longAgo);
}

function parsed(file: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

export const filesBelow = (folder: string): string[] =>
  below(folder).filter((file) => !fs.lstatSync(file).isDirectory());

export const foldersBelow = (folder: string): string[] =>
  below(folder).filter((file) => fs.lstatSync(file).isDirectory());

function below(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { recursive: true }).map((name) => path.join(folder, String(name)));
}
