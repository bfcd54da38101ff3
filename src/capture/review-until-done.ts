import { takeLease } from './lease.ts';
import { queueNames } from './read-queue.ts';
import { queuePrefix } from './queue-name.ts';
import type { Outcome, ReviewDesk } from './review-desk.ts';
import { reviewSession } from './review-session.ts';

/** More rounds would mean that something feeds the queue faster than it can be worked off. */
const MOST_ROUNDS = 50;

/** When several rounds end differently, the session counts as the gravest. */
const GRAVITY = ['nothing', 'reviewed', 'deferred', 'failed'] as const satisfies readonly Outcome[];

/**
 * Reviews a session under its lease until its queue holds nothing that was not looked into.
 *
 * The queue is listed once more after the lease is given up: a hook that still saw the lease has
 * left its entry to us.
 *
 * @returns `deferred` also when another process has the lease
 * @throws DiskFailure
 */
export async function reviewUntilDone(desk: ReviewDesk, session: string): Promise<Outcome> {
  const place = { stateDir: desk.bucket.layout.stateDir, session };
  let worst: Outcome = 'nothing';
  for (let round = 0; round < MOST_ROUNDS && !desk.signal.aborted; round++) {
    const lease = takeLease(desk.world, place);
    if (!lease) return graver(worst, 'deferred');
    const before = namesOf(desk, session);
    let more: boolean;
    try {
      const ended = await reviewSession(desk, session, lease);
      worst = graver(worst, ended.outcome);
      more = ended.more;
    } finally {
      lease.release();
    }
    if (!more && !namesOf(desk, session).some((name) => !before.includes(name))) return worst;
  }
  return graver(worst, 'deferred');
}

const graver = (a: Outcome, b: Outcome): Outcome => (GRAVITY.indexOf(a) > GRAVITY.indexOf(b) ? a : b);

const namesOf = (desk: ReviewDesk, session: string): string[] =>
  queueNames(desk.bucket.layout).filter((name) => name.startsWith(queuePrefix(session)));
