/**
 * A short name for a text, to remember that a session has been given it. Two FNV-1a sums over the
 * UTF-16 units: a collision costs one note that is not repeated, and node:crypto would cost every
 * hook 2 ms.
 */
export function noteKey(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ (unit + at), 0x01000193);
  }
  return hex(high) + hex(low);
}

const hex = (sum: number): string => (sum >>> 0).toString(16).padStart(8, '0');
