import type { Event, Report } from '../contracts/event.ts';
import { nextDayMs } from '../kernel/clock.ts';
import type { World } from '../kernel/world.ts';
import { noteBudgetUsedUp, noteFailure, noteSuccess } from './note-health.ts';

/** Listens to what the flows tell, and notes what fails and what recovers. */
export interface HealthWatch {
  /** Goes where a Report goes; hands every event on. */
  report: Report;
  /**
   * Ends a compile or a scan: one failure for the whole pass, however many buckets failed, so that a
   * row of failures is a row of passes.
   * @param problem what a bucket's compile said that failed
   */
  ended(problem: string | undefined): void;
}

export function watchHealth(world: World, next: Report): HealthWatch {
  let fellBack: string | undefined;
  let overBudget = false;
  let unpublished: string | undefined;
  const seen = new Set<Event['type']>();
  return {
    report(event) {
      next(event);
      seen.add(event.type);
      if (event.type === 'reviewed' && !event.standIn) noteSuccess(world, 'review');
      if (event.type === 'review-failed') noteFailure(world, 'review', event.reason);
      if (event.type === 'fell-back' && event.overBudget) {
        overBudget = true;
        noteBudgetUsedUp(world, nextDayMs(world.clock.now().getTime()));
      } else if (event.type === 'fell-back')
        fellBack = `${event.from} failed, ${event.to} did the work: ${event.reason}`;
      if (event.type === 'skill-left-alone' && event.failed) unpublished = `${event.skill}: ${event.reason}`;
    },
    ended(problem) {
      const compile = problem ?? fellBack;
      if (compile !== undefined) noteFailure(world, 'compile', compile);
      // Nobody asked the agent: that says neither that it fails nor that it works again.
      else if (seen.has('promoted') && !overBudget) noteSuccess(world, 'compile');
      if (unpublished !== undefined) noteFailure(world, 'publish', unpublished);
      else if (seen.has('promoted') || seen.has('published')) noteSuccess(world, 'publish');
    },
  };
}
