import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { sha256 } from '../kernel/digest.ts';
import { isFile, isFolder, listNames, readBytes } from '../kernel/files.ts';
import { appLayout } from '../kernel/home.ts';
import { copyFile, moveFolderExclusively, realPath, removeFolder } from '../kernel/move-files.ts';
import { isProcessAlive } from '../kernel/process.ts';
import { VERSION } from '../version.ts';
import { makeFolder, syncFile, syncFolder } from '../kernel/write-files.ts';

/** Without these it is no program; whatever else a build puts beside them goes along. */
const NEEDED = ['hook.cjs', 'cli.js', 'csep.js', 'package.json'];
/** Of dist/: for others. */
const NOT_NEEDED = ['marketplace'];

/** Files of the program, as paths with slashes, sorted. */
function filesOf(folder: string): string[] {
  const below = (relative: string): string[] => {
    const file = path.join(folder, relative);
    if (isFile(file)) return [relative];
    return listNames(file).flatMap((name) => below(`${relative}/${name}`));
  };
  return listNames(folder)
    .filter((name) => !NOT_NEEDED.includes(name))
    .flatMap(below);
}

/** Sum over the names and bytes of the program in a folder. */
export const programDigest = (folder: string): string =>
  sha256(
    filesOf(folder)
      .map((file) => `${file} ${sha256(readBytes(path.join(folder, file)) ?? '')}`)
      .join('\n'),
  );

/** The program that is to be installed, and where. */
export interface AppPlan {
  source: string;
  /** Name in app/. */
  folder: string;
  isThere: boolean;
}

/**
 * Where the program goes: `app/<version>`, or, when another build of the same version is there already,
 * `app/<version>-<8 hex>`: hooks may be running from it, so no folder is ever changed.
 *
 * @param source folder of the running program (dist/, or an installed version)
 * @returns Failure `file-missing` when the program there is not whole
 */
export function planAppCopy(home: string, source: string): Result<AppPlan> {
  const from = realPath(source);
  const missing = NEEDED.find((name) => !isFile(path.join(from, name)));
  if (missing !== undefined) return fail({ reason: 'file-missing', path: path.join(from, missing) });
  const { at } = appLayout(home);
  const digest = programDigest(from);
  for (const folder of [VERSION, `${VERSION}-${digest.slice(0, 8)}`]) {
    if (!isFolder(at(folder))) return succeed({ source: from, folder, isThere: false });
    if (programDigest(at(folder)) === digest) return succeed({ source: from, folder, isThere: true });
  }
  return fail({ reason: 'file-invalid', path: at(VERSION), detail: 'an installed version was changed; remove it' });
}

/** Copies the program aside, compares every byte, and renames it into place. */
export function copyApp(home: string, { source, folder, isThere }: AppPlan): Result<void> {
  if (isThere) return succeed(undefined);
  const layout = appLayout(home);
  sweepStages(home);
  const stage = layout.at(`${STAGE}${process.pid}`);
  removeFolder(stage);
  makeFolder(stage);
  const folders = new Set([stage]);
  for (const file of filesOf(source)) {
    const target = path.join(stage, file);
    makeFolder(path.dirname(target));
    folders.add(path.dirname(target));
    copyFile(path.join(source, file), target);
    syncFile(target);
  }
  for (const made of folders) syncFolder(made);
  if (programDigest(stage) !== programDigest(source))
    return fail({ reason: 'file-invalid', path: stage, detail: 'the copy differs from the program; try again' });
  // Somebody else may have installed the same meanwhile: theirs is as good.
  if (moveFolderExclusively(stage, layout.at(folder)) === 'taken') removeFolder(stage);
  syncFolder(layout.folder);
  return succeed(undefined);
}

const STAGE = '.stage-';

/** Copies that an end in the middle has left. */
function sweepStages(home: string): void {
  const layout = appLayout(home);
  for (const name of listNames(layout.folder)) {
    if (name.startsWith(STAGE) && !isProcessAlive(Number(name.slice(STAGE.length)))) removeFolder(layout.at(name));
  }
}

/** Removes installed versions but those that are named. Running hooks load parts of theirs late. */
export function pruneApps(home: string, kept: readonly string[]): void {
  const layout = appLayout(home);
  for (const name of listNames(layout.folder)) {
    if (/^\d+\.\d+\.\d+/.test(name) && !kept.includes(name)) removeFolder(layout.at(name));
  }
}
