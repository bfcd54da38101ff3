import { type Boost, type Candidate, collect, coveringScore, kthBestOf, scoreOf } from './recall-candidates.ts';
import type { QueryTerm } from './recall-query.ts';
import {
  addPostings,
  countsAt,
  emptyScores,
  gainOf,
  type Scores,
  type TermGain,
  termGain,
  WHOLE_COVER,
} from './recall-score.ts';
import { type AskedSegment, splitTerms, type WeighedQuery, type WeighedTerm, weighTerms } from './recall-weights.ts';

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

const FEWEST_CANDIDATES = 64;

/**
 * Ranks the records of several segments as if they were one: document frequencies and average lengths are global.
 * @returns at most `limit` records, best first; the newer one first among equals
 */
export function rankRecords(
  segments: readonly AskedSegment[],
  terms: readonly QueryTerm[],
  { limit, boost }: RankOptions,
): RankedRecord[] {
  const query = weighTerms(segments, terms);
  const { leading, trailing } = splitTerms(query.terms);
  const candidates: Candidate[] = [];
  const scores = emptyScores(
    segments.reduce((most, { front }) => Math.max(most, front.records), 0),
    query.terms.reduce((sum, { weight }) => sum + weight, 0),
  );
  const most = trailing.length === 0 ? limit : Math.max(FEWEST_CANDIDATES, 2 * limit);
  for (const [index, segment] of segments.entries()) {
    for (const term of leading) {
      const postings = segment.postings(term.index);
      if (!postings) continue;
      const gain = termGain(scores, segment.front, query.averages, term.weight);
      addPostings(scores, postings, gain, coveringOf(term, query));
    }
    collect(candidates, scores, { index, front: segment.front, limit: most, boost });
  }
  const found =
    trailing.length === 0
      ? candidates
      : withTrailing(ableOf(candidates, trailing, { limit, scale: scores.scale }), segments, {
          scores,
          query,
          trailing,
        });
  const best = found.toSorted(bestFirst).slice(0, limit);
  return best.map((candidate) => ({
    segment: candidate.segment,
    ordinal: candidate.ordinal,
    score: candidate.score,
    relevance: relevanceOf(candidate, query, scores.scale),
    matched: matchedBy(candidate, segments, query.terms),
    updatedAt: candidate.updatedAt,
  }));
}

/** What having a term adds to `covered`. */
const coveringOf = ({ weight, counts }: WeighedTerm, { mass }: WeighedQuery): number =>
  counts ? Math.floor((WHOLE_COVER * weight) / mass) : 0;

/** What a term gives by one field at most (K1 + 1). By several it may give more, which hardly ever decides: no exact bound. */
const MOST_GAIN = 2.2;

/** Who can hardly reach the worst of the best so far is not asked about the remaining terms. */
function ableOf(
  candidates: readonly Candidate[],
  trailing: readonly WeighedTerm[],
  { limit, scale }: { limit: number; scale: number },
): Candidate[] {
  const gain = MOST_GAIN * trailing.reduce((sum, { weight }) => sum + weight, 0);
  const least = kthBestOf(candidates, limit);
  return candidates.filter(({ sum, boost }) => (sum / scale + gain) * boost >= least);
}

interface Trailing {
  scores: Scores;
  query: WeighedQuery;
  trailing: readonly WeighedTerm[];
}

/** Adds what candidates owe to the remaining terms. */
function withTrailing(
  candidates: Candidate[],
  segments: readonly AskedSegment[],
  { scores, query, trailing }: Trailing,
): Candidate[] {
  for (const [index, segment] of segments.entries()) {
    const own = candidates.filter((candidate) => candidate.segment === index);
    if (own.length === 0) continue;
    for (const term of trailing) {
      const postings = segment.postings(term.index);
      if (!postings) continue;
      const gain = termGain(scores, segment.front, query.averages, term.weight);
      const covering = coveringOf(term, query);
      // By places: an iterator makes an object for each of them.
      for (let at = 0; at < own.length; at++) addTerm(own[at], postings, gain, covering);
    }
  }
  for (const candidate of candidates) candidate.score = scoreOf(candidate, scores.scale);
  return candidates;
}

function addTerm(candidate: Candidate | undefined, postings: Uint8Array, gain: TermGain, covering: number): void {
  const packed = candidate ? countsAt(postings, candidate.ordinal) : 0;
  if (!candidate || packed === 0) return;
  candidate.sum += gainOf(gain, candidate.ordinal, packed);
  candidate.covered += covering;
}

function matchedBy(
  { segment, ordinal }: Candidate,
  segments: readonly AskedSegment[],
  terms: readonly WeighedTerm[],
): number {
  let matched = 0;
  for (const { index, counts } of terms) {
    const postings = counts ? segments[segment]?.postings(index) : undefined;
    if (postings && countsAt(postings, ordinal) !== 0) matched++;
  }
  return matched;
}

/** As many words of the rarest kind make a match that is hardly a coincidence. */
const WORDS_OF_EVIDENCE = 3;

/**
 * Strength of a match per unit of what is asked, times the evidence that it is none by accident: two common words in
 * common are little of either, and three of three words of a prompt are a full answer with little evidence.
 */
function relevanceOf({ sum, covered }: Candidate, { mass, rarest }: WeighedQuery, scale: number): number {
  const score = coveringScore(sum / scale, covered / WHOLE_COVER);
  return mass === 0 ? 0 : (1 - Math.exp(-score / mass)) * (1 - Math.exp(-score / (WORDS_OF_EVIDENCE * rarest)));
}

/** The newer one among equals, and then the one that comes first in the store. */
const bestFirst = (a: Candidate, b: Candidate): number =>
  b.score - a.score || b.updatedAt - a.updatedAt || a.segment - b.segment || a.ordinal - b.ordinal;
