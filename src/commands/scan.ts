import { defineCommand } from 'citty';
import { BACKENDS } from '../backend/choose-backend.ts';
import { TRIGGERS } from '../capture/last-tick.ts';
import type { ScanTrigger } from '../capture/last-tick.ts';
import { reviewWaiting } from '../capture/review-queue.ts';
import { inScanTurn } from '../capture/scan-turn.ts';
import type { ScanSkip } from '../capture/scan-turn.ts';
import { countAwaitingYes } from '../compile/proposals.ts';
import { scanBuckets } from '../compile/scan.ts';
import type { ScanResult } from '../compile/scan.ts';
import { addStats } from '../compile/summary.ts';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import type { Settings } from '../contracts/settings.ts';
import { timestamp } from '../kernel/clock.ts';
import { counted } from '../kernel/counted.ts';
import { withinWallClock } from '../kernel/wall-clock.ts';
import { bucketLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import { noted } from '../trouble/note-health.ts';
import { watchHealth } from '../trouble/watch-health.ts';
import { homeFlag, jsonFlag } from './arguments.ts';
import { commandSettings } from './command-settings.ts';
import { compileOptionsOf } from './compile-settings.ts';
import { describe } from './describe.ts';
import { commandWorld, runCommand } from './edge.ts';
import { print, printResult, wantsJson } from './output.ts';
import type { OutputOptions } from './output.ts';
import { fallbackText, stderrReport } from './report-events.ts';

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
      description: `${TRIGGERS.join(', ')}: who starts it; all but manual keep the interval and print a line only when there was work`,
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
      (answer) => (args.trigger === 'manual' ? printScan(answer, args) : printScanLine(answer, world)),
    );
  },
});

export interface ScanFlags {
  /** Undefined: as the settings say. */
  backend: string | undefined;
  now: boolean;
  watched: boolean;
  trigger: ScanTrigger;
}

/** One scan of the home, when it is its turn. */
export async function runScan(world: World, flags: ScanFlags): Promise<Result<ScanAnswer>> {
  const settings = await noted({ world, step: 'config', describe }, () => commandSettings(world));
  if (!settings.ok) return settings;
  const { scheduler, compile } = settings.value;
  const backend = flags.backend ?? scheduler.backend ?? compile.backend;
  const turn = { trigger: flags.trigger, intervalSeconds: scheduler.intervalSeconds, describe };
  const scanned = await inScanTurn(world, turn, () =>
    withinWallClock(world, SCAN_WALL_CLOCK_MS, (end) =>
      noted({ world, step: 'scan', describe }, () => scan(world, { ...flags, backend, settings: settings.value, end })),
    ),
  );
  if (!scanned.ok) return scanned;
  const { value } = scanned;
  return succeed(typeof value === 'string' ? { ...answerOf(world, [], NO_REVIEWS), skipped: value } : value);
}

/** What the Windows task is given, too: neither launchd nor cron ends a job that hangs. */
const SCAN_WALL_CLOCK_MS = 2 * 3_600_000;

const OVERDUE = 'the scan has taken two hours and was ended; what it did not come to waits for the next one';

/** Reviews first, so that what they find is compiled in the same run. */
async function scan(
  world: World,
  flags: ScanFlags & { backend: string; settings: Settings; end: AbortSignal },
): Promise<Result<ScanAnswer>> {
  const health = watchHealth(world, stderrReport(world, flags.watched));
  const { report } = health;
  const { end } = flags;
  const options = compileOptionsOf(world, flags.settings, flags, { report, end });
  if (!options.ok) return options;
  const reviews = await reviewWaiting(world, { now: flags.now, report, settings: succeed(flags.settings), end });
  const results = await scanBuckets(world, {
    backend: flags.backend,
    describe,
    options: options.value,
    end,
  });
  if (end.aborted) report({ type: 'problem', what: OVERDUE });
  const broken = results.find((result) => result.error !== null);
  health.ended(broken && `${broken.project}: ${broken.error}`);
  return succeed(answerOf(world, results, reviews));
}

export interface ScanAnswer {
  home: string;
  total_projects: number;
  results: ScanResult[];
  reviews: { queued: number; reviewed: number; deferred: number; failed: number };
  counts: { run: number; skipped: number; failed: number };
  aggregate: ReturnType<typeof aggregateOf>;
  /** Only when nothing was looked at. */
  skipped?: ScanSkip;
}

