import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as lockfile from 'proper-lockfile';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { LockOwner } from '../contracts/lock.ts';
import type { LockStatus, StaleReason } from '../contracts/lock.ts';
import type { Clock } from './clock.ts';
import { timestamp } from './clock.ts';
import { attempt, diskFailure, errorCode } from './disk-failure.ts';
import { factsOf, readText } from './files.ts';
import { makeFolder, TEMPORARY_PREFIX } from './write-files.ts';
import type { BucketLayout } from './home.ts';
import { parseJson, readJson, writeJson } from './json-file.ts';
import { moveFile, removeFile } from './move-files.ts';
import { bootId, hostName, isProcessAlive, processStart } from './process.ts';

/** A compile takes minutes, an agent at most 15: half an hour without a sign of life is death. */
const STALE_MS = 30 * 60_000;
const HEARTBEAT_MS = 15_000;
/** proper-lockfile's minimum: enough to take over from an owner that is known to be gone. */
const TAKEOVER_STALE_MS = 2_000;
/** A lock folder without owner facts is a holder that died between two system calls, unless it is this young. */
const OWNERLESS_STALE_MS = 20_000;
/** Two hosts' clocks may differ by this much; only a lock from further in the future is nonsense. */
const FUTURE_TOLERANCE_S = 60;
const POLL_MS = 100;

export interface HeldLock {
  /** Aborted when the lock was taken from us: whatever is staged must not be promoted. */
  lost: AbortSignal;
  release(): Promise<void>;
}

export interface LockRequest {
  layout: BucketLayout;
  clock: Clock;
  /** Id of this run: the owner file is only removed when it still carries it. */
  run: string;
  /** Longest wait for another holder that is at work, ms (default 0). */
  patienceMs?: number;
}

/**
 * Takes the bucket's compile lock. It is for politeness: two compiles do not waste work. What keeps
 * a promotion safe is the exclusive rename and the ledger (assets/promotion).
 *
 * @returns `bucket-locked` when somebody else holds it
 */
export async function acquireLock(request: LockRequest): Promise<Result<HeldLock>> {
  const { patienceMs = 0 } = request;
  for (let waited = 0; ; waited += POLL_MS) {
    const lock = await tryLock(request);
    if (lock.ok || lock.failure.reason !== 'bucket-locked' || waited >= patienceMs) return lock;
    await wait(POLL_MS);
  }
}

async function tryLock(request: LockRequest): Promise<Result<HeldLock>> {
  const { layout, clock, run } = request;
  makeFolder(layout.compiler);
  // Judged before we take the folder: from then on its age is our own heartbeat, and says nothing about them.
  const ownerBefore = readText(layout.lockOwner);
  const status = lockStatus(layout, clock);
  if (status.locked && !status.stale) return locked(layout, status.owner_pid);
  const staleOwner = status.stale ? ownerBefore : undefined;
  const lost = new AbortController();
  const patience = status.stale ? TAKEOVER_STALE_MS + 1_000 : 0;
  const release = await lockFolder(layout, staleTime(status), { lost, patience });
  if (!release) return locked(layout, lockStatus(layout, clock).owner_pid);
  if (!(await ownerFileIsOurs(request, release, staleOwner)))
    return locked(layout, lockStatus(layout, clock).owner_pid);
  return succeed({
    lost: lost.signal,
    release: async () => {
      // What was done is done: a disk that does not let us tidy up must not turn it into a failure.
      // Our process ends, and then the lock that stays behind is stale.
      attempt(() => removeOwnOwnerFile(layout, run));
      // After a lost lock there is nothing of ours to release; releasing would throw.
      if (!lost.signal.aborted) await quietly(release);
    },
  });
}

async function ownerFileIsOurs(
  request: LockRequest,
  release: Release,
  staleOwner: string | undefined,
): Promise<boolean> {
  try {
    if (claimOwnerFile(request, staleOwner)) return true;
  } catch (error) {
    await quietly(release);
    throw error;
  }
  await quietly(release);
  return false;
}

async function quietly(release: Release): Promise<void> {
  try {
    await release();
  } catch {
    // The folder stays; without an owner it counts for seconds only.
  }
}

const locked = (layout: BucketLayout, ownerPid: number | null): Result<HeldLock> =>
  fail({ reason: 'bucket-locked', bucket: path.basename(layout.stateDir), ownerPid });

function staleTime(status: LockStatus): number {
  if (status.stale) return TAKEOVER_STALE_MS;
  return status.owner_pid === null ? OWNERLESS_STALE_MS : STALE_MS;
}

type Release = () => Promise<void>;

async function lockFolder(
  layout: BucketLayout,
  stale: number,
  { lost, patience }: { lost: AbortController; patience: number },
): Promise<Release | undefined> {
  try {
    return await lockfile.lock(layout.stateDir, {
      lockfilePath: layout.lockFolder,
      realpath: false,
      stale,
      update: HEARTBEAT_MS,
      retries: { retries: Math.ceil(patience / 250), factor: 1, minTimeout: 250, maxTimeout: 250 },
      // Without this a stolen lock throws from a timer.
      onCompromised: () => lost.abort(),
    });
  } catch (error) {
    if (['ELOCKED', 'ENOENT'].includes(errorCode(error))) return undefined;
    throw diskFailure('lock', layout.lockFolder, error);
  }
}

