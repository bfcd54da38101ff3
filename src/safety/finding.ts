/** One secret in a text: where it starts, where it ends (exclusive, UTF-16 units), and what it is. */
export interface Finding {
  start: number;
  end: number;
  kind: string;
}

/** Looks for one family of secrets. Must be linear in the length of the text. */
export type Finder = (text: string) => Finding[];

const OPEN = '[redacted:';
const PLACEHOLDER = /\[redacted:[a-z0-9-]{1,40}\]/g;

/**
 * A replacement can bring two leftovers together that only now look like a secret. Every round needs a
 * placeholder of the round before as its neighbour, so real texts settle in one round and a second one that
 * finds nothing; the limit is for texts that were written to make us loop.
 */
const MAX_ROUNDS = 8;

/** `[redacted:<kind>]`; characters that a kind may not have become hyphens. */
export const placeholder = (kind: string): string =>
  `${OPEN}${kind
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)}]`;

/** True when nothing but placeholders, spaces and quotes is left of a value. */
export const isRedacted = (value: string): boolean =>
  value.includes(OPEN) && !/[^\s"'`,;]/.test(value.replaceAll(PLACEHOLDER, ''));

/** True when a placeholder stands somewhere in the text. */
export const placeholderIn = (text: string): boolean => text.includes(OPEN);

function placeholdersIn(text: string): Finding[] {
  if (!text.includes(OPEN)) return [];
  return [...text.matchAll(PLACEHOLDER)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    kind: '',
  }));
}

/** Findings that touch become one: the kind is that of the longest, and of the first found among equals. */
function merge(findings: Finding[]): Finding[] {
  const sorted = findings.toSorted((a, b) => a.start - b.start || b.end - a.end);
  const merged: Finding[] = [];
  let longest = 0;
  for (const found of sorted) {
    const last = merged.at(-1);
    if (last === undefined || found.start >= last.end) {
      merged.push({ ...found });
      longest = found.end - found.start;
      continue;
    }
    last.end = Math.max(last.end, found.end);
    if (last.kind === '' || (found.kind !== '' && found.end - found.start > longest)) {
      last.kind = found.kind;
      longest = found.end - found.start;
    }
  }
  return merged;
}

function replaceOnce(text: string, finders: readonly Finder[]): string {
  const found = finders.flatMap((find) => find(text)).filter(({ start, end }) => !isRedacted(text.slice(start, end)));
  if (found.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, kind } of merge([...found, ...placeholdersIn(text)])) {
    const kept = kind === '' ? text.slice(start, end) : placeholder(kind);
    parts.push(text.slice(at, start), kept);
    at = end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}

/**
 * No secret and no sentence is that long, in characters: an image, a bundle, an attempt to keep us busy. Rules that look
 * around in a word would take the square of its length, and regular expressions run out of stack.
 */
const LONGEST_WORD = 250_000;

function withoutGiantWords(text: string): string {
  if (text.length <= LONGEST_WORD) return text;
  const parts: string[] = [];
  let kept = 0;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && text.charCodeAt(at) > BLANK) continue;
    if (at - start > LONGEST_WORD) {
      parts.push(text.slice(kept, start), placeholder('giant-word'));
      kept = at;
    }
    start = at + 1;
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(kept);
}

/** The blank, and below it all line breaks and control characters. */
const BLANK = 0x20;

/**
 * Replaces what the finders see by placeholders, until they see nothing more. A later stage sees what the earlier ones
 * left, so that a coarse rule does not swallow what a precise one has already cleaned.
 */
export function redactWith(text: string, stages: readonly (readonly Finder[])[]): string {
  let current = withoutGiantWords(text);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const next = stages.reduce(replaceOnce, current);
    if (next === current) return current;
    current = next;
  }
  return current;
}
