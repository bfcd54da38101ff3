import { defineCommand } from 'citty';
import path from 'node:path';
import { DiskFailure } from '../kernel/disk-failure.ts';
import { isFolder } from '../kernel/files.ts';
import { realPath } from '../kernel/move-files.ts';
import { sessionReport } from '../recall/session-report.ts';
import { bucketFlags, fromStdinFlag } from './arguments.ts';
import { commandWorld, runCommand } from './edge.ts';
import { printResult } from './output.ts';
import { workingFolder } from './working-folder.ts';
import { recallProgram } from './program-file.ts';

export const sessionStartCommand = defineCommand({
  meta: {
    name: 'session-start',
    description:
      'Make the bucket of a repository and print what a new session is given (example: session-start --cwd .)',
  },
  args: { ...fromStdinFlag, ...bucketFlags },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      () => {
        // A mistyped folder must not leave a bucket behind.
        if (args.cwd && !isFolder(realPath(args.cwd)))
          throw new DiskFailure({ reason: 'file-missing', path: args.cwd });
        return sessionReport(world, {
          cwd: path.resolve(workingFolder(args.cwd, world)),
          stateDir: args['state-dir'] || world.env['CODEX_STATE_DIR'],
          program: recallProgram(),
        });
      },
      (report) => printResult(report, () => report.stable_background.combined_prefix || 'Nothing is known yet.', args),
    );
  },
});
