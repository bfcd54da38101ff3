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
  recordAt,
} from './recall-chunk-file.ts';
import { CHUNK_RECORDS, numberOfChunk } from './recall-chunk-plan.ts';
import { type QueryTerm, queryTerms } from './recall-query.ts';
import type { Boost } from './recall-candidates.ts';
import { type RankedRecord, rankRecords } from './recall-rank.ts';
import { findTerms, readPostings, type SegmentFront, type TermEntry } from './recall-segment-reader.ts';
import { type OpenStore, recordInShard, type Shard, shardsOf, withChunk, withSegment } from './recall-shard.ts';
import type { AskedSegment } from './recall-weights.ts';

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

/** Candidates per result when the caller's filter has to read the records. */
const LOOKED_AT_PER_RESULT = 20;
/** Lookups of terms in segments that one query may cost; longer queries lose their stand-ins, then their commonest terms. */
const MOST_LOOKUPS = 1_200;
const FEWEST_TERMS = 12;
/** Near-duplicates share nearly all words, so they share the rarest; eight lookups instead of a whole text. */
const TERMS_OF_SIMILAR = 8;

/** Rebuilding a chunk in memory takes up to a tenth of a second; a hook must not rebuild a whole store. */
const MOST_REBUILDS = 10;

/**
 * Opens all recall chunks of one generation's folder. Nothing is read before it is needed.
 * @param mostRebuilds how many broken segments are made anew in memory; the newest are, when there are more
 * @throws DiskFailure (`ENOENT` when the generation was removed meanwhile, `file-missing` when records of it are gone)
 */
export function openRecallStore(folder: string, mostRebuilds = MOST_REBUILDS): RecallStore {
  const names = listNames(folder);
  const chunks = names
    .filter((name) => name.endsWith(LINES) && numberOfChunk(name.slice(0, -LINES.length)) > 0)
    .map((name) => openChunk(folder, name.slice(0, -LINES.length)))
    .toSorted((a, b) => a.number - b.number);
  if (segmentsIn(names) > chunks.length) throw new DiskFailure({ reason: 'file-missing', path: folder });
  return storeOf(chunks, shardsOf(folder, chunks, names), mostRebuilds);
}

/** Of chunks: each lies beside its records, so more of them than records tell that records are gone. */
const segmentsIn = (names: readonly string[]): number => {
  let count = 0;
  for (const name of names) if (name.endsWith(SEGMENT) && numberOfChunk(name.slice(0, -SEGMENT.length)) > 0) count++;
  return count;
};

/** Name of the chunk that holds the notes of the memory. No recall chunk: whoever is given the memory is not given them. */
export const NOTES_CHUNK = 'notes';

/**
 * Opens the notes of one generation's folder. Nothing broken is made anew: the memory says the same.
 * @throws DiskFailure (`ENOENT` when it has none)
 */
export function openNotesStore(folder: string): RecallStore {
  const chunks = [openChunk(folder, NOTES_CHUNK)];
  return storeOf(chunks, chunks, 0);
}

const LINES = '.jsonl';
const SEGMENT = '.seg';

/** The same over records that lie in no generation: a mirror that a person or another program has changed. */
export function recallStoreOf(records: readonly RecallRecord[]): RecallStore {
  const chunks: OpenChunk[] = [];
  for (let start = 0; start < records.length; start += CHUNK_RECORDS) {
    chunks.push(chunkInMemory(`recall-${chunks.length + 1}`, records.slice(start, start + CHUNK_RECORDS)));
  }
  return storeOf(chunks, chunks, MOST_REBUILDS);
}

