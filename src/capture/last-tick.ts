import { isRecord, textOr } from '../contracts/json.ts';
import { isoSeconds } from '../kernel/clock.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { readText } from '../kernel/files.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import { schedulerLayout } from '../kernel/home.ts';
import { removeFile } from '../kernel/move-files.ts';
import { renderJson } from '../kernel/render-json.ts';
import type { World } from '../kernel/world.ts';

/** Who starts a scan: a person, the system's scheduler, or a session that begins on a machine without one. */
export const TRIGGERS = ['manual', 'scheduler', 'session'] as const;
export type ScanTrigger = (typeof TRIGGERS)[number];

/** What a scan that was carried out did, in numbers. */
export interface TickCounts {
  run: number;
  skipped: number;
  failed: number;
}

/** The last scan that was carried out: <home>/scheduler/last-tick.json. */
export interface LastTick {
  /** When it began; ISO 8601, UTC. */
  at: string;
  ms: number;
  trigger: ScanTrigger;
  ok: boolean;
  buckets: TickCounts;
  reviews: { reviewed: number; deferred: number; failed: number };
  /** When a scheduler last started a scan; null when none ever did. */
  scheduled_at: string | null;
  /** What ended it before its end. */
  error: string | null;
}

const SMALL = 64 * 1024;

/** Undefined when there was none, or when the file says nothing: it is a record for people and never needed. */
export function readLastTick(home: string): LastTick | undefined {
  const text = attempt(() => readText(schedulerLayout(home).lastTick, SMALL));
  if (!text.ok || text.value === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text.value);
    return isRecord(value) && value['schema_version'] === 1 ? tickOf(value) : undefined;
  } catch {
    return undefined;
  }
}

function tickOf(value: Record<string, unknown>): LastTick | undefined {
  const at = textOr(value['at'], '');
  if (Number.isNaN(Date.parse(at))) return undefined;
  const buckets = numbersOf(value['buckets']);
  const reviews = numbersOf(value['reviews']);
  return {
    at,
    ms: numberOr(value['ms']),
    trigger: TRIGGERS.find((trigger) => trigger === value['trigger']) ?? 'manual',
    ok: value['ok'] === true,
    buckets: { run: buckets('run'), skipped: buckets('skipped'), failed: buckets('failed') },
    reviews: { reviewed: reviews('reviewed'), deferred: reviews('deferred'), failed: reviews('failed') },
    scheduled_at: textOrNull(value['scheduled_at']),
    error: textOrNull(value['error']),
  };
}

const numberOr = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numbersOf = (value: unknown) => {
  const record = isRecord(value) ? value : {};
  return (name: string): number => numberOr(record[name]);
};

/** Not synced, and a disk that refuses costs the scan nothing: a lost tick is one line less in `status`. */
export function writeLastTick(world: World, tick: Omit<LastTick, 'scheduled_at' | 'at'> & { began: Date }): void {
  const { began, ...rest } = tick;
  const at = isoSeconds(began);
  const scheduled_at = tick.trigger === 'scheduler' ? at : (readLastTick(world.home)?.scheduled_at ?? null);
  const { folder, lastTick } = schedulerLayout(world.home);
  attempt(() => {
    makeFolder(folder);
    writeDurably(lastTick, renderJson({ schema_version: 1, at, scheduled_at, ...rest }), { sync: false });
  });
}

/** Ticks of a scheduler come a little early or late; an interval counts as passed from nine tenths of it on. */
const EARLY = 0.9;

/** Whether so much time has passed since the last scan; a time in the future was written by a clock that was set back. */
export function isDue(last: LastTick | undefined, intervalSeconds: number, now: Date): boolean {
  if (!last) return true;
  const passedMs = now.getTime() - Date.parse(last.at);
  return passedMs < 0 || passedMs >= intervalSeconds * 1_000 * EARLY;
}

/** Makes the next scan due that a scheduler starts, whatever the interval says. */
export function askForScan(home: string): void {
  const { folder, asked } = schedulerLayout(home);
  makeFolder(folder);
  writeDurably(asked, '', { sync: false });
}

/** Whether somebody asked; asking holds once. */
export const wasAskedFor = (home: string): boolean => removeFile(schedulerLayout(home).asked);
