import { eachTerm } from '../assets/recall-terms.ts';
import { fingerprintOf } from '../assets/similarity.ts';

/** What is compared of a text to say whether another one rests on it. */
export interface Reading {
  /** Folded, lower case. */
  text: string;
  /** Stems of its words, as recall files them. */
  terms: ReadonlySet<string>;
  /** Numbers, names, paths, identifiers. */
  sharp: ReadonlySet<string>;
  negated: boolean;
}

/** So much of an entry must be in the words that it rests on; the rest is how somebody else puts it. */
const MIN_GROUNDED = 0.6;
/** So much of a suggestion must be in an entry that says it without saying so. */
const MIN_SAID = 0.75;
/** Below both of these a claimed source has nothing to do with the entry. */
const MIN_CLAIMED_OF_ENTRY = 0.25;
const MIN_CLAIMED_OF_SOURCE = 0.34;

const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

/** A redacted secret, with whatever stood around it without a blank: its like is in no source. */
const REDACTED = /\S*\[redacted:[^\]]*\]\S*/g;

export function readingOf(given: string): Reading {
  const text = given.replaceAll(REDACTED, ' ');
  const terms = new Set<string>();
  eachTerm(text, (term, counts) => {
    if (counts) terms.add(term);
  });
  const sharp = fingerprintOf(text)
    .sharp.split('\n')
    .filter((token) => token !== '');
  return {
    text: fold(text),
    terms,
    sharp: new Set(sharp.filter((token) => !token.startsWith('not:')).map(fold)),
    negated: sharp.some((token) => token.startsWith('not:')),
  };
}

/** Part of the terms that are among the others; 1 for a text without any. */
export function share(terms: ReadonlySet<string>, others: ReadonlySet<string>): number {
  if (terms.size === 0) return 1;
  let found = 0;
  for (const term of terms) if (others.has(term)) found++;
  return found / terms.size;
}

/** Whether a text says what the suggestion says, in more or less its words. */
export const says = (text: Reading, suggestion: Reading): boolean =>
  text.negated === suggestion.negated &&
  share(suggestion.terms, text.terms) >= MIN_SAID &&
  [...suggestion.sharp].every((token) => text.sharp.has(token) || text.text.includes(token));

/** Whether it is believable that an entry rests on that source. */
export const mayRestOn = (entry: Reading, source: Reading): boolean =>
  entry.terms.size > 0 &&
  (share(entry.terms, source.terms) >= MIN_CLAIMED_OF_ENTRY ||
    share(source.terms, entry.terms) >= MIN_CLAIMED_OF_SOURCE);

/**
 * Why an entry says more than its sources do: too many words of its own, a number, path, address,
 * flag or name in code that none of them has, or a "not" where none of them has one (or none where
 * all have one). Undefined when it rests on them.
 */
export function inventedPart(entry: Reading, sources: readonly Reading[]): string | undefined {
  const known = new Set(sources.flatMap((source) => [...source.terms]));
  if (share(entry.terms, known) < MIN_GROUNDED) return 'most of its words are in nothing that it could rest on';
  const stranger = hardTokens(entry.text).find((token) => !sources.some((source) => source.text.includes(token)));
  if (stranger !== undefined) return `"${stranger.slice(0, 60)}" is in nothing that it could rest on`;
  if (sources.length > 0 && sources.every((source) => source.negated !== entry.negated))
    return entry.negated ? 'it negates what its sources affirm' : 'it affirms what its sources negate';
  return undefined;
}

const LIST_MARKER = /^[ \t]*(?:\d{1,3}[.)]|[-*+])[ \t]+/gm;
const ABBREVIATION = /^(?:e\.g|i\.e|a\.m|p\.m|u\.s)$/;
/** Figures, addresses, paths, variables, flags, names with dots or underscores in them: what is either right or wrong. */
const HARD = /\p{N}|[/\\@$=~|<>_]|\w\.\w|^-{1,2}[a-z]/u;
/** "and/or" is prose. */
const TWO_WORDS = /^\p{L}+\/\p{L}+$/u;

function hardTokens(text: string): string[] {
  return text
    .replaceAll(LIST_MARKER, ' ')
    .split(/[\s,;!?，。；！？、“”"'`()[\]{}（）「」]+/u)
    .map((token) => token.replaceAll(/^[.:*]+|[.:*]+$/g, ''))
    .filter((token) => HARD.test(token) && !ABBREVIATION.test(token) && !TWO_WORDS.test(token));
}
