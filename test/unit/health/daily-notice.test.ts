import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { dailyNotice } from '../../../src/trouble/daily-notice.ts';
import { noteBudgetUsedUp, noteFailure, noteSuccess } from '../../../src/trouble/note-health.ts';
import { dayText } from '../../../src/trouble/tell-trouble.ts';
import type { TimedWorld } from './a-world.ts';
import { aWorld, homeFile } from './a-world.ts';

function failing(step: 'review' | 'config', times: number, message = '401 from api.example.com'): TimedWorld {
  const world = aWorld();
  world.at('2026-11-17T12:00:00Z');
  for (let count = 0; count < times; count++) noteFailure(world, step, message);
  world.at('2026-11-20T12:00:00Z');
  return world;
}

describe('the daily notice', () => {
  test('says what fails, since when, the last message, and what to run', () => {
    expect(dailyNotice(failing('review', 3))).toBe(
      'codex-self-evolution: Reviews have failed since Tuesday: 401 from api.example.com. Run csep doctor.',
    );
  });

  test('is silent below three failures in a row, and after a success', () => {
    const recovered = failing('review', 5);
    noteSuccess(recovered, 'review');

    expect(dailyNotice(failing('review', 2))).toBeUndefined();
    expect(dailyNotice(recovered)).toBeUndefined();
  });

  test('touches nothing while all is well', () => {
    const world = aWorld();

    expect(dailyNotice(world)).toBeUndefined();
    expect(fs.readdirSync(world.home)).toEqual([]);
  });

  test('comes once a day', () => {
    const world = failing('review', 3);
    const told = ['2026-11-20T12:00:00Z', '2026-11-20T12:00:01Z', '2026-11-20T23:59:00Z', '2026-11-21T07:59:00Z'].map(
      (at) => {
        world.at(at);
        return dailyNotice(world) !== undefined;
      },
    );
    world.at('2026-11-21T08:01:00Z');

    expect(told).toEqual([true, false, false, false]);
    expect(dailyNotice(world)).toBeDefined();
    expect(fs.readdirSync(homeFile(world, 'notices'))).toEqual(['2026-11-21']);
  });

  test('is silent where another session has just made the day its own, and has not written the time yet', () => {
    const world = failing('review', 3);
    fs.mkdirSync(homeFile(world, 'notices'));
    fs.writeFileSync(homeFile(world, 'notices/2026-11-20'), '');

    expect(dailyNotice(world)).toBeUndefined();
  });

  test('a clock that was set back by a year does not silence it for a year', () => {
    const world = failing('review', 3);
    dailyNotice(world);
    world.at('2025-11-20T12:00:00Z');

    expect(dailyNotice(world)).toBeDefined();
  });

  test('a config.toml that cannot be read is told from the first time on', () => {
    expect(dailyNotice(failing('config', 1, 'line 3: no string'))).toContain(
      'The configuration has been unusable since Tuesday: line 3: no string',
    );
  });

  test('a used up budget is told as long as it lasts', () => {
    const world = aWorld();
    noteBudgetUsedUp(world, Date.parse('2026-11-21T00:00:00Z'));
    const during = dailyNotice(world);
    fs.rmSync(homeFile(world, 'notices'), { recursive: true });
    world.at('2026-11-21T00:00:01Z');

    expect(during).toContain("No more reviews today: the day's budget of calls or tokens is used up");
    expect(dailyNotice(world)).toBeUndefined();
  });

  test('stays on one line and short, whatever a provider says', () => {
    const notice = dailyNotice(failing('review', 3, `first\n\u001B[31msecond\u202E ${'long '.repeat(60)}`)) ?? '';

    expect(notice).toMatch(/^[^\p{Cc}\p{Cf}]+$/u);
    expect(notice.length).toBeLessThan(240);
  });

  test('a home that cannot be written is silent instead of telling every session', () => {
    const world = failing('review', 3);
    fs.writeFileSync(homeFile(world, 'notices'), 'a file in the way');

    expect(dailyNotice(world)).toBeUndefined();
  });
});

describe('days', () => {
  const now = new Date(2026, 10, 20, 0, 5);
  test.each([
    [new Date(2026, 10, 20, 0, 1), 'today'],
    [new Date(2026, 10, 19, 23, 59), 'yesterday'],
    [new Date(2026, 10, 17, 12), 'Tuesday'],
    [new Date(2026, 10, 14, 0, 0), 'Saturday'],
    [new Date(2026, 10, 13, 23, 59), '2026-11-13'],
    [new Date(2026, 10, 21, 12), '2026-11-21'],
  ])('%s is %s', (day, text) => {
    expect(dayText(day.toISOString(), now)).toBe(text);
  });
});
