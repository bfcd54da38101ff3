import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildMarketplace } from '../../../scripts/build-marketplace.mjs';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

export interface StubPlugin {
  marketplaceRoot: string;
  pluginRoot: string;
  /** Subcommands that the hooks were called with, in order. */
  calls: () => string[];
}

/**
 * A marketplace with our own manifest and hooks.json around a program that only notes what it was
 * called with: what the two files do is tested apart from what the program does.
 */
export function stubPlugin(folder: string, program = ''): StubPlugin {
  const source = join(folder, 'stub-source');
  const journal = join(folder, 'calls.txt');
  mkdirSync(join(source, 'dist'), { recursive: true });
  for (const part of ['.codex-plugin', 'hooks'])
    cpSync(join(repository, part), join(source, part), { recursive: true });
  const note = `require('node:fs').appendFileSync(${JSON.stringify(journal)}, process.argv.slice(2).join(' ') + '\\n');`;
  writeFileSync(join(source, 'dist', 'hook.cjs'), `${note}\n${program}\n`);
  const marketplaceRoot = join(folder, 'stub-marketplace');
  const { pluginRoot } = buildMarketplace(source, marketplaceRoot);
  const calls = (): string[] => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').filter(Boolean) : []);
  return { marketplaceRoot, pluginRoot, calls };
}
