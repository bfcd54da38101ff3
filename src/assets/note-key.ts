/**
 * A short name for a text, to remember that a session has been given it. Two FNV-1a sums over the
 * UTF-8 bytes, four at a time: a collision costs one note that is not repeated, and loading
 * node:crypto would cost every hook 2 ms.
 */
export function noteKey(text: string): string {
  const written = encoded(text);
  let low = 0x811c9dc5;
  let high = 0x9747b28c ^ written;
  const end = Math.ceil(written / 4);
  for (let at = 0; at < end; at++) {
    const word = words[at] ?? 0;
    low = Math.imul(low ^ word, 0x01000193);
    // A multiplication carries upwards only; turned, the other sum mixes downwards as well.
    high = Math.imul(((high << 13) | (high >>> 19)) ^ word, 0x85ebca6b);
  }
  return hex(high) + hex(low);
}

/** One place for all texts: a session's start has a hundred of them. */
let words = new Int32Array(512);
let bytes = new Uint8Array(words.buffer);
let encoder: InstanceType<typeof TextEncoder> | undefined;

/** Puts the text's UTF-8 bytes into `words`, with zeros behind them. @returns how many bytes there are */
function encoded(text: string): number {
  // No character takes more than three bytes per UTF-16 unit.
  const most = Math.ceil((text.length * 3) / 4) + 1;
  if (words.length < most) {
    words = new Int32Array(most);
    bytes = new Uint8Array(words.buffer);
  }
  encoder ??= new TextEncoder();
  const { written } = encoder.encodeInto(text, bytes);
  bytes.fill(0, written, written + 4);
  return written;
}

const hex = (sum: number): string => (sum >>> 0).toString(16).padStart(8, '0');
