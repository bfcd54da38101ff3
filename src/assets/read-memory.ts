import path from 'node:path';
import { isRecord, textOr } from '../contracts/json.ts';
import type { Memory, MemoryRecord, Provenance } from '../contracts/memory.ts';
import type { Skill } from '../contracts/skills.ts';
import type { Scope } from '../contracts/suggestion.ts';
import { attempt, DiskFailure } from '../kernel/disk-failure.ts';
import { factsOf, readText } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { readFromGeneration } from './generation-folder.ts';
import type { GenerationFolder } from './generation-folder.ts';
import { parseMemoryMarkdown, renderMemoryMarkdown } from './memory-markdown.ts';
import { mergeEdit } from './merge-edit.ts';
import { readMirrorNotes } from './mirror-notes.ts';
import type { MemoryEntry } from './memory-markdown.ts';

/**
 * The readers' way to memory and skills, for hooks: no schema library, no hashing. What is read
 * here was checked when it was promoted; damaged parts are passed over and told.
 */
export interface Knowledge {
  /** Null before the first promotion (a new bucket, or a home of the Python plugin). */
  generation: number | null;
  memory: Memory;
  skills: Skill[];
  /** What was passed over, for the log and `status`. */
  problems: string[];
}

/** Current memory and skills; a mirror that a person edited is honoured at once. */
export function readKnowledge(layout: BucketLayout): Knowledge {
  const reading = readFromGeneration(layout, readFiles);
  if (!reading) return readOlderHome(layout);
  const problems = reading.unreadable.map((gone) => `generation ${gone.generation} is unreadable: ${gone.detail}`);
  const { memory, skills } = reading.value;
  const generation = reading.generation.number;
  return { generation, memory: withEdits(layout, memory, generation, problems), skills, problems };
}

/** The memory of `readKnowledge` alone, for whoever has no use for the skills. */
export function readMemory(layout: BucketLayout): Memory {
  const reading = readFromGeneration(layout, readMemoryFile);
  return reading ? withEdits(layout, reading.value, reading.generation.number, []) : readOlderMemory(layout, []);
}

/** Whether the memory is that of the current generation, as far as stat can tell: who has it elsewhere need not read it. */
export function isMemoryUntouched(layout: BucketLayout): boolean {
  const mirrored = mirroredFacts(layout);
  return isAsMirrored({ layout, scope: 'user', mirrored }) && isAsMirrored({ layout, scope: 'global', mirrored });
}

function withEdits(layout: BucketLayout, memory: Memory, generation: number, problems: string[]): Memory {
  const mirrored = mirroredFacts(layout);
  return {
    user: honourEdit({ layout, scope: 'user', records: memory.user, generation, mirrored, problems }),
    global: honourEdit({ layout, scope: 'global', records: memory.global, generation, mirrored, problems }),
  };
}

const readMemoryFile = ({ folder }: GenerationFolder): Memory =>
  memoryOf(JSON.parse(required(path.join(folder, 'memory.json'))));

function readFiles(generation: GenerationFolder): { memory: Memory; skills: Skill[] } {
  const memory = readMemoryFile(generation);
  const skills = JSON.parse(required(path.join(generation.folder, 'skills.json')));
  return { memory, skills: isRecord(skills) ? list(skills['skills']).filter(isSkill) : [] };
}

