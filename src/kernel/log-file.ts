import path from 'node:path';
import { factsOf } from './files.ts';
import { makeFolder } from './write-files.ts';
import { appendLine, moveFile } from './move-files.ts';
import type { Clock } from './clock.ts';
import { isoSeconds } from './clock.ts';

/** Rotated at 1 MB, three older files kept: 4 MB at most. */
const ROTATE_BYTES = 1_000_000;
const KEPT = 3;
const LONGEST_LINE = 8_000;

/**
 * Adds one JSON line to logs/plugin.log. What is written is the caller's to have redacted: this file
 * is apart from diagnostics.ts so that hooks need not load the redaction for lines without free text.
 *
 * Never throws: a log that cannot be written costs nobody anything.
 */
export function addLogLine(file: string, line: string): void {
  try {
    makeFolder(path.dirname(file));
    rotateWhenLarge(file);
    appendLine(file, line.slice(0, LONGEST_LINE));
  } catch {
    // The disk that refuses the log is usually the trouble that we wanted to log.
  }
}

/** One line as it lies in the log. */
export const renderLogLine = (clock: Clock, event: string, facts: Record<string, unknown>): string =>
  JSON.stringify({ at: isoSeconds(clock.now()), event, pid: process.pid, ...facts });

function rotateWhenLarge(file: string): void {
  if ((factsOf(file)?.size ?? 0) < ROTATE_BYTES) return;
  for (let age = KEPT; age > 1; age--) moveFile(`${file}.${age - 1}`, `${file}.${age}`);
  moveFile(file, `${file}.1`);
}
