import type { Failure, Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import type { MemoryActionStats } from '../contracts/receipt.ts';
import { bucketFolders, inspectBucket } from '../bucket/list-buckets.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { causeOf } from '../kernel/diagnostics.ts';
import type { World } from '../kernel/world.ts';
import { compileBucket, emptySummary } from './compile.ts';
import type { CompileOptions, CompileSummary } from './compile.ts';
import { hasWork } from './has-work.ts';

/** What `scan` did with one bucket. */
export interface ScanResult {
  project: string;
  state_dir: string;
  preflight_status: 'run' | 'skip_empty' | 'skip_locked' | null;
  compile_status: CompileSummary['status'] | null;
  processed_count: number;
  backend: string;
  fallback_backend: string | null;
  receipt_path: string | null;
  memory_action_stats: MemoryActionStats;
  discarded_count: number;
  error: string | null;
}

/** A bucket with this many batches waiting has had its turn; the next scan goes on. */
const MAX_PASSES = 50;

/** Compiles one bucket until nothing is pending. The summary adds up all passes. */
export async function compileUntilEmpty(
  world: World,
  bucket: BucketHandle,
  options: CompileOptions,
): Promise<Result<CompileSummary>> {
  let total: CompileSummary | undefined;
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const result = await compileBucket(world, bucket, options);
    if (!result.ok) return result;
    if (result.value.status !== 'success') return succeed(total ?? result.value);
    total = total ? added(total, result.value) : result.value;
  }
  return succeed(total ?? emptySummary(options.backend.name));
}

/** Says a failure in words; handed in, because the words belong to the commands. */
export type Describe = (failure: Failure) => string;

interface Scanned {
  options: CompileOptions;
  describe: Describe;
}

/** Works through every bucket; one that fails never stops the others. */
export async function scanBuckets(world: World, options: CompileOptions, describe: Describe): Promise<ScanResult[]> {
  const results: ScanResult[] = [];
  for (const folder of bucketFolders(world.home)) {
    const inspection = inspectBucket(folder);
    const result = emptyResult(folder.id, folder.stateDir, options);
    if (inspection.kind === 'left-out') results.push({ ...result, error: inspection.reason });
    if (inspection.kind !== 'live') continue;
    const { id, layout, root } = inspection.bucket;
    results.push(await scanBucket(world, { id, layout, root: root ?? '' }, { options, describe }));
  }
  return results;
}

async function scanBucket(world: World, bucket: BucketHandle, { options, describe }: Scanned): Promise<ScanResult> {
  const result = emptyResult(bucket.id, bucket.layout.stateDir, options);
  try {
    // Nearly all are idle; a lock is only looked at where there is work.
    if (!hasWork(bucket.layout)) return { ...result, preflight_status: 'skip_empty', compile_status: 'skip_empty' };
    const compiled = await compileUntilEmpty(world, bucket, options);
    if (!compiled.ok) return { ...result, preflight_status: 'run', error: describe(compiled.failure) };
    const summary = compiled.value;
    return {
      ...result,
      preflight_status: summary.status === 'success' ? 'run' : summary.status,
      compile_status: summary.status,
      processed_count: summary.processed_count,
      fallback_backend: summary.fallback_backend,
      receipt_path: summary.receipt_path,
      memory_action_stats: summary.memory_action_stats,
      discarded_count: summary.discarded_count,
    };
  } catch (error) {
    // A bug that one bucket's content brings out must not keep the others from their compile.
    world.diagnostics.log('scan-bucket-failed', { bucket: bucket.id, cause: causeOf(error) });
    return { ...result, error: causeOf(error) };
  }
}

const noStats: MemoryActionStats = { total: 0, by_action: {}, by_scope: {} };

const emptyResult = (project: string, stateDir: string, options: CompileOptions): ScanResult => ({
  project,
  state_dir: stateDir,
  preflight_status: null,
  compile_status: null,
  processed_count: 0,
  backend: options.backend.name,
  fallback_backend: null,
  receipt_path: null,
  memory_action_stats: noStats,
  discarded_count: 0,
  error: null,
});

function added(total: CompileSummary, pass: CompileSummary): CompileSummary {
  return {
    ...pass,
    processed_count: total.processed_count + pass.processed_count,
    discarded_count: total.discarded_count + pass.discarded_count,
    fallback_backend: pass.fallback_backend ?? total.fallback_backend,
    memory_action_stats: addStats(total.memory_action_stats, pass.memory_action_stats),
  };
}

export function addStats(a: MemoryActionStats, b: MemoryActionStats): MemoryActionStats {
  return {
    total: a.total + b.total,
    by_action: addCounts(a.by_action, b.by_action),
    by_scope: addCounts(a.by_scope, b.by_scope),
  };
}

function addCounts(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const sum = { ...a };
  for (const [key, count] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}
