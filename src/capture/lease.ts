import path from 'node:path';
import { isRecord } from '../contracts/json.ts';
import { isoSeconds } from '../kernel/clock.ts';
import { DiskFailure } from '../kernel/disk-failure.ts';
import { exists, factsOf, readText } from '../kernel/files.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import { homeLayout } from '../kernel/home.ts';
import { removeFile } from '../kernel/move-files.ts';
import { pause } from '../kernel/pause.ts';
import { bootId, hostName, isProcessAlive, processStart } from '../kernel/process.ts';
import { renderJson } from '../kernel/render-json.ts';
import type { World } from '../kernel/world.ts';
import { hasSlot, leaseKey, listLeases } from './lease-name.ts';
import type { SessionPlace } from './lease-name.ts';

/** The right to review one session; held by one process at a time. */
export interface Lease {
  /** False when somebody took us for dead; then nothing may be committed any more. */
  isHeld(): boolean;
  release(): void;
}

/** How long a rival that is about to give way is waited for: 0.5 s in all. */
const ROUNDS = 20;
const ROUND_MS = 25;

/** For owners that cannot be asked (another host, no start time): longer than any worker or sleep of a review lasts. */
const UNKNOWN_OWNER_MS = 30 * 60_000;

/**
 * Takes the lease on a session: announce, then look who else is there. Two that announce at once
 * both see each other; the one with the smaller name stays and waits, the other leaves at once, so
 * never both go on and never both give up without a third who holds it.
 *
 * @returns undefined when another live process has it
 */
export function takeLease(world: World, place: SessionPlace): Lease | undefined {
  const folder = homeLayout(world.home).workers;
  makeFolder(folder);
  const name = `${leaseKey(place)}.${process.pid}.${uniquePart()}.json`;
  const file = path.join(folder, name);
  // Synced: a lease that a power cut emptied says nothing about its owner, and would hold the session up for long.
  writeDurably(file, renderJson(ownerFacts(world, place)));
  const release = (): void => void removeFile(file);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const rivals = liveRivals(world, place, name);
      if (rivals.length === 0) return { isHeld: () => exists(file), release };
      if (rivals.some((rival) => rival < name)) break;
      pause(ROUND_MS);
    }
  } catch (error) {
    release();
    throw error;
  }
  release();
  return undefined;
}

const uniquePart = (): string =>
  process.hrtime.bigint().toString(36) + Math.floor(Math.random() * 2 ** 40).toString(36);

const ownerFacts = (world: World, place: SessionPlace): Record<string, unknown> => ({
  pid: process.pid,
  process_start: processStart(process.pid),
  boot_id: bootId(),
  host: hostName(),
  at: isoSeconds(world.clock.now()),
  session_id: place.session,
  state_dir: place.stateDir,
});

/** Other leases of this session whose owners live; those of the dead are cleared away. */
function liveRivals(world: World, place: SessionPlace, own: string): string[] {
  const key = leaseKey(place);
  return listLeases(world.home)
    .filter((lease) => lease.key === key && lease.name !== own)
    .filter((lease) => keepIfLive(world, lease.name))
    .map((lease) => lease.name);
}

/** Whether fewer sessions than there are slots are worked on; leases of the dead are cleared away on the way. */
export const slotIsFree = (world: World, place: SessionPlace): boolean =>
  hasSlot(
    listLeases(world.home).filter((lease) => keepIfLive(world, lease.name)),
    place,
  );

function keepIfLive(world: World, name: string): boolean {
  const file = path.join(homeLayout(world.home).workers, name);
  if (ownerLives(world, file)) return true;
  removeFile(file);
  return false;
}

function ownerLives(world: World, file: string): boolean {
  const owner = readOwner(file);
  if (owner === 'gone') return false;
  if (owner && owner['host'] === hostName()) {
    const boot = bootId();
    if (boot !== null && typeof owner['boot_id'] === 'string' && owner['boot_id'] !== boot) return false;
    const pid = Number(owner['pid']);
    if (!isProcessAlive(pid)) return false;
    const start = processStart(pid);
    // With both start times the answer is certain and no clock is asked.
    if (start !== null && typeof owner['process_start'] === 'string') return start === owner['process_start'];
  }
  const facts = factsOf(file);
  return facts !== undefined && Math.abs(world.clock.now().getTime() - facts.modifiedMs) < UNKNOWN_OWNER_MS;
}

/** Undefined for a lease that a power cut tore. */
function readOwner(file: string): Record<string, unknown> | 'gone' | undefined {
  try {
    const text = readText(file, 64_000);
    if (text === undefined) return 'gone';
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DiskFailure) return undefined;
    throw error;
  }
}
