import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { Generation } from '../contracts/generation.ts';
import { Memory } from '../contracts/memory.ts';
import { SkillSet } from '../contracts/skills.ts';
import type { Skill } from '../contracts/skills.ts';
import { sha256 } from '../kernel/digest.ts';
import { attempt, DiskFailure } from '../kernel/disk-failure.ts';
import { readBytes } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { parseJson, readJson } from '../kernel/json-file.ts';
import { listGenerations } from './generation-folder.ts';
import type { GenerationFolder } from './generation-folder.ts';
import { damageOfRecords } from './recall-damage.ts';

/** A generation as the compile side sees it: checked against its schema and its sums. */
export interface CheckedGeneration {
  folder: GenerationFolder;
  facts: Generation;
  memory: Memory;
  skills: Skill[];
}

/** generation.json of one generation. */
export const readFacts = (folder: GenerationFolder): Result<Generation> =>
  readJson(path.join(folder.folder, 'generation.json'), Generation);

/** Reads one generation; memory and skills are compared with the sums that generation.json holds. */
export function readGeneration(folder: GenerationFolder): Result<CheckedGeneration> {
  const facts = readFacts(folder);
  if (!facts.ok) return facts;
  const memory = readChecked(folder, 'memory.json', facts.value);
  if (!memory.ok) return memory;
  const skills = readChecked(folder, 'skills.json', facts.value);
  if (!skills.ok) return skills;
  const parsedMemory = parseJson(memory.value.file, memory.value.text, Memory);
  if (!parsedMemory.ok) return parsedMemory;
  const parsedSkills = parseJson(skills.value.file, skills.value.text, SkillSet);
  if (!parsedSkills.ok) return parsedSkills;
  return succeed({ folder, facts: facts.value, memory: parsedMemory.value, skills: parsedSkills.value.skills });
}

/**
 * As `readGeneration`, with its recall records: for whoever makes another generation of it, or reads its records.
 * @returns `file-missing` or `file-invalid` also when records are gone
 */
export function readWholeGeneration(folder: GenerationFolder): Result<CheckedGeneration> {
  const generation = readGeneration(folder);
  if (!generation.ok) return generation;
  const damage = attempt(() => damageOfRecords(folder.folder, generation.value.facts));
  if (!damage.ok) return damage;
  return damage.value ? fail(damage.value) : generation;
}

function readChecked(
  folder: GenerationFolder,
  name: string,
  facts: Generation,
): Result<{ file: string; text: string }> {
  const file = path.join(folder.folder, name);
  let bytes: Buffer | undefined;
  try {
    bytes = readBytes(file);
  } catch (error) {
    if (error instanceof DiskFailure) return fail(error.failure);
    throw error;
  }
  if (!bytes) return fail({ reason: 'file-missing', path: file });
  if (facts.files[name]?.sha256 !== sha256(bytes))
    return fail({ reason: 'file-invalid', path: file, detail: 'its sum is not the one in generation.json' });
  return succeed({ file, text: bytes.toString('utf8') });
}

export interface CurrentReading {
  /** Undefined: there is no generation yet. */
  current: CheckedGeneration | undefined;
  /** Newer ones that are damaged; they are passed over and reported, never deleted. */
  damaged: { generation: number; detail: string }[];
}

/** The newest sound generation. A damaged one above it does not count, but its number stays taken. */
export function readCurrentGeneration(layout: BucketLayout): CurrentReading {
  const damaged: CurrentReading['damaged'] = [];
  for (const folder of listGenerations(layout)) {
    const reading = readWholeGeneration(folder);
    if (reading.ok) return { current: reading.value, damaged };
    damaged.push({ generation: folder.number, detail: reading.failure.reason });
  }
  return { current: undefined, damaged };
}
