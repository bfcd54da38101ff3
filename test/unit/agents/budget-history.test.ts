import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { spentDays } from '../../../src/agents/budget-history.ts';
import { bookCall, bookTokens } from '../../../src/agents/budget.ts';
import type { World } from '../../../src/kernel/world.ts';
import { systemWorld } from '../../../src/kernel/world.ts';
import { tempFolder } from '../../support/temp-bucket.ts';

const LIMITS = { calls: 10, tokens: 1_000 };

const worldOn = (folder: string, day: string): World => ({
  ...systemWorld({ HOME: folder }, path.join(folder, 'home')),
  clock: { now: () => new Date(`${day}T12:00:00Z`) },
});

test('the first call of a new day puts the last one on record', () => {
  const folder = tempFolder();
  const monday = worldOn(folder, '2026-11-16');
  bookCall(monday, LIMITS);
  bookCall(monday, LIMITS);
  bookTokens(monday, { input: 30, output: 12 });
  expect(spentDays(monday.home)).toEqual([]);
  bookCall(worldOn(folder, '2026-11-18'), LIMITS);
  bookCall(worldOn(folder, '2026-11-18'), LIMITS);
  bookCall(worldOn(folder, '2026-11-19'), LIMITS);
  expect(spentDays(monday.home)).toEqual([
    { day: '2026-11-16', calls: 2, tokens: 42 },
    { day: '2026-11-18', calls: 2, tokens: 0 },
  ]);
});

test('a day that two processes wrote counts once, and lines that are no days are passed over', () => {
  const folder = tempFolder();
  fs.mkdirSync(path.join(folder, 'home'));
  const file = path.join(folder, 'home', 'budget-history.jsonl');
  const lines = [
    '{"day":"2026-11-18","calls":3,"tokens":5}',
    '{"day":"2026-11-18","calls":2,"tokens":9}',
    'no JSON',
    '{"day":"<b>","calls":1,"tokens":1}',
    '{"day":"2026-11-17","calls":"1","tokens":1}',
  ];
  fs.writeFileSync(file, lines.join('\n'));
  expect(spentDays(path.join(folder, 'home'))).toEqual([{ day: '2026-11-18', calls: 3, tokens: 5 }]);
});

test('a history that cannot be written costs no call', () => {
  const folder = tempFolder();
  bookCall(worldOn(folder, '2026-11-16'), LIMITS);
  fs.mkdirSync(path.join(folder, 'home', 'budget-history.jsonl'));
  expect(bookCall(worldOn(folder, '2026-11-17'), LIMITS)).toBe(true);
});
