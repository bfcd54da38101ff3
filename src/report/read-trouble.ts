import path from 'node:path';
import { isRecord, textOr } from '../contracts/json.ts';
import { SessionReview } from '../contracts/review.ts';
import { envelopeIds, readEnvelope } from '../bucket/envelope-file.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { listNames, modifiedMs, readText } from '../kernel/files.ts';
import { isoSeconds } from '../kernel/clock.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { readJson } from '../kernel/json-file.ts';
import type { TroubleRow } from './model.ts';
import { showable, showableLine, showableTime } from './showable.ts';

export interface Trouble {
  /** Newest first. */
  rows: TroubleRow[];
  /** Sessions whose review failed and will be tried again. */
  retrying: number;
  /** Files in set-aside/, without the reasons beside them. */
  setAside: number;
}

const MOST_ROWS = 200;
const LONGEST_ANSWER = 1_500;

/** Everything in a bucket that did not go as it should and still lies there. */
export function readTrouble(layout: BucketLayout, problems: readonly string[]): Trouble {
  const retrying = retryingReviews(layout);
  const setAside = setAsideFiles(layout);
  const rows = [
    ...retrying,
    ...setAside,
    ...unusableAnswers(layout),
    ...failedEnvelopes(layout),
    ...problems.map((problem) => row('unreadable', { what: problem })),
  ];
  return {
    rows: rows.toSorted((a, b) => (a.at > b.at ? -1 : 1)).slice(0, MOST_ROWS),
    retrying: retrying.length,
    setAside: setAside.length,
  };
}

const row = (kind: TroubleRow['kind'], facts: Partial<TroubleRow>): TroubleRow => {
  const { at = '', what = '', detail = '', attempts = 0 } = facts;
  return {
    kind,
    at: showableTime(at),
    what: showableLine(what),
    detail: showable(detail, LONGEST_ANSWER),
    attempts,
  };
};

function retryingReviews(layout: BucketLayout): TroubleRow[] {
  return reviewFiles(layout).flatMap((name) => {
    const file = path.join(layout.sessions, name);
    const reading = readJson(file, SessionReview);
    // Whatever else is wrong with a record is told by whoever reviews the session next.
    if (!reading.ok || reading.value.attempts === 0) return [];
    const { session_id: what, last_error: error, attempts } = reading.value;
    return [row('review-retrying', { at: changedAt(file), what, detail: error ?? '', attempts })];
  });
}

/** Names of the records of reviewed sessions. */
export const reviewFiles = (layout: BucketLayout): string[] =>
  listNames(layout.sessions).filter((name) => name.endsWith('.review.json'));

function setAsideFiles(layout: BucketLayout): TroubleRow[] {
  const names = listNames(layout.setAside);
  return names
    .filter((name) => !name.endsWith(REASON))
    .map((name) => {
      const file = path.join(layout.setAside, name);
      const reason = attempt(() => readText(`${file}${REASON}`, 64_000));
      return row('set-aside', { at: changedAt(file), what: name, detail: (reason.ok && reason.value?.trim()) || '' });
    });
}

const REASON = '.reason.txt';

function unusableAnswers(layout: BucketLayout): TroubleRow[] {
  return listNames(layout.failedReviews)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const answer = readRecord(path.join(layout.failedReviews, name));
      const detail = [textOr(answer['reason'], ''), textOr(answer['raw'], '')].filter(Boolean).join('\n\n');
      const what = textOr(answer['session_id'], name);
      return row('answer-unusable', { at: textOr(answer['at'], ''), what, detail });
    });
}

function readRecord(file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(readText(file, 10_000_000) ?? '{}');
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function failedEnvelopes(layout: BucketLayout): TroubleRow[] {
  return envelopeIds(layout, 'failed').map((id) => {
    const reading = readEnvelope(layout, 'failed', id);
    if (!reading.ok) return row('envelope-failed', { what: id, detail: reading.failure.reason });
    const { failure_reason: detail, attempt_count: attempts, transition_log: log, thread_id: thread } = reading.value;
    const at = log.at(-1)?.at ?? reading.value.reviewer_timestamp;
    return row('envelope-failed', { at, what: thread || id, detail: detail ?? '', attempts });
  });
}

const changedAt = (file: string): string => isoSeconds(new Date(modifiedMs(file)));
