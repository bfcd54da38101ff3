import path from 'node:path';
import { isRecord } from '../contracts/json.ts';
import type { Settings } from '../contracts/settings.ts';
import { isoSeconds } from '../kernel/clock.ts';
import { DiskFailure } from '../kernel/disk-failure.ts';
import { readText } from '../kernel/files.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import { homeLayout } from '../kernel/home.ts';
import { renderJson } from '../kernel/render-json.ts';
import type { World } from '../kernel/world.ts';
import type { TokenUse } from './ask.ts';
import { noteSpentDay } from './budget-history.ts';

/** budget.json: what reviewers and compile agents that cost used on one day (UTC), all buckets together. */
export interface Spent {
  schema_version: 1;
  day: string;
  calls: number;
  tokens: number;
}

/** Most that a day may cost. */
export interface Limits {
  calls: number;
  tokens: number;
}

/** What `[review]` of config.toml allows. */
export const dailyLimits = ({ review }: Settings): Limits => ({ calls: review.dailyCalls, tokens: review.dailyTokens });

/** Another day than the one on file starts from nothing. */
export const spentOn = (day: string, spent: Spent | undefined): Spent =>
  spent?.day === day ? spent : { schema_version: 1, day, calls: 0, tokens: 0 };

export const hasRoom = (spent: Spent, limits: Limits): boolean =>
  spent.calls < limits.calls && spent.tokens < limits.tokens;

export const withCall = (spent: Spent): Spent => ({ ...spent, calls: spent.calls + 1 });

export const withTokens = (spent: Spent, use: TokenUse): Spent => ({
  ...spent,
  tokens: spent.tokens + use.input + use.output,
});

/** What was used today. A damaged file counts as nothing used: the budget must not stop the reviews for ever. */
export function readSpent(world: World): Spent {
  return spentOn(today(world), parse(readBudget(world)));
}

/**
 * Books one call before it is made, so that a call whose process dies is counted too.
 * @returns false when the day's budget is used up; nothing is booked then
 */
export function bookCall(world: World, limits: Limits): boolean {
  const spent = readSpent(world);
  if (!hasRoom(spent, limits)) return false;
  write(world, withCall(spent));
  return true;
}

/** Books what a call turned out to use. */
export function bookTokens(world: World, use: TokenUse): void {
  write(world, withTokens(readSpent(world), use));
}

const today = (world: World): string => isoSeconds(world.clock.now()).slice(0, 10);

function readBudget(world: World): string | undefined {
  try {
    return readText(homeLayout(world.home).budget, 64_000);
  } catch (error) {
    if (error instanceof DiskFailure) return undefined;
    throw error;
  }
}

function parse(text: string | undefined): Spent | undefined {
  try {
    const value: unknown = JSON.parse(text ?? 'null');
    if (!isRecord(value)) return undefined;
    const { day, calls, tokens } = value;
    if (typeof day !== 'string' || !isCount(calls) || !isCount(tokens)) return undefined;
    return { schema_version: 1, day, calls, tokens };
  } catch {
    return undefined;
  }
}

/** A sum that some other program has broken must not switch the limits off. */
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

function write(world: World, spent: Spent): void {
  const file = homeLayout(world.home).budget;
  makeFolder(path.dirname(file));
  const before = parse(readBudget(world));
  if (before && before.day !== spent.day) noteSpentDay(world.home, before);
  writeDurably(file, renderJson(spent));
}
