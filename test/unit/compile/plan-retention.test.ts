import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { DAY_MS, DEFAULT_RETENTION, planFolder, planRetention } from '../../../src/compile/plan-retention.ts';
import type { DatedGeneration } from '../../../src/compile/plan-retention.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const HOUR = 3_600_000;

/** Generations made at these ages (hours), newest first. */
const agedHours = (ages: readonly number[]): DatedGeneration[] =>
  ages.map((age, index) => ({ number: ages.length - index, createdAt: NOW - age * HOUR }));
const plan = (generations: readonly DatedGeneration[]): number[] => planRetention(generations, NOW, DEFAULT_RETENTION);

describe('retention of generations', () => {
  test('keeps the last twenty whatever their age', () => {
    expect(plan(agedHours(Array.from({ length: 20 }, (_, index) => 10_000 + index)))).toEqual([]);
  });

  test('keeps the newest of each of the last fourteen days beyond them', () => {
    const kept = Array.from({ length: 20 }, (_, index) => index / 10);
    const older = [26, 27, 28, 50, 51, 14 * 24 + 1, 400 * 24];
    expect(plan(agedHours([...kept, ...older]))).toEqual([6, 5, 3, 2, 1]);
  });

  test('removes none that was current less than an hour ago', () => {
    const minutes = Array.from({ length: 30 }, (_, index) => index / 60);
    expect(plan(agedHours(minutes))).toEqual([]);
  });

  test('keeps what has no date', () => {
    const generations = agedHours(Array.from({ length: 25 }, (_, index) => 1_000 + index));
    expect(plan(generations.map((generation) => ({ ...generation, createdAt: Number.NaN })))).toEqual([]);
  });

  const ages = fc.array(fc.integer({ min: 0, max: 24 * 60 * 40 }), { maxLength: 80 });
  prop.prop([ages])('never removes what is needed, and leaves a bounded number', (minutes) => {
    const generations = agedHours(minutes.toSorted((a, b) => a - b).map((minute) => minute / 60));
    const gone = new Set(plan(generations));
    const kept = generations.filter(({ number }) => !gone.has(number));
    for (const [index, { number, createdAt }] of generations.entries()) {
      const superseded = generations[index - 1]?.createdAt ?? NOW;
      if (index < 20 || NOW - superseded < HOUR) expect(gone.has(number)).toEqual(false);
      const day = new Date(createdAt).toISOString().slice(0, 10);
      const sameDay = kept.filter((other) => new Date(other.createdAt).toISOString().startsWith(day));
      if (NOW - createdAt < 14 * DAY_MS) expect(sameDay.length).toBeGreaterThan(0);
    }
    const unprotected = kept.filter((_, index) => index >= 20 && NOW - (kept[index - 1]?.createdAt ?? NOW) >= HOUR);
    expect(unprotected.length).toBeLessThanOrEqual(15);
  });

  prop.prop([ages])('done twice removes nothing more', (minutes) => {
    const generations = agedHours(minutes.toSorted((a, b) => a - b).map((minute) => minute / 60));
    const gone = new Set(plan(generations));
    expect(plan(generations.filter(({ number }) => !gone.has(number)))).toEqual([]);
  });
});

const file = (name: string, days: number, size: number, needed = false) => ({
  name,
  modifiedMs: NOW - days * DAY_MS,
  size,
  needed,
});

describe('retention of files', () => {
  test('removes what is too old, then the oldest until the rest fits, and never what is needed', () => {
    const files = [
      file('new', 0, 40),
      file('middle', 5, 40),
      file('old', 10, 40),
      file('aged', 40, 1),
      file('kept', 50, 40, true),
    ];
    expect(planFolder(files, NOW, { days: 30, bytes: 130 })).toEqual(['aged', 'old']);
  });

  test('leaves a folder alone that is young and small enough', () => {
    expect(planFolder([file('a', 1, 10), file('b', 2, 10)], NOW, { days: 30, bytes: 20 })).toEqual([]);
  });
});
