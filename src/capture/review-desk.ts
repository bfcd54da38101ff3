import type { BucketHandle } from '../bucket/open-bucket.ts';
import type { Report } from '../contracts/event.ts';
import type { Result } from '../contracts/failure.ts';
import type { World } from '../kernel/world.ts';
import type { Reviewer } from '../reviewer/reviewer.ts';
import type { Occasion, ReviewSettings } from './when-to-review.ts';

/** Where and how sessions of one bucket are reviewed. */
export interface ReviewDesk {
  world: World;
  bucket: BucketHandle;
  occasion: Occasion;
  settings: ReviewSettings;
  report: Report;
  /** Ends the waiting for a reviewer. */
  signal: AbortSignal;
  /** Finds the reviewer of a name; tests put their own in its place. */
  findReviewer: (world: World, name: string) => Promise<Result<Reviewer>>;
}

/** How a look at a session ended. */
export type Outcome = 'nothing' | 'reviewed' | 'deferred' | 'failed';

/** One look at a session's queue entries. */
export interface Round {
  outcome: Outcome;
  /** Entries are left that this round did not look into. */
  more: boolean;
}

/** How a pass over all queues is made. */
export interface PassOptions {
  /** Ignores back-offs, waits and the quiet time. */
  now: boolean;
  report: Report;
  findReviewer?: ReviewDesk['findReviewer'];
}
