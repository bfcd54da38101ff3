import path from 'node:path';
import type { Failure, Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { RecallRecord } from '../contracts/recall.ts';

/** What a person demands of records beside their words. */
export interface RecallFilter {
  /** Lower case, with slashes. */
  path?: string;
  sinceMs?: number;
  untilMs?: number;
}

/** As given on the command line. */
export interface FilterWords {
  path?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

const UNIT_MS = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };
const AGE = /^(\d{1,5})([hdw])$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads a filter. Times are ISO 8601 (a day alone begins at midnight UTC; as an end it is meant whole) or
 * an age: 12h, 7d, 3w.
 *
 * @returns undefined when nothing is demanded; Failure `usage` for a time that is none
 */
export function readFilter(words: FilterWords, nowMs: number): Result<RecallFilter | undefined> {
  const filter: RecallFilter = {};
  if (words.since !== undefined) filter.sinceMs = timeOf(words.since, nowMs);
  if (words.until !== undefined) filter.untilMs = endOf(words.until, nowMs);
  if (words.path !== undefined) filter.path = plain(words.path);
  if (Number.isNaN(filter.sinceMs)) return fail(noTime('since', words.since));
  if (Number.isNaN(filter.untilMs)) return fail(noTime('until', words.until));
  if (filter.path === '') return fail({ reason: 'usage', detail: '--path needs a folder, a file or a part of a path' });
  return succeed(Object.keys(filter).length === 0 ? undefined : filter);
}

const noTime = (flag: string, word = ''): Failure => ({
  reason: 'usage',
  detail: `--${flag} is a date (2026-03-31), a time (2026-03-31T12:00:00Z) or an age (12h, 7d, 3w), not "${word}"`,
});

/** Whether a record is what was demanded. One without a time is of no known time, and lies in no span. */
export function passesFilter(record: RecallRecord, filter: RecallFilter): boolean {
  if (filter.path !== undefined && !touches(record, filter.path)) return false;
  if (filter.sinceMs === undefined && filter.untilMs === undefined) return true;
  const ms = Date.parse(record.source_updated_at || record.created_at || '');
  return ms >= (filter.sinceMs ?? -Infinity) && ms <= (filter.untilMs ?? Infinity);
}

/** By whole names of folders and files: `src/api` is in `/repo/src/api/keys.ts`, not in `/repo/src/apiary`. */
function touches(record: RecallRecord, wanted: string): boolean {
  return [record.cwd, ...record.source_paths].some((place) => `/${plain(place)}/`.includes(`/${wanted}/`));
}

const plain = (place: string): string =>
  path.posix
    .normalize(place.trim().replaceAll('\\', '/').toLowerCase())
    .replaceAll(/^(?:\.?\/)+|\/+$/g, '')
    .replace(/^\.$/, '');

function timeOf(word: string, nowMs: number): number {
  const [, count, unit] = AGE.exec(word) ?? [];
  if (count !== undefined && (unit === 'h' || unit === 'd' || unit === 'w'))
    return nowMs - Number(count) * UNIT_MS[unit];
  return /^\d{4}-/.test(word) ? Date.parse(word) : Number.NaN;
}

const endOf = (word: string, nowMs: number): number => timeOf(word, nowMs) + (DAY.test(word) ? UNIT_MS.d - 1 : 0);
