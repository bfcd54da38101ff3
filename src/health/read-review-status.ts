import path from 'node:path';
import type { SessionReview as SessionReviewType } from '../contracts/review.ts';
import { SessionReview } from '../contracts/review.ts';
import { queueNames } from '../capture/read-queue.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { listNames, modifiedMs } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { readJson } from '../kernel/json-file.ts';

/** The review queues of all buckets, together. */
export interface QueueStatus {
  queued: number;
  /** When the oldest entry was written, in ms; null when none waits. */
  oldestMs: number | null;
  /** Sessions whose review failed and is tried again. */
  retries: number;
  /** What the newest of those failures said. */
  lastError: string | null;
}

const SUFFIX = '.review.json';

/** Looks into the records of those buckets only in which something waits: there are the failures that are not over. */
export function readQueueStatus(layouts: readonly BucketLayout[]): QueueStatus {
  const status: QueueStatus = { queued: 0, oldestMs: null, retries: 0, lastError: null };
  let newest = 0;
  for (const layout of layouts) {
    const names = attempt(() => queueNames(layout));
    if (!names.ok || names.value.length === 0) continue;
    status.queued += names.value.length;
    const times = names.value.map((name) => modifiedMs(path.join(layout.queue, name))).filter((ms) => ms > 0);
    status.oldestMs = Math.min(status.oldestMs ?? Infinity, ...times);
    for (const { record, at } of failing(layout)) {
      status.retries += 1;
      if (at > newest) status.lastError = record.last_error;
      newest = Math.max(newest, at);
    }
  }
  return { ...status, oldestMs: Number.isFinite(status.oldestMs) ? status.oldestMs : null };
}

function failing(layout: BucketLayout): { record: SessionReviewType; at: number }[] {
  const names = attempt(() => listNames(layout.sessions).filter((name) => name.endsWith(SUFFIX)));
  return (names.ok ? names.value : []).flatMap((name) => {
    const file = path.join(layout.sessions, name);
    const reading = readJson(file, SessionReview);
    return reading.ok && reading.value.attempts > 0 ? [{ record: reading.value, at: modifiedMs(file) }] : [];
  });
}
