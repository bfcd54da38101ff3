/**
 * Characters that a reader does not see but a model does, by code point: direction overrides and isolates, zero-width
 * characters, fillers, invisible operators, annotation marks, tags, variation selectors beyond the first sixteen, and
 * controls other than tab and line ends.
 */
const HIDDEN =
  /[\p{Cc}\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{E0000}-\u{E0FFF}]/gu;

const LINE_ENDS_AND_TABS = new Set(['\t', '\n', '\r']);
const EMOJI = /\p{Extended_Pictographic}|\uFE0F|\p{Emoji_Modifier}/u;
/** Scripts in which a joiner between two letters is spelling. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Mongolian}\p{Script=Syriac}]/u;
/** Scripts without spaces, in which a zero-width space marks the end of a word. */
const SPACELESS = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;
const IDEOGRAPH = /\p{Script=Han}/u;
const BLACK_FLAG = '\u{1F3F4}';

const LAST_CHARACTER = /.$/su;
const FIRST_CHARACTER = /^./su;

/** The characters (not halves of one) directly before and after a position. */
function neighbours(text: string, start: number, end: number): { before: string; after: string } {
  const before = LAST_CHARACTER.exec(text.slice(Math.max(0, start - 2), start))?.[0] ?? '';
  const after = FIRST_CHARACTER.exec(text.slice(end, end + 2))?.[0] ?? '';
  return { before, after };
}

const isTag = (character: string): boolean => /[\u{E0020}-\u{E007F}]/u.test(character);

/** Tags spell the region of a flag (England, Scotland, Wales); anywhere else they are a hidden text. */
const isFlagTag = (text: string, start: number): boolean =>
  text.slice(Math.max(0, start - 16), start).includes(BLACK_FLAG);

/** True when spelling needs the character where it stands. */
function isSpelling(text: string, character: string, start: number): boolean {
  const { before, after } = neighbours(text, start, start + character.length);
  if (character === '\uFEFF') return start === 0;
  if (character === '\u200D') return (EMOJI.test(before) && EMOJI.test(after)) || JOINING.test(before);
  if (character === '\u200C') return JOINING.test(before);
  if (character === '\u200B') return SPACELESS.test(before) || SPACELESS.test(after);
  if (/[\u200E\u200F\u061C]/.test(character))
    return RIGHT_TO_LEFT.test(text.slice(Math.max(0, start - 80), start + 80));
  if (/[\u{E0100}-\u{E01EF}]/u.test(character)) return IDEOGRAPH.test(before);
  return isTag(character) && isFlagTag(text, start);
}

/** The hidden characters of a text that no spelling explains, with their positions. */
function* hiddenIn(text: string): Generator<{ character: string; start: number }> {
  for (const { 0: character, index: start } of text.matchAll(HIDDEN))
    if (!LINE_ENDS_AND_TABS.has(character) && !isSpelling(text, character, start)) yield { character, start };
}

/** The text without invisible and direction-changing characters; joiners that spelling needs stay. */
export function stripHidden(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { character, start } of hiddenIn(text)) {
    parts.push(text.slice(at, start));
    at = start + character.length;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

const OVERRIDE = /[\u202D\u202E]/;
const ISOLATE = /[\u202A-\u202C\u2066-\u2069]/;

/** Isolates and embeddings are proper where both directions meet; everywhere else they reorder what is read. */
const explainedByDirection = (text: string, character: string): boolean =>
  !OVERRIDE.test(character) && ISOLATE.test(character) && RIGHT_TO_LEFT.test(text);

/** Soft hyphens, and byte order marks of files that were joined, come with copied text. */
const COPIED_ALONG = /[\u00AD\uFEFF\f]/;
const MOST_COPIED = 3;

/** Which hidden character makes the text suspicious, as `U+202E`; undefined when none does. */
export function suspiciousCharacter(text: string): string | undefined {
  let copied = 0;
  for (const { character } of hiddenIn(text)) {
    if (explainedByDirection(text, character)) continue;
    if (COPIED_ALONG.test(character) && (copied += 1) <= MOST_COPIED) continue;
    return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  }
  return undefined;
}
