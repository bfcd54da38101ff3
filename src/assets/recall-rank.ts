import type { QueryTerm } from './recall-query.ts';
import { COUNT_LIMITS, COUNT_SHIFTS, FIELD_COUNT, POSTING_BYTES } from './recall-segment-format.ts';
import type { SegmentFront } from './recall-segment-reader.ts';

/** One segment's share of a query: its front, and per query term its postings there. */
export interface AskedSegment {
  front: SegmentFront;
  postings: readonly (Uint8Array | undefined)[];
}

/**
 * Factor for a record's score, from what is known without reading it; 0 leaves it out, more than 2 counts as 2.
 * @param updatedAt seconds since 1970; 0 = unknown
 */
export type Boost = (cwd: string, updatedAt: number) => number;

/** A record that matches, before it is read. */
export interface RankedRecord {
  segment: number;
  ordinal: number;
  /** BM25 with coverage and boost; comparable within one query. */
  score: number;
  /** 0..1: how well the record answers the query; comparable between queries and stores (relevanceOf). */
  relevance: number;
  /** Number of counted query terms that the record has. */
  matched: number;
  updatedAt: number;
}

interface RankOptions {
  limit: number;
  boost?: Boost | undefined;
}

/** Saturation and length normalisation of BM25, as DESIGN fixes them. */
const K1 = 1.2;
const B = 0.75;
/** Factors of the fields' scores (content, summary, aliases, paths): see docs/decisions/010-recall-ranking.md. */
const FIELD_WEIGHTS = [1, 1, 1, 0.5] as const;
/** Share of a score that depends on how much of the query the record covers. */
const COVERAGE_SHARE = 0.4;

/**
 * A store is a small part of all that could have been noted: without these records that have none of the words, the
 * words that a young store lacks would outweigh those that it has.
 */
const UNSEEN_RECORDS = 200;

/** Robertson–Spärck Jones weight in the form that is never negative. */
const inverseFrequency = (records: number, withTerm: number): number =>
  Math.log(1 + (records + UNSEEN_RECORDS - withTerm + 0.5) / (withTerm + 0.5));

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
  const places = new Map(terms.map(({ term }, index) => [term, index]));
  const rarities = terms.map((_, index) => inverseFrequency(corpus.records, frequency(segments, index)));
  const weighed = terms.map(({ weight, counts, insteadOf }, index) => {
    const rarity = rarities[index] ?? 0;
    return { weight: weight * Math.min(rarity, rarities[places.get(insteadOf ?? '') ?? index] ?? rarity), counts };
  });
  const mass = weighed.reduce((sum, { weight, counts }) => sum + (counts ? weight : 0), 0);
  const rarest = inverseFrequency(corpus.records, 0);
  const query: WeighedQuery = { terms: weighed, averages: corpus.averages };
  const best: RankedRecord[] = [];
  const columns = emptyScores(segments.reduce((most, { front }) => Math.max(most, front.records), 0));
  for (const [index, segment] of segments.entries()) {
    scoreSegment(columns, segment, query);
    collect(best, { ...columns, front: segment.front, index, mass, rarest }, options);
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
  averages: readonly number[];
}

interface Scores {
  scores: Float64Array;
  /** Weight of the counted query terms that a record has. */
  covered: Float64Array;
  matched: Float64Array;
}

const emptyScores = (records: number): Scores => ({
  scores: new Float64Array(records),
  covered: new Float64Array(records),
  matched: new Float64Array(records),
});

/** Fills `columns`, which all segments share: a store of a million records has a thousand of them. */
function scoreSegment(columns: Scores, { front, postings }: AskedSegment, query: WeighedQuery): void {
  columns.scores.fill(0);
  columns.covered.fill(0);
  columns.matched.fill(0);
  const norms = query.averages.map((average) => (K1 * B) / average);
  for (const [index, { weight, counts }] of query.terms.entries()) {
    const bytes = postings[index];
    const gains = counts ? { covering: weight, matching: 1 } : { covering: 0, matching: 0 };
    if (bytes) addPostings(columns, bytes, { front, norms, weight, ...gains });
  }
}

/** A field that a posting's term stands in: `weight * count * (K1 + 1)`, and `count + K1 * (1 - B)`. */
interface FieldPart {
  field: number;
  gain: number;
  base: number;
}

/** What a term adds to the records that have it. */
interface Addition {
  front: SegmentFront;
  /** K1 * B / average length, per field. */
  norms: readonly number[];
  weight: number;
  /** To `covered` and `matched`: nothing for a stand-in. */
  covering: number;
  matching: number;
}

/** By the packed counts of a posting, made when they are met: nearly all are a handful of values. */
const partsOfCounts: (readonly FieldPart[] | undefined)[] = [];

