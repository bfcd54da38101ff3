import type { Clock } from './clock.ts';
import type { Diagnostics } from './diagnostics.ts';
import { addLogLine, renderLogLine } from './log-file.ts';

/**
 * The log of a process that must be quick. Lines that cannot hold a secret are written at once; those with free text wait
 * for `flush`, which loads the redaction: it would cost a hook more than all of its own work.
 */
export interface DeferredLog extends Diagnostics {
  /** Writes what waits. */
  flush(): Promise<void>;
}

type Facts = Record<string, unknown>;

export function deferredLog(file: string, clock: Clock): DeferredLog {
  const waiting: { event: string; facts: Facts }[] = [];
  return {
    log(event, facts = {}) {
      if (holdsNoText(facts)) addLogLine(file, renderLogLine(clock, event, facts));
      else waiting.push({ event, facts });
    },
    async flush() {
      if (waiting.length === 0) return;
      const { fileDiagnostics } = await import('./diagnostics.ts');
      const diagnostics = fileDiagnostics(file, clock);
      for (const line of waiting.splice(0)) diagnostics.log(line.event, line.facts);
    },
  };
}

/** Made by us of a path, as the file system shows it to everybody on this machine. */
const OURS: readonly string[] = ['bucket'];
/** A UUID, or a word shorter than any key. */
const PLAIN = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[\w -]{0,16})$/;

const holdsNoText = (facts: Facts): boolean => Object.entries(facts).every(([key, value]) => isPlain(key, value));

function isPlain(key: string, value: unknown): boolean {
  if (typeof value !== 'string') return value === null || typeof value !== 'object';
  return OURS.includes(key) || PLAIN.test(value);
}