const NO_REVIEWS = { queued: 0, reviewed: 0, deferred: 0, failed: 0 };

const answerOf = (world: World, results: ScanResult[], reviews: ScanAnswer['reviews']): ScanAnswer => ({
  home: world.home,
  total_projects: results.length,
  results,
  reviews,
  counts: countsOf(results),
  aggregate: aggregateOf(results),
});

const countsOf = (results: readonly ScanResult[]): ScanAnswer['counts'] => ({
  run: results.filter((result) => result.compile_status === 'success').length,
  skipped: results.filter((result) => result.error === null && result.compile_status !== 'success').length,
  failed: results.filter((result) => result.error !== null).length,
});

const fellBack = (results: readonly ScanResult[]): ScanResult[] =>
  results.filter((result) => result.fallback_backend !== null);

function aggregateOf(results: readonly ScanResult[]) {
  const stats = results.map((result) => result.memory_action_stats);
  const sum = stats.reduce(addStats, { total: 0, by_action: {}, by_scope: {} });
  return {
    buckets_processed: results.filter((result) => result.compile_status === 'success').length,
    buckets_with_fallback: fellBack(results).length,
    total_memory_suggestions: sum.total,
    actions: sum.by_action,
    scopes: sum.by_scope,
    total_discarded: results.reduce((total, result) => total + result.discarded_count, 0),
  };
}

/** Tells a scan that a person started, and sets the exit code. */
export function printScan(answer: ScanAnswer, options: OutputOptions): void {
  if (answer.skipped !== undefined) process.stderr.write(`csep: ${SKIPPED[answer.skipped]}\n`);
  printResult(answer, () => scanText(answer), options);
  if (answer.counts.failed > 0) process.exitCode = 1;
}

const SKIPPED: Record<ScanSkip, string> = {
  another_scan: 'another scan is at work on this home and does what waits; this one left',
  not_due: 'the interval has not passed since the last scan; nothing was looked at',
};

/** For the log of a scheduler, 288 times a day: nothing unless there was something. */
function printScanLine(answer: ScanAnswer, world: World): void {
  const { counts, reviews, results, skipped } = answer;
  if (skipped === 'another_scan') process.stderr.write(`csep: ${SKIPPED[skipped]}\n`);
  if (counts.run + counts.failed + reviews.reviewed + reviews.failed === 0) return;
  const errors = results.flatMap(({ project, error }) => (error === null ? [] : [{ project, error }]));
  const fallbacks = fellBack(results).map(({ project, backend, fallback_backend, fallback_reason }) => ({
    project,
    backend,
    fallback_backend,
    reason: fallback_reason,
  }));
  const told = { ...(errors.length > 0 ? { errors } : {}), ...(fallbacks.length > 0 ? { fallbacks } : {}) };
  print(`${JSON.stringify({ at: timestamp(world.clock), counts, reviews, ...told })}\n`);
  if (counts.failed > 0) process.exitCode = 1;
}

function scanText(answer: ScanAnswer): string {
  if (answer.skipped !== undefined) return 'Nothing was done.';
  const { reviews, counts } = answer;
  const lines = [
    `Reviews: ${reviews.reviewed} done, ${reviews.deferred} waiting, ${reviews.failed} failed.`,
    `Buckets: ${counts.run} compiled, ${counts.skipped} with nothing to do, ${counts.failed} failed.`,
    ...answer.results.flatMap((result) => (result.error === null ? [] : [`  ${result.project}: ${result.error}`])),
    ...fellBack(answer.results).map((result) => `  ${result.project}: ${fallbackText(result)}`),
    ...answer.results.flatMap(awaitingText),
  ];
  return lines.join('\n');
}

/** A yes to two of five holds the other three, whatever the mode: nobody else would say what they wait for. */
function awaitingText({ project, state_dir }: ScanResult): string[] {
  const count = countAwaitingYes(bucketLayout(state_dir));
  if (count === 0) return [];
  const waits = counted(count, 'suggestion waits', 'suggestions wait');
  return [`  ${project}: ${waits} for your yes or no (csep review)`];
}
