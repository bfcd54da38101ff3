import fs from 'node:fs';
import path from 'node:path';
import { diskFailure, errorCode } from './disk-failure.ts';
import { refuseSymlink } from './files.ts';
import { pause } from './pause.ts';

/**
 * Everything that the program writes: synchronous on purpose (docs/decisions/001-synchronous-files.md):
 * hooks do not pay for a thread pool, and the order of the mutating calls is the order of the lines.
 */

const { O_RDONLY, O_RDWR } = fs.constants;
/** Windows does not have it; there `lstat` has to do (refuseSymlink). */
const NO_FOLLOW = fs.constants.O_NOFOLLOW ?? 0;

const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** Beginning of the names of files that are being written; readers take such names for nothing. */
export const TEMPORARY_PREFIX = '.tmp-';

/** Waits between tries of a rename that another program's open handle blocks (Windows): 2.5 s in all. */
const RENAME_BACKOFF_MS = [10, 20, 40, 80, 150, 300, 600, 1300];

/** @param isWorthIt false: another program's handle is not what is in the way */
export function retriedWhileBusy(step: () => void, isWorthIt: () => boolean = () => true): void {
  for (const wait of RENAME_BACKOFF_MS) {
    try {
      return step();
    } catch (error) {
      if (!isBusy(errorCode(error)) || !isWorthIt()) throw error;
      pause(wait);
    }
  }
  step();
}

/** Elsewhere than on Windows EPERM and EACCES are answers, not a scanner that holds the file for a moment. */
const isBusy = (code: string): boolean =>
  code === 'EBUSY' || (process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES'));

/**
 * Makes a folder and its missing parents (0700). A link in its place is refused.
 *
 * Not by Node's `recursive`: where the system says ENOENT although the parent exists (/proc, some
 * mounts) that tries for ever (seen on Node 20.20), and a hook with it.
 */
export function makeFolder(folder: string): void {
  refuseSymlink(folder);
  try {
    makeMissing(folder);
  } catch (error) {
    throw diskFailure('make the folder', folder, error);
  }
}

function makeMissing(folder: string): void {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeMissing(parent);
  try {
    fs.mkdirSync(folder, { mode: PRIVATE_FOLDER });
  } catch (error) {
    // Somebody else made it meanwhile; a file of that name is an answer.
    if (errorCode(error) !== 'EEXIST' || !fs.statSync(folder).isDirectory()) throw error;
  }
}

/** Dates a file. @throws DiskFailure, also when it is gone */
export function setModified(file: string, at: Date): void {
  try {
    fs.utimesSync(file, at, at);
  } catch (error) {
    throw diskFailure('date', file, error);
  }
}

/** Makes one folder. @returns false when something of that name is there already */
export function makeFolderExclusively(folder: string): boolean {
  try {
    fs.mkdirSync(folder, { mode: PRIVATE_FOLDER });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw diskFailure('make the folder', folder, error);
  }
}

/** Makes a folder's entries survive a power cut. Windows cannot open folders and needs no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  try {
    const fd = fs.openSync(folder, O_RDONLY);
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    throw diskFailure('sync', folder, error);
  }
}

/** Windows flushes only what may be written. */
const FOR_SYNC = process.platform === 'win32' ? O_RDWR : O_RDONLY;

/** Makes a file's bytes survive a power cut. */
export function syncFile(file: string): void {
  try {
    const fd = fs.openSync(file, FOR_SYNC | NO_FOLLOW);
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    throw diskFailure('sync', file, error);
  }
}

export interface WriteOptions {
  /** Fail instead of replacing: `link` is used, which cannot replace. */
  exclusive?: boolean;
  /** Without it a power cut may lose the file, never tear it (only for what can be lost). */
  sync?: boolean;
  mode?: number;
}

/**
 * Writes state that exists once: a temporary file beside the target, all bytes, fsync, close,
 * rename (or exclusive link), fsync of the folder.
 *
 * @returns false when `exclusive` and the target exists; true otherwise
 * @throws DiskFailure; the target is then as it was
 */
export function writeDurably(file: string, content: string | Uint8Array, options: WriteOptions = {}): boolean {
  refuseSymlink(file);
  const { exclusive = false, sync = true } = options;
  const temporary = path.join(path.dirname(file), `${TEMPORARY_PREFIX}${uniqueSuffix()}`);
  try {
    writeNew(temporary, content, { sync, mode: options.mode ?? PRIVATE_FILE });
    if (exclusive) {
      if (!linkExclusively(temporary, file)) return false;
    } else {
      retriedWhileBusy(() => fs.renameSync(temporary, file));
    }
    if (sync) syncFolder(path.dirname(file));
    return true;
  } catch (error) {
    removeQuietly(temporary);
    throw diskFailure('write', file, error);
  }
}

/** Process id and time make it unique on one host; the random part covers shared folders. No crypto: hooks pay for it. */
function uniqueSuffix(): string {
  const random = Math.floor(Math.random() * 2 ** 48).toString(16);
  return `${process.pid.toString(36)}-${process.hrtime.bigint().toString(36)}-${random}`;
}

function linkExclusively(temporary: string, file: string): boolean {
  try {
    fs.linkSync(temporary, file);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return false;
    // exFAT and some network shares have no hard links: an exclusive copy is the next best.
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(code)) throw error;
    return copyExclusively(temporary, file);
  } finally {
    removeQuietly(temporary);
  }
}

function copyExclusively(from: string, to: string): boolean {
  try {
    fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Creates a file that must not exist yet and writes all of it. */
export function writeNew(
  file: string,
  content: string | Uint8Array,
  options: { sync?: boolean; mode?: number } = {},
): void {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  let fd: number;
  try {
    fd = fs.openSync(file, 'wx', options.mode ?? PRIVATE_FILE);
  } catch (error) {
    throw diskFailure('create', file, error);
  }
  try {
    let written = 0;
    while (written < bytes.length) written += fs.writeSync(fd, bytes, written, bytes.length - written);
    if (options.sync ?? true) fs.fsyncSync(fd);
  } catch (error) {
    throw diskFailure('write', file, error);
  } finally {
    fs.closeSync(fd);
  }
}

/** For temporary files on the way out of a failure: the failure is what counts. */
function removeQuietly(file: string): void {
  try {
    fs.unlinkSync(file);
  } catch {
    // Already renamed or never created.
  }
}
