import { activeProfile } from '../config/active-profile.ts';
import { isReviewedHere } from '../config/reviewed-here.ts';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import type { SessionReview } from '../contracts/review.ts';
import type { Settings } from '../contracts/settings.ts';
import { nextDayMs } from '../kernel/clock.ts';
import { factsOf } from '../kernel/files.ts';
import { reviewerName } from '../reviewer/choose-reviewer.ts';
import type { Reviewer } from '../reviewer/reviewer.ts';
import { noteBudgetUsedUp } from '../trouble/note-health.ts';
import { dailyLimits, hasRoom, readSpent } from '../agents/budget.ts';
import { wasUnreadable } from './cause-text.ts';
import type { QueuedStop } from './read-queue.ts';
import type { ReviewDesk } from './review-desk.ts';
import type { SessionMaterial } from './session-material.ts';
import { charsOf, waitingFor } from './when-to-review.ts';

export interface ChosenReviewer {
  name: string;
  reviewer: Reviewer;
  /** It stands in for one that costs. */
  standIn: boolean;
}

/** Nobody is asked before that time. */
export interface Postponed {
  untilMs: number;
  why: string;
}

/** Somebody has switched reviews off here. */
export interface SwitchedOff {
  switchedOff: true;
}

const FREE_REVIEWER = 'heuristic';

/** Within an hour. Each is paid for, and a material that a model cannot answer to in so many tries it never can. */
const TRIES_FOR_AN_ANSWER = 6;

/**
 * Who reviews this part of the session, until when it waits, or that nobody may. Reviewers that cost
 * nothing never wait.
 * @returns Failure of the settings, too: what cannot be read may forbid the review, or name another reviewer
 */
export async function chooseForSession(
  desk: ReviewDesk,
  { batch, record }: { batch: readonly QueuedStop[]; record: SessionReview },
  material: SessionMaterial,
): Promise<Result<ChosenReviewer | Postponed | SwitchedOff>> {
  if (!desk.settings.ok) return desk.settings;
  const settings = desk.settings.value;
  if (!isReviewedHere(settings, desk.bucket.root, desk.world.env)) return succeed({ switchedOff: true });
  const name = reviewerName({ env: desk.world.env, profile: activeProfile(settings)?.provider, asked: 'hook' });
  const found = await desk.findReviewer(desk.world, name, settings);
  if (!found.ok) return found;
  if (!found.value.costs) return succeed({ name, reviewer: found.value, standIn: false });
  const nowMs = desk.world.clock.now().getTime();
  const waiting = waitingFor({ ...activityOf(batch, material, nowMs), occasion: desk.occasion }, settings.review);
  if (waiting.kind === 'until') return succeed({ untilMs: waiting.ms, why: waiting.why });
  const isHopeless = record.attempts >= TRIES_FOR_AN_ANSWER && wasUnreadable(record.last_error);
  if (waiting.kind === 'free-reviewer' || isHopeless) return freeReviewer(desk, settings);
  if (!hasRoom(readSpent(desk.world), dailyLimits(settings))) {
    noteBudgetUsedUp(desk.world, nextDayMs(nowMs));
    return succeed({ untilMs: nextDayMs(nowMs), why: 'the daily budget is used up' });
  }
  return succeed({ name, reviewer: found.value, standIn: false });
}

async function freeReviewer(desk: ReviewDesk, settings: Settings): Promise<Result<ChosenReviewer>> {
  const free = await desk.findReviewer(desk.world, FREE_REVIEWER, settings);
  return free.ok ? succeed({ name: FREE_REVIEWER, reviewer: free.value, standIn: true }) : free;
}

function activityOf(batch: readonly QueuedStop[], material: SessionMaterial, nowMs: number) {
  const stopped = batch.map(({ entry }) => Date.parse(entry.queued_at) || nowMs);
  const changed = material.transcriptPath === null ? 0 : (factsOf(material.transcriptPath)?.modifiedMs ?? 0);
  return {
    nowMs,
    lastMs: Math.max(changed, ...stopped),
    oldestMs: Math.min(...stopped),
    newChars: charsOf(material.items),
  };
}
