import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { leaksBelow } from './leaks.ts';

/**
 * Tests make their homes in temporary folders and remove them. Here both calls are watched: what is removed is searched
 * first, and what is made is written down, so that leak-guard.ts can search what is left when the run is over.
 */
const run = process.env['CSEP_LEAK_RUN'] ?? '';
const temporary = new Set([os.tmpdir(), fs.realpathSync(os.tmpdir())]);

const isTopLevel = (target: unknown): target is string =>
  typeof target === 'string' && temporary.has(path.dirname(path.resolve(target)));

const note = (file: string, lines: readonly string[]): void => {
  if (run !== '' && lines.length > 0) fs.appendFileSync(path.join(run, file), `${lines.join('\n')}\n`);
};

const { mkdtempSync, rmSync } = fs;

function watchedMkdtemp(...given: Parameters<typeof fs.mkdtempSync>): ReturnType<typeof fs.mkdtempSync> {
  const folder = mkdtempSync(...given);
  if (isTopLevel(folder)) note('folders', [folder]);
  return folder;
}

function watchedRm(...given: Parameters<typeof fs.rmSync>): void {
  if (isTopLevel(given[0])) note('leaks', leaksBelow(given[0]));
  rmSync(...given);
}

// Once per process: test files share one when they are not isolated.
if (!('watched' in fs.rmSync)) {
  Object.assign(fs, { mkdtempSync: watchedMkdtemp, rmSync: Object.assign(watchedRm, { watched: true }) });
  syncBuiltinESMExports();
}
