import { type Hash, hashOf } from './recall-segment-format.ts';
import { eachTerm, isPlainWord, termOf } from './recall-terms.ts';
import { isQuestionPair, synonymGroups } from './recall-word-lists.ts';

/** One thing that a query asks for. */
export interface QueryTerm extends Hash {
  term: string;
  /** Factor of the term's score. */
  weight: number;
  /** False for a coarser or finer form of another term: it may add to a score, but nothing lacks when it is missing. */
  counts: boolean;
  /** The term that this one stands in for: it never weighs more than that one. */
  insteadOf?: string;
}

/** A longer query is a paste; its beginning says what it is about. */
const LONGEST_QUERY = 16_384;
const MOST_TERMS = 256;
/** Long queries are specific enough without guesses about compounds and synonyms. */
const MOST_TERMS_TO_EXPAND = 24;
/** `file name` also asks for `filename`, with less weight, because the guess may be wrong. */
const JOINED_WEIGHT = 0.3;
const SYNONYM_WEIGHT = 0.3;

const LAST_ASCII = 0x7f;

function isLoneIdeograph(term: string): boolean {
  const code = term.codePointAt(0) ?? 0;
  return code > 0x2e80 && term.length === (code > 0xffff ? 2 : 1);
}

/** The terms of the last query: a prompt is read once to see whether it asks for anything, and then by each source. */
let last: { text: string; terms: readonly QueryTerm[] } | undefined;

/** The distinct terms of a query; none when it has only stop words and punctuation. */
export function queryTerms(text: string): readonly QueryTerm[] {
  if (last?.text !== text) last = { text, terms: termsOf(text) };
  return last.terms;
}

function termsOf(text: string): QueryTerm[] {
  const times = new Map<string, { count: number; counts: boolean }>();
  const sequence: string[] = [];
  eachTerm(text.slice(0, LONGEST_QUERY), (term, counts) => {
    // Within a longer run the pairs say more than the single characters do.
    if (term.charCodeAt(0) > LAST_ASCII && (isQuestionPair(term) || (!counts && isLoneIdeograph(term)))) return;
    const known = times.get(term);
    if (known) {
      known.count++;
      known.counts ||= counts;
    } else if (times.size < MOST_TERMS) times.set(term, { count: 1, counts });
    if (counts) sequence.push(term);
  });
  if (sequence.length === 0) return [];
  const terms: QueryTerm[] = [];
  // A word that is said twice is meant more, though not twice as much.
  for (const [term, { count, counts }] of times)
    terms.push({ term, weight: Math.sqrt(count), counts, ...hashOf(term) });
  if (terms.length <= MOST_TERMS_TO_EXPAND) terms.push(...joinedTerms(sequence, times), ...synonymsOf(terms, times));
  return terms;
}

function joinedTerms(sequence: readonly string[], known: ReadonlyMap<string, unknown>): QueryTerm[] {
  const joined = new Set<string>();
  for (const [index, term] of sequence.entries()) {
    const before = sequence[index - 1] ?? term;
    const pair = before + term;
    if (before !== term && isPlainWord(pair) && !known.has(pair)) joined.add(pair);
  }
  return [...joined].map((term) => ({ term, weight: JOINED_WEIGHT, counts: false, ...hashOf(term) }));
}

function synonymsOf(terms: readonly QueryTerm[], known: ReadonlyMap<string, unknown>): QueryTerm[] {
  const found = new Map<string, QueryTerm>();
  for (const { term: insteadOf } of terms) {
    for (const term of synonyms(insteadOf)) {
      if (known.has(term) || found.has(term)) continue;
      found.set(term, { term, weight: SYNONYM_WEIGHT, counts: false, insteadOf, ...hashOf(term) });
    }
  }
  return [...found.values()];
}

/** Only words that begin like the term are stemmed: stemming all groups would cost a cold process a millisecond. */
function synonyms(term: string): string[] {
  if (term.length < 3 || !isPlainWord(term)) return [];
  const beginning = term.slice(0, 3);
  return synonymGroups(beginning).flatMap((group) =>
    group.some((word) => word.startsWith(beginning) && termOf(word) === term) ? group.map(termOf) : [],
  );
}
