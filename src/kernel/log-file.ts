import path from 'node:path';
import { exists, lookAt } from './files.ts';
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
    appendLine(file, line);
  } catch {
    // The disk that refuses the log is usually the trouble that we wanted to log.
  }
}

const LONGEST_LINE = 8_000;

/** So much of a text, and so many members of a list, stay in a line that would be too long: the least that makes it fit. */
const ROOMS = [
  { text: 2_000, members: 50 },
  { text: 400, members: 20 },
  { text: 100, members: 10 },
  { text: 40, members: 3 },
] as const;

/** One line as it lies in the log: JSON, at most 8,000 characters; what is too long is shortened value by value. */
export function renderLogLine(clock: Clock, event: string, facts: Record<string, unknown>): string {
  const head = { at: isoSeconds(clock.now()), event, pid: process.pid };
  const whole = JSON.stringify({ ...head, ...facts });
  if (whole.length <= LONGEST_LINE) return whole;
  for (const room of ROOMS) {
    const line = JSON.stringify({ ...head, ...facts, shortened: true }, (_key, value: unknown) =>
      shortened(value, room),
    );
    if (line.length <= LONGEST_LINE) return line;
  }
  return JSON.stringify({ ...head, event: event.slice(0, 100), left_out: whole.length });
}

function shortened(value: unknown, room: (typeof ROOMS)[number]): unknown {
  // At a space, if there is one: half a secret is recognised by nobody.
  if (typeof value === 'string' && value.length > room.text)
    return `${value.slice(0, room.text).replace(/\S{1,200}$/, '')}…`;
  if (Array.isArray(value) && value.length > room.members)
    return [...value.slice(0, room.members), `… ${value.length - room.members} more`];
  return value;
}

function rotateWhenLarge(file: string): void {
  const { maxBytes, kept } = known ?? USUAL_LIMITS;
  if ((lookAt(file)?.size ?? 0) < maxBytes) return;
  // A hook that has not read the settings leaves it to the worker behind it, which has.
  if (!known && exists(path.join(path.dirname(file), '..', 'config.toml'))) return;
  for (let age = kept; age > 1; age--) moveFile(`${file}.${age - 1}`, `${file}.${age}`);
  if (kept > 0) moveFile(file, `${file}.1`);
  else removeFile(file);
}
