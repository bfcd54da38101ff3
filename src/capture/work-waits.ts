import path from 'node:path';
import { listNames, modifiedMs } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { schedulerLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';

/** Younger queue entries have a worker of their own, which the Stop hook started. */
const WORKERS_OWN_MS = 60_000;

/** Two of the shortest intervals: after so fresh a scan nobody need be asked. */
const FRESH_TICK_MS = 120_000;

/**
 * Whether a bucket holds something that a scan should have done by now, told by two listings and a time: a
 * session's start asks this each time.
 */
export function workWaits(world: World, layout: BucketLayout): boolean {
  const now = world.clock.now().getTime();
  if (listNames(layout.pending).length === 0 && !hasOldEntry(layout.queue, now)) return false;
  const sinceTick = now - modifiedMs(schedulerLayout(world.home).lastTick);
  return sinceTick < 0 || sinceTick >= FRESH_TICK_MS;
}

const hasOldEntry = (queue: string, now: number): boolean =>
  listNames(queue).some((name) => now - modifiedMs(path.join(queue, name)) >= WORKERS_OWN_MS);