function partsOf(packed: number): readonly FieldPart[] {
  const parts: FieldPart[] = [];
  for (let field = 0; field < FIELD_COUNT; field++) {
    const count = (packed >> (COUNT_SHIFTS[field] ?? 0)) & (COUNT_LIMITS[field] ?? 0);
    if (count === 0) continue;
    parts.push({ field, gain: (FIELD_WEIGHTS[field] ?? 0) * count * (K1 + 1), base: count + K1 * (1 - B) });
  }
  partsOfCounts[packed] = parts;
  return parts;
}

/**
 * Each field is saturated by itself and the results are added: a term in summary and content is two witnesses.
 * Hardly a call per posting: this runs in a process that has just started, where one costs more than what it does.
 */
function addPostings(
  { scores, covered, matched }: Scores,
  bytes: Uint8Array,
  { front, norms, weight, covering, matching }: Addition,
): void {
  for (let at = 0; at < bytes.length; at += POSTING_BYTES) {
    const ordinal = (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
    const packed = bytes[at + 2] ?? 0;
    let sum = 0;
    for (const part of partsOfCounts[packed] ?? partsOf(packed)) {
      sum += part.gain / (part.base + (norms[part.field] ?? 0) * lengthOf(front, part.field, ordinal));
    }
    scores[ordinal] = (scores[ordinal] ?? 0) + weight * sum;
    covered[ordinal] = (covered[ordinal] ?? 0) + covering;
    matched[ordinal] = (matched[ordinal] ?? 0) + matching;
  }
}

const lengthOf = (front: SegmentFront, field: number, ordinal: number): number =>
  field === 0 ? (front.contentLengths[ordinal] ?? 0) : (front.shortLengths[3 * ordinal + field - 1] ?? 0);

interface ScoredSegment extends Scores {
  front: SegmentFront;
  index: number;
  mass: number;
  rarest: number;
}

function collect(best: RankedRecord[], segment: ScoredSegment, { limit, boost }: RankOptions): void {
  const { scores, front } = segment;
  const most = boost ? MOST_BOOST : 1;
  // No objects before a record is known to be among the best: a common word matches most of the store.
  let least = best.length >= limit ? lowest(best) : 0;
  for (let ordinal = 0; ordinal < front.records; ordinal++) {
    // Most matches share one common word with the query: they fall out before anything is computed for them.
    const raw = scores[ordinal] ?? 0;
    if (raw === 0 || raw * most < least) continue;
    const score = scoreOf(segment, ordinal, boost);
    if (score <= 0 || score < least) continue;
    insert(best, rankedRecord(segment, ordinal, score));
    if (best.length > limit) best.pop();
    if (best.length >= limit) least = lowest(best);
  }
}

/** With a bound, records that no boost can lift among the best need not be asked about. */
const MOST_BOOST = 2;

const lowest = (best: readonly RankedRecord[]): number => best.at(-1)?.score ?? 0;

function scoreOf(segment: ScoredSegment, ordinal: number, boost: RankOptions['boost']): number {
  const score = coveringScore(segment, ordinal);
  if (!boost) return score;
  return score * Math.min(MOST_BOOST, boost(cwdOf(segment.front, ordinal), updatedAt(segment.front, ordinal)));
}

const coveringScore = (segment: ScoredSegment, ordinal: number): number =>
  (segment.scores[ordinal] ?? 0) * (1 - COVERAGE_SHARE + COVERAGE_SHARE * coverageOf(segment, ordinal));

const coverageOf = ({ covered, mass }: ScoredSegment, ordinal: number): number =>
  mass === 0 ? 0 : (covered[ordinal] ?? 0) / mass;

/** As many words of the rarest kind make a match that is hardly a coincidence. */
const WORDS_OF_EVIDENCE = 3;

/**
 * Strength of a match per unit of what is asked, times the evidence that it is none by accident: two common words in
 * common are little of either, and three of three words of a prompt are a full answer with little evidence.
 */
function relevanceOf(segment: ScoredSegment, ordinal: number): number {
  const { mass, rarest } = segment;
  const score = coveringScore(segment, ordinal);
  return mass === 0 ? 0 : (1 - Math.exp(-score / mass)) * (1 - Math.exp(-score / (WORDS_OF_EVIDENCE * rarest)));
}

const cwdOf = (front: SegmentFront, ordinal: number): string => front.folders[front.folderOf[ordinal] ?? 0] ?? '';
const updatedAt = (front: SegmentFront, ordinal: number): number => front.times[ordinal] ?? 0;

function rankedRecord(segment: ScoredSegment, ordinal: number, score: number): RankedRecord {
  return {
    segment: segment.index,
    ordinal,
    score,
    relevance: relevanceOf(segment, ordinal),
    matched: segment.matched[ordinal] ?? 0,
    updatedAt: updatedAt(segment.front, ordinal),
  };
}

function insert(best: RankedRecord[], record: RankedRecord): void {
  let at = best.length;
  while (at > 0 && comesBefore(record, best[at - 1])) at--;
  best.splice(at, 0, record);
}

const comesBefore = (one: RankedRecord, other: RankedRecord | undefined): boolean =>
  other !== undefined && (one.score > other.score || (one.score === other.score && one.updatedAt > other.updatedAt));
