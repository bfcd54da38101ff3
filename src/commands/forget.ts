import { defineCommand } from 'citty';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { ForgetScope } from '../compile/find-entries.ts';
import { forget } from '../compile/forget.ts';
import type { ForgetSummary } from '../compile/forget.ts';
import { bucketFlags } from './arguments.ts';
import { bucketOfFlags, commandWorld, noBucketYet, runCommand } from './edge.ts';
import { printResult, wantsJson } from './output.ts';
import { stderrReport } from './report-events.ts';

export const forgetCommand = defineCommand({
  meta: {
    name: 'forget',
    description:
      'Remove an entry and every trace of its text, and never take it in again (example: forget "staging password" --dry-run)',
  },
  args: {
    words: { type: 'positional', required: true, description: 'Recall or skill id, part of a summary, or words' },
    scope: { type: 'string', description: 'user, global, recall, skill, or all (default)', default: 'all' },
    'dry-run': { type: 'boolean', description: 'Only tell what would go', default: false },
    'keep-history': { type: 'boolean', description: 'Leave older generations alone', default: false },
    yes: { type: 'boolean', description: 'Forget all that match, not only a single one', default: false },
    ...bucketFlags,
  },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => {
        const scope = scopeOf(args.scope);
        if (!scope.ok) return scope;
        const bucket = bucketOfFlags(world, args);
        if (!bucket) return noBucketYet();
        return await forget({
          world,
          bucket,
          report: stderrReport(world, !wantsJson(args)),
          query: args._.join(' '),
          scope: scope.value,
          dryRun: args['dry-run'],
          keepHistory: args['keep-history'],
          yes: args.yes,
        });
      },
      (summary) => {
        printResult(summary, () => forgetText(summary), args);
        // Nothing was done, and something has to be said first: as with any other wrong usage.
        if (summary.status === 'ambiguous') process.exitCode = 2;
      },
    );
  },
});

const SCOPES: readonly ForgetScope[] = ['user', 'global', 'recall', 'skill', 'all'];

function scopeOf(text: string): Result<ForgetScope> {
  const scope = SCOPES.find((known) => known === text);
  return scope ? succeed(scope) : fail({ reason: 'usage', detail: `--scope is one of ${SCOPES.join(', ')}` });
}

function forgetText(summary: ForgetSummary): string {
  const entries = summary.entries.map(({ kind, id, summary: name, bucket }) =>
    ['  ', kind, id, name, `(${bucket})`].filter((part) => part !== '').join(' '),
  );
  return [headline(summary), ...entries, ...waiting(summary)].join('\n');
}

function headline(summary: ForgetSummary): string {
  switch (summary.status) {
    case 'no_match':
      return 'No entry matches; nothing was changed.';
    case 'ambiguous':
      return 'Several entries match; nothing was changed. Name one of them, or add --yes to forget all:';
    case 'dry_run':
      return 'This would be forgotten (nothing was changed):';
    case 'forgotten':
      return `Forgotten; generation ${summary.generation} is without:`;
  }
}

const waiting = (summary: ForgetSummary): string[] =>
  summary.purge_waits_in.length === 0
    ? []
    : [`A compile is at work on ${summary.purge_waits_in.join(', ')}; it removes the last copies when it ends.`];
