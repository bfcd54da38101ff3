import path from 'node:path';
import { factsOf, listNames } from '../kernel/files.ts';
import { homeLayout } from '../kernel/home.ts';
import { isProcessAlive } from '../kernel/process.ts';
import type { World } from '../kernel/world.ts';
import { shortHash } from './queue-name.ts';

/**
 * Leases are files in <home>/workers/, one per worker, named `<key>.<pid>.<random>.json`. A name is
 * never used twice, so a dead owner's lease can be removed by anybody without hitting a live one.
 */

/** Sessions that may be worked on at once below one home; the others' entries wait for `scan`. */
const WORKER_SLOTS = 4;

/** Its owner renews a lease every minute (lease.ts); one that is older than this belongs to nobody who works. */
const FRESH_MS = 10 * 60_000;

const LEASE_NAME = /^([0-9a-f]{16})\.([0-9]{1,10})\.[0-9a-z]+\.json$/;

/** One session of one bucket. */
export interface SessionPlace {
  stateDir: string;
  session: string;
}

/** What leases of one session of one bucket have in common. */
export const leaseKey = (place: SessionPlace): string => shortHash(`${place.stateDir}\n${place.session}`);

export interface LeaseName {
  name: string;
  key: string;
  pid: number;
}

/** All leases on sessions below a home, sorted by name. */
const listLeases = (home: string): LeaseName[] => listLeasesIn(homeLayout(home).workers);

/** All leases in a folder of leases, sorted by name. */
export function listLeasesIn(folder: string): LeaseName[] {
  return listNames(folder).flatMap((name) => {
    const parts = LEASE_NAME.exec(name);
    return parts?.[1] && parts[2] ? [{ name, key: parts[1], pid: Number(parts[2]) }] : [];
  });
}

/**
 * Whether a new worker is of use: none works on this session, and a slot is free. A quick look for
 * the hook; the worker itself looks closely (lease.ts).
 */
export function workerWanted(world: World, place: SessionPlace): boolean {
  const fresh = listLeases(world.home).filter((lease) => isFresh(world, lease));
  return !fresh.some((lease) => lease.key === leaseKey(place)) && hasSlot(fresh, place);
}

/** Several that compete for one session take one slot: only one of them will work. */
export const hasSlot = (live: readonly LeaseName[], place: SessionPlace): boolean =>
  new Set(live.map((lease) => lease.key).filter((key) => key !== leaseKey(place))).size < WORKER_SLOTS;

function isFresh(world: World, lease: LeaseName): boolean {
  if (!isProcessAlive(lease.pid)) return false;
  const facts = factsOf(path.join(homeLayout(world.home).workers, lease.name));
  return facts !== undefined && Math.abs(world.clock.now().getTime() - facts.modifiedMs) < FRESH_MS;
}
