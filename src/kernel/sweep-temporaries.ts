import path from 'node:path';
import type { Clock } from './clock.ts';
import { attempt } from './disk-failure.ts';
import { factsOf, listNames } from './files.ts';
import { TEMPORARY_PREFIX } from './write-files.ts';
import { removeFile } from './move-files.ts';

/** A write takes milliseconds; even one in a suspended laptop is not waited for longer. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/**
 * Removes what writers that died left in these folders. Best effort: readers take such a file for
 * nothing, it only takes up room.
 */
export function sweepTemporaries(folders: readonly string[], clock: Clock, olderThanMs = ABANDONED_AFTER_MS): void {
  for (const folder of folders) attempt(() => sweep(folder, clock.now().getTime() - olderThanMs));
}

function sweep(folder: string, oldest: number): void {
  for (const name of listNames(folder)) {
    if (!name.startsWith(TEMPORARY_PREFIX)) continue;
    const file = path.join(folder, name);
    const facts = factsOf(file);
    if (facts?.kind === 'file' && facts.modifiedMs < oldest) removeFile(file);
  }
}
