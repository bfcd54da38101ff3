import { readSettings } from '../config/read-settings.ts';
import { bucketAt } from '../bucket/open-bucket.ts';
import { inspectBucket } from '../bucket/list-buckets.ts';
import type { BucketFolder } from '../bucket/list-buckets.ts';
import { causeOf } from '../kernel/diagnostics.ts';
import { DiskFailure } from '../kernel/disk-failure.ts';
import type { World } from '../kernel/world.ts';
import { budgetedReviewer } from './ask-reviewer.ts';
import { causeText } from './cause-text.ts';
import { readAllStops } from './read-queue.ts';
import type { Outcome, PassOptions, ReviewDesk } from './review-desk.ts';
import { reviewUntilDone } from './review-until-done.ts';

/** As long as a worker may take for one session. */
const SESSION_DEADLINE_MS = 5 * 60_000;

/**
 * Reviews the waiting sessions of one bucket, oldest entry first.
 * @returns one outcome for each session that has entries; none for a folder that is no bucket of ours
 */
export async function reviewBucket(world: World, folder: BucketFolder, options: PassOptions): Promise<Outcome[]> {
  const inspection = inspectBucket(folder);
  // The compile half of `scan` tells why a folder is left out.
  if (inspection.kind !== 'live') return [];
  const bucket = bucketAt(folder.stateDir, inspection.bucket.root ?? folder.stateDir, world.env);
  const sessions = new Set(readAllStops(world, bucket.layout).map(({ entry }) => entry.session_id));
  const outcomes: Outcome[] = [];
  const settings = options.settings ?? readSettings(world);
  for (const session of sessions) {
    if (options.end?.aborted) {
      outcomes.push('deferred');
      continue;
    }
    const usual = AbortSignal.timeout(SESSION_DEADLINE_MS);
    const desk: ReviewDesk = {
      world,
      bucket,
      occasion: options.now ? 'now' : 'scan',
      settings,
      report: options.report,
      signal: options.end ? AbortSignal.any([usual, options.end]) : usual,
      end: options.end,
      findReviewer: options.findReviewer ?? budgetedReviewer,
    };
    outcomes.push(await outcomeOf(desk, session));
  }
  return outcomes;
}

/** One session's trouble must not keep the others from their turn. */
async function outcomeOf(desk: ReviewDesk, session: string): Promise<Outcome> {
  try {
    return await reviewUntilDone(desk, session);
  } catch (error) {
    const reason = error instanceof DiskFailure ? causeText(error.failure) : causeOf(error);
    desk.world.diagnostics.log('review-failed', { session, reason });
    desk.report({ type: 'review-failed', session, reason });
    return 'failed';
  }
}
