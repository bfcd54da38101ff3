import { DiskFailure } from '../kernel/disk-failure.ts';
import type { World } from '../kernel/world.ts';

/**
 * A command's working directory: the flag, the variable, where the process stands.
 * @throws DiskFailure `file-missing` when the process stands in a folder that is gone
 */
export const workingFolder = (flag: string | undefined, world: World): string =>
  flag || world.env['CODEX_CWD'] || currentFolder();

function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    throw new DiskFailure({ reason: 'file-missing', path: 'the current folder' });
  }
}
