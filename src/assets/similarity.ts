/**
 * When two texts say the same. Made for facts about software, where one word can be the whole
 * difference: texts that differ in a number, an identifier, a path, a name or a negation are
 * different facts, however alike they look.
 */

/** Text as it is compared: compatibility forms folded, lower case, one blank between words, no closing stop. */
export const normalContent = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/gu, ' ')
    .trim()
    .replace(/[.。!！]+$/u, '');

/** Share of words and of word order that two texts must have in common to be one fact. */
const MIN_SHARED_WORDS = 0.9;
const MIN_SHARED_SHINGLES = 0.6;

/** What is compared of a text; made once per text, for stores with thousands of them. */
export interface Fingerprint {
  normal: string;
  /** Numbers, names, paths, negations: equal in texts that are one fact, so a good key to look them up by. */
  sharp: string;
  words: ReadonlySet<string>;
  shingles: ReadonlySet<string>;
}

export function fingerprintOf(text: string): Fingerprint {
  const list = words(text);
  return {
    normal: normalContent(text),
    sharp: [...sharpTokens(text)].toSorted().join('\n'),
    words: new Set(list),
    shingles: new Set(shinglesOf(list)),
  };
}

/** Whether two texts are the same fact in slightly different words. */
export function isSameFact(a: Fingerprint, b: Fingerprint): boolean {
  if (a.normal === b.normal) return true;
  if (a.sharp !== b.sharp) return false;
  return jaccard(a.words, b.words) >= MIN_SHARED_WORDS && jaccard(a.shingles, b.shingles) >= MIN_SHARED_SHINGLES;
}

export const saysTheSame = (a: string, b: string): boolean =>
  normalContent(a) === normalContent(b) || isSameFact(fingerprintOf(a), fingerprintOf(b));

/** Runs of three words (or characters, in scripts without blanks): the fingerprint of a text. */
export const shingles = (text: string): Set<string> => new Set(shinglesOf(words(text)));

/** Share of common elements: 1 for equal sets, also when both are empty. */
function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  if (a.size === 0 && b.size === 0) return 1;
  let common = 0;
  for (const element of a) if (b.has(element)) common++;
  return common / (a.size + b.size - common);
}

const NEGATIONS =
  /\b(?:not|never|no|none|without|cannot|don'?t|doesn'?t|isn'?t|aren'?t|won'?t|can'?t|shouldn'?t|mustn'?t|avoid|unless|except|instead|disable[ds]?|off)\b|[不没沒未无無非别別勿]|ない|ません|ず(?=に)/giu;
/** Has a digit, or a mark or an inner capital that prose has not: numbers, versions, paths, flags, identifiers. */
const SHARP = /^(?=.*[\p{L}\p{N}])(?:.*\p{N}.*|.*[_/\\.:@#$=<>+-].*|.*\p{Ll}\p{Lu}.*|\p{Lu}{2,}.*)$/u;
/** A capital after the first word of a sentence is a name. */
const NAME = /(?<=[\p{Ll}\p{N},;:)] )\p{Lu}[\p{L}\p{N}]+/gu;
const STOP_WORDS = new Set(
  'a an and are as at be been but by for from has have in into is it its of on or so that the then there these this to was were which with you your we our i my me please should would'.split(
    ' ',
  ),
);

/** What must be equal in two texts for them to be one fact. */
function sharpTokens(text: string): Set<string> {
  const folded = text.normalize('NFKC');
  const tokens = folded
    .split(/[\s,;!?，。；！？、“”"'`()[\]{}（）「」]+/u)
    .map((token) => token.replaceAll(/^[.:]+|[.:]+$/g, ''));
  const sharp = tokens.filter((token) => SHARP.test(token));
  const names = folded.match(NAME) ?? [];
  const negations = (folded.toLowerCase().match(NEGATIONS) ?? []).map((word) => `not:${word}`);
  return new Set([...sharp, ...names.map((name) => name.toLowerCase()), ...negations]);
}

/** Words without stop words; each character of a script without blanks counts as a word. */
function words(text: string): string[] {
  const tokens =
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{N}_]+/gu) ?? [];
  return tokens.filter((token) => !STOP_WORDS.has(token));
}

function shinglesOf(tokens: string[]): string[] {
  if (tokens.length < 3) return tokens.length === 0 ? [] : [tokens.join(' ')];
  return tokens.slice(2).map((_, index) => tokens.slice(index, index + 3).join(' '));
}
