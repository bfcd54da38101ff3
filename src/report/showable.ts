import { redactBuiltin } from '../safety/redact-builtin.ts';

/** Long enough for every text that was written for people; a page is no archive. */
const LONGEST_TEXT = 4_000;
const LONGEST_LINE = 300;

/** Controls and everything that turns the direction of what follows; joiners and variation selectors are spelling. */
const UNSEEN = /[\p{Cc}\u061C\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu;

/**
 * A stored text as the page may show it: cut, redacted once more (what is stored was redacted when it came in, by the
 * rules of that day), and with every character that hides or reorders others replaced by its name.
 *
 * @param longest characters (UTF-16); of what is longer the beginning stays, with a note of the whole length
 */
export function showable(text: string, longest = LONGEST_TEXT): string {
  // Some more than is shown goes through the redaction, so that a secret on the edge is not cut out of its recognition.
  const redacted = redactBuiltin(text.slice(0, longest + MARGIN));
  const cut = redacted.length > longest || text.length > longest + MARGIN;
  const shown = cut ? `${wholeCharacters(redacted.slice(0, longest))} … [${text.length} characters]` : redacted;
  return shown.replaceAll(UNSEEN, nameOf);
}

const MARGIN = 500;

/** As `showable`, on one line. */
export const showableLine = (text: string, longest = LONGEST_LINE): string =>
  showable(text, longest).replaceAll(/\s+/g, ' ').trim();

const nameOf = (character: string): string =>
  character === '\n' || character === '\t'
    ? character
    : character === '\r'
      ? ''
      : `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`;

const wholeCharacters = (text: string): string => text.replace(/[\uD800-\uDBFF]$/, '');

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/;

/** A time as records tell it (the Python plugin writes an offset); empty for anything else. */
export const showableTime = (at: string): string => (TIME.test(at) ? at : '');
