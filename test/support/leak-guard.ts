import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { leaksBelow } from './leaks.ts';

const linesOf = (file: string): string[] =>
  fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];

/**
 * No byte of a key or of a planted secret may be in a home after the run, neither in those that tests removed
 * (leak-watch.ts looked) nor in those that they left.
 * @throws when one is, with every path
 */
export function setup(): () => void {
  const run = fs.mkdtempSync(path.join(os.tmpdir(), 'csep-leaks-'));
  process.env['CSEP_LEAK_RUN'] = run;
  return () => {
    const left = linesOf(path.join(run, 'folders')).filter((folder) => fs.existsSync(folder));
    const leaks = [...linesOf(path.join(run, 'leaks')), ...left.flatMap(leaksBelow)];
    fs.rmSync(run, { recursive: true, force: true });
    if (leaks.length === 0) return;
    process.exitCode = 1;
    throw new Error(`secrets were left in a home:\n${[...new Set(leaks)].join('\n')}`);
  };
}
