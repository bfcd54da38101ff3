import { COUNT_LIMITS, COUNT_SHIFTS, FIELD_COUNT, POSTING_BYTES } from './recall-segment-format.ts';
import type { SegmentFront } from './recall-segment-reader.ts';

/** Saturation and length normalisation of BM25, as DESIGN fixes them. */
const K1 = 1.2;
const B = 0.75;
const BASE = K1 * (1 - B);
/** Factors of the fields' scores (content, summary, aliases, paths): see docs/decisions/010-recall-ranking.md. */
const FIELD_WEIGHTS = [1, 1, 1, 0.5] as const;

/** Per record of a segment; zero but for those in `touched`. */
export interface Scores {
  sums: Float64Array;
  /** Weight of the counted query terms that a record has. */
  covered: Float64Array;
  /** Ordinals of the records that have a term: the first `count` of them. */
  touched: Uint16Array;
  count: number;
}

export const emptyScores = (records: number): Scores => ({
  sums: new Float64Array(records),
  covered: new Float64Array(records),
  touched: new Uint16Array(records),
  count: 0,
});

/** How a segment's records are scored for one query. */
export interface Scoring {
  front: SegmentFront;
  /** K1 * B / average length, per field. */
  norms: readonly number[];
}

export const scoringOf = (front: SegmentFront, averages: readonly number[]): Scoring => ({
  front,
  norms: averages.map((average) => (K1 * B) / average),
});

/**
 * Adds what a term gives to the records that have it.
 * No calls and no iterators in the loop: this runs in a process that has just started, where each costs more than what
 * is computed.
 */
export function addPostings(scores: Scores, scoring: Scoring, postings: Uint8Array, term: TermGain): void {
  const { sums, covered, touched } = scores;
  const { contentLengths } = scoring.front;
  const norm = scoring.norms[0] ?? 0;
  const weight = term.weight * (K1 + 1);
  const { covering } = term;
  let { count } = scores;
  for (let at = 0; at < postings.length; at += POSTING_BYTES) {
    const ordinal = (postings[at] ?? 0) + (postings[at + 1] ?? 0) * 256;
    const packed = postings[at + 2] ?? 0;
    const times = packed & CONTENT_LIMIT;
    let gain = times === 0 ? 0 : times / (times + BASE + norm * (contentLengths[ordinal] ?? 0));
    if (packed !== times) gain += gainOfShortFields(scoring, ordinal, packed);
    const before = sums[ordinal] ?? 0;
    if (before === 0) touched[count++] = ordinal;
    sums[ordinal] = before + weight * gain;
    covered[ordinal] = (covered[ordinal] ?? 0) + covering;
  }
  scores.count = count;
}

interface TermGain {
  /** Includes the term's rarity. */
  weight: number;
  /** Of the weight, what counts as covered. */
  covering: number;
}

const CONTENT_LIMIT = COUNT_LIMITS[0];

/** Each field is saturated by itself and the results are added: a term in summary and content is two witnesses. */
function gainOfShortFields({ front, norms }: Scoring, ordinal: number, packed: number): number {
  let gain = 0;
  for (let field = 1; field < FIELD_COUNT; field++) {
    const count = (packed >> (COUNT_SHIFTS[field] ?? 0)) & (COUNT_LIMITS[field] ?? 0);
    if (count === 0) continue;
    const length = front.shortLengths[3 * ordinal + field - 1] ?? 0;
    gain += ((FIELD_WEIGHTS[field] ?? 0) * count) / (count + BASE + (norms[field] ?? 0) * length);
  }
  return gain;
}

/** What a term of weight 1 gives to one record: the same as addPostings adds. */
export function gainOf(scoring: Scoring, ordinal: number, packed: number): number {
  const count = packed & CONTENT_LIMIT;
  const length = scoring.front.contentLengths[ordinal] ?? 0;
  const content = count === 0 ? 0 : count / (count + BASE + (scoring.norms[0] ?? 0) * length);
  return (K1 + 1) * (content + gainOfShortFields(scoring, ordinal, packed));
}

/** The packed counts of a record in a posting list; 0 when it is not in it. */
export function countsAt(postings: Uint8Array, ordinal: number): number {
  let low = 0;
  let high = postings.length / POSTING_BYTES;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = middle * POSTING_BYTES;
    const here = (postings[at] ?? 0) + (postings[at + 1] ?? 0) * 256;
    if (here === ordinal) return postings[at + 2] ?? 0;
    if (here < ordinal) low = middle + 1;
    else high = middle;
  }
  return 0;
}
