import path from 'node:path';
import type { MemoryRecord, Provenance } from '../contracts/memory.ts';
import { RecallIndex } from '../contracts/recall.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { Manifest, PLUGIN_OWNER } from '../contracts/skills.ts';
import type { Skill } from '../contracts/skills.ts';
import { readFromGeneration } from '../assets/generation-folder.ts';
import { openChunk, recordsOfChunk } from '../assets/recall-chunk-file.ts';
import { readKnowledge } from '../assets/read-memory.ts';
import { exists, listNames } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { readJson } from '../kernel/json-file.ts';
import type { MemoryRow, Origin, RecallRow, SkillRow } from './model.ts';
import { showable, showableLine, showableTime } from './showable.ts';

/** What a bucket knows, ready to be shown. */
export interface Library {
  generation: number | null;
  memory: MemoryRow[];
  skills: SkillRow[];
  recall: RecallRow[];
  /** Records in all; the list may be shorter. */
  recordCount: number;
  problems: string[];
}

/** @param mostRecords of recall; the newest stay */
export function readLibrary(layout: BucketLayout, mostRecords: number): Library {
  const knowledge = readKnowledge(layout);
  const { generation, memory, problems } = knowledge;
  const skills = generation === null ? olderSkills(layout, problems) : knowledge.skills;
  const records = generation === null ? olderRecords(layout, problems) : promotedRecords(layout, problems);
  const newest = records.toSorted((a, b) => compare(timeOf(b), timeOf(a)));
  return {
    generation,
    memory: [...memory.user, ...memory.global].map(memoryRow),
    skills: skills.map(skillRow),
    recall: newest.slice(0, mostRecords).map(recallRow),
    recordCount: records.length,
    problems,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const timeOf = (record: RecallRecord): string => record.created_at || record.source_updated_at;

function promotedRecords(layout: BucketLayout, problems: string[]): RecallRecord[] {
  const reading = readFromGeneration(layout, ({ folder }) =>
    listNames(folder)
      .filter((name) => CHUNK_FILE.test(name))
      .flatMap((name) => recordsOfChunk(openChunk(folder, path.parse(name).name))),
  );
  for (const gone of reading?.unreadable ?? [])
    problems.push(`recall of generation ${gone.generation} is unreadable: ${gone.detail}`);
  return reading?.value ?? [];
}

const CHUNK_FILE = /^recall-\d{1,9}\.jsonl$/;
const MOST_INDEX_BYTES = 256 * 1024 * 1024;

/** What the Python plugin left; looked at, never moved: to set things aside is the business of a compile. */
function olderRecords(layout: BucketLayout, problems: string[]): RecallRecord[] {
  const index = readJson(layout.recallIndex, RecallIndex, MOST_INDEX_BYTES);
  if (index.ok) return index.value.records;
  if (index.failure.reason !== 'file-missing') problems.push(`recall/index.json: ${index.failure.reason}`);
  return [];
}

function olderSkills(layout: BucketLayout, problems: string[]): Skill[] {
  const file = exists(layout.manifest) ? layout.manifest : layout.olderManifest;
  const manifest = readJson(file, Manifest);
  if (manifest.ok) return manifest.value.skills.map((entry) => ({ ...entry, content: '' }));
  if (manifest.failure.reason !== 'file-missing') problems.push(`skills/manifest.json: ${manifest.failure.reason}`);
  return [];
}

const memoryRow = (record: MemoryRecord): MemoryRow => ({
  scope: record.scope,
  summary: showableLine(record.summary),
  content: showable(record.content),
  confidence: record.confidence,
  sources: shownPaths(record.source_paths),
  origins: record.provenance.slice(-MOST_ORIGINS).map(originOf),
});

const MOST_ORIGINS = 20;
const MOST_PATHS = 20;

const shownPaths = (paths: readonly string[]): string[] =>
  paths.slice(0, MOST_PATHS).map((source) => showableLine(source));

/** What is on disk may be older than the schema: a missing text is an empty one. */
const originOf = (origin: Partial<Provenance>): Origin => ({
  thread: showableLine(origin.thread_id ?? ''),
  at: showableTime(origin.at ?? ''),
  provider: showableLine(origin.provider ?? ''),
  basis: showableLine(origin.basis ?? ''),
});

/** Read without the schema, like everything that readers take from a generation. */
const skillRow = (skill: Partial<Skill> & { skill_id: string }): SkillRow => ({
  id: showableLine(skill.skill_id),
  title: showableLine(skill.title || skill.skill_id),
  description: showable(skill.description ?? '', 1_200),
  content: showable(skill.content ?? ''),
  status: skill.status === 'retired' ? 'retired' : 'active',
  ours: skill.owner === PLUGIN_OWNER && skill.managed === true,
  updated_at: showableTime(skill.updated_at ?? ''),
});

const recallRow = (record: RecallRecord): RecallRow => ({
  id: showableLine(record.id),
  summary: showableLine(record.summary),
  content: showable(record.content),
  at: showableTime(timeOf(record)),
  thread: showableLine(record.thread_id),
  sources: shownPaths(record.source_paths),
  used: 0,
});
