import type { BucketHandle } from '../bucket/open-bucket.ts';
import { bucketAt, findBucket } from '../bucket/open-bucket.ts';
import type { Result } from '../contracts/failure.ts';
import { fail } from '../contracts/failure.ts';
import { DiskFailure } from '../kernel/disk-failure.ts';
import { isFolder } from '../kernel/files.ts';
import { refuseFileAsHome } from '../kernel/home.ts';
import { realPath } from '../kernel/move-files.ts';
import { withProviderEnvironment } from '../kernel/provider-environment.ts';
import { systemWorld } from '../kernel/world.ts';
import type { World } from '../kernel/world.ts';
import { printFailure } from './output.ts';
import { workingFolder } from './working-folder.ts';

/** The edge where the ambient world enters: environment, working directory, clock, home. */
export const commandWorld = (home?: string): World =>
  withProviderEnvironment(systemWorld(process.env, home), (problem) =>
    process.stderr.write(`csep: warning: ${problem}\n`),
  );

export interface BucketFlags {
  'state-dir'?: string | undefined;
  cwd?: string | undefined;
}

/**
 * The bucket that the flags (or their variables) name; undefined when there is none yet.
 * @throws DiskFailure `file-missing` for a folder that is not there: a mistyped path must not read as "nothing to do"
 */
export function bucketOfFlags(world: World, flags: BucketFlags): BucketHandle | undefined {
  const stateDir = flags['state-dir'] || world.env['CODEX_STATE_DIR'];
  const cwd = workingFolder(flags.cwd, world);
  if (flags.cwd && !isFolder(realPath(flags.cwd))) throw new DiskFailure({ reason: 'file-missing', path: flags.cwd });
  return stateDir ? bucketAt(stateDir, cwd, world.env) : findBucket(world.home, cwd, world.env);
}

/** For commands that need one: nothing has been learned in this folder yet, or the folder is another one than was meant. */
export const noBucketYet = (): Result<never> =>
  fail({
    reason: 'usage',
    detail:
      'nothing is kept for this folder yet, so nothing was changed; run it in the repository that you mean, or name that with --cwd',
  });

/**
 * Runs a command's work: a Failure (also one that the disk threw) becomes one clear line and an exit
 * code, anything else is a bug and is told as one, without a stack on the user's screen.
 */
export async function runCommand<T>(
  world: World,
  work: () => Promise<Result<T>>,
  show: (value: T) => void,
): Promise<void> {
  try {
    refuseFileAsHome(world.home);
    const result = await work();
    if (result.ok) show(result.value);
    else printFailure(result.failure);
  } catch (error) {
    if (error instanceof DiskFailure) return printFailure(error.failure);
    const cause = error instanceof Error ? error.message : String(error);
    world.diagnostics.log('bug', { cause, stack: error instanceof Error ? error.stack : undefined });
    process.stderr.write(
      `csep: unexpected error: ${cause}\nYour data was not changed by this message; details are in ${world.home}/logs/plugin.log. Please report it.\n`,
    );
    process.exitCode = 1;
  }
}
