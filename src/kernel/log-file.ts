import path from 'node:path';
import { exists, factsOf } from './files.ts';
import { makeFolder } from './write-files.ts';
import { appendLine, moveFile, removeFile } from './move-files.ts';
import type { Clock } from './clock.ts';
import { isoSeconds } from './clock.ts';

/** `[log]` of config.toml. */
export interface LogLimits {
  /** The log is rotated when it has as many bytes. */
  maxBytes: number;
  /** Older files that stay. */
  kept: number;
}

/** 4 MB at most. */
const USUAL_LIMITS: LogLimits = { maxBytes: 1_000_000, kept: 3 };

/** Of this process: the log is begun before the settings are known, and everybody writes to the same one. */
let known: LogLimits | undefined;

/** From now on this process keeps to these limits. */
export function limitLog(limits: LogLimits): void {
  known = limits;
}

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
  const { maxBytes, kept } = known ?? USUAL_LIMITS;
  if ((factsOf(file)?.size ?? 0) < maxBytes) return;
  // A hook that has not read the settings leaves it to the worker behind it, which has.
  if (!known && exists(path.join(path.dirname(file), '..', 'config.toml'))) return;
  for (let age = kept; age > 1; age--) moveFile(`${file}.${age - 1}`, `${file}.${age}`);
  if (kept > 0) moveFile(file, `${file}.1`);
  else removeFile(file);
}
