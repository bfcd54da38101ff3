import path from 'node:path';
import { compactTimestamp } from '../kernel/clock.ts';
import { sha256 } from '../kernel/digest.ts';
import { listNames, readText } from '../kernel/files.ts';
import { appLayout } from '../kernel/home.ts';
import { removeEmptyFolder, removeFile } from '../kernel/move-files.ts';
import type { World } from '../kernel/world.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';

/** Of each file, beside those that an uninstall would bring back. */
const MOST_KEPT = 5;

const NAME = /^\d{8}T\d{6}-([0-9a-f]{16})-(.+)$/;

/** What the name says of a text: equal texts have one backup. */
const sumIn = (text: string): string => sha256(text).slice(0, 16);

/**
 * Keeps a copy in `backups/` of the home: beside the file it would be a trace that stays.
 * @returns its name
 */
export function keepBackup(world: World, file: string, text: string): string {
  const { backups } = appLayout(world.home);
  const [base, sum] = [path.basename(file), sumIn(text)];
  const same = listNames(backups).find((name) => NAME.exec(name)?.[1] === sum && NAME.exec(name)?.[2] === base);
  if (same !== undefined && readText(path.join(backups, same)) === text) return same;
  makeFolder(backups);
  const name = `${compactTimestamp(world.clock)}-${sum}-${base}`;
  writeDurably(path.join(backups, name), text);
  return name;
}

/** @returns undefined when it is gone, or not what it says */
export function readBackup(home: string, name: string): string | undefined {
  if (!NAME.test(name) || name.includes('/') || name.includes('\\')) return undefined;
  // Not readText, which drops a byte-order mark.
  const text = readText(path.join(appLayout(home).backups, name));
  if (text === undefined) return undefined;
  const sum = NAME.exec(name)?.[1];
  return [text, `\uFEFF${text}`].find((candidate) => sumIn(candidate) === sum);
}

/** Removes the oldest ones of each file. @param needed names that stay */
export function pruneBackups(home: string, needed: readonly string[]): void {
  const { backups } = appLayout(home);
  const names = listNames(backups).filter((name) => NAME.test(name));
  const bases = new Set(names.map((name) => NAME.exec(name)?.[2]));
  for (const base of bases) {
    const own = names.filter((name) => NAME.exec(name)?.[2] === base && !needed.includes(name));
    for (const name of own.slice(0, -MOST_KEPT)) removeFile(path.join(backups, name));
  }
  removeEmptyFolder(backups);
}
