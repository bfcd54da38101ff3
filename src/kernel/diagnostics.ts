import { redactBuiltin } from '../safety/redact-builtin.ts';
import type { Clock } from './clock.ts';
import { addLogLine, renderLogLine } from './log-file.ts';

export interface Diagnostics {
  /** Adds one line to logs/plugin.log. Never throws: a log that cannot be written costs nobody anything. */
  log(event: string, facts?: Record<string, unknown>): void;
}

/** Diagnostics into `<home>/logs/plugin.log`, JSON lines, redacted by the built-in rules. */
export function fileDiagnostics(file: string, clock: Clock): Diagnostics {
  return {
    log(event, facts = {}) {
      try {
        // Shortened before the redaction, which takes its time.
        addLogLine(file, redactBuiltin(renderLogLine(clock, event, facts)));
      } catch {
        // Facts that JSON does not know are a mistake, and not worth a failure.
      }
    },
  };
}

/** What was thrown, in one line, without a stack. */
export function causeOf(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`.slice(0, 500);
  return String(error).slice(0, 500);
}
