import path from 'node:path';
import { isRecord, textOr } from '../contracts/json.ts';
import { isoSeconds } from '../kernel/clock.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { listNames, modifiedMs, readText } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import type { UseDay } from './model.ts';

/** How what is known was used. */
export interface Use {
  /** Oldest first; days without any use are left out. */
  days: UseDay[];
  /** Recall id → times that it was given. */
  byRecord: ReadonlyMap<string, number>;
  sessionsGiven: number;
  /** Time of the last use; empty: none. */
  last: string;
}

const INJECTED = '.injected.json';
const MOST_LOG_BYTES = 8_000_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The usage log and its predecessor (rotated at half a megabyte), and the sessions' own notes of what they were given. */
export function readUse(layout: BucketLayout): Use {
  const days = new Map<string, UseDay>();
  const byRecord = new Map<string, number>();
  let last = '';
  const dayOf = (at: string): UseDay | undefined => {
    const day = at.slice(0, 10);
    if (!DAY.test(day)) return undefined;
    if (at > last) last = at;
    const known = days.get(day) ?? { day, sessions: 0, records: 0, in_vain: 0 };
    days.set(day, known);
    return known;
  };
  for (const { at, ids } of [`${layout.usage}.1`, layout.usage].flatMap(readLog)) {
    const day = dayOf(at);
    if (!day) continue;
    day.records += ids.length;
    if (ids.length === 0) day.in_vain++;
    for (const id of ids) byRecord.set(id, (byRecord.get(id) ?? 0) + 1);
  }
  const given = listNames(layout.sessions).filter((name) => name.endsWith(INJECTED));
  for (const name of given) {
    const day = dayOf(isoSeconds(new Date(modifiedMs(path.join(layout.sessions, name)))));
    if (day) day.sessions++;
  }
  const ordered = [...days.values()].toSorted((a, b) => (a.day < b.day ? -1 : 1));
  return { days: ordered, byRecord, sessionsGiven: given.length, last };
}

interface LoggedUse {
  at: string;
  ids: string[];
}

/** Lines that are no use of ours are passed over: several processes write here, and any of them may have died. */
function readLog(file: string): LoggedUse[] {
  const text = attempt(() => readText(file, MOST_LOG_BYTES));
  if (!text.ok || text.value === undefined) return [];
  return text.value.split('\n').flatMap((line) => {
    const use = parseLine(line);
    return use ? [use] : [];
  });
}

function parseLine(line: string): LoggedUse | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!isRecord(value) || !Array.isArray(value['ids'])) return undefined;
    return { at: textOr(value['at'], ''), ids: value['ids'].filter((id) => typeof id === 'string') };
  } catch {
    return undefined;
  }
}
