import type { BucketStatus, Status } from '../contracts/status.ts';
import type { LogLine } from './read-log.ts';
import { NO_USE, WINDOW_MS } from './read-use.ts';

const REVIEW_FAILURES: readonly string[] = ['review-failed', 'worker-failed'];

export interface ActivitySources {
  now: Date;
  log: readonly LogLine[];
  buckets: readonly BucketStatus[];
  lastTick: string | null;
  reviewRetries: number;
}

/** What happened in the last 24 hours, summed up from the log, the receipts and usage.jsonl. */
export function recentActivity(sources: ActivitySources): Status['recent_activity'] {
  const { log, buckets } = sources;
  const count = (wanted: (event: string) => boolean): number => log.filter(({ event }) => wanted(event)).length;
  const since = sources.now.getTime() - WINDOW_MS;
  const receipts = buckets.flatMap(({ last_receipt: receipt }) =>
    receipt && Date.parse(receipt.ended_at ?? '') >= since ? [receipt] : [],
  );
  const use = buckets.reduce(
    (total, { usage }) => ({
      injected: total.injected + usage.injected,
      shown: total.shown + usage.shown,
      asked: total.asked + usage.asked,
      in_vain: total.in_vain + usage.in_vain,
    }),
    NO_USE,
  );
  return {
    window_hours: 24,
    stop_review: {
      stops: count((event) => event === 'hook.stop-review'),
      hook_failures: count((event) => /^hook\..*\.failed$/.test(event)),
      // A scan logs each failure again as the sentence that it has shown; those lines name no session.
      review_failures: log.filter(({ event, facts }) => REVIEW_FAILURES.includes(event) && 'session' in facts).length,
    },
    scan: {
      last_tick: sources.lastTick,
      promotions: receipts.length,
      processed: sum(receipts.map((receipt) => receipt.processed_count)),
      discarded: sum(receipts.map((receipt) => receipt.discarded_count)),
      fallbacks: count((event) => event === 'fell-back'),
      bucket_failures: count((event) => event === 'scan-bucket-failed' || event === 'queue-failed'),
    },
    recall: {
      session_starts: count((event) => event === 'hook.session-start'),
      prompts: count((event) => event === 'hook.prompt-recall'),
      ...use,
    },
    retries: {
      reviews: sources.reviewRetries,
      envelopes: sum(buckets.map(({ counts }) => counts.retryable_failed)),
    },
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
