import path from 'node:path';
import { attempt } from '../kernel/disk-failure.ts';
import { factsOf, lookAt, readText } from '../kernel/files.ts';
import type { FileLook } from '../kernel/files.ts';
import { userFolder } from '../kernel/home.ts';
import type { Environment } from '../kernel/home.ts';
import { realPath } from '../kernel/move-files.ts';
import { gitSetting } from './git-config.ts';

/**
 * Which repository a working directory belongs to, read from the files that git keeps
 * (gitrepository-layout(5)); git itself is never started: it would cost a hook more than all the rest.
 */
export interface Repository {
  /** Canonical root: one and the same for all worktrees of a repository. Outside git: the directory itself. */
  root: string;
  /** `dev:ino` of the root, which a rename keeps; null when nothing lies there. */
  identity: string | null;
}

/** More than any system resolves; a payload may hold anything. */
const MAX_PATH_LENGTH = 32_767;
const MAX_POINTER_BYTES = 64 * 1024;
const MAX_CONFIG_BYTES = 1024 * 1024;

/**
 * Never throws: what cannot be read counts as not there, and a directory that is gone still
 * belongs somewhere. `GIT_DIR` is ignored: it is about one command, not about the session.
 *
 * @param cwd absolute path of the working directory
 */
export function findRepository(cwd: string, env: Environment = process.env): Repository {
  const root = repositoryRoot(cwd, env);
  return { root, identity: cwd.length > MAX_PATH_LENGTH ? null : identityOf(root) };
}

/** The root of `findRepository` alone. */
export function repositoryRoot(cwd: string, env: Environment = process.env): string {
  return cwd.length > MAX_PATH_LENGTH ? cwd : rootFrom(nearestRealPath(cwd), realPath(homeOf(env)));
}

/** `dev:ino` of what lies at `folder`; null when nothing does. */
export function identityOf(folder: string): string | null {
  const facts = attempt(() => factsOf(folder));
  return facts.ok && facts.value ? `${facts.value.dev}:${facts.value.ino}` : null;
}

function rootFrom(here: string, home: string): string {
  // A home under version control (dotfiles) must not swallow every folder below it.
  const isTooWide = (folder: string): boolean =>
    folder !== here && (folder === home || path.dirname(folder) === folder);
  for (const folder of foldersUpwards(here)) {
    if (isTooWide(folder)) continue;
    const root = rootAt(folder);
    if (root !== undefined) return isTooWide(root) ? folder : root;
  }
  return here;
}

function* foldersUpwards(start: string): Generator<string> {
  for (let folder = start; ; folder = path.dirname(folder)) {
    yield folder;
    if (path.dirname(folder) === folder) return;
  }
}

/** Root of the repository whose top `folder` is; undefined when it is none's, or what it points to is broken. */
function rootAt(folder: string): string | undefined {
  const gitFolder = gitFolderAt(folder);
  const common = gitFolder === undefined ? undefined : commonFolderOf(gitFolder);
  if (common === undefined) return undefined;
  return rootOfWorktreesSubmodule(common) ?? rootOfCommon(common);
}

function gitFolderAt(folder: string): string | undefined {
  let dotGit = path.join(folder, '.git');
  let kind = glance(dotGit)?.kind;
  if (kind === 'link') {
    // It leads to the git folder just as a `.git` file does.
    dotGit = realPath(dotGit);
    kind = glance(dotGit)?.kind;
  }
  if (kind === 'folder' && hasHead(dotGit)) return dotGit;
  if (kind === 'file') {
    const target = pointerIn(dotGit, /^gitdir: *(.+)$/);
    if (target !== undefined && hasHead(target)) return target;
  }
  return isBare(folder) ? folder : undefined;
}

const hasHead = (folder: string): boolean => glance(path.join(folder, 'HEAD')) !== undefined;

/** Inside a bare repository, or inside somebody's `.git`. */
const isBare = (folder: string): boolean =>
  hasHead(folder) && ['objects', 'refs'].every((name) => glance(path.join(folder, name)) !== undefined);

