import { defineCommand } from 'citty';
import { succeed } from '../contracts/failure.ts';
import { migrateWorktrees } from '../compile/migrate-worktrees.ts';
import type { MigrationResult } from '../compile/migrate-worktrees.ts';
import { homeFlag, jsonFlag } from './arguments.ts';
import { describe } from './describe.ts';
import { commandWorld, runCommand } from './edge.ts';
import { printResult, wantsJson } from './output.ts';
import { stderrReport } from './report-events.ts';

export const migrateWorktreesCommand = defineCommand({
  meta: {
    name: 'migrate-worktrees',
    description:
      'Merge the buckets that linked worktrees once had into their repository’s; tells only, until --apply is given',
  },
  args: {
    apply: { type: 'boolean', description: 'Do it; each merged bucket is archived, none is deleted', default: false },
    ...homeFlag,
    ...jsonFlag,
  },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => {
        const report = stderrReport(world, !wantsJson(args));
        const results = await migrateWorktrees({ world, apply: args.apply, report, describe });
        return succeed({ home: world.home, applied: args.apply, results });
      },
      (answer) => {
        printResult(answer, () => migrationText(answer.results, answer.applied), args);
        if (answer.results.some((result) => result.status === 'failed')) process.exitCode = 1;
      },
    );
  },
});

function migrationText(results: readonly MigrationResult[], applied: boolean): string {
  if (results.length === 0) return 'Every bucket is where it belongs.';
  const lines = results.map((result) => `${result.bucket}: ${resultText(result)}`);
  const isWaiting = !applied && results.some((result) => result.action === 'merge');
  return [...lines, ...(isWaiting ? ['Nothing was changed; --apply does it.'] : [])].join('\n');
}

function resultText(result: MigrationResult): string {
  switch (result.status) {
    case 'merged':
      return `merged into ${result.target_bucket}, archived as ${result.archived_as}`;
    case 'failed':
      return `left as it is: ${result.error}`;
    case 'left_alone':
      return `left alone: ${result.reason}`;
    case 'planned':
      return result.action === 'moved'
        ? `${result.reason} (${result.canonical_root}); nothing is moved by itself`
        : `would be merged into the bucket of ${result.canonical_root}`;
  }
}
