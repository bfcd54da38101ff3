import type { Failure } from '../contracts/failure.ts';
import type { MemoryActionStats } from '../contracts/receipt.ts';
import { bucketFolders, inspectBucket } from '../bucket/list-buckets.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { causeOf } from '../kernel/diagnostics.ts';
import { DiskFailure } from '../kernel/disk-failure.ts';
import type { World } from '../kernel/world.ts';
import { hasWork } from './has-work.ts';
import { openIdleBuckets } from './idle-buckets.ts';
import type { CompileOptions } from './compile.ts';
import type { CompileSummary } from './summary.ts';

/** What `scan` did with one bucket. */
export interface ScanResult {
  project: string;
  state_dir: string;
  preflight_status: 'run' | 'skip_empty' | 'skip_locked' | null;
  compile_status: CompileSummary['status'] | null;
  processed_count: number;
  backend: string;
  fallback_backend: string | null;
  /** What the chosen backend failed with; absent when it did the work itself. */
  fallback_reason?: string;
  receipt_path: string | null;
  memory_action_stats: MemoryActionStats;
  discarded_count: number;
  error: string | null;
}

export interface ScanRequest {
  /** Name of the backend, for the results. */
  backend: string;
  /** Made for the first bucket that has work: a scan finds none nearly always, and then loads no backend. */
  options: () => Promise<CompileOptions>;
  /** Says a failure in words; handed in, because the words belong to the commands. */
  describe: (failure: Failure) => string;
  /** Ends the scan: no bucket is begun any more, and the envelopes of the one at hand are given back. */
  end?: AbortSignal | undefined;
}

/** Works through every bucket; one that fails never stops the others. */
export async function scanBuckets(world: World, request: ScanRequest): Promise<ScanResult[]> {
  const results: ScanResult[] = [];
  const idle = openIdleBuckets(world.home, world.clock);
  for (const folder of bucketFolders(world.home)) {
    if (request.end?.aborted) break;
    if (idle.isIdle(folder.id, folder.stateDir)) {
      results.push(idleResult(folder.id, folder.stateDir, request));
      continue;
    }
    const inspection = inspectBucket(folder);
    if (inspection.kind === 'foreign') continue;
    if (inspection.kind !== 'live') {
      results.push({ ...emptyResult(folder.id, folder.stateDir, request), error: inspection.reason });
      continue;
    }
    const bucket = { ...inspection.bucket, root: inspection.bucket.root ?? '' };
    results.push(await scanBucket(world, bucket, { ...request, foundIdle: () => idle.note(bucket.id, bucket.layout) }));
  }
  idle.save();
  return results;
}

type BucketRequest = ScanRequest & { foundIdle: () => void };

async function scanBucket(world: World, bucket: BucketHandle, request: BucketRequest): Promise<ScanResult> {
  const { layout, id } = bucket;
  const result = emptyResult(id, layout.stateDir, request);
  try {
    // Nearly all are idle; a lock is only looked at where there is work.
    if (!hasWork(layout)) {
      request.foundIdle();
      return idleResult(id, layout.stateDir, request);
    }
    const { compileUntilEmpty } = await import('./compile-until-empty.ts');
    const compiled = await compileUntilEmpty(world, bucket, await request.options());
    if (!compiled.ok) return { ...result, preflight_status: 'run', error: request.describe(compiled.failure) };
    const { status, generation: _generation, failure, ...summary } = compiled.value;
    if (failure) return { ...result, ...summary, preflight_status: 'run', error: request.describe(failure) };
    return { ...result, ...summary, preflight_status: status === 'success' ? 'run' : status, compile_status: status };
  } catch (error) {
    if (error instanceof DiskFailure) return { ...result, error: request.describe(error.failure) };
    // A bug that one bucket's content brings out must not keep the others from their compile.
    world.diagnostics.log('scan-bucket-failed', { bucket: id, cause: causeOf(error) });
    return { ...result, error: causeOf(error) };
  }
}

const noStats: MemoryActionStats = { total: 0, by_action: {}, by_scope: {} };

const emptyResult = (project: string, stateDir: string, request: ScanRequest): ScanResult => ({
  project,
  state_dir: stateDir,
  preflight_status: null,
  compile_status: null,
  processed_count: 0,
  backend: request.backend,
  fallback_backend: null,
  receipt_path: null,
  memory_action_stats: noStats,
  discarded_count: 0,
  error: null,
});

const idleResult = (project: string, stateDir: string, request: ScanRequest): ScanResult => ({
  ...emptyResult(project, stateDir, request),
  preflight_status: 'skip_empty',
  compile_status: 'skip_empty',
});
