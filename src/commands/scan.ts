import { defineCommand } from 'citty';
import { BACKENDS, chooseBackend, fallbackBackend } from '../backend/choose-backend.ts';
import { reviewWaiting } from '../capture/review-queue.ts';
import { scanBuckets } from '../compile/scan.ts';
import type { ScanResult } from '../compile/scan.ts';
import { addStats, DEFAULT_BATCH_SIZE } from '../compile/summary.ts';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import type { World } from '../kernel/world.ts';
import { noted } from '../trouble/note-health.ts';
import { watchHealth } from '../trouble/watch-health.ts';
import { homeFlag, jsonFlag } from './arguments.ts';
import { describe } from './describe.ts';
import { commandWorld, lazySettings, runCommand } from './edge.ts';
import { printResult, wantsJson } from './output.ts';
import { stderrReport } from './report-events.ts';

export const scanCommand = defineCommand({
  meta: {
    name: 'scan',
    description: 'Review waiting sessions and compile every bucket; what the scheduler runs (example: scan --now)',
  },
  args: {
    backend: {
      type: 'string',
      description: `Who merges: ${BACKENDS.join(', ')} (default: scheduler.backend, then compile.backend)`,
    },
    now: { type: 'boolean', description: 'Do not wait for sessions to be quiet', default: false },
    trigger: {
      type: 'enum',
      options: [...TRIGGERS],
      description: 'Who starts it; all but manual keep the interval and print a line only when there was work',
      default: 'manual',
    },
    ...homeFlag,
    ...jsonFlag,
  },
  async run({ args }) {
    const world = commandWorld(args.home);
    const flags = { backend: args.backend, now: args.now, watched: !wantsJson(args), trigger: args.trigger };
    await runCommand(
      world,
      () => runScan(world, flags),
      (answer) => (args.trigger === 'manual' ? printScan(answer, args) : printScanLine(answer)),
    );
  },
});

interface ScanFlags {
  backend: string;
  now: boolean;
  watched: boolean;
}

/** Reviews first, so that what they find is compiled in the same run. */
async function scan(world: World, flags: ScanFlags): Promise<Result<ScanAnswer>> {
  const backend = chooseBackend(flags.backend, { world, settings: lazySettings(world) });
  if (!backend.ok) return backend;
  const health = watchHealth(world, stderrReport(world, flags.watched));
  const { report } = health;
  const reviews = await reviewWaiting(world, { now: flags.now, report });
  const results = await scanBuckets(world, {
    backend: flags.backend,
    describe,
    options: async () => ({
      backend: await backend.value(),
      fallback: await fallbackBackend(),
      batchSize: DEFAULT_BATCH_SIZE,
      report,
    }),
  });
  const broken = results.find((result) => result.error !== null);
  health.ended(broken && `${broken.project}: ${broken.error}`);
  return succeed({
    home: world.home,
    total_projects: results.length,
    results,
    reviews,
    counts: countsOf(results),
    aggregate: aggregateOf(results),
  });
}

interface ScanAnswer {
  home: string;
  total_projects: number;
  results: ScanResult[];
  reviews: { queued: number; reviewed: number; deferred: number; failed: number };
  counts: { run: number; skipped: number; failed: number };
  aggregate: ReturnType<typeof aggregateOf>;
}

const countsOf = (results: readonly ScanResult[]): ScanAnswer['counts'] => ({
  run: results.filter((result) => result.compile_status === 'success').length,
  skipped: results.filter((result) => result.error === null && result.compile_status !== 'success').length,
  failed: results.filter((result) => result.error !== null).length,
});

function aggregateOf(results: readonly ScanResult[]) {
  const stats = results.map((result) => result.memory_action_stats);
  const sum = stats.reduce(addStats, { total: 0, by_action: {}, by_scope: {} });
  return {
    buckets_processed: results.filter((result) => result.compile_status === 'success').length,
    buckets_with_fallback: results.filter((result) => result.fallback_backend !== null).length,
    total_memory_suggestions: sum.total,
    actions: sum.by_action,
    scopes: sum.by_scope,
    total_discarded: results.reduce((total, result) => total + result.discarded_count, 0),
  };
}

function scanText(answer: ScanAnswer): string {
  const { reviews, counts } = answer;
  const lines = [
    `Reviews: ${reviews.reviewed} done, ${reviews.deferred} waiting, ${reviews.failed} failed.`,
    `Buckets: ${counts.run} promoted, ${counts.skipped} with nothing to do, ${counts.failed} failed.`,
    ...answer.results.flatMap((result) => (result.error === null ? [] : [`  ${result.project}: ${result.error}`])),
  ];
  return lines.join('\n');
}
