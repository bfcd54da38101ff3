import type { Failure, Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import type { World } from '../kernel/world.ts';
import { compileBucket } from './compile.ts';
import type { CompileOptions } from './compile.ts';
import { addSummaries, emptySummary } from './summary.ts';
import type { CompileSummary } from './summary.ts';

/** A bucket with this many batches waiting has had its turn; the next scan goes on. */
const MAX_PASSES = 50;

/** What all passes have done together. */
export interface CompiledPasses extends CompileSummary {
  /** What a later pass failed with: what those before it have promoted stays promoted. */
  failure?: Failure;
}

/**
 * Compiles one bucket until nothing is pending. The summary adds up all passes.
 * @returns the failure of the first pass; that of a later one stands beside what was done before it
 */
export async function compileUntilEmpty(
  world: World,
  bucket: BucketHandle,
  options: CompileOptions,
): Promise<Result<CompiledPasses>> {
  let total: CompileSummary | undefined;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const result = await compileBucket(world, bucket, options);
    if (!result.ok) return total ? succeed({ ...total, failure: result.failure }) : result;
    if (result.value.status !== 'success') return succeed(total ?? result.value);
    total = total ? addSummaries(total, result.value) : result.value;
    if (options.end?.aborted) return succeed(total);
  }
  return succeed(total ?? emptySummary(options.backend.name));
}
