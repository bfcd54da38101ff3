import { defineCommand } from 'citty';
import { succeed } from '../contracts/failure.ts';
import { preflight } from '../compile/preflight.ts';
import { homeFlag, jsonFlag, repoRootFlag, stateDirFlag } from './arguments.ts';
import { bucketOfFlags, commandWorld, runCommand } from './edge.ts';
import { printResult } from './output.ts';

export const compilePreflightCommand = defineCommand({
  meta: {
    name: 'compile-preflight',
    description:
      'Tell whether a compile has anything to do: run, skip_empty or skip_locked (example: compile-preflight --repo-root .)',
  },
  args: {
    ...repoRootFlag,
    ...stateDirFlag,
    ...homeFlag,
    ...jsonFlag,
  },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => {
        const bucket = bucketOfFlags(world, { cwd: args['repo-root'], 'state-dir': args['state-dir'] });
        return succeed(
          bucket
            ? preflight(bucket.layout, world.clock)
            : { status: 'skip_empty' as const, pending: 0, retryable_failed: 0 },
        );
      },
      (answer) => printResult(answer, () => `${answer.status} (${answer.pending} pending)`, args),
    );
  },
});
