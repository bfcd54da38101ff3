import type { EnvelopeState } from '../contracts/envelope.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { factsOf } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { isRetryable } from './attempts.ts';
import { envelopeFile, envelopeIds, readEnvelope } from './envelope-file.ts';

export interface PendingEnvelope {
  id: string;
  file: string;
  /** When the file was written, in ms since 1970. */
  since: number;
}

/** What waits in pending/, oldest first, told by names and times alone. */
export function pendingEnvelopes(layout: BucketLayout, limit = Infinity): PendingEnvelope[] {
  const waiting = envelopeIds(layout, 'pending').map((id) => {
    const file = envelopeFile(layout, 'pending', id);
    const facts = attempt(() => factsOf(file));
    return { id, file, since: facts.ok ? (facts.value?.modifiedMs ?? 0) : 0 };
  });
  return waiting.toSorted((a, b) => a.since - b.since).slice(0, limit);
}

/** How many envelopes lie in each folder, readable or not. */
export function countEnvelopes(layout: BucketLayout): Record<EnvelopeState, number> {
  const count = (state: EnvelopeState): number => envelopeIds(layout, state).length;
  return {
    pending: count('pending'),
    processing: count('processing'),
    done: count('done'),
    failed: count('failed'),
    discarded: count('discarded'),
  };
}

/** Ids in failed/ that may be tried again. */
export function retryableFailed(layout: BucketLayout): string[] {
  return envelopeIds(layout, 'failed').filter((id) => {
    const envelope = readEnvelope(layout, 'failed', id);
    return envelope.ok && isRetryable(envelope.value);
  });
}
