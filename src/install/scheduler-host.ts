import { attempt } from '../kernel/disk-failure.ts';
import { isFolder, readBytes } from '../kernel/files.ts';
import { findProgram } from '../kernel/find-program.ts';
import { userFolder } from '../kernel/home.ts';
import { runProgram, userId } from '../kernel/run-program.ts';
import type { World } from '../kernel/world.ts';
import type { SchedulerHost } from './scheduler-row.ts';

/** The machine that we run on. */
export const hostOf = (world: World): SchedulerHost => ({
  env: world.env,
  userFolder: userFolder(world.env),
  uid: userId(),
  home: world.home,
  findProgram: (name) => findProgram(name, world.env),
  isFolder,
  readFile: (file) => {
    const bytes = attempt(() => readBytes(file));
    return bytes.ok ? bytes.value : undefined;
  },
  run: (argv, input) => runProgram({ argv, env: world.env, ...(input === undefined ? {} : { input }) }),
});
