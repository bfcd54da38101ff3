import type { QueryTerm } from './recall-query.ts';
import { addPostings, countsAt, emptyScores, gainOf, type Scores, scoringOf } from './recall-score.ts';
import type { SegmentFront } from './recall-segment-reader.ts';
import { type AskedSegment, splitTerms, type WeighedQuery, type WeighedTerm, weighTerms } from './recall-weights.ts';

/**
 * Factor for a record's score, from what is known without reading it: 1 to MOST_BOOST.
 * @param updatedAt seconds since 1970; 0 = unknown
 */
export type Boost = (cwd: string, updatedAt: number) => number;

/** With a bound, records that no boost can lift among the best need not be asked about. */
const MOST_BOOST = 1.25;

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

/** Share of a score that depends on how much of the query the record covers. */
const COVERAGE_SHARE = 0.4;
const FEWEST_CANDIDATES = 64;

/**
 * Ranks the records of several segments as if they were one: document frequencies and average lengths are global.
 * @returns at most `limit` records, best first; the newer one first among equals
 */
export function rankRecords(
  segments: readonly AskedSegment[],
  terms: readonly QueryTerm[],
  options: RankOptions,
): RankedRecord[] {
  const query = weighTerms(segments, terms);
  const { leading, trailing } = splitTerms(query.terms);
  const limit = trailing.length === 0 ? options.limit : Math.max(FEWEST_CANDIDATES, 2 * options.limit);
  const candidates: Candidate[] = [];
  const scores = emptyScores(segments.reduce((most, { front }) => Math.max(most, front.records), 0));
  for (const [index, segment] of segments.entries()) {
    const scoring = scoringOf(segment.front, query.averages);
    for (const { index: term, weight, counts } of leading) {
      const postings = segment.postings(term);
      if (postings) addPostings(scores, scoring, postings, { weight, covering: counts ? weight : 0 });
    }
    collect(candidates, scores, { index, front: segment.front, mass: query.mass, limit, boost: options.boost });
  }
  const found =
    trailing.length === 0
      ? candidates
      : withTrailing(candidates, segments, { ...query, terms: trailing }, options.limit);
  const best = found.toSorted(bestFirst).slice(0, options.limit);
  const matched = new Map<Candidate, number>();
  eachPosting(best, segments, query, (candidate, _gain, { counts }) => {
    if (counts) matched.set(candidate, (matched.get(candidate) ?? 0) + 1);
  });
  return best.map((candidate) => ({
    segment: candidate.segment,
    ordinal: candidate.ordinal,
    score: candidate.score,
    relevance: relevanceOf(candidate, query),
    matched: matched.get(candidate) ?? 0,
    updatedAt: candidate.updatedAt,
  }));
}

/** A record that may be among the best. */
interface Candidate {
  segment: number;
  ordinal: number;
  /** Without coverage and boost. */
  sum: number;
  covered: number;
  boost: number;
  score: number;
  updatedAt: number;
}

interface Collecting extends RankOptions {
  index: number;
  front: SegmentFront;
  mass: number;
}

/**
 * Adds the best of what was scored to the `limit` best so far, and empties the scores. A common word matches most of the
 * store: the scores are sorted as plain numbers, and objects are made only of those that may be among the best.
 */
function collect(best: Candidate[], scores: Scores, collecting: Collecting): void {
  const { sums, covered, touched, count } = scores;
  const values = coveringScores(scores, collecting.mass);
  const least = leastOf(values, best, collecting);
  for (let at = 0; at < count; at++) {
    const ordinal = touched[at] ?? 0;
    const score = values[at] ?? 0;
    if (score >= least) {
      const place = placeOf(collecting, ordinal);
      best.push({ ...place, sum: sums[ordinal] ?? 0, covered: covered[ordinal] ?? 0, score: score * place.boost });
    }
    sums[ordinal] = 0;
    covered[ordinal] = 0;
  }
  scores.count = 0;
  dropWorse(best, collecting.limit);
}

/** Keeps the `limit` best, and what equals the last of them; not in order. */
function dropWorse(candidates: Candidate[], limit: number): void {
  if (candidates.length <= limit) return;
  const least = kthBest(
    Float64Array.from(candidates, ({ score }) => score),
    limit,
  );
  let kept = 0;
  for (const candidate of candidates) if (candidate.score >= least) candidates[kept++] = candidate;
  candidates.length = kept;
}

