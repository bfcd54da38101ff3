import fs from 'node:fs';
import path from 'node:path';
import { diskFailure, DiskFailure, errorCode } from './disk-failure.ts';

/**
 * Everything that the program does to a disk. Synchronous on purpose (docs/decisions/001-synchronous-files.md):
 * hooks do not pay for a thread pool, and the order of the mutating calls is the order of the lines.
 */

const { O_RDONLY } = fs.constants;
/** Windows has neither flag; there `lstat` has to do (refuseSymlink). */
const NO_FOLLOW = fs.constants.O_NOFOLLOW ?? 0;
const NON_BLOCK = fs.constants.O_NONBLOCK ?? 0;

const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** Beginning of the names of files that are being written; readers take such names for nothing. */
export const TEMPORARY_PREFIX = '.tmp-';

/** Waits between tries of a rename that another program's open handle blocks (Windows): 2.5 s in all. */
const RENAME_BACKOFF_MS = [10, 20, 40, 80, 150, 300, 600, 1300];

const pause = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

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

export interface FileFacts {
  kind: 'file' | 'folder' | 'link' | 'other';
  size: number;
  mtimeNs: string;
  ino: string;
  dev: string;
  mode: number;
  modifiedMs: number;
}

/** What lies at `file`, without following a link; undefined when nothing does. */
export function factsOf(file: string): FileFacts | undefined {
  const stat = lstat(file);
  if (!stat) return undefined;
  const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : 'other';
  return {
    kind,
    size: Number(stat.size),
    mtimeNs: String(stat.mtimeNs),
    ino: String(stat.ino),
    dev: String(stat.dev),
    mode: Number(stat.mode) & 0o777,
    modifiedMs: Number(stat.mtimeMs),
  };
}

function lstat(file: string): fs.BigIntStats | undefined {
  try {
    return fs.lstatSync(file, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    // Below something that is no folder, or with an impossible name, there is nothing either.
    if (['ENOTDIR', 'ENAMETOOLONG', 'ENOENT'].includes(errorCode(error))) return undefined;
    throw diskFailure('look at', file, error);
  }
}

export const exists = (file: string): boolean => factsOf(file) !== undefined;
export const isFolder = (file: string): boolean => factsOf(file)?.kind === 'folder';
export const isFile = (file: string): boolean => factsOf(file)?.kind === 'file';

/** @throws DiskFailure `symlink-refused`: we never write through a link that somebody laid into our folders */
export function refuseSymlink(file: string): void {
  if (factsOf(file)?.kind === 'link') throw new DiskFailure({ reason: 'symlink-refused', path: file });
}

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

/** Names in a folder, sorted; none when the folder is missing. */
export function listNames(folder: string): string[] {
  try {
    return fs.readdirSync(folder).toSorted();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return [];
    throw diskFailure('list', folder, error);
  }
}

/** Opens for reading; links and FIFOs are not followed or waited for. @throws DiskFailure with the code, `ENOENT` too */
export function openForReading(file: string): number {
  try {
    return fs.openSync(file, O_RDONLY | NO_FOLLOW | NON_BLOCK);
  } catch (error) {
    throw diskFailure('open', file, error);
  }
}

/** Reads up to `length` bytes at `position`; shorter at the end of the file. */
export function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  try {
    while (filled < length) {
      const count = fs.readSync(fd, bytes, filled, length - filled, position + filled);
      if (count === 0) break;
      filled += count;
    }
  } catch (error) {
    throw diskFailure('read', `#${fd}`, error);
  }
  return filled === length ? bytes : bytes.subarray(0, filled);
}

export const closeFile = (fd: number): void => fs.closeSync(fd);

/** Size in bytes of an open file. */
export const fileSize = (fd: number): number => fs.fstatSync(fd).size;

/**
 * Reads a regular file.
 * @param limit bytes; a larger file is a DiskFailure `file-too-large`
 * @returns undefined when there is no such file
 */
export function readBytes(file: string, limit = 64 * 1024 * 1024): Buffer | undefined {
  let fd: number;
  try {
    fd = fs.openSync(file, O_RDONLY | NO_FOLLOW | NON_BLOCK);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'ELOOP') throw new DiskFailure({ reason: 'symlink-refused', path: file });
    throw diskFailure('open', file, error);
  }
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw new DiskFailure({ reason: 'file-unreadable', path: file, detail: 'not a regular file' });
    if (stat.size > limit) throw new DiskFailure({ reason: 'file-too-large', path: file, size: stat.size, limit });
    return readAt(fd, 0, stat.size);
  } catch (error) {
    throw diskFailure('read', file, error);
  } finally {
    fs.closeSync(fd);
  }
}

/** As `readBytes`, decoded as UTF-8; a byte-order mark is dropped. */
export function readText(file: string, limit?: number): string | undefined {
  const bytes = readBytes(file, limit);
  if (!bytes) return undefined;
  const text = bytes.toString('utf8');
  return text.codePointAt(0) === 0xfeff ? text.slice(1) : text;
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

/** Makes a file's bytes survive a power cut. */
export function syncFile(file: string): void {
  try {
    const fd = fs.openSync(file, O_RDONLY | NO_FOLLOW);
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

/** Reads a small file whose size the system does not tell (/proc says 0). */
export function readUnsized(file: string, limit = 64 * 1024): string | undefined {
  let fd: number;
  try {
    fd = fs.openSync(file, O_RDONLY);
  } catch {
    return undefined;
  }
  try {
    return readAt(fd, 0, limit).toString('utf8');
  } finally {
    fs.closeSync(fd);
  }
}

/** When something was last modified, in ms since 1970 with fractions; 0 when it is not there. Cheaper than `factsOf`. */
export function modifiedMs(file: string): number {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  } catch {
    return 0;
  }
}
