import { isRecord, textOr } from '../contracts/json.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { modifiedMs, readText } from '../kernel/files.ts';

/** One line of logs/plugin.log. */
export interface LogLine {
  at: number;
  event: string;
  facts: Record<string, unknown>;
}

/** Rotated at 1 MB by default, three older ones kept; whoever keeps more is told of the newest. */
const OLDER_FILES = 3;
const LARGEST = 16 * 1024 * 1024;

/** The lines of the log since a time, oldest first; a damaged line is nothing. */
export function readLog(file: string, sinceMs: number): LogLine[] {
  const names = [...Array.from({ length: OLDER_FILES }, (_, age) => `${file}.${OLDER_FILES - age}`), file];
  return names
    .filter((name) => modifiedMs(name) >= sinceMs)
    .flatMap((name) => {
      const text = attempt(() => readText(name, LARGEST));
      return text.ok ? (text.value ?? '').split('\n').flatMap(lineOf) : [];
    })
    .filter(({ at }) => at >= sinceMs);
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
