import { isRecord } from '../contracts/json.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { lookAt, readText } from '../kernel/files.ts';
import { homeLayout } from '../kernel/home.ts';
import { appendLine, moveFile } from '../kernel/move-files.ts';

/** What the costly reviewers and agents used on one day (UTC). */
export interface SpentDay {
  day: string;
  calls: number;
  tokens: number;
}

/** Some three years of days; one older file is kept. */
const ROTATE_BYTES = 64_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Adds a day that is over to budget-history.jsonl. Best effort: it is for the report, and no review
 * is worth less because its day cannot be remembered.
 */
export function noteSpentDay(home: string, { day, calls, tokens }: SpentDay): void {
  const file = homeLayout(home).budgetHistory;
  attempt(() => {
    if ((lookAt(file)?.size ?? 0) > ROTATE_BYTES) moveFile(file, `${file}.1`);
    appendLine(file, JSON.stringify({ day, calls, tokens }));
  });
}

/**
 * Days that are over, oldest first. Two processes that met midnight at the same time may have written one
 * day twice: the line with more calls saw more of it.
 */
export function spentDays(home: string): SpentDay[] {
  const file = homeLayout(home).budgetHistory;
  const days = new Map<string, SpentDay>();
  for (const spent of [`${file}.1`, file].flatMap(readDays)) {
    const known = days.get(spent.day);
    if (!known || known.calls <= spent.calls) days.set(spent.day, spent);
  }
  return [...days.values()].toSorted((a, b) => (a.day < b.day ? -1 : 1));
}

function readDays(file: string): SpentDay[] {
  const text = attempt(() => readText(file, 4 * ROTATE_BYTES));
  if (!text.ok || text.value === undefined) return [];
  return text.value.split('\n').flatMap((line) => {
    const spent = parseLine(line);
    return spent ? [spent] : [];
  });
}

function parseLine(line: string): SpentDay | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!isRecord(value)) return undefined;
    const { day, calls, tokens } = value;
    if (typeof day !== 'string' || !DAY.test(day)) return undefined;
    return typeof calls === 'number' && typeof tokens === 'number' ? { day, calls, tokens } : undefined;
  } catch {
    return undefined;
  }
}