/** The k-th largest number; 0 when there are fewer. Sorted by the machine's own code, which a fresh process need not warm up. */
const kthBest = (values: Float64Array, k: number): number =>
  values.length < k ? 0 : (values.toSorted()[values.length - k] ?? 0);

function coveringScores({ sums, covered, touched, count }: Scores, mass: number): Float64Array {
  const values = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const ordinal = touched[at] ?? 0;
    values[at] = coveringScore(sums[ordinal] ?? 0, covered[ordinal] ?? 0, mass);
  }
  return values;
}

/** The score without boost below which nothing can be among the `limit` best. */
function leastOf(values: Float64Array, best: readonly Candidate[], { limit, boost }: RankOptions): number {
  const lowest = best.length < limit ? 0 : best.reduce((least, { score }) => Math.min(least, score), Infinity);
  return Math.max(kthBest(values, limit), lowest) / (boost ? MOST_BOOST : 1);
}

function placeOf({ index, front, boost }: Collecting, ordinal: number) {
  const updatedAt = front.times[ordinal] ?? 0;
  const cwd = front.folders[front.folderOf[ordinal] ?? 0] ?? '';
  return {
    segment: index,
    ordinal,
    boost: boost ? Math.max(1, Math.min(MOST_BOOST, boost(cwd, updatedAt))) : 1,
    updatedAt,
  };
}

const coveringScore = (sum: number, covered: number, mass: number): number =>
  sum * (1 - COVERAGE_SHARE + (mass === 0 ? 0 : (COVERAGE_SHARE * covered) / mass));

/** What a term gives by one field at most (K1 + 1). By several it may give more, which hardly ever decides: no exact bound. */
const MOST_GAIN = 2.2;

/** Adds what the candidates owe to the remaining terms. @returns those that may be among the best */
function withTrailing(
  candidates: Candidate[],
  segments: readonly AskedSegment[],
  query: WeighedQuery,
  limit: number,
): Candidate[] {
  const gain = MOST_GAIN * query.terms.reduce((sum, { weight }) => sum + weight, 0);
  // Who can hardly reach the worst of the best so far is not asked about.
  const least = kthBest(
    Float64Array.from(candidates, ({ score }) => score),
    limit,
  );
  const able = candidates.filter(({ sum, boost }) => (sum + gain) * boost >= least);
  eachPosting(able, segments, query, (candidate, added, { weight, counts }) => {
    candidate.sum += weight * added;
    if (counts) candidate.covered += weight;
  });
  for (const candidate of able)
    candidate.score = coveringScore(candidate.sum, candidate.covered, query.mass) * candidate.boost;
  return able;
}

type Visit = (candidate: Candidate, gain: number, term: WeighedTerm) => void;

/** Visits each term that a candidate has, with what it gives per weight. */
function eachPosting(
  candidates: readonly Candidate[],
  segments: readonly AskedSegment[],
  { terms, averages }: Pick<WeighedQuery, 'terms' | 'averages'>,
  visit: Visit,
): void {
  for (const [index, segment] of segments.entries()) {
    const own = candidates.filter((candidate) => candidate.segment === index);
    if (own.length === 0) continue;
    const scoring = scoringOf(segment.front, averages);
    for (const term of terms) {
      const postings = segment.postings(term.index);
      if (!postings) continue;
      for (const candidate of own) {
        const packed = countsAt(postings, candidate.ordinal);
        if (packed !== 0) visit(candidate, gainOf(scoring, candidate.ordinal, packed), term);
      }
    }
  }
}

/** As many words of the rarest kind make a match that is hardly a coincidence. */
const WORDS_OF_EVIDENCE = 3;

/**
 * Strength of a match per unit of what is asked, times the evidence that it is none by accident: two common words in
 * common are little of either, and three of three words of a prompt are a full answer with little evidence.
 */
function relevanceOf(candidate: Candidate, { mass, rarest }: WeighedQuery): number {
  const score = coveringScore(candidate.sum, candidate.covered, mass);
  return mass === 0 ? 0 : (1 - Math.exp(-score / mass)) * (1 - Math.exp(-score / (WORDS_OF_EVIDENCE * rarest)));
}

/** The newer one among equals, and then the one that comes first in the store. */
const bestFirst = (a: Candidate, b: Candidate): number =>
  b.score - a.score || b.updatedAt - a.updatedAt || a.segment - b.segment || a.ordinal - b.ordinal;