function storeOf(chunks: readonly OpenChunk[], shards: readonly Shard[], mostRebuilds: number): RecallStore {
  const store: OpenStore = { chunks, shards, problems: [], rebuilds: 0, mostRebuilds, changes: 0 };
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
      for (const file of [...chunks, ...store.shards]) closeSegment(file);
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

function search(store: OpenStore, terms: readonly QueryTerm[], options: RecallSearch): RecallHit[] {
  const { changes, shards } = store;
  const most = Math.max(FEWEST_TERMS, Math.floor(MOST_LOOKUPS / Math.max(1, shards.length)));
  const asked = rarest(store, terms, most);
  if (asked.length === 0 || options.topK < 1) return [];
  // From the newest: when more are broken than are made anew, the oldest are left out.
  const found = shards.toReversed().flatMap((shard): AskedShard[] => {
    const segment = withSegment(store, shard, ({ source, front }) => ({
      front,
      entries: findTerms(source, front, asked),
    }));
    return segment ? [{ ...segment, shard }] : [];
  });
  found.reverse();
  const limit = options.accept ? (options.lookAt ?? options.topK * LOOKED_AT_PER_RESULT) : options.topK;
  const ranked = rankRecords(
    found.map((segment) => ({ ...segment, postings: postingsIn(store, segment) })),
    asked,
    { limit, boost: options.boost },
  );
  const hits = hitsOf(store, ranked, { ...options, found });
  return store.changes === changes ? hits : search(store, terms, options);
}

/** Where a query's terms are listed in one segment. */
interface AskedShard {
  shard: Shard;
  front: SegmentFront;
  entries: readonly (TermEntry | undefined)[];
}

/** Reads a term's postings when they are needed, once; none of a segment that turns out broken. */
function postingsIn(store: OpenStore, { shard, entries }: AskedShard): AskedSegment['postings'] {
  const known = new Map<number, Uint8Array | undefined>();
  return (term) => {
    const entry = entries[term];
    if (!entry) return undefined;
    if (!known.has(term))
      known.set(
        term,
        withSegment(store, shard, ({ source, front }) => readPostings(source, front, entry)),
      );
    return known.get(term);
  };
}

/** Keeps `most` terms: the query's own before its stand-ins, then those that are rarest in the newest chunks. In the order of the query. */
function rarest(store: OpenStore, terms: readonly QueryTerm[], most: number): readonly QueryTerm[] {
  if (terms.length <= most) return terms;
  const own = terms.filter(({ counts }) => counts);
  if (own.length <= most) return own;
  const frequencies = sampledFrequencies(store, own);
  const order = own.map((_, index) => index).toSorted((a, b) => (frequencies[a] ?? 0) - (frequencies[b] ?? 0));
  const strange = order.filter((index) => frequencies[index] === 0);
  const familiar = order.slice(strange.length);
  // Words that were not seen may be the rarest, or in no record at all: they must not take all places.
  const places = Math.max(most - familiar.length, Math.ceil(most / 2));
  const kept = new Set([...strange.slice(0, places), ...familiar].slice(0, most));
  return own.filter((_, index) => kept.has(index));
}

function sampledFrequencies(store: OpenStore, terms: readonly QueryTerm[]): number[] {
  const frequencies = terms.map(() => 0);
  for (const shard of store.shards.slice(-SAMPLED_SHARDS)) {
    const entries = withSegment(store, shard, ({ source, front }) => findTerms(source, front, terms));
    for (const [index, entry] of (entries ?? []).entries())
      frequencies[index] = (frequencies[index] ?? 0) + (entry?.records ?? 0);
  }
  return frequencies;
}

const SAMPLED_SHARDS = 4;

function hitsOf(
  store: OpenStore,
  ranked: readonly RankedRecord[],
  { found, topK, accept }: RecallSearch & { found: readonly AskedShard[] },
): RecallHit[] {
  const hits: RecallHit[] = [];
  for (const { segment, ordinal, score, relevance, matched } of ranked) {
    const asked = found[segment];
    const record = asked && recordInShard(store, asked.shard, ordinal);
    if (!record || (accept && !accept(record))) continue;
    hits.push({ record, score, relevance, matched });
    if (hits.length === topK) break;
  }
  return hits;
}
