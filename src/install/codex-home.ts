import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { exists, isFolder } from '../kernel/files.ts';
import type { Environment } from '../kernel/home.ts';
import { codexHome, withoutTilde } from '../kernel/home.ts';
import { realPath } from '../kernel/move-files.ts';
import type { World } from '../kernel/world.ts';
import { readInstallRecord } from './install-record.ts';
import { shellWord } from './shell-word.ts';

/**
 * The folder of Codex that is meant: the flag's, then `CODEX_HOME`, then `~/.codex`. Only the last need not be
 * there yet, on a machine on which Codex has never run: hooks at a mistyped path would wait there for ever.
 * Codex (0.169) does not start with a `CODEX_HOME` that is not there; we make that one when its parent is there.
 *
 * @returns Failure `install-conflict`, which says what to make or to correct
 */
export function codexHomeToUse(flag: string | undefined, env: Environment): Result<string> {
  if (flag) {
    const folder = codexHomeOfFlag(flag, env);
    return isThere(folder) ? succeed(folder) : notThere(`--codex-home: ${folder}`, folder);
  }
  const folder = codexHome(env);
  const isMistyped = env['CODEX_HOME'] && !isThere(folder) && (exists(folder) || !isThere(path.dirname(folder)));
  return isMistyped ? notThere(`CODEX_HOME: ${folder}`, folder) : succeed(folder);
}

/** As `codexHomeToUse`; a folder that is gone is nothing to clear, unless something was installed into it. */
export function codexHomeToClear(flag: string | undefined, { home, env }: Pick<World, 'home' | 'env'>): Result<string> {
  const record = readInstallRecord(home);
  const folder = flag ? codexHomeOfFlag(flag, env) : codexHome(env);
  const isKnown = !record.ok || Object.hasOwn(record.value?.codex_homes ?? {}, folder);
  return flag && !isKnown && !isThere(folder)
    ? notThere(`--codex-home: ${folder}`, folder, CLEARED_ANYWAY)
    : succeed(folder);
}

const CLEARED_ANYWAY = 'Correct the path, or leave it out: every folder that was installed into is cleared.';

/** Absolute; a shell leaves the tilde of `--codex-home=~/x` as it is. */
const codexHomeOfFlag = (flag: string, env: Environment): string => path.resolve(withoutTilde(flag, env));

/** Also behind a link. */
const isThere = (folder: string): boolean => isFolder(realPath(folder));

const makeFirst = (folder: string): string =>
  `Correct the path; if it is the one that you mean, make the folder first: mkdir -p ${shellWord(folder)}`;

function notThere(what: string, folder: string, fix = makeFirst(folder)): Result<never> {
  if (exists(folder))
    return fail({ reason: 'install-conflict', what: `${what} is no folder`, fix: 'Name the folder of Codex.' });
  return fail({ reason: 'install-conflict', what: `${what} does not exist`, fix });
}
