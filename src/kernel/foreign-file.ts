import fs from 'node:fs';
import path from 'node:path';
import { diskFailure, DiskFailure, errorCode } from './disk-failure.ts';
import { factsOf, listNames, readBytes, refuseSymlink } from './files.ts';
import { isProcessAlive } from './process.ts';
import { makeFolder, retriedWhileBusy, syncFolder, TEMPORARY_PREFIX, writeNew } from './write-files.ts';

/** A file that belongs to another program, as it lies there. */
export interface ForeignFile {
  /** Where it really lies: behind any links. */
  target: string;
  text: string;
  /** Permission bits. */
  mode: number;
}

/** More than any configuration that a program reads at every start. */
const LIMIT = 16 * 1024 * 1024;

/**
 * Reads another program's text file through links, as that program does.
 * @returns undefined when there is none
 * @throws DiskFailure `file-unreadable` for what is not UTF-8, since it could not be written back
 */
export function readForeignFile(file: string): ForeignFile | undefined {
  const target = targetOf(file);
  const bytes = target === undefined ? undefined : readBytes(target, LIMIT);
  if (target === undefined || bytes === undefined) return undefined;
  const text = bytes.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(bytes))
    throw new DiskFailure({ reason: 'file-unreadable', path: file, detail: 'it is not UTF-8' });
  return { target, text, mode: factsOf(target)?.mode ?? 0o600 };
}

function targetOf(file: string): string | undefined {
  try {
    return fs.realpathSync.native(file);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw diskFailure('open', file, error);
    refuseSymlink(file);
    return undefined;
  }
}

/**
 * Replaces another program's file whole: a file beside the target with the target's permissions, then a
 * rename. The user's own files only.
 *
 * @param expected what was there when the new text was made; undefined: nothing was
 * @throws DiskFailure; the target is then as it was. `file-invalid` when somebody has changed it since
 */
export function replaceForeignFile(file: string, text: string, expected: string | undefined): void {
  const target = targetOf(file) ?? file;
  refuseOthers(target);
  const folder = path.dirname(target);
  const temporary = path.join(folder, `${BEGUN}${process.pid}`);
  makeFolder(folder);
  sweepBegun(folder);
  try {
    writeNew(temporary, text);
    // Not by the mode of the creation: the user's mask would take bits away.
    fs.chmodSync(temporary, factsOf(target)?.mode ?? 0o600);
    if (readForeignFile(file)?.text !== expected) throw new DiskFailure({ ...CHANGED, path: file });
    retriedWhileBusy(() => fs.renameSync(temporary, target));
    syncFolder(folder);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw diskFailure('write', file, error);
  }
}

const CHANGED = { reason: 'file-invalid', detail: 'somebody has changed it meanwhile; run the same again' } as const;

/** Names of files that are being written, with the process that does. */
const BEGUN = `${TEMPORARY_PREFIX}csep-`;

/** Files that an end in the middle has left. */
function sweepBegun(folder: string): void {
  for (const name of listNames(folder)) {
    const pid = name.startsWith(BEGUN) ? Number(name.slice(BEGUN.length)) : undefined;
    if (pid === undefined || (pid !== process.pid && isProcessAlive(pid))) continue;
    fs.rmSync(path.join(folder, name), { force: true });
  }
}

/** @throws DiskFailure `file-unreadable` for a file of another user: renamed over, it would become ours */
function refuseOthers(target: string): void {
  const owner = ownerOf(target);
  const us = process.getuid?.();
  if (owner === undefined || us === undefined || owner === us) return;
  throw new DiskFailure({ reason: 'file-unreadable', path: target, detail: 'it belongs to another user' });
}

function ownerOf(target: string): number | undefined {
  try {
    return fs.statSync(target, { throwIfNoEntry: false })?.uid;
  } catch (error) {
    throw diskFailure('look at', target, error);
  }
}

/** Removes a file behind links, and leaves the links. @returns false when there was none */
export function removeForeignFile(file: string): boolean {
  const target = targetOf(file);
  if (target === undefined) return false;
  refuseOthers(target);
  sweepBegun(path.dirname(target));
  try {
    fs.rmSync(target, { force: true });
    syncFolder(path.dirname(target));
    return true;
  } catch (error) {
    throw diskFailure('remove', file, error);
  }
}
