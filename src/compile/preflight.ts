import type { Preflight } from '../contracts/lock.ts';
import { currentGeneration } from '../assets/generation-folder.ts';
import { envelopeIds } from '../bucket/envelope-file.ts';
import { retryableFailed } from '../bucket/pending.ts';
import type { Clock } from '../kernel/clock.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { lockStatus } from '../kernel/lock.ts';
import { hasWork } from './has-work.ts';
import { readMirrorState } from './write-mirrors.ts';

/** Whether there is anything for a compile to do. Reads names and times only; changes nothing. */
export function preflight(layout: BucketLayout, clock: Clock): Preflight {
  const lock = lockStatus(layout, clock);
  const counts = {
    pending: envelopeIds(layout, 'pending').length,
    retryable_failed: retryableFailed(layout).length,
    lock,
  };
  if (lock.locked && !lock.stale) return { status: 'skip_locked', ...counts };
  return { status: lock.stale || hasWork(layout) ? 'run' : 'skip_empty', ...counts };
}

/** A compile died between its commit and its mirrors. */
export function mirrorsLag(layout: BucketLayout): boolean {
  const current = currentGeneration(layout);
  return current !== undefined && readMirrorState(layout)?.generation !== current.number;
}
