import type { Settings } from '../contracts/settings.ts';
import type { Environment } from '../kernel/home.ts';
import { withoutTilde } from '../kernel/home.ts';
import { realPath } from '../kernel/move-files.ts';
import { matchesFolder } from './path-pattern.ts';

/**
 * Whether sessions of the repository with that canonical root are reviewed. A skip pattern forbids it
 * whatever else is said; then the word about this very repository counts, then `review.enabled`.
 */
export function isReviewedHere({ review }: Settings, root: string, env: Environment): boolean {
  if (review.skip.some((pattern) => skips(withoutTilde(pattern, env), root))) return false;
  const said = Object.entries(review.repositories).find(([written]) => isSame(withoutTilde(written, env), root));
  return said ? said[1] : review.enabled;
}

/** Somebody may write the path by which he knows the folder, a link included. */
const isSame = (written: string, root: string): boolean =>
  [withoutEnd(written), withoutEnd(realPath(written))].includes(withoutEnd(root));

const withoutEnd = (folder: string): string => folder.replace(/(?<=.)[/\\]+$/, '');

/** A pattern is about the folder that it matches and everything below. */
function skips(pattern: string, root: string): boolean {
  return !pattern.includes('*') && !pattern.includes('?')
    ? startsWithFolder(root, withoutEnd(pattern)) || startsWithFolder(root, withoutEnd(realPath(pattern)))
    : matchesFolder(withoutEnd(pattern), root);
}

const startsWithFolder = (root: string, folder: string): boolean =>
  root === folder || root.startsWith(`${folder}/`) || root.startsWith(`${folder}\\`);
