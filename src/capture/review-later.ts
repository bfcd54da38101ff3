import type { Failure } from '../contracts/failure.ts';
import type { SessionReview } from '../contracts/review.ts';
import { causeText } from './cause-text.ts';
import type { Postponed } from './choose-for-session.ts';
import { keepFailedAnswer } from './keep-failed-answer.ts';
import { removeStops, setStopsAside } from './read-queue.ts';
import type { QueuedStop } from './read-queue.ts';
import type { ReviewDesk, Round } from './review-desk.ts';
import type { SessionMaterial } from './session-material.ts';
import { saveRecord, withChain } from './session-record.ts';
import { backoffMs, isoAt, untilText } from './when-to-review.ts';

/** The ways a round ends without a review: each leaves the entries in the queue, unless there is nothing to review. */

/** What a round works on. */
export interface SessionWork {
  record: SessionReview;
  /** All entries of the session. */
  stops: readonly QueuedStop[];
  /** Those that this round reviews. */
  batch: readonly QueuedStop[];
}

/** A transcript that is gone stays gone; these tries only wait for a slow disk or an `archive` in progress. */
const TRIES_FOR_A_TRANSCRIPT = 5;

/** Nothing is written: the record knows already, or is somebody else's. */
export function putOff(desk: ReviewDesk, work: SessionWork, why: string): Round {
  desk.report({ type: 'review-deferred', session: work.record.session_id, reason: why });
  return { outcome: 'deferred', more: false };
}

/** Notes until when the session waits; `scan` looks again. */
export function defer(desk: ReviewDesk, work: SessionWork, { untilMs, why }: Postponed): Round {
  saveRecord(desk.bucket.layout, { ...work.record, attempts: 0, next_attempt_at: isoAt(untilMs) });
  return putOff(desk, work, `${untilText(untilMs, desk.world.clock.now().getTime())}: ${why}`);
}

/** Notes the failure and when to try again, with growing pauses: the turns are reviewed late, never lost. */
export function reviewFailed(desk: ReviewDesk, work: SessionWork, failure: Failure): Round {
  const { world, bucket } = desk;
  const { record } = work;
  const session = record.session_id;
  const reason = causeText(failure);
  keepFailedAnswer(world, bucket.layout, { session, failure });
  const attempts = record.attempts + 1;
  const next = isoAt(world.clock.now().getTime() + backoffMs(attempts));
  saveRecord(bucket.layout, { ...record, attempts, next_attempt_at: next, last_error: reason });
  world.diagnostics.log('review-failed', { session, attempts, next, reason });
  desk.report({ type: 'review-failed', session, reason });
  return { outcome: 'failed', more: false };
}

/** The record cannot be used and must not be replaced (a newer version wrote it, the disk refuses). */
export function leaveAlone(desk: ReviewDesk, stops: readonly QueuedStop[], failure: Failure): Round {
  const session = stops[0]?.entry.session_id ?? '';
  const reason = causeText(failure);
  desk.world.diagnostics.log('review-record-unusable', { session, reason });
  desk.report({ type: 'review-failed', session, reason });
  return { outcome: 'failed', more: false };
}

/** There is no transcript to read. After some tries its entries are kept aside, out of the queue. */
export function noMaterial(desk: ReviewDesk, work: SessionWork, failure: Failure): Round {
  const { record, batch } = work;
  const hopeless = failure.reason !== 'disk-failed' && record.attempts + 1 >= TRIES_FOR_A_TRANSCRIPT;
  if (!hopeless) return reviewFailed(desk, work, failure);
  const reason = causeText(failure);
  setStopsAside(desk.bucket.layout, batch, `no transcript to review: ${reason}`);
  saveRecord(desk.bucket.layout, { ...record, attempts: 0, next_attempt_at: null, last_error: reason });
  desk.world.diagnostics.log('transcript-gone', { session: record.session_id, reason, entries: batch.length });
  desk.report({ type: 'problem', what: `the transcript of session ${record.session_id} is gone: ${reason}` });
  return { outcome: 'failed', more: work.stops.length > batch.length };
}

/** Nothing new, or a session of our own making: the cursor moves on, the entries are done. */
export function passOver(desk: ReviewDesk, work: SessionWork, material: SessionMaterial): Round {
  if (material.ours) noteUnreviewed(desk, work, 'started by an agent');
  return moveOn(desk, work, material);
}

/** Nobody may review it: the same, so that switching reviews on again does not bring up what was said meanwhile. */
export function switchedOff(desk: ReviewDesk, work: SessionWork, material: SessionMaterial): Round {
  noteUnreviewed(desk, work, 'switched off in config.toml');
  return moveOn(desk, work, material);
}

const noteUnreviewed = (desk: ReviewDesk, { record }: SessionWork, reason: string): void =>
  desk.world.diagnostics.log('session-not-reviewed', { session: record.session_id, reason });

function moveOn(desk: ReviewDesk, { record, batch, stops }: SessionWork, material: SessionMaterial): Round {
  const cursor = material.end ?? record.cursor;
  const moved = cursor?.ordinal !== record.cursor?.ordinal || cursor?.digest !== record.cursor?.digest;
  if (moved || record.attempts > 0 || record.next_attempt_at !== null) {
    const chains = withChain(record.chains, material.end?.chain);
    saveRecord(desk.bucket.layout, { ...record, cursor, chains, attempts: 0, next_attempt_at: null, last_error: null });
  }
  removeStops(desk.bucket.layout, batch);
  return { outcome: 'nothing', more: stops.length > batch.length };
}
