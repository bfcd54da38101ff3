/**
 * A short name for a text, to remember that a session has been given it. Two FNV-1a sums over the
 * UTF-8 bytes, four at a time: a collision costs one note that is not repeated, and loading
 * node:crypto would cost every hook 2 ms.
 */
export function noteKey(text: string): string {
  // No character takes more than three bytes per UTF-16 unit; what is not written stays zero.
  const words = new Uint32Array(Math.ceil((text.length * 3) / 4));
  const { written } = new TextEncoder().encodeInto(text, new Uint8Array(words.buffer));
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

const hex = (sum: number): string => (sum >>> 0).toString(16).padStart(8, '0');
