import { POSTING_BYTES } from './recall-segment-format.ts';
import type { SegmentFront } from './recall-segment-reader.ts';

/** Saturation and length normalisation of BM25, as DESIGN fixes them. */
const K1 = 1.2;
const B = 0.75;
const BASE = K1 * (1 - B);
/** Factors of the fields' scores (content, summary, aliases, paths): see docs/decisions/010-recall-ranking.md. */
const FIELD_WEIGHTS = [1, 1, 1, 0.5] as const;
/** What a term of weight 1 gives at most, by all fields together. */
const MOST_GAIN = (K1 + 1) * FIELD_WEIGHTS.reduce((sum: number, weight) => sum + weight, 0);

/**
 * Scores are summed in whole numbers: of every fraction a process that has just started makes an object, and these cost it
 * more than the sums. No sum of a query exceeds this one.
 */
const WHOLE_SUM = 2 ** 30;
/** Covering all that is asked. */
export const WHOLE_COVER = 2 ** 28;

/** Per record of a segment; zero but for those in `touched`. */
export interface Scores {
  /** In units of `1 / scale`. */
  sums: Int32Array;
  /** Weight of the counted query terms that a record has, as a share of `WHOLE_COVER`. */
  covered: Int32Array;
  /** Ordinals of the records that have a term: the first `count` of them. */
  touched: Uint16Array;
  count: number;
  /** What a score of 1 is in `sums`. */
  scale: number;
  /** What the term in work gives, by field, count and length; 0: not computed yet. */
  gains: Int32Array;
}

/**
 * @param records of the largest segment
 * @param weight of all terms of the query
 */
export const emptyScores = (records: number, weight: number): Scores => ({
  sums: new Int32Array(records),
  covered: new Int32Array(records),
  touched: new Uint16Array(records),
  count: 0,
  scale: weight === 0 ? 1 : WHOLE_SUM / (MOST_GAIN * weight),
  gains: new Int32Array(GAINS),
});

/** Forgets what was added. */
export function clearScores(scores: Scores): void {
  scores.sums.fill(0);
  scores.covered.fill(0);
  scores.count = 0;
}

/** What one term gives to the records of one segment. */
export interface TermGain {
  gains: Int32Array;
  contentLengths: Uint16Array;
  shortLengths: Uint8Array;
  /** K1 * B / average length, per field. */
  norms: readonly number[];
  /** Weight in units of `sums`, K1 + 1 included. */
  weight: number;
}

/**
 * Takes a term into work, in place of the one before.
 * @param averages lengths per field
 * @param weight includes the term's rarity
 */
export function termGain(
  { gains, scale }: Scores,
  { contentLengths, shortLengths }: SegmentFront,
  averages: readonly number[],
  weight: number,
): TermGain {
  gains.fill(0);
  const norms = averages.map((average) => (K1 * B) / average);
  return { gains, contentLengths, shortLengths, norms, weight: weight * (K1 + 1) * scale };
}

/**
 * Adds what a term gives to the records that have it.
 * @param covering what having the term adds to `covered`
 */
export function addPostings(scores: Scores, postings: Uint8Array, gain: TermGain, covering: number): void {
  const { sums, covered, touched } = scores;
  let { count } = scores;
  for (let at = 0; at < postings.length; at += POSTING_BYTES) {
    const ordinal = (postings[at] ?? 0) | ((postings[at + 1] ?? 0) << 8);
    const before = sums[ordinal] ?? 0;
    if (before === 0) touched[count++] = ordinal;
    sums[ordinal] = before + gainOf(gain, ordinal, postings[at + 2] ?? 0);
    covered[ordinal] = (covered[ordinal] ?? 0) + covering;
  }
  scores.count = count;
}

/**
 * Where `gains` keeps what: a row of content lengths per count (0..15), then rows of short lengths: four for the counts of
 * summaries (0..3), one for aliases, one for paths.
 */
const ROW = 512;
const SHORT_ROW = 256;
const SUMMARY = 16 * ROW;
const ALIASES = SUMMARY + 4 * SHORT_ROW;
const PATHS = ALIASES + SHORT_ROW;
const GAINS = PATHS + SHORT_ROW;

/**
 * What a term gives to one record, in units of `sums`. Each field is saturated by itself and the results are added: a term in
 * summary and content is two witnesses.
 */
export function gainOf(gain: TermGain, ordinal: number, packed: number): number {
  const count = packed & 0x0f;
  const content = count === 0 ? 0 : gainOfContent(gain, count, gain.contentLengths[ordinal] ?? 0);
  return packed === count ? content : content + gainOfShortFields(gain, ordinal, packed);
}

const gainOfContent = (gain: TermGain, count: number, length: number): number =>
  length < ROW ? known(gain, count * ROW + length) : computed(gain, 0, count, length);

function gainOfShortFields(gain: TermGain, ordinal: number, packed: number): number {
  const { shortLengths } = gain;
  const at = 3 * ordinal;
  const summaries = (packed & 0x30) >> 4;
  let sum = summaries === 0 ? 0 : known(gain, SUMMARY + summaries * SHORT_ROW + (shortLengths[at] ?? 0));
  if ((packed & 0x40) !== 0) sum += known(gain, ALIASES + (shortLengths[at + 1] ?? 0));
  if ((packed & 0x80) !== 0) sum += known(gain, PATHS + (shortLengths[at + 2] ?? 0));
  return sum;
}

const known = (gain: TermGain, at: number): number => gain.gains[at] || (gain.gains[at] = computedAt(gain, at));

function computedAt(gain: TermGain, at: number): number {
  if (at < SUMMARY) return computed(gain, 0, Math.floor(at / ROW), at % ROW);
  const length = at % SHORT_ROW;
  if (at >= PATHS) return computed(gain, 3, 1, length);
  if (at >= ALIASES) return computed(gain, 2, 1, length);
  return computed(gain, 1, Math.floor((at - SUMMARY) / SHORT_ROW), length);
}

/** At least 1, because 0 says that nothing is known. */
function computed({ norms, weight }: TermGain, field: number, count: number, length: number): number {
  const share = ((FIELD_WEIGHTS[field] ?? 0) * count) / (count + BASE + (norms[field] ?? 0) * length);
  return Math.max(1, Math.round(weight * share));
}

/** The packed counts of a record in a posting list; 0 when it is not in it. */
export function countsAt(postings: Uint8Array, ordinal: number): number {
  let low = 0;
  let high = postings.length / POSTING_BYTES;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = middle * POSTING_BYTES;
    const here = (postings[at] ?? 0) | ((postings[at + 1] ?? 0) << 8);
    if (here === ordinal) return postings[at + 2] ?? 0;
    if (here < ordinal) low = middle + 1;
    else high = middle;
  }
  return 0;
}
