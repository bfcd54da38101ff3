import type { Result } from '../contracts/failure.ts';
import { fail } from '../contracts/failure.ts';
import { openKnowledge } from './open-knowledge.ts';
import type { ReviewWork } from './proposals-decide.ts';
import { rollback } from './rollback.ts';
import type { RollbackSummary } from './rollback.ts';

/**
 * Takes the last promotion back: the generation that it was made from comes back as a new one. Twice
 * in a row, it brings it back.
 * @returns `usage` when there is nothing below the last generation
 */
export async function undoLast({ world, bucket, report, patienceMs }: ReviewWork): Promise<Result<RollbackSummary>> {
  const opened = openKnowledge(bucket.layout);
  if (!opened.ok) return opened;
  const from = opened.value.facts?.from ?? null;
  if (from === null)
    return fail({
      reason: 'usage',
      detail: 'there is no older generation to go back to; `csep forget` removes single entries',
    });
  const task = { world, bucket, report, target: from, dryRun: false };
  return await rollback({ ...task, ...(patienceMs === undefined ? {} : { patienceMs }) });
}
