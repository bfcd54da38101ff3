import type { Preflight } from '../contracts/lock.ts';
import { currentGeneration } from '../assets/generation-folder.ts';
import { envelopeIds } from '../bucket/envelope-file.ts';
import { retryableFailed } from '../bucket/pending.ts';
import type { Clock } from '../kernel/clock.ts';
import { listNames } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { lockStatus } from '../kernel/lock.ts';
import { mayHaveEdits } from './adopt-edits.ts';
import { STAGE_PREFIX } from './stage-generation.ts';
import { ASIDE_PREFIX, readMirrorState } from './write-mirrors.ts';

/** Whether there is anything for a compile to do. Reads names and times only; changes nothing. */
export function preflight(layout: BucketLayout, clock: Clock): Preflight {
  const pending = envelopeIds(layout, 'pending').length;
  const retryable = retryableFailed(layout).length;
  const lock = lockStatus(layout, clock);
  const counts = { pending, retryable_failed: retryable, lock };
  if (lock.locked && !lock.stale) return { status: 'skip_locked', ...counts };
  const reasons = [
    () => pending > 0 || retryable > 0,
    () => lock.stale,
    () => envelopeIds(layout, 'processing').length > 0,
    () => listNames(layout.generations).some((name) => name.startsWith(STAGE_PREFIX)),
    () => listNames(layout.trash).some((name) => name.startsWith(ASIDE_PREFIX)),
    () => mirrorsLag(layout),
    () => mayHaveEdits(layout),
  ];
  return { status: reasons.some((holds) => holds()) ? 'run' : 'skip_empty', ...counts };
}

/** A compile died between its commit and its mirrors. */
export function mirrorsLag(layout: BucketLayout): boolean {
  const current = currentGeneration(layout);
  return current !== undefined && readMirrorState(layout)?.generation !== current.number;
}
