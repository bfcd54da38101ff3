import type { Settings } from '../contracts/settings.ts';

/** How much of the past stays; days and bytes. */
export interface RetentionSettings {
  /** Newest generations that stay whatever their age. */
  lastGenerations: number;
  /** Older ones: one a day for so many days. */
  dailyGenerationsDays: number;
  /** A reader may still hold a generation that was superseded less long ago. */
  graceMs: number;
  receiptDays: number;
  /** Settled envelopes; below the ledger's 90 days, so that the ledger still knows what goes. */
  envelopeDays: number;
  snapshots: FolderLimit;
  failedReviews: FolderLimit;
  setAside: FolderLimit;
  /** Sessions' records: how far they are reviewed, and what they were given. */
  sessions: FolderLimit;
}

export interface FolderLimit {
  days: number;
  /** The oldest go when all together are larger. */
  bytes: number;
}

const MB = 1_000_000;

export const DEFAULT_RETENTION: RetentionSettings = {
  lastGenerations: 20,
  dailyGenerationsDays: 14,
  graceMs: 3_600_000,
  receiptDays: 365,
  envelopeDays: 85,
  snapshots: { days: 30, bytes: 50 * MB },
  failedReviews: { days: 90, bytes: 10 * MB },
  setAside: { days: 365, bytes: 50 * MB },
  sessions: { days: 180, bytes: 50 * MB },
};

/** With what `[retention]` of config.toml says. */
export const retentionOf = ({ retention }: Settings): RetentionSettings => ({
  ...DEFAULT_RETENTION,
  lastGenerations: retention.generations,
  dailyGenerationsDays: retention.days,
  receiptDays: retention.receiptDays,
});

export const DAY_MS = 86_400_000;

/** A generation as retention sees it. */
export interface DatedGeneration {
  number: number;
  /** ms since 1970; NaN when it cannot be told: then it stays. */
  createdAt: number;
}

/**
 * The generations that go: not the newest ones, not the newest of each of the last days, and none
 * that was current within the grace period.
 * @param generations newest first
 */
export function planRetention(
  generations: readonly DatedGeneration[],
  now: number,
  settings: RetentionSettings,
): number[] {
  const daysTaken = new Set<string>();
  return generations.flatMap(({ number, createdAt }, index) => {
    if (index < Math.max(1, settings.lastGenerations) || Number.isNaN(createdAt)) return [];
    const supersededAt = generations[index - 1]?.createdAt ?? now;
    if (!(now - supersededAt >= settings.graceMs)) return [];
    const day = new Date(createdAt).toISOString().slice(0, 10);
    const isDaily = now - createdAt < settings.dailyGenerationsDays * DAY_MS && !daysTaken.has(day);
    if (!isDaily) return [number];
    daysTaken.add(day);
    return [];
  });
}

/** A file as retention sees it. */
export interface DatedFile {
  name: string;
  modifiedMs: number;
  size: number;
  /** Something still refers to it. */
  needed: boolean;
}

/** The files that go: those beyond the age, then the oldest until the rest fits. What is needed stays and counts. */
export function planFolder(files: readonly DatedFile[], now: number, limit: FolderLimit): string[] {
  let left = files.reduce((sum, file) => sum + file.size, 0);
  const gone: string[] = [];
  for (const file of files.toSorted((a, b) => a.modifiedMs - b.modifiedMs)) {
    const isOld = now - file.modifiedMs > limit.days * DAY_MS;
    if (file.needed || (!isOld && left <= limit.bytes)) continue;
    gone.push(file.name);
    left -= file.size;
  }
  return gone;
}
