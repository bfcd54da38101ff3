import path from 'node:path';
import { isRecord } from '../contracts/json.ts';
import { PLUGIN_OWNER } from '../contracts/skills.ts';
import type { Skill } from '../contracts/skills.ts';
import { listGenerations } from '../assets/generation-folder.ts';
import { diffLines } from '../assets/line-diff.ts';
import { mergeLines } from '../assets/merge-lines.ts';
import { readGeneration } from '../assets/read-generation.ts';
import { timestamp } from '../kernel/clock.ts';
import { sha256 } from '../kernel/digest.ts';
import { exists } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { adoptKeys, noteAdopted, reportUnreadable } from './adopted-edits.ts';
import type { AdoptedEdits } from './adopted-edits.ts';
import { MANIFEST_MIRROR } from './edited-mirrors.ts';
import { findEdits } from './find-edits.ts';
import type { Edit, EditSearch } from './find-edits.ts';
import { SKILL_MIRRORS } from './names.ts';
import { bodyOf } from './open-knowledge.ts';
import type { BucketWork } from './show-generation.ts';
import { dropMirror } from './write-mirrors.ts';

/** Takes edits of skills/managed/<id>.md, removed files (retire) and edits of the manifest into the knowledge. */
export function adoptSkillEdits(work: BucketWork, search: EditSearch, result: AdoptedEdits): void {
  for (const { skill_id: id } of result.knowledge.skills) {
    const name = `${SKILL_MIRRORS}${id}.md`;
    for (const edit of findEdits(search, name)) adoptText(work, result, { id, edit });
    if (search.noted[name] && !search.lag) adoptRemoval(work, result, { id, name });
  }
  for (const edit of findEdits(search, MANIFEST_MIRROR)) adoptManifest(work, result, edit);
}

interface SkillEdit {
  id: string;
  edit: Edit;
}

function adoptText(work: BucketWork, result: AdoptedEdits, { id, edit }: SkillEdit): void {
  const skill = result.knowledge.skills.find((candidate) => candidate.skill_id === id);
  const parsed = skill && parseManaged(edit.text);
  if (!parsed) {
    reportUnreadable(work, edit, 'is no skill with a text');
    return;
  }
  const base = nearest(versionsOf(work.bucket.layout, id), parsed.content);
  const content = mergedContent({ base, edited: parsed.content, current: skill.content });
  const next = { ...skill, title: parsed.title ?? skill.title, content, status: parsed.status };
  noteAdopted(work.bucket.layout, result, { edit, touched: putSkill(work, result, next) });
}

interface ParsedSkill {
  title: string | undefined;
  status: Skill['status'];
  content: string;
}

function parseManaged(text: string): ParsedSkill | undefined {
  if (text.includes('\0')) return undefined;
  const plain = text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  const content = bodyOf(plain);
  if (content === '') return undefined;
  const title = /^# (.+)/.exec(plain)?.[1]?.trim();
  const isRetired = /^(?:# .*\n)?\s*Status: retired\s*$/m.test(plain.split('\n').slice(0, 4).join('\n'));
  return { title, status: isRetired ? 'retired' : 'active', content };
}

/** What the person changed goes on top of what a promotion changed; in one and the same place the hand wins. */
export function mergedContent({
  base,
  edited,
  current,
}: {
  base: string | undefined;
  edited: string;
  current: string;
}): string {
  if (base === undefined || base === current) return edited;
  return mergeLines(base, edited, current) ?? edited;
}

/** Texts that a skill has had in the generations that are kept, newest first. */
export function versionsOf(layout: BucketLayout, id: string): Skill[] {
  const versions = listGenerations(layout).flatMap((folder) => {
    const generation = readGeneration(folder);
    return generation.ok ? generation.value.skills.filter((skill) => skill.skill_id === id) : [];
  });
  return versions.filter((skill, index) => versions.findIndex((other) => isSameText(other, skill)) === index);
}

const isSameText = (a: Skill, b: Skill): boolean =>
  a.content === b.content && a.title === b.title && a.description === b.description;

/** The text that the person most likely started from: the one that differs least; of equals the newest. */
function nearest(versions: readonly Skill[], edited: string): string | undefined {
  let best: { content: string; distance: number } | undefined;
  for (const { content } of versions) {
    const lines = diffLines(content.split('\n'), edited.split('\n'));
    const distance = lines.filter(({ mark }) => mark !== ' ').length;
    if (!best || distance < best.distance) best = { content, distance };
  }
  return best?.content;
}

/** @returns the key of the skill when it changed */
export function putSkill(work: BucketWork, result: AdoptedEdits, next: Skill): string[] {
  const { skills } = result.knowledge;
  const before = skills.find((skill) => skill.skill_id === next.skill_id);
  if (!before || (isSameText(before, next) && before.status === next.status)) return [];
  const at = timestamp(work.world.clock);
  const isRetired = next.status === 'retired';
  const changed: Skill = {
    ...next,
    action: isRetired ? 'retire' : 'edit',
    updated_at: at,
    retired_at: isRetired ? (before.retired_at ?? at) : null,
    content_sha256: sha256(next.content),
  };
  result.knowledge = {
    ...result.knowledge,
    skills: skills.map((skill) => (skill.skill_id === next.skill_id ? changed : skill)),
  };
  return [`skill:${next.skill_id}`];
}

/** A managed file that is gone retires its skill; whether it ever was there, mirrors.json knows. */
function adoptRemoval(work: BucketWork, result: AdoptedEdits, { id, name }: { id: string; name: string }): void {
  const { layout } = work.bucket;
  const skill = result.knowledge.skills.find((candidate) => candidate.skill_id === id);
  if (!skill || exists(path.join(layout.stateDir, name))) return;
  const isOurs = skill.owner === PLUGIN_OWNER && skill.managed;
  const touched = isOurs ? putSkill(work, result, { ...skill, status: 'retired' }) : [];
  if (touched.length === 0) dropMirror(layout, name);
  else result.changed = true;
  for (const key of touched) result.handTouched.add(key);
}

function adoptManifest(work: BucketWork, result: AdoptedEdits, edit: Edit): void {
  const manifest = parseManifest(edit.text);
  if (!manifest) {
    reportUnreadable(work, edit, 'is no manifest of skills');
    return;
  }
  const touched = manifest.entries.flatMap((entry) => {
    const skill = result.knowledge.skills.find((candidate) => candidate.skill_id === entry['skill_id']);
    if (!skill) return [];
    const older = versionsOf(work.bucket.layout, skill.skill_id);
    // What some generation said is no news: the editor was open while a promotion changed it.
    const news = (key: 'title' | 'description'): string => {
      const written = entry[key];
      const isNews = typeof written === 'string' && written.trim() !== '' && !older.some((old) => old[key] === written);
      return isNews ? written : (skill[key] ?? '');
    };
    const description = news('description');
    const next = { ...skill, title: news('title'), ...(description === '' ? {} : { description }) };
    return putSkill(work, result, next);
  });
  touched.push(...adoptKeys(result, MANIFEST_MIRROR, manifest.whole));
  noteAdopted(work.bucket.layout, result, { edit, touched });
}

interface ParsedManifest {
  entries: Record<string, unknown>[];
  whole: unknown;
}

function parseManifest(text: string): ParsedManifest | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    const skills = isRecord(value) ? value['skills'] : undefined;
    return Array.isArray(skills) ? { entries: skills.filter(isRecord), whole: value } : undefined;
  } catch {
    return undefined;
  }
}
