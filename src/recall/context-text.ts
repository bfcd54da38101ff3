/** How texts of ours are measured and cleaned before a model is given them. */

/** Tokens as every budget of ours counts them: four UTF-8 bytes each, rounded up. */
export const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text, 'utf8') / 4);

/**
 * Code points that a reader does not see but a model reads, as [first, last]: control characters,
 * soft hyphen, fillers, joiners, direction marks, variation selectors, private use, tags. Numbers,
 * because a Unicode property pattern takes a hook longer to compile than to run.
 */
const INVISIBLE: readonly (readonly [number, number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xe000, 0xf8ff],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xe0000, 0x10ffff],
];

const isVisible = (character: string): boolean => {
  const code = character.codePointAt(0) ?? 0;
  return !INVISIBLE.some(([first, last]) => code >= first && code <= last);
};

/** Nearly every text; then nothing else has to be looked at. */
const PLAIN = /^[\n\t -~]*$/;

/** The text with line ends as `\n` and without anything that only a model would notice. */
export function visibleText(text: string): string {
  if (PLAIN.test(text)) return text;
  const shown = Array.from(text.replaceAll(/\r\n?/g, '\n')).filter(isVisible).join('');
  // Half a surrogate pair is no JSON that Codex would take; through UTF-8 it becomes U+FFFD.
  return Buffer.from(shown, 'utf8').toString('utf8');
}

/** The text as one line. */
export function oneLine(text: string): string {
  const shown = visibleText(text);
  return /\s\s|[^\S ]/.test(shown) ? shown.replaceAll(/\s+/g, ' ').trim() : shown.trim();
}

/** At most `bytes` bytes of UTF-8, cut between characters, with an ellipsis where something is missing. */
export function cutToBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text, 'utf8') <= bytes) return text;
  const room = Math.max(0, bytes - ELLIPSIS_BYTES);
  const cut = Buffer.from(text, 'utf8').subarray(0, room).toString('utf8');
  // A character that was cut through decodes to one replacement character at the end.
  return `${cut.replace(/\uFFFD+$/, '').trimEnd()}…`;
}

const ELLIPSIS_BYTES = Buffer.byteLength('…', 'utf8');
