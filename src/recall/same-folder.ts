import path from 'node:path';
import { realPath } from '../kernel/move-files.ts';

/** Tells records of the part of a repository that somebody works in. */
export interface FolderTest {
  /** Whether the record was made at, below or above that folder, as long as it is not the whole repository. */
  isNear(folder: string): boolean;
}

/** @param root of the repository; a record that belongs to all of it is near to nothing */
export function folderTest(cwd: string, root: string | undefined): FolderTest {
  const places = [...new Set([path.resolve(cwd), realPath(cwd)])];
  if (root === undefined || places.includes(root)) return { isNear: () => false };
  return {
    isNear: (folder) =>
      folder !== '' && folder !== root && places.some((place) => isWithin(place, folder) || isWithin(folder, place)),
  };
}

/** By whole names: `/a/bc` is not within `/a/b`. */
const isWithin = (inner: string, outer: string): boolean =>
  inner === outer || inner.startsWith(outer.endsWith(path.sep) ? outer : outer + path.sep);
