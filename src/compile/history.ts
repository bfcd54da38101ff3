import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Generation } from '../contracts/generation.ts';
import { KeptReceipt } from '../contracts/kept-receipt.ts';
import type { MemoryActionStats } from '../contracts/receipt.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { listGenerations } from '../assets/generation-folder.ts';
import { readFacts, readWholeGeneration } from '../assets/read-generation.ts';
import type { CheckedGeneration } from '../assets/read-generation.ts';
import { openChunk, recordsOfChunk } from '../assets/recall-chunk-file.ts';
import { readEnvelope, STATES } from '../bucket/envelope-file.ts';
import { listNames } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { readJson } from '../kernel/json-file.ts';
import { compareKnowledge } from './compare-knowledge.ts';
import type { ComparedKnowledge, KnowledgeChanges } from './compare-knowledge.ts';

/** One promotion, as `history` lists it. */
export interface HistoryEntry {
  generation: number;
  at: string;
  cause: Generation['cause'];
  from: number | null;
  restored: number | null;
  backend: string;
  fallback_backend: string | null;
  envelopes: string[];
  /** Threads whose reviews it promoted. */
  sessions: string[];
  /** How many suggestions had which outcome. */
  outcomes: Record<string, number>;
  memory_action_stats: MemoryActionStats;
  /** Files that a person had edited and whose content it took in. */
  hand_edits: string[];
  counts: { memory: number; recall: number; skills: number };
  /** False: only the receipt is left, the content was removed by retention. */
  kept: boolean;
}

export interface History {
  entries: HistoryEntry[];
  /** How many there are in all. */
  total: number;
  problems: string[];
}

/** What was promoted, newest first. */
export function listHistory(layout: BucketLayout, limit: number): History {
  const generations = new Map(listGenerations(layout).map((folder) => [folder.number, folder]));
  const numbers = [...new Set([...generations.keys(), ...keptReceiptNumbers(layout)])].toSorted((a, b) => b - a);
  const history: History = { entries: [], total: numbers.length, problems: [] };
  for (const number of numbers.slice(0, limit)) {
    const folder = generations.get(number);
    const facts = folder ? readFacts(folder) : readJson(keptReceiptFile(layout, number), KeptReceipt);
    if (facts.ok) history.entries.push(entryOf(layout, facts.value, folder !== undefined));
    else history.problems.push(`generation ${number} cannot be read (${facts.failure.reason})`);
  }
  return history;
}

export const keptReceiptFile = (layout: BucketLayout, generation: number): string =>
  path.join(layout.keptReceipts, `${generation}.json`);

/** Numbers of the generations of which only the receipt is kept. */
export const keptReceiptNumbers = (layout: BucketLayout): number[] =>
  listNames(layout.keptReceipts).flatMap((name) => {
    const number = /^([1-9]\d{0,14})\.json$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });

function entryOf(layout: BucketLayout, facts: Generation | KeptReceipt, kept: boolean): HistoryEntry {
  const { receipt } = facts;
  const outcomes: Record<string, number> = {};
  for (const { outcome } of receipt.item_receipts) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return {
    generation: facts.generation,
    at: facts.created_at,
    cause: facts.cause,
    from: facts.from,
    restored: facts.restored ?? null,
    backend: receipt.backend,
    fallback_backend: receipt.fallback_backend,
    envelopes: receipt.envelopes,
    sessions: 'sessions' in facts ? facts.sessions : sessionsOf(layout, receipt.envelopes),
    outcomes,
    memory_action_stats: receipt.memory_action_stats,
    hand_edits: Object.keys(facts.adopted),
    counts: { memory: receipt.memory_records, recall: receipt.recall_records, skills: receipt.managed_skills },
    kept,
  };
}

/** Threads that envelopes came from, as far as the envelopes are still there. */
export function sessionsOf(layout: BucketLayout, envelopes: readonly string[]): string[] {
  const threads = envelopes.map((id) => {
    for (const state of STATES.toReversed()) {
      const envelope = readEnvelope(layout, state, id);
      if (envelope.ok) return envelope.value.thread_id;
    }
    return '';
  });
  return [...new Set(threads.filter((thread) => thread !== ''))];
}

/** What `history show` prints. */
export interface GenerationReport {
  entry: HistoryEntry;
  /** The generation it is compared with; null: with nothing (it is the first, or no older one is kept). */
  compared_with: number | null;
  changes: KnowledgeChanges;
}

/** The difference between a generation and the one it was made from, or the nearest older one that is kept. */
export function showGenerationChanges(layout: BucketLayout, number: number): Result<GenerationReport> {
  const folders = listGenerations(layout);
  const folder = folders.find((candidate) => candidate.number === number);
  if (!folder) return notKept(layout, number);
  const after = readWholeGeneration(folder);
  if (!after.ok) return after;
  const { from } = after.value.facts;
  const older = folders.find((candidate) => candidate.number < number && candidate.number <= (from ?? 0));
  const before = older && readWholeGeneration(older);
  if (before && !before.ok) return before;
  const [left, right] = comparable(before?.value, after.value);
  return succeed({
    entry: entryOf(layout, after.value.facts, true),
    compared_with: older?.number ?? null,
    changes: compareKnowledge(left, right),
  });
}

function notKept(layout: BucketLayout, number: number): Result<never> {
  const known = keptReceiptNumbers(layout).includes(number);
  const detail = known
    ? `the content of generation ${number} is no longer kept; its receipt is ${keptReceiptFile(layout, number)}`
    : `there is no generation ${number}; see \`csep history\``;
  return fail({ reason: 'usage', detail });
}

const NOTHING: ComparedKnowledge = { memory: { user: [], global: [] }, recall: [], skills: [] };

/** Chunks with equal sums hold equal records and need no look. */
function comparable(
  before: CheckedGeneration | undefined,
  after: CheckedGeneration,
): [ComparedKnowledge, ComparedKnowledge] {
  const known = new Set(before ? chunkSums(before).map(({ sum }) => sum) : []);
  const kept = new Set(chunkSums(after).map(({ sum }) => sum));
  const right = { memory: after.memory, skills: after.skills, recall: recordsBut(after, known) };
  if (!before) return [NOTHING, right];
  return [{ memory: before.memory, skills: before.skills, recall: recordsBut(before, kept) }, right];
}

const chunkSums = ({ facts }: CheckedGeneration): { name: string; sum: string }[] =>
  facts.recall_chunks.map(({ name }) => ({ name, sum: facts.files[`${name}.jsonl`]?.sha256 ?? name }));

const recordsBut = (generation: CheckedGeneration, equal: ReadonlySet<string>): RecallRecord[] =>
  chunkSums(generation)
    .filter(({ sum }) => !equal.has(sum))
    .flatMap(({ name }) => recordsOfChunk(openChunk(generation.folder.folder, name)));
