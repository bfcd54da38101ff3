import fs from 'node:fs';
import path from 'node:path';
import { diskFailure, errorCode } from './disk-failure.ts';
import { isFolder } from './files.ts';
import { retriedWhileBusy } from './write-files.ts';

/** Moves, links and removals: what changes folders, not bytes. */

/**
 * Renames a file; the target is replaced.
 * @returns false when there was nothing to move (somebody else moved it first: no error)
 */
export function moveFile(from: string, to: string): boolean {
  try {
    retriedWhileBusy(() => fs.renameSync(from, to));
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && fs.lstatSync(from, { throwIfNoEntry: false }) === undefined) return false;
    throw diskFailure('move', from, error);
  }
}

/** Outcome of a rename that must not replace: only one of several rivals gets `moved`. */
export type ExclusiveMove = 'moved' | 'taken';

/**
 * Renames a folder to a name that must be free. On POSIX a rename onto a non-empty folder fails,
 * so of two rivals one wins: this is the compare-and-swap of a promotion.
 */
export function moveFolderExclusively(from: string, to: string): ExclusiveMove {
  try {
    // Whoever finds the name taken has lost, and does not wait for it.
    retriedWhileBusy(
      () => fs.renameSync(from, to),
      () => !isFolder(to),
    );
    return 'moved';
  } catch (error) {
    const code = errorCode(error);
    if (['EEXIST', 'ENOTEMPTY', 'ENOENT', 'ENOTDIR'].includes(code)) return 'taken';
    if (['EPERM', 'EACCES', 'EBUSY'].includes(code) && isFolder(to)) return 'taken';
    throw diskFailure('move', from, error);
  }
}

/** Gives a file a second name. @returns false when the file system has no hard links or the target exists */
export function linkFile(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if (['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EXDEV', 'EMLINK', 'EEXIST'].includes(errorCode(error)))
      return false;
    throw diskFailure('link', to, error);
  }
}

/** Copies a file to a name that must be free. */
export function copyFile(from: string, to: string): void {
  try {
    fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL);
  } catch (error) {
    throw diskFailure('copy', to, error);
  }
}

/** Removes a file. @returns false when there was none */
export function removeFile(file: string): boolean {
  try {
    fs.unlinkSync(file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw diskFailure('remove', file, error);
  }
}

/** Removes a folder with all that is in it; links in it are removed, not followed. */
export function removeFolder(folder: string): void {
  try {
    fs.rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    throw diskFailure('remove', folder, error);
  }
}

/**
 * Adds a line to a file (created 0600); one write call, so that lines of several processes do not mix.
 * A FIFO in its place is not waited for: opening one that nobody reads fails at once.
 */
export function appendLine(file: string, line: string): void {
  const { O_WRONLY, O_CREAT, O_APPEND } = fs.constants;
  const flags = O_WRONLY | O_CREAT | O_APPEND | (fs.constants.O_NOFOLLOW ?? 0) | (fs.constants.O_NONBLOCK ?? 0);
  try {
    const fd = fs.openSync(file, flags, 0o600);
    try {
      fs.writeSync(fd, `${line}\n`);
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    throw diskFailure('append to', file, error);
  }
}

/** Makes a promoted file unwritable for accidents; modes are a hint, not a guarantee. */
export function makeReadOnly(file: string): void {
  try {
    fs.chmodSync(file, 0o400);
  } catch (error) {
    throw diskFailure('protect', file, error);
  }
}

/** The path with all links resolved; the path itself when it does not exist. */
export function realPath(file: string): string {
  try {
    return fs.realpathSync.native(file);
  } catch {
    return path.resolve(file);
  }
}

/** Removes a folder when nothing is in it; otherwise it stays, with what somebody has put there. */
export function removeEmptyFolder(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch (error) {
    // ENOTDIR: a link to a folder stays, as what it leads to does.
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error)))
      throw diskFailure('remove', folder, error);
  }
}
