import { defineCommand } from 'citty';
import { rollback } from '../compile/rollback.ts';
import type { RollbackSummary } from '../compile/rollback.ts';
import { bucketFlags } from './arguments.ts';
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
    ...bucketFlags,
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

function rollbackText(summary: RollbackSummary): string {
  if (summary.status !== 'dry_run') return restoredText(summary);
  const head = `Rolling back to generation ${summary.restored} would change this (nothing was changed):`;
  return `${head}\n${changesText(summary.changes)}`;
}

/** What came back, if anything had to. */
export function restoredText({ generation, restored, from, changes }: RollbackSummary): string {
  if (generation === null)
    return from === restored
      ? `Nothing to change: generation ${restored} is the present one.`
      : `Nothing to change: generation ${from} has the content of generation ${restored} already.`;
  return [`Generation ${generation} has the content of generation ${restored} again.`, changesText(changes)].join('\n');
}
