import type { BucketHandle } from '../bucket/open-bucket.ts';
import type { Report } from '../contracts/event.ts';
import type { Result } from '../contracts/failure.ts';
import type { Settings } from '../contracts/settings.ts';
import type { World } from '../kernel/world.ts';
import type { Reviewer } from '../reviewer/reviewer.ts';
import type { Occasion } from './when-to-review.ts';

/** Where and how sessions of one bucket are reviewed. */
export interface ReviewDesk {
  world: World;
  bucket: BucketHandle;
  occasion: Occasion;
  /** Where they cannot be read nobody is asked: a switch that is off would be among what cannot be read. */
  settings: Result<Settings>;
  report: Report;
  /** Ends the work on a session, and the waiting for a reviewer that has no longer time of its own. */
  signal: AbortSignal;
  /** Ends everything at once: the pass that this belongs to is over. */
  end?: AbortSignal | undefined;
  /** Finds the reviewer of a name; tests put their own in its place. */
  findReviewer: (world: World, name: string, settings: Settings) => Promise<Result<Reviewer>>;
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
  /** Without them they are read for each bucket. */
  settings?: ReviewDesk['settings'];
  findReviewer?: ReviewDesk['findReviewer'];
  /** Ends the pass: no session is begun any more, and the one that is reviewed waits for the next. */
  end?: AbortSignal | undefined;
}
