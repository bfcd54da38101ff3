import path from 'node:path';
import { skillsFolders } from '../assets/codex-homes.ts';
import { isUntouched, readMarker } from '../assets/managed-skills.ts';
import { sha256 } from '../kernel/digest.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { isFolder, listNames, readText } from '../kernel/files.ts';
import { removeEmptyFolder, removeFile } from '../kernel/move-files.ts';
import type { World } from '../kernel/world.ts';

export interface PublishedSkill {
  folder: string;
  /** False: somebody has changed it since, so it is not ours alone. */
  isUntouched: boolean;
}

/** Skills in Codex's folders that carry our marker. */
export function findPublishedSkills(world: World, codexHomes: readonly string[]): PublishedSkill[] {
  const folders = new Set([
    ...skillsFolders(world.home, world.env),
    ...codexHomes.map((codexHome) => path.join(codexHome, 'skills')),
  ]);
  return [...folders].flatMap((folder) => listNames(folder).flatMap((name) => publishedIn(path.join(folder, name))));
}

const SKILL = 'SKILL.md';
const MOST_BYTES = 1_000_000;

function publishedIn(folder: string): PublishedSkill[] {
  const text = isFolder(folder) ? attempt(() => readText(path.join(folder, SKILL), MOST_BYTES)) : undefined;
  if (!text?.ok || text.value === undefined || !readMarker(text.value)) return [];
  return [{ folder, isUntouched: isUntouched(text.value, sha256) }];
}

/** Removes what we have published, and the folder around it when that was all; what somebody has changed, or put beside it, stays. */
export function removePublishedSkills(skills: readonly PublishedSkill[]): void {
  for (const { folder, isUntouched: isOurs } of skills) {
    if (!isOurs) continue;
    removeFile(path.join(folder, SKILL));
    removeEmptyFolder(folder);
    removeEmptyFolder(path.dirname(folder));
  }
}
