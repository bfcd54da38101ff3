import fs from 'node:fs';
import path from 'node:path';
import { diskFailure } from './disk-failure.ts';

/** What kind of disk a folder lies on. */
export interface DiskPlace {
  freeBytes: number;
  /** Linux's name of a file system that is reached over a network, or through a program; null: a disk of this machine. */
  remote: string | null;
  /** Names that differ in case only are one. */
  caseInsensitive: boolean;
}

/** Magic numbers of statfs(2) on Linux. */
const REMOTE: Record<number, string> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xfe534d42: 'SMB',
  0xff534d42: 'CIFS',
  0x65735546: 'FUSE',
  0x01021997: '9P',
  0x5346414f: 'AFS',
  0x00c36400: 'Ceph',
  0x0bd00bd0: 'Lustre',
  0x7461636f: 'OCFS2',
  0x01161970: 'GFS2',
};

/** The disk below a folder, or below its nearest parent that exists; undefined where the system does not say. */
export function diskPlace(folder: string): DiskPlace | undefined {
  const there = nearest(folder);
  try {
    const { type, bavail, bsize } = fs.statfsSync(there);
    const remote = process.platform === 'linux' ? (REMOTE[type >>> 0] ?? null) : null;
    return { freeBytes: bavail * bsize, remote, caseInsensitive: isCaseInsensitive(there) };
  } catch {
    return undefined;
  }
}

function nearest(folder: string): string {
  let there = folder;
  while (!fs.existsSync(there) && path.dirname(there) !== there) there = path.dirname(there);
  return there;
}

/** Asked by the folder's own name in other letters: nothing is written. */
function isCaseInsensitive(folder: string): boolean {
  const name = path.basename(folder);
  const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
  if (other === name) return false;
  const twin = fs.statSync(path.join(path.dirname(folder), other), { throwIfNoEntry: false, bigint: true });
  const own = fs.statSync(folder, { bigint: true });
  return twin !== undefined && twin.ino === own.ino && twin.dev === own.dev;
}

/** Something in a folder that others than its owner may read or change. */
export interface OpenPath {
  path: string;
  mode: number;
}

/** Everything below a folder (itself, too) that is open to others; links are not followed. Nothing on Windows, where modes say nothing. */
export function openPaths(folder: string, isWanted: (file: string) => boolean = () => true): OpenPath[] {
  if (process.platform === 'win32') return [];
  const own = modeOf(folder);
  if (own === undefined) return [];
  const found = (own.mode & 0o077) === 0 ? [] : [{ path: folder, mode: own.mode & 0o777 }];
  if (!own.isFolder) return found;
  return [...found, ...below(folder).flatMap((file) => (isWanted(file) ? openPaths(file, isWanted) : []))];
}

function modeOf(file: string): { mode: number; isFolder: boolean } | undefined {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile() && !stat?.isDirectory()) return undefined;
  return { mode: stat.mode, isFolder: stat.isDirectory() };
}

function below(folder: string): string[] {
  try {
    return fs.readdirSync(folder).map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

/** Takes the bits of group and others away. @throws DiskFailure */
export function closeToOthers({ path: file, mode }: OpenPath): void {
  try {
    fs.chmodSync(file, mode & 0o700);
  } catch (error) {
    throw diskFailure('protect', file, error);
  }
}
