import path from 'node:path';
import { isRecord, textOr } from '../contracts/json.ts';
import type { Clock } from '../kernel/clock.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { modifiedMs, readText } from '../kernel/files.ts';
import { writeDurably } from '../kernel/write-files.ts';
import { homeLayout } from '../kernel/home.ts';

/**
 * Buckets that a scan found idle, with the times of everything that would tell otherwise: the next
 * scan passes them by after a few looks at times, without listing or reading anything. It is a cache:
 * lost or wrong, it costs a look.
 */
export interface IdleBuckets {
  isIdle(id: string, stateDir: string): boolean;
  /** Notes that a bucket was found idle. */
  note(id: string, stateDir: string): void;
  /** Writes the cache when something changed. */
  save(): void;
}

/**
 * Whatever makes work for a compile changes one of these: folders get entries, files get bytes. Our
 * own files in the bucket's folder are replaced by rename, which its time tells.
 */
const WATCHED = [
  '',
  'suggestions/pending',
  'suggestions/processing',
  'generations',
  'compiler',
  'edits',
  'proposals',
  'memory/USER.md',
  'memory/MEMORY.md',
];

/**
 * A change within the clock tick of the look would not show later: what changed less than this ago is
 * looked at again (as git does with its index).
 */
const SETTLED_MS = 2_000;

export function openIdleBuckets(home: string, clock: Clock): IdleBuckets {
  const file = homeLayout(home).idleBuckets;
  const known = readKnown(file);
  const next: Record<string, string> = {};
  const started = clock.now().getTime();
  return {
    isIdle: (id, stateDir) => {
      const signature = signatureOf(stateDir, started);
      if (signature === undefined || known[id] !== signature) return false;
      next[id] = signature;
      return true;
    },
    note: (id, stateDir) => {
      const signature = signatureOf(stateDir, started);
      if (signature !== undefined) next[id] = signature;
    },
    save: () => {
      if (JSON.stringify(next) === JSON.stringify(known)) return;
      attempt(() => writeDurably(file, JSON.stringify({ version: 1, buckets: next }), { sync: false }));
    },
  };
}

/** Undefined: something changed too recently to be trusted. */
function signatureOf(stateDir: string, now: number): string | undefined {
  const times = WATCHED.map((name) => modifiedMs(name === '' ? stateDir : `${stateDir}${path.sep}${name}`));
  return times.some((time) => time > now - SETTLED_MS) ? undefined : times.join(' ');
}

function readKnown(file: string): Record<string, string> {
  const text = attempt(() => readText(file));
  if (!text.ok || text.value === undefined) return {};
  try {
    const value: unknown = JSON.parse(text.value);
    const buckets = isRecord(value) && value['version'] === 1 ? value['buckets'] : undefined;
    if (!isRecord(buckets)) return {};
    return Object.fromEntries(Object.entries(buckets).map(([id, signature]) => [id, textOr(signature, '')]));
  } catch {
    return {};
  }
}
