import { clearScores, type Scores, WHOLE_COVER } from './recall-score.ts';
import type { SegmentFront } from './recall-segment-reader.ts';

/** A record that may be among the best. */
export interface Candidate {
  segment: number;
  ordinal: number;
  /** Without coverage and boost, in units of `Scores.sums`. */
  sum: number;
  /** As in `Scores`. */
  covered: number;
  boost: number;
  score: number;
  updatedAt: number;
}

/** Factor for a record's score, from the folder that it was made in: 1 to MOST_BOOST. */
export type Boost = (cwd: string) => number;

/** More than that would put folders above words. */
const MOST_BOOST = 1.25;

/** Share of a score that depends on how much of the query the record covers. */
const COVERAGE_SHARE = 0.4;

/** The score of a record. @param sum in its own units, without boost @param cover 0..1 */
export const coveringScore = (sum: number, cover: number): number =>
  sum * (1 - COVERAGE_SHARE + COVERAGE_SHARE * cover);

export const scoreOf = ({ sum, covered, boost }: Candidate, scale: number): number =>
  coveringScore(sum / scale, covered / WHOLE_COVER) * boost;

export interface Collecting {
  /** Place of the segment in the store. */
  index: number;
  front: SegmentFront;
  limit: number;
  boost: Boost | undefined;
}

/**
 * Adds the best of what was scored in a segment to the `limit` best so far, and empties the scores. A common word matches
 * most of the store: the scores are sorted as plain numbers, and objects are made only of those that may be among the best.
 */
export function collect(best: Candidate[], scores: Scores, collecting: Collecting): void {
  const { sums, covered, touched, count, scale } = scores;
  const { index, front, limit } = collecting;
  const values = roughScores(scores);
  const boosts = boostsOf(collecting);
  const least = Math.max(kthBest(values, limit), lowest(best, limit) * scale * ROUGH_SCORE);
  const largestBoost = boosts ? boosts.reduce((most, boost) => Math.max(most, boost)) : 1;
  const unboosted = (least / largestBoost) * (1 - 1 / ROUGH_UNCOVERED) - ROUGH_WHOLE;
  for (let at = 0; at < count; at++) {
    if ((values[at] ?? 0) < unboosted) continue;
    const ordinal = touched[at] ?? 0;
    const candidate = {
      segment: index,
      ordinal,
      sum: sums[ordinal] ?? 0,
      covered: covered[ordinal] ?? 0,
      boost: boosts?.[front.folderOf[ordinal] ?? 0] ?? 1,
      score: 0,
      updatedAt: front.times[ordinal] ?? 0,
    };
    candidate.score = scoreOf(candidate, scale);
    best.push(candidate);
  }
  clearScores(scores);
  dropWorse(best, limit);
}

/** Boosts of a segment's folders; undefined when none is boosted, as in most queries. */
function boostsOf({ front, boost }: Collecting): number[] | undefined {
  if (!boost) return undefined;
  const boosts = front.folders.map((folder) => Math.max(1, Math.min(MOST_BOOST, boost(folder))));
  return boosts.some((factor) => factor > 1) ? boosts : undefined;
}

const lowest = (best: readonly Candidate[], limit: number): number =>
  best.length < limit ? 0 : best.reduce((least, { score }) => Math.min(least, score), Infinity);

/** Keeps the `limit` best, and what equals the last of them; not in order. */
function dropWorse(candidates: Candidate[], limit: number): void {
  if (candidates.length <= limit) return;
  const least = kthBestOf(candidates, limit);
  let kept = 0;
  for (const candidate of candidates) if (candidate.score >= least) candidates[kept++] = candidate;
  candidates.length = kept;
}

/** The k-th best score; 0 when there are fewer. */
export const kthBestOf = (candidates: readonly Candidate[], k: number): number =>
  kthBest(
    Float64Array.from(candidates, ({ score }) => score),
    k,
  );

/** Sorted by the machine's own code, which a fresh process need not warm up. */
const kthBest = (values: Float64Array | Int32Array, k: number): number =>
  values.length < k ? 0 : (values.toSorted()[values.length - k] ?? 0);

/** Rough scores are products of a sum's upper bits and a coverage of twelve bits: whole numbers below 2 ** 30. */
const SUM_BITS = 15;
const COVER_BITS = 16;
const ROUGH_COVER = WHOLE_COVER >> COVER_BITS;
const ROUGH_UNCOVERED = Math.round((ROUGH_COVER * (1 - COVERAGE_SHARE)) / COVERAGE_SHARE);
const ROUGH_WHOLE = ROUGH_UNCOVERED + ROUGH_COVER;
/** What a score of 1 is as a rough one, per scale. Cut off is less than one of the sum and less than one of the coverage. */
const ROUGH_SCORE = ROUGH_WHOLE / 2 ** SUM_BITS;

/** Scores without boost, cut to whole numbers. */
function roughScores({ sums, covered, touched, count }: Scores): Int32Array {
  const values = new Int32Array(count);
  for (let at = 0; at < count; at++) {
    const ordinal = touched[at] ?? 0;
    values[at] = ((sums[ordinal] ?? 0) >> SUM_BITS) * (ROUGH_UNCOVERED + ((covered[ordinal] ?? 0) >> COVER_BITS));
  }
  return values;
}