/** The folder that all worktrees share: the git folder itself unless its `commondir` names another. */
function commonFolderOf(gitFolder: string): string | undefined {
  const file = path.join(gitFolder, 'commondir');
  if (!glance(file)) return gitFolder;
  const common = pointerIn(file, /^(.+)$/);
  return common !== undefined && hasHead(common) ? common : undefined;
}

/** The path that the first line of a file holds, relative to the file's folder. */
function pointerIn(file: string, pattern: RegExp): string | undefined {
  const line = readQuietly(file, MAX_POINTER_BYTES)?.split(/\r?\n/, 1)[0] ?? '';
  const target = pattern.exec(line)?.[1];
  return target === undefined ? undefined : nearestRealPath(path.resolve(path.dirname(file), target));
}

function rootOfCommon(common: string): string {
  if (['.git', '.bare'].includes(path.basename(common))) return path.dirname(common);
  return worktreeOf(common) ?? common;
}

/** `core.worktree`: submodules have it. Git moves it to `config.worktree` when a sparse checkout is made. */
function worktreeOf(gitFolder: string): string | undefined {
  for (const name of ['config', 'config.worktree']) {
    const text = readQuietly(realPath(path.join(gitFolder, name)), MAX_CONFIG_BYTES);
    const worktree = text === undefined ? undefined : gitSetting(text, 'core', 'worktree');
    if (worktree) return nearestRealPath(path.resolve(gitFolder, worktree));
  }
  return undefined;
}

/**
 * Git clones a submodule anew for every linked worktree of the superproject, into
 * `<common>/worktrees/<id>/modules/<name>`. That is the same repository as the main worktree's
 * submodule, so it gets that one's root, whether that one has been checked out or not.
 */
function rootOfWorktreesSubmodule(gitFolder: string): string | undefined {
  const parts = gitFolder.split(path.sep);
  for (const [index, part] of parts.entries()) {
    if (part !== 'worktrees' || parts[index + 2] !== 'modules') continue;
    const worktree = parts.slice(0, index + 2).join(path.sep);
    const common = commonFolderOf(worktree);
    if (common === undefined || common === worktree) continue;
    const main = path.join(common, ...parts.slice(index + 2));
    if (hasHead(main)) return rootOfCommon(main);
    return sameFolderBelow(rootOfWorktreesSubmodule(common) ?? rootOfCommon(common), worktree, gitFolder);
  }
  return undefined;
}

/** Where the main worktree would have the submodule: at the path at which the linked worktree has it. */
function sameFolderBelow(mainRoot: string, worktree: string, submodule: string): string | undefined {
  const top = pointerIn(path.join(worktree, 'gitdir'), /^(.+)$/);
  const checkout = worktreeOf(submodule);
  if (top === undefined || checkout === undefined) return undefined;
  const inside = path.relative(path.dirname(top), checkout);
  if (inside === '' || inside.startsWith('..') || path.isAbsolute(inside)) return undefined;
  return path.join(mainRoot, inside);
}

/** The real path of what exists of `target`, with the rest as written. */
export function nearestRealPath(target: string): string {
  const missing: string[] = [];
  let folder = absolute(target);
  while (glance(folder) === undefined && path.dirname(folder) !== folder) {
    missing.unshift(path.basename(folder));
    folder = path.dirname(folder);
  }
  return path.join(realPath(folder), ...missing);
}

/** A relative path hangs on the process's directory, and that may have been deleted. */
function absolute(target: string): string {
  try {
    return path.resolve(target);
  } catch {
    return path.join(path.parse(process.execPath).root, target);
  }
}

function homeOf(env: Environment): string {
  try {
    return userFolder(env);
  } catch {
    // An account without a passwd entry has no home, hence none to guard.
    return path.sep;
  }
}

function glance(file: string): FileLook | undefined {
  const look = attempt(() => lookAt(file));
  return look.ok ? look.value : undefined;
}

function readQuietly(file: string, limit: number): string | undefined {
  const text = attempt(() => readText(file, limit));
  return text.ok ? text.value : undefined;
}
