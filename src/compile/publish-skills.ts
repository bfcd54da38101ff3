import path from 'node:path';
import type { Report } from '../contracts/event.ts';
import { PLUGIN_OWNER } from '../contracts/skills.ts';
import type { Skill } from '../contracts/skills.ts';
import { isUntouched, publishedName, readMarker, renderSkillFile } from '../assets/managed-skills.ts';
import { skillsFolders } from '../assets/codex-homes.ts';
import { sha256 } from '../kernel/digest.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { factsOf, isFolder, listNames, makeFolder, readText } from '../kernel/files.ts';
import { removeEmptyFolder, removeFile } from '../kernel/move-files.ts';
import { renderFile } from '../kernel/render-file.ts';
import type { World } from '../kernel/world.ts';
import { lintSuggestion } from '../safety/lint.ts';

export interface PublishTask {
  world: World;
  bucketId: string;
  skills: readonly Skill[];
  report: Report;
}

/**
 * Makes Codex's skills folders show the managed skills of this bucket. Only folders that carry our
 * marker and the hash of their own text are touched; what a person edited or owns is left alone and told.
 */
export function publishSkills(task: PublishTask): void {
  const owned = task.skills.filter(
    (skill) => skill.owner === PLUGIN_OWNER && skill.managed && SKILL_NAME.test(skill.skill_id),
  );
  if (owned.length === 0) return;
  for (const folder of skillsFolders(task.world.home, task.world.env)) {
    for (const skill of owned) {
      // A skills folder that cannot be written costs nobody the promotion.
      const done = attempt(() => publishOne(task, folder, skill));
      if (!done.ok) task.report({ type: 'skill-left-alone', skill: skill.skill_id, reason: done.failure.reason });
    }
  }
}

const SKILL_NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const MAX_SKILL_BYTES = 1_000_000;

function publishOne(task: PublishTask, skillsFolder: string, skill: Skill): void {
  const name = publishedName(sha256(task.bucketId), skill.skill_id);
  const folder = path.join(skillsFolder, name);
  const file = path.join(folder, 'SKILL.md');
  const wanted = isPublishable(skill) ? renderSkillFile(name, skill, task.bucketId, sha256) : undefined;
  const present = isFolder(folder) ? readText(file, MAX_SKILL_BYTES) : undefined;
  if (present === wanted) return;
  const reason = whyToLeaveAlone(task, skill, { folder, present });
  if (reason !== undefined) {
    task.report({ type: 'skill-left-alone', skill: skill.skill_id, reason });
  } else if (wanted === undefined) {
    removeFile(file);
    removeEmptyFolder(folder);
  } else {
    makeFolder(folder);
    renderFile(file, wanted, 0o600);
    task.report({ type: 'published', skill: skill.skill_id });
  }
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
  return isUntouched(present, sha256) ? undefined : 'it was edited by hand';
}

/** Codex lists a skill by its description; a text that the lint refuses reaches no model. */
function isPublishable(skill: Skill): boolean {
  if (skill.status !== 'active' || (skill.description ?? '').trim() === '' || skill.content.trim() === '') return false;
  return lintSuggestion([skill.title, skill.description ?? '', skill.content]).ok;
}
