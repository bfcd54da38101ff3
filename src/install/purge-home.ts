import path from 'node:path';
import { listNames, lookAt } from '../kernel/files.ts';
import { appLayout, homeLayout, schedulerLayout } from '../kernel/home.ts';
import { removeEmptyFolder, removeFile, removeFolder } from '../kernel/move-files.ts';
import { TURNS } from './in-turn.ts';

/** Everything of ours that lies in a home, by name: a home may be a folder that holds more. */
function ownNames(home: string): string[] {
  const paths = [
    ...Object.values(homeLayout(home)).filter((file) => file !== home),
    appLayout(home).folder,
    appLayout(home).backups,
    schedulerLayout(home).folder,
  ];
  return [...new Set(paths.map((file) => path.relative(home, file).split(path.sep)[0] ?? ''))].filter(Boolean);
}

/** What a home holds that is not ours. */
export const foreignNames = (home: string): string[] =>
  listNames(home).filter((name) => !ownNames(home).includes(name) && !OWN.test(name));

/** Whether a home holds anything of ours besides the turn to uninstall it. */
export function holdsOurs(home: string): boolean {
  const { folder } = appLayout(home);
  const foreign = foreignNames(home);
  return listNames(home)
    .filter((name) => !foreign.includes(name))
    .some((name) => name !== path.basename(folder) || listNames(folder).some((inner) => inner !== TURNS));
}

/** Compiled code, full logs, and what older versions and writes that were cut short have left. */
const OWN = /^(?:\.tmp-.*|config\.toml\.[\w.-]+|[\w-]+\.jsonl\.1|cache|\.DS_Store)$/;

/** Removes everything of ours in a home, and the home when nothing else is in it. @returns names of what stays */
export function purgeHome(home: string): string[] {
  for (const name of listNames(home)) {
    const file = path.join(home, name);
    if (!ownNames(home).includes(name) && !OWN.test(name)) continue;
    if (lookAt(file)?.kind === 'folder') removeFolder(file);
    else removeFile(file);
  }
  const left = listNames(home);
  if (left.length === 0) removeEmptyFolder(home);
  return left;
}
