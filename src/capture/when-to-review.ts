import type { SessionReview } from '../contracts/review.ts';
import { isoSeconds } from '../kernel/clock.ts';
import type { TurnItem } from '../transcript/turn.ts';

/** When a session is reviewed, and when later. Pure: times come in as milliseconds. */

/** The part of `[review]` of config.toml that a wait is decided on. */
export interface ReviewSettings {
  /** A costly reviewer waits until nothing has happened in the session for so long. */
  quietSeconds: number;
  /** A costly reviewer is not asked about less than so many new characters. */
  minNewChars: number;
}

const MINUTE_MS = 60_000;
const LONGEST_BACKOFF_MS = 6 * 60 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Waiting time after the n-th failure in a row: 1, 2, 4 … minutes, at most six hours. */
export const backoffMs = (attempts: number): number =>
  Math.min(MINUTE_MS * 2 ** Math.max(0, Math.min(attempts, 20) - 1), LONGEST_BACKOFF_MS);

/** ISO 8601 of a time in milliseconds. */
export const isoAt = (ms: number): string => isoSeconds(new Date(ms));

/** Who asks: a worker that a Stop has just started, a scan that passes by, a person who wants it now. */
export type Occasion = 'stop' | 'scan' | 'now';

/**
 * Whether the session's next attempt has come. A new Stop does not end a back-off after failures, but
 * it is a reason to decide anew on a mere wait. No wait of ours is longer than a day: a time that lies
 * further ahead was written by a clock that has been set back since.
 */
export function isDue(record: SessionReview, nowMs: number, occasion: Occasion): boolean {
  if (record.next_attempt_at === null || occasion === 'now') return true;
  if (occasion === 'stop' && record.attempts === 0) return true;
  const next = Date.parse(record.next_attempt_at);
  return !(next > nowMs) || next > nowMs + DAY_MS + MINUTE_MS;
}

/** `until 14:56Z`, with the day where it is another one. */
export function untilText(ms: number, nowMs: number): string {
  const until = isoAt(ms);
  const sameDay = until.slice(0, 10) === isoAt(nowMs).slice(0, 10);
  return `until ${sameDay ? '' : `${until.slice(0, 10)} `}${until.slice(11, 16)}Z`;
}

/** Until when a session that is not due waits, and why, as far as its record tells. */
export function whyItWaits(record: SessionReview, nowMs: number): string {
  const { attempts, last_error: error } = record;
  const until = untilText(Date.parse(record.next_attempt_at ?? '') || nowMs, nowMs);
  if (attempts === 0) return `${until}, for quiet, for more to review or for a new day's budget`;
  const failures = `${until} after ${attempts} ${attempts === 1 ? 'failure' : 'failures'}`;
  return error ? `${failures}: ${error}` : failures;
}

/** What a wait is decided on. */
export interface Activity {
  nowMs: number;
  /** Last sign of life of the session: its newest entry, its transcript's last change. */
  lastMs: number;
  /** When the oldest unreviewed turn stopped. */
  oldestMs: number;
  newChars: number;
  occasion: Occasion;
}

export type Waiting =
  | { kind: 'none' }
  | { kind: 'until'; ms: number; why: 'not quiet yet' | 'too little that is new' }
  /** Too little for a costly reviewer, and nothing more came for a day: the free one looks at it, so that it is not lost. */
  | { kind: 'free-reviewer' };

/** Whether a costly reviewer should wait. */
export function waitingFor(activity: Activity, settings: ReviewSettings): Waiting {
  const { nowMs, lastMs, oldestMs, newChars, occasion } = activity;
  const quietMs = settings.quietSeconds * 1_000;
  // A last sign of life in the future comes from a clock that was set back: it says nothing.
  const quietAt = lastMs > nowMs + quietMs ? nowMs : lastMs + quietMs;
  if (quietAt > nowMs && occasion !== 'now') return { kind: 'until', ms: quietAt, why: 'not quiet yet' };
  if (newChars >= settings.minNewChars) return { kind: 'none' };
  if (nowMs - oldestMs >= DAY_MS) return { kind: 'free-reviewer' };
  return { kind: 'until', ms: nowMs + HOUR_MS, why: 'too little that is new' };
}

/** Characters that somebody said, ran or printed. */
export const charsOf = (turnItems: readonly TurnItem[]): number =>
  turnItems.reduce((sum, turnItem) => sum + charsOfItem(turnItem), 0);

function charsOfItem(turnItem: TurnItem): number {
  switch (turnItem.kind) {
    case 'user':
    case 'assistant':
      return turnItem.text.length;
    case 'command':
      return turnItem.command.length + turnItem.output.length;
    case 'files':
      return turnItem.paths.join('').length;
  }
}
