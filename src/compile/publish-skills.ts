import path from 'node:path';
import type { Report } from '../contracts/event.ts';
import { PLUGIN_OWNER } from '../contracts/skills.ts';
import type { Skill } from '../contracts/skills.ts';
import { isUntouched, publishedName, readMarker, renderSkillFile } from '../assets/managed-skills.ts';
import { skillsFolders } from '../assets/codex-homes.ts';
import { sha256 } from '../kernel/digest.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { factsOf, isFolder, listNames, readText } from '../kernel/files.ts';
import { makeFolder } from '../kernel/write-files.ts';
import { removeEmptyFolder, removeFile } from '../kernel/move-files.ts';
import { renderFile } from '../kernel/render-file.ts';
import type { World } from '../kernel/world.ts';
import { lintSuggestion } from '../safety/lint.ts';

export interface PublishTask {
  world: World;
  bucketId: string;
  skills: readonly Skill[];
  report: Report;
  /** Whether an edited file of that sum is part of the knowledge. */
  wasAdopted: (skillId: string, sum: string) => boolean;
}

/**
 * Makes Codex's skills folders show the managed skills of this bucket. Only folders that carry our
 * marker and the hash of their own text are touched; what a person edited or owns is left alone and told.
 * @returns sha256 of what lies in each SKILL.md, as it was judged or written
 */
export function publishSkills(task: PublishTask): Map<string, string> {
  const owned = task.skills.filter(
    (skill) => skill.owner === PLUGIN_OWNER && skill.managed && SKILL_NAME.test(skill.skill_id),
  );
  const judged = new Map<string, string>();
  if (owned.length === 0) return judged;
  for (const folder of skillsFolders(task.world.home, task.world.env)) {
    for (const skill of owned) {
      // A skills folder that cannot be written costs nobody the promotion.
      const done = attempt(() => publishOne(task, folder, skill));
      if (done.ok && done.value !== undefined)
        judged.set(publishedFile(folder, task.bucketId, skill.skill_id), sha256(done.value));
      if (!done.ok)
        task.report({ type: 'skill-left-alone', skill: skill.skill_id, reason: done.failure.reason, failed: true });
    }
  }
  return judged;
}

/** Where a skill of a bucket lies in one of Codex's skills folders. */
export const publishedFile = (skillsFolder: string, bucketId: string, skillId: string): string =>
  path.join(skillsFolder, publishedName(bucketId, skillId, sha256), 'SKILL.md');

const SKILL_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
export const MAX_SKILL_BYTES = 1_000_000;

/** @returns the text that lies there afterwards; undefined when none does */
function publishOne(task: PublishTask, skillsFolder: string, skill: Skill): string | undefined {
  const file = publishedFile(skillsFolder, task.bucketId, skill.skill_id);
  const folder = path.dirname(file);
  const name = path.basename(folder);
  const wanted = isPublishable(skill) ? renderSkillFile(name, skill, task.bucketId, sha256) : undefined;
  const present = isFolder(folder) ? readText(file, MAX_SKILL_BYTES) : undefined;
  if (present === wanted) return present;
  const reason = whyToLeaveAlone(task, skill, { folder, present });
  if (reason !== undefined) {
    task.report({ type: 'skill-left-alone', skill: skill.skill_id, reason });
    return present;
  }
  if (wanted === undefined) {
    removeFile(file);
    removeEmptyFolder(folder);
    return undefined;
  }
  makeFolder(folder);
  renderFile(file, wanted, 0o600);
  task.report({ type: 'published', skill: skill.skill_id });
  return wanted;
}

interface Place {
  folder: string;
  /** SKILL.md as it lies there. */
  present: string | undefined;
}

function whyToLeaveAlone(task: PublishTask, skill: Skill, { folder, present }: Place): string | undefined {
  const facts = factsOf(folder);
  if (!facts) return undefined;
  if (facts.kind !== 'folder') return 'something else has its name';
  if (present === undefined) return listNames(folder).length > 0 ? 'the folder is not ours' : undefined;
  const marker = readMarker(present);
  const isOurs = marker?.skillId === skill.skill_id && marker.bucket === encodeURIComponent(task.bucketId);
  if (!isOurs) return 'the folder is not ours';
  const isKept = isUntouched(present, sha256) || task.wasAdopted(skill.skill_id, sha256(present));
  return isKept ? undefined : 'it was edited by hand';
}

/** Codex lists a skill by its description; a text that the lint refuses reaches no model. */
function isPublishable(skill: Skill): boolean {
  if (skill.status !== 'active' || (skill.description ?? '').trim() === '' || skill.content.trim() === '') return false;
  return lintSuggestion([skill.title, skill.description ?? '', skill.content]).ok;
}
