import { profileFor } from '../config/active-profile.ts';
import type { Result } from '../contracts/failure.ts';
import { fail } from '../contracts/failure.ts';
import type { Settings } from '../contracts/settings.ts';
import { DEFAULT_SETTINGS } from '../contracts/settings.ts';
import { causeOf } from '../kernel/diagnostics.ts';
import { homeLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import type { Ask, TokenUse } from '../agents/ask.ts';
import { usedBy } from '../agents/ask.ts';
import type { Retry } from '../agents/ask-http.ts';
import { chooseReviewer } from '../reviewer/choose-reviewer.ts';
import type { Review, Reviewer, ReviewTask } from '../reviewer/reviewer.ts';
import type { Limits } from '../agents/budget.ts';
import { bookCall, bookTokens, dailyLimits } from '../agents/budget.ts';
import type { ReviewDesk } from './review-desk.ts';

/**
 * The reviewer of that name, asked as the active profile says; each of its requests, the repeated ones
 * too, is counted against the day's budget.
 */
export function budgetedReviewer(
  world: World,
  name: string,
  settings: Settings = DEFAULT_SETTINGS,
): Promise<Result<Reviewer>> {
  const limits = dailyLimits(settings);
  const reviewerWorld = {
    env: world.env,
    home: world.home,
    providerFile: homeLayout(world.home).providerEnvironment,
    clock: world.clock,
    aroundAsk: (ask: Ask) => withinBudget(world, ask, limits),
    mayRetry: () => bookCall(world, limits),
    onUnusable: (use: TokenUse) => bookTokens(world, use),
    onRetry: (retry: Retry) => world.diagnostics.log('model-retried', { ...retry }),
  };
  return chooseReviewer(name, reviewerWorld, profileFor(settings, name));
}

function withinBudget(world: World, ask: Ask, limits: Limits): Ask {
  return async (question, signal) => {
    if (!bookCall(world, limits)) return fail({ reason: 'aborted', what: 'the review (the daily budget is used up)' });
    const answer = await ask(question, signal);
    if (answer.ok) bookTokens(world, usedBy(question, answer.value.text, answer.value.tokens));
    return answer;
  };
}

/** Whoever takes no longer fits into every deadline of ours. */
const ENOUGH_FOR_MOST_MS = 4 * 60_000;

/**
 * Until when a reviewer is waited for. A program may think for minutes and be asked three times: it ends by
 * its own deadlines, and a shorter one of ours would throw away what was paid for.
 */
export function patience(
  { longestMs = 0 }: Reviewer,
  { signal, end }: Pick<ReviewDesk, 'signal' | 'end'>,
): AbortSignal {
  if (longestMs <= ENOUGH_FOR_MOST_MS) return signal;
  const own = AbortSignal.timeout(longestMs);
  return end ? AbortSignal.any([own, end]) : own;
}

/**
 * Asks the reviewer and stops waiting when the signal fires, even if the reviewer does not listen. A
 * reviewer that throws has a bug; it becomes a failure all the same, because failures have a back-off
 * and a bug that is asked again with every scan would be paid for again with every scan.
 */
export async function askReviewer(reviewer: Reviewer, task: ReviewTask, signal: AbortSignal): Promise<Result<Review>> {
  const aborted = fail({ reason: 'aborted', what: 'the review' });
  if (signal.aborted) return aborted;
  const listening = new AbortController();
  const gaveUp = new Promise<Result<Review>>((resolve) => {
    signal.addEventListener('abort', () => resolve(aborted), { once: true, signal: listening.signal });
  });
  try {
    return await Promise.race([reviewer.review(task, signal), gaveUp]);
  } catch (error) {
    return fail({ reason: 'aborted', what: `the review, by an error in the program (${causeOf(error)})` });
  } finally {
    // One signal serves all reviews of a scan; listeners that stay would add up.
    listening.abort();
  }
}
