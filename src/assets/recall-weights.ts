import type { QueryTerm } from './recall-query.ts';
import { FIELD_COUNT } from './recall-segment-format.ts';
import type { SegmentFront } from './recall-segment-reader.ts';

/** One segment's share of a query: its front, and how many records have each query term there. */
export interface AskedSegment {
  front: SegmentFront;
  entries: readonly ({ records: number } | undefined)[];
  /** Reads where a term (by its place in the query) is listed; undefined where it is not, or cannot be read. */
  postings: (term: number) => Uint8Array | undefined;
}

/** A query term that some record has. */
export interface WeighedTerm {
  /** Place in the query. */
  index: number;
  /** Includes the term's rarity. */
  weight: number;
  counts: boolean;
  /** That have it, in all segments. */
  records: number;
}

export interface WeighedQuery {
  terms: readonly WeighedTerm[];
  /** Average lengths per field, in terms. */
  averages: readonly number[];
  /** Weight of all counted terms, found or not. */
  mass: number;
  /** Rarity of a term that no record has. */
  rarest: number;
}

/**
 * A store is a small part of all that could have been noted: without these records that have none of the words, the
 * words that a young store lacks would outweigh those that it has.
 */
const UNSEEN_RECORDS = 200;

/** Robertson–Spärck Jones weight in the form that is never negative. */
const inverseFrequency = (records: number, withTerm: number): number =>
  Math.log(1 + (records + UNSEEN_RECORDS - withTerm + 0.5) / (withTerm + 0.5));

/** Weighs the terms of a query by their rarity in all segments together. */
export function weighTerms(segments: readonly AskedSegment[], terms: readonly QueryTerm[]): WeighedQuery {
  const records = segments.reduce((sum, { front }) => sum + front.records, 0);
  const places = new Map(terms.map(({ term }, index) => [term, index]));
  const frequencies = terms.map((_, index) => frequency(segments, index));
  const rarities = frequencies.map((withTerm) => inverseFrequency(records, withTerm));
  const found = terms.map(({ weight, counts, insteadOf }, index): WeighedTerm => {
    const rarity = rarities[index] ?? 0;
    const limit = rarities[places.get(insteadOf ?? '') ?? index] ?? rarity;
    return { index, weight: weight * Math.min(rarity, limit), counts, records: frequencies[index] ?? 0 };
  });
  return {
    terms: found.filter((term) => term.records > 0),
    averages: averagesOf(segments),
    mass: found.reduce((sum, { weight, counts }) => sum + (counts ? weight : 0), 0),
    rarest: inverseFrequency(records, 0),
  };
}

const frequency = (segments: readonly AskedSegment[], term: number): number =>
  segments.reduce((sum, { entries }) => sum + (entries[term]?.records ?? 0), 0);

function averagesOf(segments: readonly AskedSegment[]): number[] {
  const averages: number[] = [];
  for (let field = 0; field < FIELD_COUNT; field++) {
    let length = 0;
    let filled = 0;
    for (const { front } of segments) {
      length += front.lengths[field] ?? 0;
      filled += front.filled[field] ?? 0;
    }
    averages.push(Math.max(1, length / Math.max(1, filled)));
  }
  return averages;
}

/** So much of the weight of what is found decides who is a candidate; with enough postings, half of it. */
const LEADING_SHARE = 0.85;
const LEADING_SHARE_AT_LEAST = 0.6;
const ENOUGH_POSTINGS = 3000;
/** Fewer postings are not worth a second step. */
const FEW_POSTINGS = 1_000;

/**
 * Common words stand in most of the store and decide nearly nothing: the records are found by the weighty terms, and only
 * the best of them are asked about the others. After the essential lists of MaxScore (Turtle and Flood 1995), with a share
 * of the weight in place of a bound; docs/decisions/010 has what it gains and that it costs no quality.
 */
export function splitTerms(terms: readonly WeighedTerm[]): { leading: WeighedTerm[]; trailing: WeighedTerm[] } {
  const sorted = terms.toSorted((a, b) => b.weight - a.weight || a.records - b.records);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  let weight = 0;
  let postings = 0;
  let length = 0;
  for (const term of sorted) {
    if (weight >= LEADING_SHARE * total) break;
    if (weight >= LEADING_SHARE_AT_LEAST * total && postings >= ENOUGH_POSTINGS) break;
    weight += term.weight;
    postings += term.records;
    length++;
  }
  const left = sorted.slice(length).reduce((sum, { records }) => sum + records, 0);
  return left < FEW_POSTINGS
    ? { leading: sorted, trailing: [] }
    : { leading: sorted.slice(0, length), trailing: sorted.slice(length) };
}
