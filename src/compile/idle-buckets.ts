import path from 'node:path';
import { isRecord } from '../contracts/json.ts';
import type { Clock } from '../kernel/clock.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { modifiedMs, readText } from '../kernel/files.ts';
import { writeDurably } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { homeLayout } from '../kernel/home.ts';
import { editableFiles } from './has-work.ts';

/**
 * Buckets that a scan found idle, with the times of everything that would tell otherwise: the next
 * scan passes them by after a few looks at times, without listing or reading anything. It is a cache:
 * lost or wrong, it costs a look.
 */
export interface IdleBuckets {
  isIdle(id: string, stateDir: string): boolean;
  /** Notes that a bucket was found idle: that there is nothing for a compile, not that one came back with nothing. */
  note(id: string, layout: BucketLayout): void;
  /** Writes the cache when something changed. */
  save(): void;
}

/**
 * Whatever makes work for a compile changes one of these folders, or one of the files that people edit: folders get entries,
 * files get bytes. Our own files in the bucket's folder are replaced by rename, which its time tells, as it tells of new
 * folders. compiler/ holds the lock, which its owner may leave behind.
 */
const FOLDERS = ['', 'suggestions/pending', 'suggestions/processing', 'generations', 'compiler', 'edits', 'proposals'];

/**
 * A change within the clock tick of the look would not show later: what changed less than this ago is
 * looked at again (as git does with its index).
 */
const SETTLED_MS = 2_000;
const VERSION = 2;

/** Name of a file or folder (relative to the bucket, or absolute) → its time in ms since 1970, with fractions. */
type Times = Record<string, unknown>;

export function openIdleBuckets(home: string, clock: Clock): IdleBuckets {
  const file = homeLayout(home).idleBuckets;
  const known = readKnown(file);
  const next: Record<string, Times> = {};
  const settled = clock.now().getTime() - SETTLED_MS;
  let news = false;
  return {
    isIdle: (id, stateDir) => {
      const times = known[id];
      if (!isRecord(times) || !isSame(times, stateDir, settled)) return false;
      next[id] = times;
      return true;
    },
    note: (id, layout) => {
      const times: Record<string, number> = {};
      for (const name of [...FOLDERS, ...editableFiles(layout)]) {
        const time = modifiedMs(placeOf(layout.stateDir, name));
        if (time > settled) return;
        // A folder of the bucket that is not there yet: the bucket's own time tells when it is made.
        if (time > 0 || name.includes('/')) times[name] = time;
      }
      next[id] = times;
      news = true;
    },
    save: () => {
      if (!news && Object.keys(next).length === Object.keys(known).length) return;
      attempt(() => writeDurably(file, JSON.stringify({ version: VERSION, buckets: next }), { sync: false }));
    },
  };
}

function placeOf(stateDir: string, name: string): string {
  if (name === '') return stateDir;
  return path.isAbsolute(name) ? name : stateDir + path.sep + name;
}

/** Whether all times are what they were, and old enough to be trusted. */
function isSame(times: Times, stateDir: string, settled: number): boolean {
  for (const name in times) {
    const now = modifiedMs(placeOf(stateDir, name));
    if (now !== times[name] || now > settled) return false;
  }
  return '' in times;
}

function readKnown(file: string): Record<string, unknown> {
  const text = attempt(() => readText(file));
  if (!text.ok || text.value === undefined) return {};
  try {
    const value: unknown = JSON.parse(text.value);
    const buckets = isRecord(value) && value['version'] === VERSION ? value['buckets'] : undefined;
    return isRecord(buckets) ? buckets : {};
  } catch {
    return {};
  }
}
