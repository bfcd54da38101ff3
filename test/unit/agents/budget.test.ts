import { expect, test } from 'vitest';
import { hasRoom, spentOn, withCall, withTokens } from '../../../src/agents/budget.ts';

const limits = { calls: 2, tokens: 100 };

test('a day begins with nothing used', () => {
  expect(spentOn('2026-11-20', undefined)).toEqual({ schema_version: 1, day: '2026-11-20', calls: 0, tokens: 0 });
  const yesterday = { schema_version: 1 as const, day: '2026-11-19', calls: 200, tokens: 5 };
  expect(spentOn('2026-11-20', yesterday)).toMatchObject({ day: '2026-11-20', calls: 0, tokens: 0 });
  expect(spentOn('2026-11-19', yesterday)).toEqual(yesterday);
});

test('calls and tokens are limited each by itself', () => {
  const fresh = spentOn('2026-11-20', undefined);
  expect(hasRoom(fresh, limits)).toBe(true);
  expect(hasRoom(withCall(fresh), limits)).toBe(true);
  expect(hasRoom(withCall(withCall(fresh)), limits)).toBe(false);
  expect(hasRoom(withTokens(fresh, { input: 60, output: 39 }), limits)).toBe(true);
  expect(hasRoom(withTokens(fresh, { input: 60, output: 40 }), limits)).toBe(false);
});
