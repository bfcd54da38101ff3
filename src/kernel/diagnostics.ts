import path from 'node:path';
import { redactBuiltin } from '../safety/redact-builtin.ts';
import { factsOf, makeFolder } from './files.ts';
import { appendLine, moveFile } from './move-files.ts';
import type { Clock } from './clock.ts';
import { isoSeconds } from './clock.ts';

/** Rotated at 1 MB, three older files kept: 4 MB at most. */
const ROTATE_BYTES = 1_000_000;
const KEPT = 3;

export interface Diagnostics {
  /** Adds one line to logs/plugin.log. Never throws: a log that cannot be written costs nobody anything. */
  log(event: string, facts?: Record<string, unknown>): void;
}

/** Diagnostics into `<home>/logs/plugin.log`, JSON lines, redacted by the built-in rules. */
export function fileDiagnostics(file: string, clock: Clock): Diagnostics {
  return {
    log(event, facts = {}) {
      try {
        makeFolder(path.dirname(file));
        rotateWhenLarge(file);
        const line = JSON.stringify({ at: isoSeconds(clock.now()), event, pid: process.pid, ...facts });
        appendLine(file, redactBuiltin(line.slice(0, 8_000)));
      } catch {
        // The disk that refuses the log is usually the trouble that we wanted to log.
      }
    },
  };
}

function rotateWhenLarge(file: string): void {
  if ((factsOf(file)?.size ?? 0) < ROTATE_BYTES) return;
  for (let age = KEPT; age > 1; age--) moveFile(`${file}.${age - 1}`, `${file}.${age}`);
  moveFile(file, `${file}.1`);
}

/** What was thrown, in one line, without a stack. */
export function causeOf(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`.slice(0, 500);
  return String(error).slice(0, 500);
}
