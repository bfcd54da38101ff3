import path from 'node:path';
import { attempt } from '../kernel/disk-failure.ts';
import { listNames, modifiedMs } from '../kernel/files.ts';
import { schedulerLayout } from '../kernel/home.ts';
import { removeFile } from '../kernel/move-files.ts';
import { NESTED_FLAG } from '../kernel/process.ts';
import { startDetached } from '../kernel/start-detached.ts';
import type { World } from '../kernel/world.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import { readLastTick } from './last-tick.ts';
import { scanSettings } from './scheduler-settings.ts';

/** So many intervals without a scan mean that no scheduler runs. */
const MISSED_INTERVALS = 2;

/**
 * Serves a machine without a scheduler: starts a scan in a process of its own when the last one is older than
 * two intervals (or never was), at most one per interval, however many sessions begin at once.
 *
 * @param programFolder where csep.js lies
 * @returns whether one was started
 */
export async function scanInBackground(world: World, programFolder: string): Promise<boolean> {
  const { opportunistic, intervalSeconds } = (await scanSettings(world)).scheduler;
  const intervalMs = intervalSeconds * 1_000;
  if (!opportunistic || msSinceTick(world) < MISSED_INTERVALS * intervalMs) return false;
  // A home that cannot be written has nothing that a scan could do.
  const claimed = attempt(() => claimStart(world, intervalMs));
  if (!claimed.ok || !claimed.value) return false;
  const args = [path.join(programFolder, 'csep.js'), 'scan', '--trigger', 'session', '--home', world.home];
  return startDetached(process.execPath, args, { ...world.env, [NESTED_FLAG]: '1' }) !== undefined;
}

/** A tick in the future was noted by a clock that has been set back. */
function msSinceTick(world: World): number {
  const last = readLastTick(world.home);
  const passed = last ? world.clock.now().getTime() - Date.parse(last.at) : Infinity;
  return passed < 0 ? Infinity : passed;
}

const START_NAME = /^[1-9]\d{0,14}$/;

/**
 * Claims the right to start a scan. Claims are numbered, and a number is created by one process only: whoever
 * saw the same last claim as a rival loses against it. The last one stays, so that no number comes twice.
 */
function claimStart(world: World, intervalMs: number): boolean {
  const { starts } = schedulerLayout(world.home);
  makeFolder(starts);
  const numbers = listNames(starts)
    .filter((name) => START_NAME.test(name))
    .map(Number)
    .toSorted((a, b) => a - b);
  const last = numbers.at(-1) ?? 0;
  const age = world.clock.now().getTime() - modifiedMs(path.join(starts, String(last)));
  if (last > 0 && age >= 0 && age < intervalMs) return false;
  if (!writeDurably(path.join(starts, String(last + 1)), '', { exclusive: true, sync: false })) return false;
  for (const number of numbers) if (number < last) removeFile(path.join(starts, String(number)));
  return true;
}
