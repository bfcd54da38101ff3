import { isRecord, textOr } from '../contracts/json.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { closeFile, fileSize, modifiedMs, openForReading, readAt } from '../kernel/files.ts';

/** One line of logs/plugin.log. */
export interface LogLine {
  at: number;
  event: string;
  facts: Record<string, unknown>;
}

/** Log files may be 1 GB large, and a hundred may be kept; of all of them together the newest 16 MB are read. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * The lines of the log since a time, oldest first; a damaged line is nothing.
 *
 * @param kept how many older files there may be
 */
export function readLog(file: string, { sinceMs, kept }: { sinceMs: number; kept: number }): LogLine[] {
  const newestFirst = [file, ...Array.from({ length: kept }, (_, age) => `${file}.${age + 1}`)];
  const texts: string[] = [];
  let left = MOST_BYTES;
  for (const name of newestFirst.filter((each) => modifiedMs(each) >= sinceMs)) {
    const bytes = attempt(() => readEnd(name, left));
    if (!bytes.ok) continue;
    left -= bytes.value.length;
    texts.unshift(bytes.value.toString('utf8'));
  }
  return texts.flatMap((text) => text.split('\n').flatMap(lineOf)).filter(({ at }) => at >= sinceMs);
}

/** The end of a file; the line that it begins within is cut off, and so is none. */
function readEnd(file: string, limit: number): Buffer {
  const fd = openForReading(file);
  try {
    const size = fileSize(fd);
    return readAt(fd, Math.max(0, size - limit), Math.min(size, limit));
  } finally {
    closeFile(fd);
  }
}

function lineOf(text: string): LogLine[] {
  try {
    const facts: unknown = text === '' ? undefined : JSON.parse(text);
    if (!isRecord(facts)) return [];
    return [{ at: Date.parse(textOr(facts['at'], '')) || 0, event: textOr(facts['event'], ''), facts }];
  } catch {
    return [];
  }
}
