import { readAt } from '../kernel/files.ts';

/**
 * Lines of a file that may be far larger than memory. Lines end at byte 0x0A only: U+2028 and a
 * lone CR are text. Memory: one block and one line.
 */

const LF = 0x0a;
const CR = 0x0d;

export interface Line {
  /** Bytes without the line end; null when the line is longer than the limit. */
  bytes: Buffer | null;
  /** First bytes of a line that is too long; the same as `bytes` otherwise. */
  start: Buffer;
  /** Where the line begins in the file. */
  offset: number;
  /** Where the next line begins. */
  end: number;
}

export interface LineLimits {
  blockBytes: number;
  maxLineBytes: number;
}

/** How much of a line that is too long is shown (its ordinal stands there). */
const GLIMPSE_BYTES = 512;

/** The lines that begin at or after `from` and end before `to`; text after the last line end counts as a line. */
export function* linesForward(fd: number, from: number, to: number, limits: LineLimits): Generator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  let offset = from;
  for (let position = from; position < to;) {
    const block = readAt(fd, position, Math.min(limits.blockBytes, to - position));
    if (block.length === 0) break;
    let start = 0;
    for (let end = block.indexOf(LF); end !== -1; end = block.indexOf(LF, start)) {
      parts.push(block.subarray(start, end));
      length += end - start;
      yield asLine(parts, length, { offset, end: position + end + 1 }, limits);
      parts = [];
      length = 0;
      start = end + 1;
      offset = position + start;
    }
    const rest = block.subarray(start);
    length += rest.length;
    // Of a line that is too long only the beginning is kept.
    if (length <= limits.maxLineBytes || parts.length === 0) parts.push(Buffer.from(rest));
    position += block.length;
  }
  if (length > 0) yield asLine(parts, length, { offset, end: offset + length }, limits);
}

/** The lines between `from` and `to`, last one first. `from` must be the beginning of a line or of the window. */
export function* linesBackward(fd: number, from: number, to: number, limits: LineLimits): Generator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  let end = to;
  for (let position = to; position > from;) {
    const size = Math.min(limits.blockBytes, position - from);
    const block = readAt(fd, position - size, size);
    position -= size;
    let stop = block.length;
    for (let at = lastBreak(block, stop, end - position); at !== -1; at = lastBreak(block, stop, end - position)) {
      parts.unshift(block.subarray(at + 1, stop));
      length += stop - at - 1;
      yield asLine(parts, length, { offset: position + at + 1, end }, limits);
      parts = [];
      length = 0;
      stop = at + 1;
      end = position + at + 1;
    }
    const rest = block.subarray(0, stop);
    length += rest.length;
    parts.unshift(length <= limits.maxLineBytes ? Buffer.from(rest) : Buffer.from(rest.subarray(0, GLIMPSE_BYTES)));
    if (length > limits.maxLineBytes) parts = parts.slice(0, 1);
  }
  if (length > 0) yield asLine(parts, length, { offset: from, end }, limits);
}

/** The last line end before `stop` that is not the end of the very line that is being read. */
function lastBreak(block: Buffer, stop: number, endInBlock: number): number {
  const before = stop === endInBlock && block[stop - 1] === LF ? stop - 2 : stop - 1;
  return before < 0 ? -1 : block.lastIndexOf(LF, before);
}

function asLine(parts: Buffer[], length: number, place: { offset: number; end: number }, limits: LineLimits): Line {
  const first = parts[0] ?? Buffer.alloc(0);
  if (length > limits.maxLineBytes) return { bytes: null, start: first.subarray(0, GLIMPSE_BYTES), ...place };
  const bytes = withoutLineEnd(parts.length === 1 ? first : Buffer.concat(parts));
  return { bytes, start: bytes, ...place };
}

function withoutLineEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  if (bytes[end - 1] === LF) end -= 1;
  if (bytes[end - 1] === CR) end -= 1;
  return bytes.subarray(0, end);
}

/** How many lines end before `to`. */
export function countLines(fd: number, to: number, blockBytes: number): number {
  let count = 0;
  for (let position = 0; position < to;) {
    const block = readAt(fd, position, Math.min(blockBytes, to - position));
    if (block.length === 0) break;
    for (let at = block.indexOf(LF); at !== -1; at = block.indexOf(LF, at + 1)) count += 1;
    position += block.length;
  }
  return count;
}