/**
 * The file that the Python plugin understands: created exclusively, so that both exclude each other.
 * @param staleOwner text of the file that was found stale before the folder was taken
 */
function claimOwnerFile({ layout, clock, run }: LockRequest, staleOwner: string | undefined): boolean {
  const owner: LockOwner = {
    created_at: timestamp(clock),
    pid: process.pid,
    host: hostName(),
    boot_id: bootId(),
    process_start: processStart(process.pid),
    run,
  };
  if (writeJson(layout.lockOwner, LockOwner, owner, { exclusive: true })) return true;
  const before = readText(layout.lockOwner);
  if (before === undefined) return false;
  if (before !== staleOwner && !isStale(ownerStatus(layout, clock, before))) return false;
  // Named like what is being written: when we die here, it is swept like that.
  const aside = path.join(layout.compiler, `${TEMPORARY_PREFIX}stale-${run}`);
  if (!moveFile(layout.lockOwner, aside)) return false;
  // Somebody may have replaced the stale file between our look and our move: theirs goes back.
  const movedForeign = readText(aside) !== before;
  if (movedForeign) moveFile(aside, layout.lockOwner);
  else removeFile(aside);
  return !movedForeign && writeJson(layout.lockOwner, LockOwner, owner, { exclusive: true });
}

const isStale = (status: LockStatus): boolean => status.stale;

function removeOwnOwnerFile(layout: BucketLayout, run: string): void {
  const owner = readJson(layout.lockOwner, LockOwner);
  if (owner.ok && owner.value.run === run) removeFile(layout.lockOwner);
}

/** Who holds the bucket's compile lock, and whether that lock still counts. Takes nothing, changes nothing. */
export function lockStatus(layout: BucketLayout, clock: Clock): LockStatus {
  const text = readText(layout.lockOwner);
  if (text !== undefined) return ownerStatus(layout, clock, text);
  const folder = factsOf(layout.lockFolder);
  const ageMs = folder ? clock.now().getTime() - folder.modifiedMs : null;
  const stale = ageMs !== null && ageMs > OWNERLESS_STALE_MS;
  return {
    locked: folder !== undefined,
    stale,
    stale_reason: stale ? 'exceeded_max_age' : null,
    pid_alive: null,
    age_seconds: ageMs === null ? null : Math.round(ageMs / 1000),
    owner_pid: null,
    path: layout.lockFolder,
  };
}

function ownerStatus(layout: BucketLayout, clock: Clock, text: string): LockStatus {
  const parsed = parseJson(layout.lockOwner, text, LockOwner);
  if (!parsed.ok) return damagedOwner(layout, clock);
  const owner = parsed.value;
  const age = (clock.now().getTime() - Date.parse(owner.created_at)) / 1000;
  const alive = ownerIsAlive(owner);
  const reason = staleReason(alive, age, lastSignMs(layout, clock));
  return {
    locked: true,
    stale: reason !== null,
    stale_reason: reason,
    pid_alive: alive,
    age_seconds: Number.isFinite(age) ? Math.round(age) : null,
    owner_pid: owner.pid,
    path: layout.lockOwner,
  };
}

/** An owner file that is cut or empty: judged by its age alone. */
function damagedOwner(layout: BucketLayout, clock: Clock): LockStatus {
  const modified = factsOf(layout.lockOwner)?.modifiedMs ?? 0;
  const age = (clock.now().getTime() - modified) / 1000;
  const stale = age * 1000 > OWNERLESS_STALE_MS;
  return {
    locked: true,
    stale,
    stale_reason: stale ? 'exceeded_max_age' : null,
    pid_alive: null,
    age_seconds: Math.round(age),
    owner_pid: null,
    path: layout.lockOwner,
  };
}

/** Null when it cannot be known: another host, or another boot of an unknown host. */
function ownerIsAlive(owner: LockOwner): boolean | null {
  if (owner.host !== undefined && owner.host !== hostName()) return null;
  const boot = bootId();
  if (owner.boot_id && boot && owner.boot_id !== boot) return false;
  if (!isProcessAlive(owner.pid)) return false;
  const start = processStart(owner.pid);
  return owner.process_start && start ? owner.process_start === start : true;
}

/** Milliseconds since the last heartbeat; null when there is no lock folder (the Python plugin has none). */
function lastSignMs(layout: BucketLayout, clock: Clock): number | null {
  const folder = factsOf(layout.lockFolder);
  return folder ? clock.now().getTime() - folder.modifiedMs : null;
}

function staleReason(alive: boolean | null, ageSeconds: number, heartbeatAgeMs: number | null): StaleReason | null {
  if (alive === false) return 'pid_not_alive';
  if (ageSeconds < -FUTURE_TOLERANCE_S) return 'negative_age';
  const quietMs = heartbeatAgeMs === null ? ageSeconds * 1000 : Math.min(ageSeconds * 1000, heartbeatAgeMs);
  return quietMs > STALE_MS || Number.isNaN(ageSeconds) ? 'exceeded_max_age' : null;
}
