import type { ForgetOrder } from '../contracts/forget-order.ts';
import type { Tombstone } from '../contracts/generation.ts';
import { listGenerations } from '../assets/generation-folder.ts';
import { readWholeGeneration } from '../assets/read-generation.ts';
import { openChunk, recordsOfChunk } from '../assets/recall-chunk-file.ts';
import { needlesOf } from '../assets/scrub-text.ts';
import { tombstoneOf } from '../assets/tombstone.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { allEntries, textOf } from './find-entries.ts';
import type { ForgetScope, FoundEntry } from './find-entries.ts';
import { goesOfMemory, goesOfRecall, goesOfSkills } from './forgotten.ts';
import type { Forgotten } from './forgotten.ts';
import type { OpenKnowledge } from './open-knowledge.ts';

/** A forget before it has a generation. */
export type Draft = Omit<ForgetOrder, 'schema_version' | 'run' | 'generation'>;

export interface DraftRequest {
  layout: BucketLayout;
  knowledge: OpenKnowledge;
  /** What the person means. */
  entries: readonly FoundEntry[];
  /** The scope that was asked for; it is the tombstones', too. */
  scope: ForgetScope;
  at: string;
  keepHistory: boolean;
}

/** Works out what goes, what may never come back, and which words are to be found nowhere afterwards. */
export function draftOrder(request: DraftRequest): Draft {
  const { layout, knowledge, entries, scope, at, keepHistory } = request;
  const named = {
    memory: entries.flatMap((entry) =>
      entry.kind === 'user' || entry.kind === 'global' ? [{ scope: entry.kind, summary: entry.record.summary }] : [],
    ),
    recall: entries.flatMap((entry) => (entry.kind === 'recall' ? [entry.record.id] : [])),
    skills: entries.flatMap((entry) => (entry.kind === 'skill' ? [entry.record.skill_id] : [])),
    tombstones: entries.flatMap((entry) => stoneOf(entry, scope, at)),
  };
  const known = allEntries(knowledge);
  const gone = known.filter((entry) => goes(entry, named));
  const remaining = known.filter((entry) => !goes(entry, named));
  return {
    ...named,
    keep_history: keepHistory,
    // What still waits is named and in no knowledge yet.
    texts: wordsOnlyOf([...gone, ...entries, ...olderVersions(layout, named)], remaining),
    envelopes: [...new Set([...gone, ...entries].flatMap(envelopesOf))],
  };
}

/** Entries that go with a forget: those that were named, and others that say the same. */
export const goneEntries = (knowledge: OpenKnowledge, order: Forgotten): FoundEntry[] =>
  allEntries(knowledge).filter((entry) => goes(entry, order));

function goes(entry: FoundEntry, order: Forgotten): boolean {
  switch (entry.kind) {
    case 'recall':
      return goesOfRecall(entry.record, order);
    case 'skill':
      return goesOfSkills(entry.record, order);
    case 'user':
    case 'global':
      return goesOfMemory(entry.record, order);
  }
}

function stoneOf(entry: FoundEntry, scope: ForgetScope, at: string): Tombstone[] {
  const { content } = entry.record;
  // A skill may be retired and empty; its id is what goes then.
  return content.trim() === '' ? [] : [tombstoneOf(content, scope === 'all' ? 'all' : entry.kind, at)];
}

/** The same entries as older generations have them. */
function olderVersions(layout: BucketLayout, order: Forgotten): FoundEntry[] {
  return listGenerations(layout).flatMap((folder) => {
    const generation = readWholeGeneration(folder);
    if (!generation.ok) return [];
    const { memory, skills, facts } = generation.value;
    const recall = facts.recall_chunks.flatMap((chunk) => recordsOfChunk(openChunk(folder.folder, chunk.name)));
    const entries: FoundEntry[] = [
      ...memory.user.map((record): FoundEntry => ({ kind: 'user', record })),
      ...memory.global.map((record): FoundEntry => ({ kind: 'global', record })),
      ...recall.map((record): FoundEntry => ({ kind: 'recall', record })),
      ...skills.map((record): FoundEntry => ({ kind: 'skill', record })),
    ];
    return entries.filter((entry) => goes(entry, order));
  });
}

/** Fewer letters than this are no text that anybody could recognise. */
const MIN_LETTERS = 4;
/** A shorter name ("Gateway") stands in many texts that have nothing to do with the entry. */
const MIN_NAME_WORDS = 3;

/** Texts of what goes that nothing which stays contains: those are no secret. */
function wordsOnlyOf(gone: readonly FoundEntry[], remaining: readonly FoundEntry[]): string[] {
  const names = gone.flatMap(namesOf).filter((name) => name.trim().split(/\s+/u).length >= MIN_NAME_WORDS);
  const texts = new Set([...gone.map((entry) => entry.record.content), ...names].map((text) => text.trim()));
  const kept = remaining.map(textOf);
  return [...texts].filter((text) => {
    if ((text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) < MIN_LETTERS) return false;
    const needle = needlesOf([text]);
    return !kept.some((other) => needle.isIn(other));
  });
}

const namesOf = (entry: FoundEntry): string[] =>
  entry.kind === 'skill' ? [entry.record.title, entry.record.description ?? ''] : [entry.record.summary];

const envelopesOf = (entry: FoundEntry): string[] => {
  if (entry.kind === 'skill') return entry.record.created_by === '' ? [] : [entry.record.created_by];
  if (entry.kind === 'recall') return [];
  return entry.record.provenance.flatMap(({ suggestion_id: id }) => (id === '' ? [] : [id]));
};
