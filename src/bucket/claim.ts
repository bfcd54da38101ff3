import type { Envelope } from '../contracts/envelope.ts';
import type { Failure } from '../contracts/failure.ts';
import type { Clock } from '../kernel/clock.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { exists } from '../kernel/files.ts';
import { makeFolder } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { moveFile } from '../kernel/move-files.ts';
import { mustGoAlone } from './attempts.ts';
import { beyondReading, envelopeFile, readEnvelope } from './envelope-file.ts';
import { moved } from './move-envelope.ts';
import { pendingEnvelopes } from './pending.ts';
import type { SetAside } from './set-aside.ts';
import { setAside } from './set-aside.ts';

/** Envelopes that one run has taken from pending/ into processing/. */
export interface Batch {
  /** In the order in which they were written. */
  envelopes: Envelope[];
  setAside: SetAside[];
  /** Files that stay in pending/ untouched: a newer version's, or the disk would not give them. */
  leftAlone: Failure[];
  /** How many more could be claimed next. */
  waiting: number;
}

/**
 * Takes up to `limit` envelopes for compiling. One that has failed before, or died three times in
 * a row, comes in a batch of its own, and only when no others wait: it must hold nobody up.
 *
 * A claim is a rename and nothing else: no byte is written, so none can be lost, and a crash at any
 * point leaves each envelope whole in one of the two folders. The returned envelopes carry
 * the new state and the entry of the log; `settle` writes them down.
 *
 * @param held ids that wait for a person's decision; they stay where they are
 * @throws DiskFailure; nothing is claimed then
 */
export function claim(layout: BucketLayout, limit: number, clock: Clock, held: ReadonlySet<string> = new Set()): Batch {
  const batch: Batch = { envelopes: [], setAside: [], leftAlone: [], waiting: 0 };
  makeFolder(layout.processing);
  try {
    takeUpTo(limit, layout, { batch, clock, held });
  } catch (error) {
    // Left there they would count as held by a run that died.
    for (const { suggestion_id: id } of batch.envelopes) attempt(() => putBack(layout, id));
    throw error;
  }
  batch.envelopes.sort(byReview);
  return batch;
}

const putBack = (layout: BucketLayout, id: string): boolean =>
  moveFile(envelopeFile(layout, 'processing', id), envelopeFile(layout, 'pending', id));

interface Claiming {
  batch: Batch;
  clock: Clock;
  held: ReadonlySet<string>;
}

function takeUpTo(limit: number, layout: BucketLayout, { batch, clock, held }: Claiming): void {
  const alone: Envelope[] = [];
  for (const { id } of pendingEnvelopes(layout)) {
    if (held.has(id)) continue;
    if (batch.envelopes.length >= limit) {
      batch.waiting++;
      continue;
    }
    const envelope = readable(layout, id, batch);
    if (!envelope) continue;
    if (mustGoAlone(envelope)) alone.push(envelope);
    else take(layout, envelope, batch, clock);
  }
  for (const envelope of alone) {
    if (batch.envelopes.length === 0) take(layout, envelope, batch, clock);
    else batch.waiting++;
  }
}

function readable(layout: BucketLayout, id: string, batch: Batch): Envelope | undefined {
  const reading = readEnvelope(layout, 'pending', id);
  if (reading.ok) return reading.value;
  const { failure } = reading;
  if (failure.reason === 'file-missing') return undefined;
  const why = beyondReading(failure);
  if (why === undefined) {
    batch.leftAlone.push(failure);
    return undefined;
  }
  const kept = setAside(layout, envelopeFile(layout, 'pending', id), why);
  if (kept) batch.setAside.push(kept);
  return undefined;
}

function take(layout: BucketLayout, envelope: Envelope, batch: Batch, clock: Clock): void {
  const id = envelope.suggestion_id;
  const target = envelopeFile(layout, 'processing', id);
  // Another run that lost its lock may still hold one of that id; a rename would replace it.
  if (exists(target) || !moveFile(envelopeFile(layout, 'pending', id), target)) return;
  batch.envelopes.push(moved(envelope, { id, from: 'pending', to: 'processing', reason: 'claimed' }, clock));
}

/** A later suggestion may replace what an earlier one added, so a batch keeps the order of the reviews. */
function byReview(a: Envelope, b: Envelope): number {
  return reviewedAt(a) - reviewedAt(b) || (a.suggestion_id < b.suggestion_id ? -1 : 1);
}

function reviewedAt(envelope: Envelope): number {
  const time = Date.parse(envelope.reviewer_timestamp);
  return Number.isNaN(time) ? 0 : time;
}
