import type { Cursor } from '../contracts/review.ts';
import { isRecord } from '../contracts/json.ts';
import { sha256 } from '../kernel/digest.ts';
import { countLines, linesBackward } from './file-lines.ts';
import type { Line, LineLimits } from './file-lines.ts';

/** Where the unread part of a file begins. */
export interface SliceStart {
  offset: number;
  /** The cursor, when its line was found: the slice begins after it. */
  matched: Cursor | null;
  /** The byte limit was reached before the cursor or the beginning of the file. */
  truncated: boolean;
}

export interface WindowLimits extends LineLimits {
  /** Bytes of the unread part that are looked at, from the end of the file. */
  maxBytes: number;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** The JSON object on a line; undefined when the line is something else or too long. */
export function lineRecord(line: Line): Record<string, unknown> | undefined {
  if (!line.bytes) return undefined;
  try {
    const value: unknown = JSON.parse(lineBytes(line.bytes).toString('utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const lineBytes = (bytes: Buffer): Buffer => (bytes.subarray(0, 3).equals(BOM) ? bytes.subarray(3) : bytes);

/** Digest of a line: of its bytes without line end and byte-order mark. */
export const lineDigest = (bytes: Buffer): string => sha256(lineBytes(bytes));

/** The line's own ordinal; undefined in rollouts from before Codex wrote them. */
export function ordinalOf(record: Record<string, unknown> | undefined): number | undefined {
  const ordinal = record?.['ordinal'];
  return typeof ordinal === 'number' && Number.isSafeInteger(ordinal) ? ordinal : undefined;
}

/**
 * Looks for the cursor's line from the end of the file backwards, so that a long session costs
 * what is new in it and not what is old.
 */
export function findStart(fd: number, to: number, cursor: Cursor | null, limits: WindowLimits): SliceStart {
  const floor = Math.max(0, to - limits.maxBytes);
  let offset = to;
  for (const line of linesBackward(fd, floor, to, limits)) {
    const begins = line.offset > floor || floor === 0;
    // What stands at the very beginning of a limited window is the rest of a line.
    if (!begins) break;
    if (cursor && isCursorLine(fd, line, cursor, limits))
      return { offset: line.end, matched: cursor, truncated: false };
    offset = line.offset;
  }
  return { offset, matched: null, truncated: offset > 0 };
}

function isCursorLine(fd: number, line: Line, cursor: Cursor, limits: WindowLimits): boolean {
  if (!line.bytes || lineDigest(line.bytes) !== cursor.digest) return false;
  const ordinal = ordinalOf(lineRecord(line));
  // Without ordinals two lines may be equal to the byte: the line's number decides.
  return (ordinal ?? countLines(fd, line.offset, limits.blockBytes)) === cursor.ordinal;
}
