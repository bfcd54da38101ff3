import { defineCommand } from 'citty';
import { BACKENDS } from '../backend/choose-backend.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Result } from '../contracts/failure.ts';
import { compileBucket } from '../compile/compile.ts';
import type { CompileOptions } from '../compile/compile.ts';
import { compileUntilEmpty } from '../compile/compile-until-empty.ts';
import type { CompiledPasses } from '../compile/compile-until-empty.ts';
import { emptySummary } from '../compile/summary.ts';
import type { CompileSummary } from '../compile/summary.ts';
import type { Report } from '../contracts/event.ts';
import { counted } from '../kernel/counted.ts';
import type { World } from '../kernel/world.ts';
import { watchHealth } from '../trouble/watch-health.ts';
import { homeFlag, jsonFlag, repoRootFlag, stateDirFlag } from './arguments.ts';
import { commandSettings } from './command-settings.ts';
import { compileOptionsOf } from './compile-settings.ts';
import { describe } from './describe.ts';
import { bucketOfFlags, commandWorld, runCommand } from './edge.ts';
import { printFailure, printResult, wantsJson } from './output.ts';
import type { OutputOptions } from './output.ts';
import { fallbackText, stderrReport } from './report-events.ts';

export const compileCommand = defineCommand({
  meta: {
    name: 'compile',
    description: 'Promote pending suggestions into memory, recall and skills (example: compile --once --repo-root .)',
  },
  args: {
    once: { type: 'boolean', description: 'One pass instead of until nothing is pending', default: false },
    ...repoRootFlag,
    backend: { type: 'string', description: `Who merges: ${BACKENDS.join(', ')} (default: compile.backend)` },
    'batch-size': { type: 'string', description: 'Envelopes per pass (default: compile.batch_size)' },
    fallback: {
      type: 'boolean',
      description: 'With --no-fallback a failing agent fails the compile (default: compile.fallback)',
    },
    ...stateDirFlag,
    ...homeFlag,
    ...jsonFlag,
  },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => {
        const health = watchHealth(world, stderrReport(world, !wantsJson(args)));
        const options = await compileOptions(world, args, health.report);
        if (!options.ok) return options;
        const target = { cwd: args['repo-root'], 'state-dir': args['state-dir'], once: args.once };
        const result = await compileOnceOrMore(world, target, options.value);
        const failure = result.ok ? result.value.failure : result.failure;
        health.ended(failure && describe(failure));
        return result;
      },
      (passes) => printPasses(passes, args),
    );
  },
});

interface CompileFlags {
  backend?: string | undefined;
  'batch-size'?: string | undefined;
  fallback?: boolean | undefined;
}

async function compileOptions(world: World, flags: CompileFlags, report: Report): Promise<Result<CompileOptions>> {
  const settings = await commandSettings(world);
  if (!settings.ok) return settings;
  const batchSize = flags['batch-size'] === undefined ? undefined : Number(flags['batch-size']);
  if (batchSize !== undefined && (!Number.isInteger(batchSize) || batchSize < 1))
    return fail({ reason: 'usage', detail: '--batch-size takes a whole number from 1' });
  const backend = flags.backend ?? settings.value.compile.backend;
  const choice = { backend, batchSize, fallback: flags.fallback };
  const options = compileOptionsOf(world, settings.value, choice, { report });
  return options.ok ? succeed(await options.value()) : options;
}

interface Target {
  cwd?: string | undefined;
  'state-dir'?: string | undefined;
  once: boolean;
}

async function compileOnceOrMore(
  world: World,
  target: Target,
  options: CompileOptions,
): Promise<Result<CompiledPasses>> {
  const bucket = bucketOfFlags(world, target);
  if (!bucket) return succeed(emptySummary(options.backend.name));
  if (target.once) return await compileBucket(world, bucket, options);
  return await compileUntilEmpty(world, bucket, options);
}

/** What was promoted is told also when a later pass failed; the exit code is that of the failure. */
function printPasses({ failure, ...summary }: CompiledPasses, options: OutputOptions): void {
  const result = failure ? { ...summary, error: describe(failure) } : summary;
  printResult(result, () => [compileText(summary), ...fallbackLines(summary)].join('\n'), options);
  if (failure) printFailure(failure);
}

function compileText(summary: CompileSummary): string {
  switch (summary.status) {
    case 'success':
      return summary.generation === null
        ? proposedText(summary)
        : `Generation ${summary.generation}: ${counted(summary.processed_count, 'envelope')}, ${counted(summary.discarded_count, 'suggestion')} discarded. Receipt: ${summary.receipt_path}`;
    case 'skip_locked':
      return 'Another compile is at work; nothing was done.';
    case 'skip_empty':
    case 'run':
      return 'Nothing to compile. (What waits for your decision: csep review list)';
  }
}

const fallbackLines = (summary: CompileSummary): string[] =>
  summary.fallback_backend === null ? [] : [fallbackText(summary)];

const proposedText = ({ proposed_count: count = 0 }: CompileSummary): string =>
  `${counted(count, 'envelope waits', 'envelopes wait')} for your yes; nothing was promoted. See: csep review`;
