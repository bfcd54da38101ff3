import { sha256 } from '../kernel/digest.ts';
import { removeForeignFile, replaceForeignFile } from '../kernel/foreign-file.ts';
import type { World } from '../kernel/world.ts';
import { keepBackup } from './backups.ts';
import type { FileChange } from './file-change.ts';
import type { FileNote } from './install-record.ts';

/**
 * Notes of files that are about to change: what they were before us, in a backup. A file that is still as
 * we left it keeps what is known of it; one that somebody has changed since cannot go back as a whole.
 */
export function notesFor(world: World, changes: readonly FileChange[], known: readonly FileNote[]): FileNote[] {
  const fresh = changes.map((change) => noteFor(world, change, known));
  return [...known.filter(({ path }) => !fresh.some((note) => note.path === path)), ...fresh];
}

function noteFor(world: World, { path, before, after }: FileChange, known: readonly FileNote[]): FileNote {
  const backup = before === undefined ? null : keepBackup(world, path, before);
  const after_sha256 = sha256(after ?? '');
  const old = known.find((note) => note.path === path);
  if (!old) return { path, created: before === undefined, before: backup, after_sha256 };
  if (old.after_sha256 === sha256(before ?? '')) return { ...old, after_sha256 };
  // An installation that ended before it wrote the file: what lies there is still what was there first.
  const isUntouched = old.before === backup && old.created === (before === undefined);
  return { path, created: old.created, before: isUntouched ? backup : null, after_sha256 };
}

/** Writes or removes Codex's files, whole, one after the other. */
export function writeChanges(changes: readonly FileChange[]): void {
  for (const { path, before, after } of changes) {
    if (after === undefined) removeForeignFile(path);
    else replaceForeignFile(path, after, before);
  }
}
