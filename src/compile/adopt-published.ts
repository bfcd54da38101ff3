import { PLUGIN_OWNER } from '../contracts/skills.ts';
import type { Skill } from '../contracts/skills.ts';
import { skillsFolders } from '../assets/codex-homes.ts';
import { isUntouched, parseSkillFile, readMarker, renderSkillFile } from '../assets/managed-skills.ts';
import type { ParsedSkillFile } from '../assets/managed-skills.ts';
import { sha256 } from '../kernel/digest.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { factsOf, readText } from '../kernel/files.ts';
import type { AdoptedEdits } from './adopted-edits.ts';
import { mergedContent, putSkill, versionsOf } from './adopt-skills.ts';
import { publishedKey } from './names.ts';
import { MAX_SKILL_BYTES, publishedFile } from './publish-skills.ts';
import type { BucketWork } from './show-generation.ts';
import { readMirrorState, wasAdopted } from './write-mirrors.ts';
import path from 'node:path';

/** Takes edits of SKILL.md files in Codex's skills folders, where they still carry our marker, into the knowledge. */
export function adoptPublishedEdits(work: BucketWork, result: AdoptedEdits): void {
  const { world, bucket } = work;
  const noted = readMirrorState(bucket.layout)?.published;
  // Never published: nothing there can be an edit of ours, and Codex's folders need no look.
  if (!noted) return;
  for (const folder of skillsFolders(world.home, world.env)) {
    for (const skill of result.knowledge.skills.filter(isOurs)) {
      const file = publishedFile(folder, bucket.id, skill.skill_id);
      const text = attempt(() => editedText(file, noted[file]));
      if (text.ok && text.value !== undefined) adoptPublished(work, result, { skill, file, text: text.value });
    }
  }
}

const isOurs = (skill: Skill): boolean => skill.owner === PLUGIN_OWNER && skill.managed && skill.status === 'active';

function editedText(file: string, noted: { mtimeNs: string; size: number } | undefined): string | undefined {
  const facts = factsOf(file);
  if (facts?.kind !== 'file' || (noted?.mtimeNs === facts.mtimeNs && noted.size === facts.size)) return undefined;
  const text = readText(file, MAX_SKILL_BYTES);
  return text === undefined || isUntouched(text, sha256) ? undefined : text;
}

interface PublishedEdit {
  skill: Skill;
  file: string;
  text: string;
}

function adoptPublished(work: BucketWork, result: AdoptedEdits, { skill, file, text }: PublishedEdit): void {
  const { layout } = work.bucket;
  const marker = readMarker(text);
  const isOfThis = marker?.skillId === skill.skill_id && marker.bucket === encodeURIComponent(work.bucket.id);
  const key = publishedKey(skill.skill_id);
  const sum = sha256(text);
  const parsed = isOfThis ? parseSkillFile(text) : undefined;
  if (!parsed || wasAdopted(layout, key, sum)) return;
  const name = path.basename(path.dirname(file));
  const base = versionsOf(layout, skill.skill_id).find((version) => {
    const rendered = readMarker(renderSkillFile(name, version, work.bucket.id, sha256));
    return rendered?.contentSha256 === marker?.contentSha256;
  });
  const touched = putSkill(work, result, mergedSkill(skill, parsed, base));
  if (touched.length > 0) result.changed = true;
  for (const touchedKey of touched) result.handTouched.add(touchedKey);
  const { adopted } = result.knowledge;
  result.knowledge = { ...result.knowledge, adopted: { ...adopted, [key]: [...(adopted[key] ?? []), sum] } };
}

/** Head lines that are as they were published are not edited, whatever a promotion made of them since. */
function mergedSkill(skill: Skill, parsed: ParsedSkillFile, base: Skill | undefined): Skill {
  const description = news(parsed.description, base?.description, skill.description ?? '');
  return {
    ...skill,
    title: news(parsed.title, base?.title, skill.title),
    ...(description === '' ? {} : { description }),
    content: mergedContent({ base: base?.content.trim(), edited: parsed.content, current: skill.content.trim() }),
  };
}

const news = (edited: string | undefined, before: string | undefined, now: string): string =>
  edited === undefined || edited === '' || edited === before ? now : edited;
