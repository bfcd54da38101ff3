import type { RecallRecord } from '../contracts/recall.ts';
import { DiskFailure } from '../kernel/disk-failure.ts';
import { listNames } from '../kernel/files.ts';
import {
  chunkInMemory,
  type ChunkProblem,
  closeSegment,
  openChunk,
  openedSegment,
  type OpenChunk,
  ordinalsInChunk,
  rebuildSegment,
  recordAt,
} from './recall-chunk-file.ts';
import { CHUNK_RECORDS } from './recall-chunk-plan.ts';
import { type QueryTerm, queryTerms } from './recall-query.ts';
import { type AskedSegment, type Boost, type RankedRecord, rankRecords } from './recall-rank.ts';
import { findTerms, readPostings, SegmentBroken } from './recall-segment-reader.ts';

export interface RecallSearch {
  topK: number;
  boost?: Boost;
  /** Leaves records out that only their text can tell. */
  accept?: (record: RecallRecord) => boolean;
  /** How many of the best are looked at for that (default: 20 per result). */
  lookAt?: number;
}

export interface RecallHit {
  record: RecallRecord;
  /** Orders the hits of one query. */
  score: number;
  /** 0..1, comparable between queries and stores: what to show and what to inject is decided by it. */
  relevance: number;
  /** Number of distinct query terms that the record has. */
  matched: number;
}

/** The recall records of one generation, opened for reading. */
export interface RecallStore {
  /** Number of records. */
  count: () => number;
  /** Best records first; none for a query without terms. */
  search: (query: string, options: RecallSearch) => RecallHit[];
  /** Records that share most of their rare terms with the text: candidates for being near-duplicates. */
  similar: (text: string, topK: number) => RecallHit[];
  has: (id: string) => boolean;
  get: (id: string) => RecallRecord | undefined;
  /** Chunks whose segment could not be used, so far. */
  problems: () => readonly ChunkProblem[];
  close: () => void;
}

const CHUNK_NAME = /^(recall-(\d{1,9}))\.jsonl$/;
/** Above this the files are opened for each query, so that a store of a million records does not use up the file table. */
const MOST_OPEN_FILES = 128;
/** Rebuilding a chunk in memory takes about a tenth of a second; a hook must not rebuild a whole store. */
const MOST_REBUILDS = 10;
/** Candidates per result when the caller's filter has to read the records. */
const LOOKED_AT_PER_RESULT = 20;
/** Lookups of terms in segments that one query may cost; longer queries lose their stand-ins, then their commonest terms. */
const MOST_LOOKUPS = 1_200;
const FEWEST_TERMS = 12;
/** Near-duplicates share nearly all words, so they share the rarest; eight lookups instead of a whole text. */
const TERMS_OF_SIMILAR = 8;

/** Names of the chunks in a generation's folder, in the order of their numbers. */
function chunkNames(folder: string): string[] {
  const found = listNames(folder).flatMap((name) => {
    const match = CHUNK_NAME.exec(name);
    return match?.[1] ? [{ name: match[1], number: Number(match[2]) }] : [];
  });
  return found.toSorted((a, b) => a.number - b.number).map(({ name }) => name);
}

/**
 * Opens all recall chunks of one generation's folder. Nothing is read before it is needed.
 * @throws DiskFailure (`ENOENT` when the generation was removed meanwhile)
 */
export function openRecallStore(folder: string): RecallStore {
  return storeOf(chunkNames(folder).map((name) => openChunk(folder, name)));
}

/** The same over records that lie in no generation: a mirror that a person or another program has changed. */
export function recallStoreOf(records: readonly RecallRecord[]): RecallStore {
  const chunks: OpenChunk[] = [];
  for (let start = 0; start < records.length; start += CHUNK_RECORDS) {
    chunks.push(chunkInMemory(`recall-${chunks.length + 1}`, records.slice(start, start + CHUNK_RECORDS)));
  }
  return storeOf(chunks);
}

interface OpenStore {
  chunks: readonly OpenChunk[];
  problems: ChunkProblem[];
  rebuilds: number;
}

function storeOf(chunks: readonly OpenChunk[]): RecallStore {
  const store: OpenStore = { chunks, problems: [], rebuilds: 0 };
  return {
    count: () => sum(chunks.map((chunk) => withChunk(store, chunk, (open) => openedSegment(open).front.records) ?? 0)),
    search: (query, options) => search(store, queryTerms(query), options),
    similar: (text, topK) => search(store, rarest(store, ownTerms(text), TERMS_OF_SIMILAR), { topK }),
    has: (id) =>
      chunks.some((chunk) => (withChunk(store, chunk, (open) => ordinalsInChunk(open, id)) ?? []).length > 0),
    get: (id) => {
      for (const chunk of chunks) {
        const record = withChunk(store, chunk, (open) => recordWithId(open, id));
        if (record) return record;
      }
      return undefined;
    },
    problems: () => store.problems,
    close: () => {
      for (const chunk of chunks) closeSegment(chunk);
    },
  };
}

