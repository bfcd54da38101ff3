import path from 'node:path';
import type { Failure, Result } from '../contracts/failure.ts';
import type { HealthStep, StepHealth } from '../contracts/health.ts';
import { isoSeconds, timestamp } from '../kernel/clock.ts';
import { causeOf } from '../kernel/diagnostics.ts';
import { attempt, DiskFailure } from '../kernel/disk-failure.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import { homeLayout } from '../kernel/home.ts';
import { renderJson } from '../kernel/render-json.ts';
import type { World } from '../kernel/world.ts';
import { redactBuiltin } from '../safety/redact-builtin.ts';
import { readHealth } from './read-health.ts';
import type { Health } from './read-health.ts';

/**
 * Notes how the steps of the loop fare, in health.json. Written when something fails and when a row of
 * failures ends, never by a hook. Two processes that note at once may lose one of the two: the next
 * failure or success says it again. A disk that refuses costs nobody anything.
 */

const LONGEST_MESSAGE = 300;

const NEVER: StepHealth = {
  failures: 0,
  since: null,
  last_failure: null,
  message: null,
  last_success: null,
  until: null,
};

/** One more failure of a step. */
export function noteFailure(world: World, step: HealthStep, message: string): void {
  const at = timestamp(world.clock);
  change(world, step, (before) => ({
    ...before,
    failures: before.failures + 1,
    since: before.failures === 0 ? at : before.since,
    last_failure: at,
    message: redactBuiltin(message.slice(0, 4_000)).slice(0, LONGEST_MESSAGE),
    until: null,
  }));
}

/** The step went well: ends a row of failures; otherwise nothing is written. */
export function noteSuccess(world: World, step: HealthStep): void {
  change(world, step, (before) =>
    before.failures === 0
      ? before
      : { ...NEVER, last_failure: before.last_failure, last_success: timestamp(world.clock) },
  );
}

export interface NotedStep {
  world: World;
  step: HealthStep;
  /** Says a failure in words; handed in, because the words belong to the commands. */
  describe: (failure: Failure) => string;
}

/** Runs a step and notes how it ended. What it throws is thrown on. */
export async function noted<T>(of: NotedStep, work: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    const result = await work();
    if (result.ok) noteSuccess(of.world, of.step);
    else noteFailure(of.world, of.step, of.describe(result.failure));
    return result;
  } catch (error) {
    noteFailure(of.world, of.step, error instanceof DiskFailure ? of.describe(error.failure) : causeOf(error));
    throw error;
  }
}

/** Reviews wait for another day: told while it lasts, and over by itself. */
export function noteBudgetUsedUp(world: World, untilMs: number): void {
  const until = isoSeconds(new Date(untilMs));
  const at = timestamp(world.clock);
  change(world, 'budget', (before) => {
    if (before.until === until) return before;
    const message = "the day's budget of calls or tokens is used up";
    return { ...before, failures: 1, since: at, last_failure: at, message, until };
  });
}

function change(world: World, step: HealthStep, next: (before: StepHealth) => StepHealth): void {
  attempt(() => {
    const health = readHealth(world.home);
    const before = health[step] ?? NEVER;
    const after = next(before);
    if (after === before) return;
    write(world.home, { ...health, [step]: after });
  });
}

function write(home: string, steps: Health): void {
  const file = homeLayout(home).health;
  makeFolder(path.dirname(file));
  writeDurably(file, renderJson({ schema_version: 1, steps }), { sync: false });
}
