import type { Failure } from '../contracts/failure.ts';
import type { Envelope } from '../contracts/envelope.ts';
import type { Clock } from '../kernel/clock.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { crashCount, MAX_ATTEMPTS, MAX_CRASHES } from './attempts.ts';
import { envelopeFile, envelopeIds, readEnvelope } from './envelope-file.ts';
import type { MoveOutcome } from './move-envelope.ts';
import { moveEnvelope } from './move-envelope.ts';
import { retryableFailed } from './pending.ts';
import { setAside } from './set-aside.ts';

/** How an envelope of a batch ended. */
export interface Settlement {
  id: string;
  /** `failed` counts as one more failure of the backend. */
  outcome: 'done' | 'discarded' | 'failed';
  reason: string | null;
  /** As claimed; saves reading it again. */
  envelope?: Envelope;
}

/** Moves an envelope from processing/ to where it ends. */
export function settle(layout: BucketLayout, settlement: Settlement, clock: Clock): MoveOutcome {
  const { id, outcome, reason } = settlement;
  const envelope = settlement.envelope ?? claimed(layout, id);
  const changes = outcome === 'failed' ? failureOf(envelope, reason) : { failure_reason: null };
  return moveEnvelope(
    layout,
    { id, from: 'processing', to: outcome, reason, changes, ...(envelope && { envelope }) },
    clock,
  );
}

/**
 * Why a claimed envelope comes back unsettled. `crashed`: the run that held it died; `backend-failed`:
 * the backend gave no usable answer; `proposed`: a plan waits for a person's yes. The others say nothing about the envelope and count for nothing.
 */
export type GiveBackReason =
  | 'crashed'
  | 'backend-failed'
  | 'race-lost'
  | 'lock-lost'
  | 'aborted'
  | 'disk-failed'
  | 'proposed';

/** `failed`: it has failed too often and lies in failed/ now. */
export type GiveBackOutcome = MoveOutcome | 'failed';

/** Moves an envelope from processing/ back to pending/, unless it has failed or crashed too often. */
export function giveBack(layout: BucketLayout, id: string, reason: GiveBackReason, clock: Clock): GiveBackOutcome {
  const envelope = claimed(layout, id);
  const back = { id, from: 'processing', to: 'pending', reason, ...(envelope && { envelope }) } as const;
  if (reason === 'crashed') {
    const crashes = crashCountOf(envelope) + 1;
    if (crashes >= MAX_CRASHES) return setAsideCrashed(layout, id, crashes);
    return moveEnvelope(layout, { ...back, changes: { crash_count: crashes } }, clock);
  }
  if (reason === 'backend-failed') {
    const changes = failureOf(envelope, reason);
    if (changes.attempt_count < MAX_ATTEMPTS) return moveEnvelope(layout, { ...back, changes }, clock);
    const outcome = moveEnvelope(layout, { ...back, to: 'failed', changes }, clock);
    return outcome === 'moved' ? 'failed' : outcome;
  }
  return moveEnvelope(layout, back, clock);
}

/**
 * Moves what has failed fewer than three times from failed/ back to pending/.
 * @returns the ids that were moved
 */
export function retryFailed(layout: BucketLayout, clock: Clock): string[] {
  const retry = { from: 'failed', to: 'pending', reason: 'retry' } as const;
  return retryableFailed(layout).filter((id) => moveEnvelope(layout, { id, ...retry }, clock) === 'moved');
}

/**
 * Gives back everything in processing/ that no ledger knows: what a crashed run left behind. Only
 * for the holder of the lock, after the applied ones have been settled.
 * @param applied whether the ledger has the id
 */
export function giveBackCrashed(layout: BucketLayout, applied: (id: string) => boolean, clock: Clock): string[] {
  return envelopeIds(layout, 'processing').filter(
    (id) => !applied(id) && giveBack(layout, id, 'crashed', clock) === 'moved',
  );
}

function claimed(layout: BucketLayout, id: string): Envelope | undefined {
  const reading = readEnvelope(layout, 'processing', id);
  return reading.ok ? reading.value : undefined;
}

const crashCountOf = (envelope: Envelope | undefined): number => (envelope ? crashCount(envelope) : 0);

/** An orderly failure ends a row of crashes. */
const failureOf = (envelope: Envelope | undefined, reason: string | null) => ({
  attempt_count: (envelope?.attempt_count ?? 0) + 1,
  crash_count: 0,
  failure_reason: reason,
});

function setAsideCrashed(layout: BucketLayout, id: string, crashes: number): GiveBackOutcome {
  const reason = `${crashes} runs in a row died while they compiled it`;
  return setAside(layout, envelopeFile(layout, 'processing', id), reason) ? 'set-aside' : 'gone';
}

/** Only what the backend did counts against an envelope; a full disk or a lost race says nothing about it. */
export function giveBackReason(failure: Failure): GiveBackReason {
  switch (failure.reason) {
    case 'race-lost':
    case 'lock-lost':
    case 'aborted':
      return failure.reason;
    case 'disk-failed':
    case 'file-invalid':
      return 'disk-failed';
    case 'budget-used-up':
      return 'aborted';
    default:
      return 'backend-failed';
  }
}