function required(file: string): string {
  const text = readText(file);
  if (text === undefined) throw new DiskFailure({ reason: 'file-missing', path: file });
  return text;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
/** Only what we print of it is looked at; the schema has checked it when it was promoted. */
const isProvenance = (value: unknown): value is Provenance => isRecord(value);
const isSkill = (value: unknown): value is Skill => isRecord(value) && typeof value['skill_id'] === 'string';

/** Reads memory.json as an untrusted value: whatever is no record is left out. */
function memoryOf(value: unknown): Memory {
  const record = isRecord(value) ? value : {};
  return { user: recordsOf(record['user'], 'user'), global: recordsOf(record['global'], 'global') };
}

function recordsOf(value: unknown, scope: Scope): MemoryRecord[] {
  return list(value).flatMap((entry) => {
    if (!isRecord(entry) || typeof entry['summary'] !== 'string') return [];
    const confidence = entry['confidence'];
    return [
      {
        ...entry,
        scope,
        summary: entry['summary'],
        content: textOr(entry['content'], entry['summary']),
        source_paths: list(entry['source_paths']).filter((item) => typeof item === 'string'),
        confidence: typeof confidence === 'number' ? confidence : 1,
        provenance: list(entry['provenance']).filter(isProvenance),
      },
    ];
  });
}

const MIRRORS = {
  user: { file: 'userMd', name: 'memory/USER.md' },
  global: { file: 'memoryMd', name: 'memory/MEMORY.md' },
} as const;

type MirrorFacts = Record<string, { mtimeNs: string; size: number }>;

interface EditQuestion {
  layout: BucketLayout;
  scope: Scope;
  records: MemoryRecord[];
  generation: number;
  /** How the mirrors looked when they were written. */
  mirrored: MirrorFacts;
  problems: string[];
}

/**
 * The entries of USER.md or MEMORY.md when a person has changed it since it was mirrored, merged
 * into the generation's; otherwise the generation's.
 */
function honourEdit(question: EditQuestion): MemoryRecord[] {
  const { layout, scope, records, generation, problems } = question;
  if (isAsMirrored(question)) return records;
  const file = layout[MIRRORS[scope].file];
  const text = readMirror(file, problems);
  if (text === undefined || text === renderMemoryMarkdown(scope, records, generation)) return records;
  const parsed = parseMemoryMarkdown(text);
  if (!parsed) {
    problems.push(`${file} cannot be read as Markdown; the promoted entries are used`);
    return records;
  }
  const base = parsed.generation === generation ? records : baseRecords(layout, parsed.generation, scope);
  return mergeEdit({ scope, base, edited: parsed.entries, current: records }).records;
}

/** A mirror that is missing, or that nobody remembers to have written, says nothing. */
function isAsMirrored({ layout, scope, mirrored }: Pick<EditQuestion, 'layout' | 'scope' | 'mirrored'>): boolean {
  const facts = factsOf(layout[MIRRORS[scope].file]);
  const known = mirrored[MIRRORS[scope].name];
  return !facts || !known || (known.mtimeNs === facts.mtimeNs && known.size === facts.size);
}

/** Something in a mirror's place that cannot be read (a folder, a giant) silences nobody: the generation is whole. */
function readMirror(file: string, problems: string[]): string | undefined {
  const text = attempt(() => readText(file, 4_000_000));
  if (text.ok) return text.value;
  problems.push(`${file} cannot be read (${text.failure.reason}); the promoted entries are used`);
  return undefined;
}

/** What an older generation said, when it is still kept. */
function baseRecords(layout: BucketLayout, generation: number | null, scope: Scope): MemoryRecord[] | undefined {
  if (generation === null) return undefined;
  try {
    const text = readText(path.join(layout.generations, String(generation), 'memory.json'));
    return text === undefined ? undefined : memoryOf(JSON.parse(text))[scope];
  } catch {
    return undefined;
  }
}

function mirroredFacts(layout: BucketLayout): MirrorFacts {
  const { files } = readMirrorNotes(layout);
  const facts: MirrorFacts = {};
  for (const [name, entry] of Object.entries(isRecord(files) ? files : {})) {
    if (isRecord(entry)) facts[name] = { mtimeNs: textOr(entry['mtimeNs'], ''), size: Number(entry['size']) };
  }
  return facts;
}

/** An entry that only Markdown knows of. */
function fromHand(entry: MemoryEntry, scope: Scope): MemoryRecord {
  return { scope, ...entry, source_paths: [], confidence: 1, provenance: [{ basis: 'hand-edit', ...nobody }] };
}

const nobody = { suggestion_id: '', thread_id: '', turn_id: '', at: '' };

function readOlderHome(layout: BucketLayout): Knowledge {
  const problems: string[] = [];
  const memory = readOlderMemory(layout, problems);
  return { generation: null, memory, skills: [], problems };
}

/** Memory of a bucket that has no generation: memory.json if it is there and sound, else the two Markdown files. */
export function readOlderMemory(layout: BucketLayout, problems: string[]): Memory {
  try {
    const text = readText(layout.memoryJson);
    if (text !== undefined) return memoryOf(JSON.parse(text));
  } catch (error) {
    problems.push(
      `${layout.memoryJson} is damaged (${error instanceof Error ? error.message : 'unreadable'}); the Markdown files are used`,
    );
  }
  return { user: fromMarkdown(layout.userMd, 'user'), global: fromMarkdown(layout.memoryMd, 'global') };
}

function fromMarkdown(file: string, scope: Scope): MemoryRecord[] {
  const parsed = parseMemoryMarkdown(readText(file, 4_000_000) ?? '');
  return (parsed?.entries ?? []).map((entry) => fromHand(entry, scope));
}
