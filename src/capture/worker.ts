import { readSettings } from '../config/read-settings.ts';
import { bucketAt } from '../bucket/open-bucket.ts';
import { causeOf } from '../kernel/diagnostics.ts';
import { DiskFailure } from '../kernel/disk-failure.ts';
import { withProviderEnvironment } from '../kernel/provider-environment.ts';
import type { World } from '../kernel/world.ts';
import { noteFailure, noteSuccess } from '../trouble/note-health.ts';
import { watchHealth } from '../trouble/watch-health.ts';
import { budgetedReviewer } from './ask-reviewer.ts';
import { causeText } from './cause-text.ts';
import { slotIsFree } from './lease.ts';
import type { SessionPlace } from './lease-name.ts';
import type { ReviewDesk } from './review-desk.ts';
import { reviewUntilDone } from './review-until-done.ts';

/** Longest life of a worker; what is not done then stays queued. */
const WORKER_DEADLINE_MS = 5 * 60_000;

/**
 * The process that the Stop hook starts: reviews one session and ends. It never throws and prints
 * nothing; what goes wrong is logged, and the turns stay queued for `scan`.
 */
export async function runWorker(world: World, place: SessionPlace, desk: Partial<ReviewDesk> = {}): Promise<void> {
  try {
    if (!slotIsFree(world, place)) return;
    const settings = readSettings(world);
    if (settings.ok) noteSuccess(world, 'config');
    else noteFailure(world, 'config', causeText(settings.failure));
    if (!settings.ok) world.diagnostics.log('settings-unusable', { failure: settings.failure });
    await reviewUntilDone(
      {
        world: withProviderEnvironment(world),
        bucket: bucketAt(place.stateDir, place.stateDir, world.env),
        occasion: 'stop',
        settings,
        report: watchHealth(world, () => undefined).report,
        signal: AbortSignal.timeout(WORKER_DEADLINE_MS),
        findReviewer: budgetedReviewer,
        ...desk,
      },
      place.session,
    );
  } catch (error) {
    // Nobody waits for us and nobody would see a stack trace.
    const cause = error instanceof DiskFailure ? causeText(error.failure) : causeOf(error);
    noteFailure(world, 'review', cause);
    world.diagnostics.log('worker-failed', { session: place.session, cause });
  }
}
