import path from 'node:path';
import { isRecord } from '../contracts/json.ts';
import { isoSeconds } from '../kernel/clock.ts';
import { attempt, DiskFailure } from '../kernel/disk-failure.ts';
import { exists, factsOf, readText } from '../kernel/files.ts';
import { makeFolder, setModified, writeDurably } from '../kernel/write-files.ts';
import { homeLayout } from '../kernel/home.ts';
import { removeFile } from '../kernel/move-files.ts';
import { pause } from '../kernel/pause.ts';
import { bootId, hostName, isProcessAlive, processStart } from '../kernel/process.ts';
import { renderJson } from '../kernel/render-json.ts';
import type { World } from '../kernel/world.ts';
import { hasSlot, leaseKey, listLeasesIn } from './lease-name.ts';
import type { SessionPlace } from './lease-name.ts';

/** What is to be held: leases of one key exclude each other, those of other keys in the folder do not. */
export interface LeaseSubject {
  folder: string;
  /** 16 hex digits. */
  key: string;
  /** For whoever reads the file. */
  facts: Record<string, unknown>;
  /** Written at once: a lease that a power cut emptied says nothing about its owner, and holds the others up for UNKNOWN_OWNER_MS. */
  sync: boolean;
}

/** The right to something that one process at a time may do: review a session, scan a home. */
export interface Lease {
  /** False when somebody took us for dead; then nothing may be committed any more. */
  isHeld(): boolean;
  release(): void;
}

/** How long a rival that is about to give way is waited for: 0.5 s in all. */
const ROUNDS = 20;
const ROUND_MS = 25;

/** Whoever holds a lease renews it, however long a reviewer or a compile takes: it is then fresh for hooks and other hosts. */
const RENEW_EVERY_MS = 60_000;

/** For owners that cannot be asked (another host, no start time): many renewals, and longer than a laptop's nap. */
const UNKNOWN_OWNER_MS = 30 * 60_000;

/** Takes the lease on a session. @returns undefined when another live process has it */
export const takeLease = (world: World, place: SessionPlace): Lease | undefined =>
  takeLeaseOn(world, {
    folder: homeLayout(world.home).workers,
    key: leaseKey(place),
    facts: { session_id: place.session, state_dir: place.stateDir },
    sync: true,
  });

/**
 * Takes a lease: announce, then look who else is there. Two that announce at once
 * both see each other; the one with the smaller name stays and waits, the other leaves at once, so
 * never both go on and never both give up without a third who holds it.
 *
 * @returns undefined when another live process has it
 */
export function takeLeaseOn(world: World, subject: LeaseSubject): Lease | undefined {
  makeFolder(subject.folder);
  const name = `${subject.key}.${process.pid}.${uniquePart()}.json`;
  const file = path.join(subject.folder, name);
  writeDurably(file, renderJson({ ...ownerFacts(world), ...subject.facts }), { sync: subject.sync });
  const release = (): void => void removeFile(file);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const rivals = liveRivals(world, subject, name);
      if (rivals.length === 0) return held(world, file);
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

/** The timer keeps no process alive, and renews nothing that somebody has taken. */
function held(world: World, file: string): Lease {
  const renewing = setInterval(() => attempt(() => setModified(file, world.clock.now())), RENEW_EVERY_MS);
  renewing.unref();
  return {
    isHeld: () => exists(file),
    release: () => {
      clearInterval(renewing);
      removeFile(file);
    },
  };
}

const uniquePart = (): string =>
  process.hrtime.bigint().toString(36) + Math.floor(Math.random() * 2 ** 40).toString(36);

const ownerFacts = (world: World): Record<string, unknown> => ({
  pid: process.pid,
  process_start: processStart(process.pid),
  boot_id: bootId(),
  host: hostName(),
  at: isoSeconds(world.clock.now()),
});

/** Other leases of the same key whose owners live; those of the dead are cleared away. */
function liveRivals(world: World, { folder, key }: LeaseSubject, own: string): string[] {
  return listLeasesIn(folder)
    .filter((lease) => lease.key === key && lease.name !== own)
    .filter((lease) => keepIfLive(world, path.join(folder, lease.name)))
    .map((lease) => lease.name);
}

/** Whether fewer sessions than there are slots are worked on; leases of the dead are cleared away on the way. */
export function slotIsFree(world: World, place: SessionPlace): boolean {
  const folder = homeLayout(world.home).workers;
  const live = listLeasesIn(folder).filter((lease) => keepIfLive(world, path.join(folder, lease.name)));
  return hasSlot(live, place);
}

function keepIfLive(world: World, file: string): boolean {
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
