import fs from 'node:fs';
import { diskFailure, DiskFailure, errorCode } from './disk-failure.ts';

/**
 * Looks and reads; changes nothing. What changes the disk is in write-files.ts (files and folders) and
 * move-files.ts. Synchronous on purpose: docs/decisions/001-synchronous-files.md.
 */

const { O_RDONLY } = fs.constants;
/** Windows has neither flag; there `lstat` has to do (refuseSymlink). */
const NO_FOLLOW = fs.constants.O_NOFOLLOW ?? 0;
const NON_BLOCK = fs.constants.O_NONBLOCK ?? 0;

export interface FileLook {
  kind: 'file' | 'folder' | 'link' | 'other';
  size: number;
}

export interface FileFacts extends FileLook {
  mtimeNs: string;
  ino: string;
  dev: string;
  mode: number;
  modifiedMs: number;
}

/** What lies at `file`, without following a link; undefined when nothing does. */
export function factsOf(file: string): FileFacts | undefined {
  const stat = quietly(file, () => fs.lstatSync(file, { bigint: true, throwIfNoEntry: false }));
  if (!stat) return undefined;
  return {
    kind: kindOf(stat),
    size: Number(stat.size),
    mtimeNs: String(stat.mtimeNs),
    ino: String(stat.ino),
    dev: String(stat.dev),
    mode: Number(stat.mode) & 0o777,
    modifiedMs: Number(stat.mtimeMs),
  };
}

/** As `factsOf`, without what only large numbers can tell: these cost a process that has just started more than the look. */
export function lookAt(file: string): FileLook | undefined {
  const stat = quietly(file, () => fs.lstatSync(file, { throwIfNoEntry: false }));
  return stat && { kind: kindOf(stat), size: stat.size };
}

const kindOf = (stat: Pick<fs.Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): FileLook['kind'] =>
  stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : 'other';

function quietly<T>(file: string, look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    // Below something that is no folder, or with an impossible name, there is nothing either.
    if (['ENOTDIR', 'ENAMETOOLONG', 'ENOENT'].includes(errorCode(error))) return undefined;
    throw diskFailure('look at', file, error);
  }
}

export const exists = (file: string): boolean => lookAt(file) !== undefined;
export const isFolder = (file: string): boolean => lookAt(file)?.kind === 'folder';
export const isFile = (file: string): boolean => lookAt(file)?.kind === 'file';

/** @throws DiskFailure `symlink-refused`: we never write through a link that somebody laid into our folders */
export function refuseSymlink(file: string): void {
  if (lookAt(file)?.kind === 'link') throw new DiskFailure({ reason: 'symlink-refused', path: file });
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
  const filled = fillAt(fd, bytes, position);
  return filled === length ? bytes : bytes.subarray(0, filled);
}

/** Reads what lies at `position` into `bytes`. @returns how many bytes there were; fewer than it takes only at the end of the file */
export function fillAt(fd: number, bytes: Buffer, position: number): number {
  let filled = 0;
  try {
    while (filled < bytes.length) {
      const count = fs.readSync(fd, bytes, filled, bytes.length - filled, position + filled);
      if (count === 0) break;
      filled += count;
    }
  } catch (error) {
    throw diskFailure('read', `#${fd}`, error);
  }
  return filled;
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
