import type { QueryTerm } from './recall-query.ts';
import { COUNT_LIMITS, COUNT_SHIFTS, FIELD_COUNT, POSTING_BYTES } from './recall-segment-format.ts';
import type { SegmentFront } from './recall-segment-reader.ts';

/** One segment's share of a query: its front, and per query term its postings there. */
export interface AskedSegment {
  front: SegmentFront;
  postings: readonly (Uint8Array | undefined)[];
}

/** What is known of a record before it is read. */
export interface RecordFacts {
  cwd: string;
  /** Seconds since 1970; 0 = unknown. */
  updatedAt: number;
}

/** A record that matches, before it is read. */
export interface RankedRecord extends RecordFacts {
  segment: number;
  ordinal: number;
  /** BM25 with coverage and boost; comparable within one query. */
  score: number;
  /** 0..1: how much of what the query asks for the record has; comparable between queries. */
  relevance: number;
  /** Number of counted query terms that the record has. */
  matched: number;
}

export interface RankOptions {
  limit: number;
  /** Factor for a record's score; 0 leaves it out. */
  boost?: ((facts: RecordFacts) => number) | undefined;
}

/** Saturation and length normalisation of BM25, as DESIGN fixes them. */
const K1 = 1.2;
const B = 0.75;
/** Factors of the fields' scores (content, summary, aliases, paths): see docs/decisions/010-recall-ranking.md. */
const FIELD_WEIGHTS = [1, 1, 1, 0.5] as const;
/** Share of a score that depends on how much of the query the record covers. */
const COVERAGE_SHARE = 0.2;

/** Robertson–Spärck Jones weight in the form that is never negative. */
const inverseFrequency = (records: number, withTerm: number): number =>
  Math.log(1 + (records - withTerm + 0.5) / (withTerm + 0.5));

interface Corpus {
  records: number;
  averages: number[];
}

/**
 * Ranks the records of several segments as if they were one: document frequencies and average lengths are global.
 * @returns at most `limit` records, best first; the newer one first among equals
 */
export function rankRecords(
  segments: readonly AskedSegment[],
  terms: readonly QueryTerm[],
  options: RankOptions,
): RankedRecord[] {
  const corpus = corpusOf(segments.map(({ front }) => front));
  const weighed = terms.map(({ weight, counts }, index) => ({
    weight: weight * inverseFrequency(corpus.records, frequency(segments, index)),
    counts,
  }));
  const mass = weighed.reduce((sum, { weight, counts }) => sum + (counts ? weight : 0), 0);
  const query: WeighedQuery = { terms: weighed, mass };
  const best: RankedRecord[] = [];
  for (const [index, segment] of segments.entries()) {
    collect(best, { ...scoreSegment(segment, query, corpus), front: segment.front, index, mass }, options);
  }
  return best;
}

const frequency = (segments: readonly AskedSegment[], term: number): number =>
  segments.reduce((sum, { postings }) => sum + (postings[term]?.length ?? 0) / POSTING_BYTES, 0);

function corpusOf(fronts: readonly SegmentFront[]): Corpus {
  const averages: number[] = [];
  for (let field = 0; field < FIELD_COUNT; field++) {
    let length = 0;
    let filled = 0;
    for (const front of fronts) {
      length += front.lengths[field] ?? 0;
      filled += front.filled[field] ?? 0;
    }
    averages.push(Math.max(1, length / Math.max(1, filled)));
  }
  return { records: fronts.reduce((sum, { records }) => sum + records, 0), averages };
}

interface WeighedQuery {
  /** In the order of the query; the weight includes the term's rarity. */
  terms: readonly { weight: number; counts: boolean }[];
  /** Weight of all counted terms. */
  mass: number;
}

interface Scores {
  scores: Float64Array;
  /** Weight of the counted query terms that a record has. */
  covered: Float64Array;
  matched: Uint16Array;
}

function scoreSegment({ front, postings }: AskedSegment, query: WeighedQuery, corpus: Corpus): Scores {
  const scores: Scores = {
    scores: new Float64Array(front.records),
    covered: new Float64Array(front.records),
    matched: new Uint16Array(front.records),
  };
  const norms = corpus.averages.map((average) => (K1 * B) / average);
  for (const [index, { weight, counts }] of query.terms.entries()) {
    const bytes = postings[index];
    if (bytes) addPostings(scores, bytes, { front, norms, weight, counts });
  }
  return scores;
}

function addPostings(
  { scores, covered, matched }: Scores,
  bytes: Uint8Array,
  { front, norms, weight, counts }: { front: SegmentFront; norms: readonly number[]; weight: number; counts: boolean },
): void {
  for (let at = 0; at < bytes.length; at += POSTING_BYTES) {
    const ordinal = byteAt(bytes, at) + byteAt(bytes, at + 1) * 256;
    increase(scores, ordinal, weight * fieldScores(front, ordinal, byteAt(bytes, at + 2), norms));
    if (!counts) continue;
    increase(covered, ordinal, weight);
    increase(matched, ordinal, 1);
  }
}

const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

function increase(numbers: Float64Array | Uint16Array, at: number, amount: number): void {
  numbers[at] = (numbers[at] ?? 0) + amount;
}

/**
 * Each field is saturated by itself and the results are added: a term in summary and content is two witnesses.
 * @param packed the field counts of one posting
 * @param norms K1 * B / average length, per field
 */
function fieldScores(front: SegmentFront, ordinal: number, packed: number, norms: readonly number[]): number {
  let sum = 0;
  for (let field = 0; field < FIELD_COUNT; field++) {
    const count = (packed >> (COUNT_SHIFTS[field] ?? 0)) & (COUNT_LIMITS[field] ?? 0);
    if (count === 0) continue;
    const length =
      field === 0 ? (front.contentLengths[ordinal] ?? 0) : (front.shortLengths[3 * ordinal + field - 1] ?? 0);
    sum += ((FIELD_WEIGHTS[field] ?? 0) * count * (K1 + 1)) / (count + K1 * (1 - B) + (norms[field] ?? 0) * length);
  }
  return sum;
}

interface ScoredSegment extends Scores {
  front: SegmentFront;
  index: number;
  mass: number;
}

function collect(best: RankedRecord[], segment: ScoredSegment, { limit, boost }: RankOptions): void {
  for (const [ordinal, raw] of segment.scores.entries()) {
    if (raw === 0) continue;
    const record = rankedRecord(segment, ordinal, raw);
    if (boost) record.score *= boost(record);
    if (record.score <= 0 || (best.length >= limit && !comesBefore(record, best.at(-1)))) continue;
    insert(best, record);
    if (best.length > limit) best.pop();
  }
}

function rankedRecord(
  { front, covered, matched, mass, index }: ScoredSegment,
  ordinal: number,
  raw: number,
): RankedRecord {
  const coverage = mass === 0 ? 0 : (covered[ordinal] ?? 0) / mass;
  return {
    segment: index,
    ordinal,
    score: raw * (1 - COVERAGE_SHARE + COVERAGE_SHARE * coverage),
    relevance: coverage,
    matched: matched[ordinal] ?? 0,
    cwd: front.folders[front.folderOf[ordinal] ?? 0] ?? '',
    updatedAt: front.times[ordinal] ?? 0,
  };
}

function insert(best: RankedRecord[], record: RankedRecord): void {
  let at = best.length;
  while (at > 0 && comesBefore(record, best[at - 1])) at--;
  best.splice(at, 0, record);
}

const comesBefore = (one: RankedRecord, other: RankedRecord | undefined): boolean =>
  other !== undefined && (one.score > other.score || (one.score === other.score && one.updatedAt > other.updatedAt));
