import { textOr } from '../contracts/json.ts';
import { readAt } from '../kernel/files.ts';
import { countLines, linesForward } from './file-lines.ts';
import type { Line } from './file-lines.ts';
import { lineDigest, lineRecord, ordinalOf } from './find-start.ts';
import type { WindowLimits } from './find-start.ts';
import { readLine, turnOf } from './read-line.ts';
import type { Entry } from './rollout-entry.ts';

const LINE_FEED = 0x0a;

/** What the lines of a slice say, before they are put together. */
export interface ReadLines {
  entries: Entry[];
  /** Ordinal and digest of the last line that could be read. */
  last: { ordinal: number; digest: string } | null;
  skipped: number;
}

/** Reads the lines that begin at `from`; a last line that is cut is left alone. */
export function readLines(fd: number, from: number, size: number, limits: WindowLimits): ReadLines {
  const found: ReadLines = { entries: [], last: null, skipped: 0 };
  let turnId = '';
  for (const { line, record, ordinal } of numberedLines(fd, from, size, limits)) {
    if (!record || !line.bytes) {
      if (!isBlank(line)) found.skipped += 1;
      continue;
    }
    found.last = { ordinal, digest: lineDigest(line.bytes) };
    turnId = turnOf(record, turnId);
    const content = readLine(record);
    if (content) found.entries.push({ ...content, ordinal, at: textOr(record['timestamp'], ''), turnId });
  }
  return found;
}

interface NumberedLine {
  line: Line;
  /** Undefined when the line is no JSON object or too long. */
  record: Record<string, unknown> | undefined;
  /** Codex's own number, or the line's number in rollouts from before there were any. */
  ordinal: number;
}

function* numberedLines(fd: number, from: number, size: number, limits: WindowLimits): Generator<NumberedLine> {
  const whole = endsLine(fd, size);
  let lineNumber: number | undefined;
  for (const line of linesForward(fd, from, size, limits)) {
    const record = lineRecord(line);
    // Text after the last line end is a line only if it is whole: a cut object never parses.
    if (!record && line.end === size && !whole) return;
    const own = ordinalOf(record);
    // Counting reads the whole file, so it waits until a line needs it.
    if (own === undefined) lineNumber ??= countLines(fd, line.offset, limits.blockBytes);
    yield { line, record, ordinal: own ?? lineNumber ?? 0 };
    if (lineNumber !== undefined) lineNumber += 1;
  }
}

function endsLine(fd: number, size: number): boolean {
  return size > 0 && readAt(fd, size - 1, 1)[0] === LINE_FEED;
}

const isBlank = (line: Line): boolean => line.bytes !== null && line.bytes.toString('latin1').trim() === '';
