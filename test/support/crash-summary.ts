import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What one test has covered: crash points by phase, or a line of its own. */
export interface Covered {
  /** How the runs ended: `killed`, `power cut`, … */
  ending: string;
  phases: Record<string, number>;
}

/** Not CSEP_…: the guard of the home removes those. */
const FILE = 'CRASH_SUMMARY_FILE';

export function noteCovered(covered: Covered): void {
  const file = process.env[FILE];
  if (file) fs.writeFileSync(file, `${JSON.stringify(covered)}\n`, { flag: 'a' });
}

/** Collects what the tests of a run have covered, and prints it when all are done. */
export function setup(): () => void {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'csep-crash-summary-'));
  const file = path.join(folder, 'covered.jsonl');
  process.env[FILE] = file;
  return () => {
    const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n') : [];
    const covered = lines.filter((line) => line !== '').map((line): Covered => JSON.parse(line));
    fs.rmSync(folder, { recursive: true, force: true });
    fs.writeSync(
      1,
      summaries(covered)
        .map((text) => `${text}\n`)
        .join(''),
    );
  };
}

function summaries(all: readonly Covered[]): string[] {
  const endings = new Map<string, Map<string, number>>();
  for (const { ending, phases } of all) {
    const sums = endings.get(ending) ?? new Map<string, number>();
    endings.set(ending, sums);
    for (const [phase, count] of Object.entries(phases)) sums.set(phase, (sums.get(phase) ?? 0) + count);
  }
  return [...endings].map(([ending, sums]) => {
    const total = [...sums.values()].reduce((sum, count) => sum + count, 0);
    return `${total} crash points (${ending}): ${[...sums].map(([phase, count]) => `${phase} ${count}`).join(', ')}`;
  });
}
