import type { World } from '../kernel/world.ts';

/** A command's working directory: the flag, the variable, where the process stands. */
export const workingFolder = (flag: string | undefined, world: World): string =>
  flag || world.env['CODEX_CWD'] || process.cwd();
