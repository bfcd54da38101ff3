import path from 'node:path';
import { isoSeconds } from '../kernel/clock.ts';
import { attempt, DiskFailure } from '../kernel/disk-failure.ts';
import { listNames, readText } from '../kernel/files.ts';
import { makeFolder, writeNew } from '../kernel/write-files.ts';
import { homeLayout } from '../kernel/home.ts';
import { removeFile } from '../kernel/move-files.ts';
import type { World } from '../kernel/world.ts';
import { readHealth } from './read-health.ts';
import { troubles, troubleSentence } from './tell-trouble.ts';

/** A new day is no reason to say at 0:05 again what was said at 23:55. */
const PAUSE_MS = 20 * 3_600_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const ROOM = 120;

/**
 * The one line that a user is shown when something has kept failing in silence: at most once a day,
 * whatever number of sessions start at once. Costs a look for health.json while all is well.
 *
 * @returns undefined when there is nothing to say, or when it was said today
 */
export function dailyNotice(world: World): string | undefined {
  const now = world.clock.now();
  const [worst] = troubles(readHealth(world.home), now);
  if (!worst || !isFirstToday(world, now)) return undefined;
  return `codex-self-evolution: ${troubleSentence(worst, now, ROOM)}. Run csep doctor.`;
}

/** Whoever creates the day's file tells; the others are silent. A home that cannot be written stays silent, too. */
function isFirstToday(world: World, now: Date): boolean {
  const { notices } = homeLayout(world.home);
  const claimed = attempt(() => {
    const before = listNames(notices).filter((name) => DAY.test(name));
    const last = before.at(-1);
    if (last !== undefined && Math.abs(now.getTime() - toldAt(path.join(notices, last))) < PAUSE_MS) return false;
    makeFolder(notices);
    const today = isoSeconds(now).slice(0, 10);
    if (!createOnce(path.join(notices, today), isoSeconds(now))) return false;
    for (const name of before) if (name !== today) removeFile(path.join(notices, name));
    return true;
  });
  return claimed.ok && claimed.value;
}

/** 0 for a file that says nothing: too long ago to matter. */
const toldAt = (file: string): number => Date.parse(readText(file, 100)?.trim() ?? '') || 0;

function createOnce(file: string, text: string): boolean {
  try {
    writeNew(file, `${text}\n`, { sync: false });
    return true;
  } catch (error) {
    if (error instanceof DiskFailure && error.failure.reason === 'disk-failed' && error.failure.code === 'EEXIST')
      return false;
    throw error;
  }
}
