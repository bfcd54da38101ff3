import type { Failure, Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import { monotonicMs } from '../kernel/clock.ts';
import { causeOf } from '../kernel/diagnostics.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { lookAt } from '../kernel/files.ts';
import { schedulerLayout } from '../kernel/home.ts';
import { moveFile } from '../kernel/move-files.ts';
import { lowerPriority } from '../kernel/process.ts';
import type { World } from '../kernel/world.ts';
import { isDue, readLastTick, wasAskedFor, writeLastTick } from './last-tick.ts';
import type { LastTick, ScanTrigger, TickCounts } from './last-tick.ts';
import { takeLeaseOn } from './lease.ts';

export interface ScanTurn {
  trigger: ScanTrigger;
  /** Seconds between two scans that nobody asked for; a person's scan is always due. */
  intervalSeconds: number;
  /** Says a failure in words; handed in, because the words belong to the commands. */
  describe: (failure: Failure) => string;
}

/** Why a scan left without having looked at anything. */
export type ScanSkip = 'another_scan' | 'not_due';

/** What a scan did, as far as the record of the last tick tells it. */
interface Scanned {
  counts: TickCounts;
  reviews: LastTick['reviews'];
}

/** All scans of one home exclude each other. */
const SCAN_KEY = '5ca25ca25ca25ca2';

/** What a scheduler's jobs print is nothing worth keeping for long. */
const LARGEST_LOG = 1_000_000;

/**
 * Runs a scan when it is its turn: no other scan works on this home, and (for one that nobody asked for) the
 * interval has passed. Notes the last tick, also of a scan that failed. Hooks never wait for this.
 */
export async function inScanTurn<T extends Scanned>(
  world: World,
  turn: ScanTurn,
  scan: () => Promise<Result<T>>,
): Promise<Result<T | ScanSkip>> {
  if (!isTurn(world, turn)) return succeed('not_due');
  const lease = takeLeaseOn(world, {
    folder: schedulerLayout(world.home).leases,
    key: SCAN_KEY,
    facts: { trigger: turn.trigger },
    // Nearly all scans find nothing to do, and the disk's answer would be the longest part of them.
    sync: false,
  });
  if (!lease) return succeed('another_scan');
  try {
    if (turn.trigger !== 'manual') stayInTheBackground(world);
    return await noted(world, turn, scan);
  } finally {
    lease.release();
  }
}

const isTurn = (world: World, { trigger, intervalSeconds }: ScanTurn): boolean =>
  trigger === 'manual' ||
  isDue(readLastTick(world.home), intervalSeconds, world.clock.now()) ||
  (trigger === 'scheduler' && wasAskedFor(world.home));

function stayInTheBackground(world: World): void {
  lowerPriority();
  const { log } = schedulerLayout(world.home);
  attempt(() => (lookAt(log)?.size ?? 0) > LARGEST_LOG && moveFile(log, `${log}.1`));
}

const NOTHING: Scanned = {
  counts: { run: 0, skipped: 0, failed: 0 },
  reviews: { reviewed: 0, deferred: 0, failed: 0 },
};

async function noted<T extends Scanned>(world: World, { trigger, describe }: ScanTurn, scan: () => Promise<Result<T>>) {
  const began = world.clock.now();
  const started = monotonicMs();
  const note = ({ counts, reviews }: Scanned, error: string | null): void => {
    const { reviewed, deferred, failed } = reviews;
    const ms = Math.round(monotonicMs() - started);
    const ok = error === null && counts.failed === 0;
    writeLastTick(world, { began, ms, trigger, ok, buckets: counts, reviews: { reviewed, deferred, failed }, error });
  };
  try {
    const result = await scan();
    if (result.ok) note(result.value, null);
    else note(NOTHING, await redacted(describe(result.failure)));
    return result;
  } catch (error) {
    note(NOTHING, await redacted(causeOf(error)));
    throw error;
  }
}

/** The words of an error may repeat what somebody typed; the rules are loaded only then. */
async function redacted(text: string): Promise<string> {
  const { redactBuiltin } = await import('../safety/redact-builtin.ts');
  return redactBuiltin(text);
}
