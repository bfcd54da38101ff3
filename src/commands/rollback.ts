import { defineCommand } from 'citty';
import { rollback } from '../compile/rollback.ts';
import type { RollbackSummary } from '../compile/rollback.ts';
import { cwdFlag, homeFlag, jsonFlag, stateDirFlag } from './arguments.ts';
import { bucketOfFlags, commandWorld, noBucketYet, runCommand } from './edge.ts';
import { changesText } from './history.ts';
import { printResult, wantsJson } from './output.ts';
import { stderrReport } from './report-events.ts';
import { wholeNumber } from './whole-number.ts';

export const rollbackCommand = defineCommand({
  meta: {
    name: 'rollback',
    description: 'Bring the content of an older generation back, as a new generation (example: rollback 12 --dry-run)',
  },
  args: {
    generation: { type: 'positional', required: true, description: 'Number of the generation (see history)' },
    'dry-run': { type: 'boolean', description: 'Only tell what would change', default: false },
    ...cwdFlag,
    ...stateDirFlag,
    ...homeFlag,
    ...jsonFlag,
  },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => {
        const target = wholeNumber('rollback', args.generation);
        if (!target.ok) return target;
        const bucket = bucketOfFlags(world, args);
        if (!bucket) return noBucketYet();
        const report = stderrReport(world, !wantsJson(args));
        return await rollback({ world, bucket, report, target: target.value, dryRun: args['dry-run'] });
      },
      (summary) => printResult(summary, () => rollbackText(summary), args),
    );
  },
});

const rollbackText = (summary: RollbackSummary): string =>
  [
    summary.generation === null
      ? `Rolling back to generation ${summary.restored} would change this (nothing was changed):`
      : `Generation ${summary.generation} has the content of generation ${summary.restored} again.`,
    changesText(summary.changes),
  ].join('\n');