/** What a text says itself, without the stand-ins that a query gets. */
const ownTerms = (text: string): QueryTerm[] => queryTerms(text).filter(({ counts }) => counts);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function recordWithId(chunk: OpenChunk, id: string): RecallRecord | undefined {
  for (const ordinal of ordinalsInChunk(chunk, id)) {
    const record = recordAt(chunk, ordinal);
    if (record.id === id) return record;
  }
  return undefined;
}

/**
 * Works with one chunk; a segment that turns out broken is rebuilt from the records and the work repeated.
 * @returns undefined when the chunk is of no use (reported as a problem)
 */
function withChunk<T>(store: OpenStore, chunk: OpenChunk, work: (chunk: OpenChunk) => T): T | undefined {
  try {
    return work(chunk);
  } catch (error) {
    const detail = troubleOf(error);
    if (chunk.rebuilt) {
      store.problems.push({ chunk: chunk.name, detail: `left out: ${detail}` });
      return undefined;
    }
    return repaired(store, chunk, detail) ? withChunk(store, chunk, work) : undefined;
  } finally {
    if (store.chunks.length > MOST_OPEN_FILES) closeSegment(chunk);
  }
}

function repaired(store: OpenStore, chunk: OpenChunk, detail: string): boolean {
  if (store.rebuilds >= MOST_REBUILDS) {
    store.problems.push({ chunk: chunk.name, detail: `left out, too many are broken: ${detail}` });
    return false;
  }
  store.rebuilds++;
  store.problems.push({ chunk: chunk.name, detail });
  for (const line of rebuildSegment(chunk))
    store.problems.push({ chunk: chunk.name, detail: `line ${line} is no record` });
  return true;
}

function troubleOf(error: unknown): string {
  if (error instanceof SegmentBroken) return error.detail;
  if (error instanceof DiskFailure)
    return error.failure.reason === 'disk-failed' ? error.failure.code : error.failure.reason;
  throw error;
}

function search(store: OpenStore, terms: readonly QueryTerm[], options: RecallSearch): RecallHit[] {
  const most = Math.max(FEWEST_TERMS, Math.floor(MOST_LOOKUPS / Math.max(1, store.chunks.length)));
  const asked = rarest(store, terms, most);
  if (asked.length === 0 || options.topK < 1) return [];
  const chunks: OpenChunk[] = [];
  const segments: AskedSegment[] = [];
  for (const chunk of store.chunks) {
    const segment = withChunk(store, chunk, (open) => ask(open, asked));
    if (!segment) continue;
    chunks.push(chunk);
    segments.push(segment);
  }
  const limit = options.accept ? (options.lookAt ?? options.topK * LOOKED_AT_PER_RESULT) : options.topK;
  const ranked = rankRecords(segments, asked, { limit, boost: options.boost });
  const { rebuilds } = store;
  const hits = hitsOf(store, ranked, { ...options, chunks });
  // Ordinals of a segment that turned out stale mean other records in the new one.
  return store.rebuilds === rebuilds ? hits : search(store, terms, options);
}

function ask(chunk: OpenChunk, terms: readonly QueryTerm[]): AskedSegment {
  const { source, front } = openedSegment(chunk);
  const entries = findTerms(source, front, terms);
  return { front, postings: entries.map((entry) => entry && readPostings(source, front, entry)) };
}

/** Keeps `most` terms: the query's own before its stand-ins, then those that are rarest in the newest chunks. In the order of the query. */
function rarest(store: OpenStore, terms: readonly QueryTerm[], most: number): readonly QueryTerm[] {
  if (terms.length <= most) return terms;
  const own = terms.filter(({ counts }) => counts);
  if (own.length <= most) return own;
  const frequencies = sampledFrequencies(store, own);
  const order = own.map((_, index) => index).toSorted((a, b) => (frequencies[a] ?? 0) - (frequencies[b] ?? 0));
  const kept = new Set(order.slice(0, most));
  return own.filter((_, index) => kept.has(index));
}

function sampledFrequencies(store: OpenStore, terms: readonly QueryTerm[]): number[] {
  const frequencies = terms.map(() => 0);
  for (const chunk of store.chunks.slice(-SAMPLED_CHUNKS)) {
    const entries = withChunk(store, chunk, (open) => {
      const { source, front } = openedSegment(open);
      return findTerms(source, front, terms);
    });
    for (const [index, entry] of (entries ?? []).entries())
      frequencies[index] = (frequencies[index] ?? 0) + (entry?.records ?? 0);
  }
  return frequencies;
}

const SAMPLED_CHUNKS = 4;

function hitsOf(
  store: OpenStore,
  ranked: readonly RankedRecord[],
  { chunks, topK, accept }: RecallSearch & { chunks: readonly OpenChunk[] },
): RecallHit[] {
  const hits: RecallHit[] = [];
  for (const { segment, ordinal, score, relevance, matched } of ranked) {
    const chunk = chunks[segment];
    const record = chunk && withChunk(store, chunk, (open) => recordAt(open, ordinal));
    if (!record || (accept && !accept(record))) continue;
    hits.push({ record, score, relevance, matched });
    if (hits.length === topK) break;
  }
  return hits;
}
