/** Removes forgotten words from texts of any kind. Pure. */

/** What stands where something was forgotten. */
export const FORGOTTEN = '[forgotten]';

/** Finds any of several texts, however they are wrapped, cased or escaped. */
export interface Needles {
  isIn(text: string): boolean;
  /** The text with every occurrence replaced. */
  scrub(text: string): string;
}

/** Blanks and line ends as they stand in a text, or escaped inside a JSON string. */
const GAP = String.raw`(?:\s|\\[nrt])+`;
const CLOSING = /[\s.。!！?？;；]+$/u;

/** @param texts what is to be found; empty ones are nothing */
export function needlesOf(texts: readonly string[]): Needles {
  const patterns = [...new Set(texts.map(patternOf))].filter((pattern) => pattern !== '');
  if (patterns.length === 0) return { isIn: () => false, scrub: (text) => text };
  // The longest first: a summary inside a content must not break the content in two.
  const source = patterns.toSorted((a, b) => b.length - a.length).join('|');
  const find = new RegExp(source, 'iu');
  const all = new RegExp(source, 'giu');
  return { isIn: (text) => find.test(text), scrub: (text) => text.replace(all, FORGOTTEN) };
}

const patternOf = (text: string): string =>
  text
    .trim()
    .replace(CLOSING, '')
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map(escaped)
    .join(GAP);

/** Inside a JSON string a quote has a backslash before it, and a backslash another one. */
const escaped = (word: string): string =>
  word.replaceAll(/["\\]|[$()*+./?[\]^{|}]/gu, (mark) => {
    if (mark === '"') return String.raw`\\*"`;
    return mark === '\\' ? String.raw`\\+` : `\\${mark}`;
  });

/**
 * A JSON value with every string scrubbed.
 * @returns the very same value when there was nothing to scrub
 */
export function scrubJson(value: unknown, needles: Needles): unknown {
  if (typeof value === 'string') return needles.scrub(value);
  if (Array.isArray(value)) {
    const scrubbed = value.map((element) => scrubJson(element, needles));
    return scrubbed.some((element, index) => element !== value[index]) ? scrubbed : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, element]): [string, unknown] => [key, scrubJson(element, needles)]);
  const before = new Map(Object.entries(value));
  return entries.some(([key, element]) => before.get(key) !== element) ? Object.fromEntries(entries) : value;
}
