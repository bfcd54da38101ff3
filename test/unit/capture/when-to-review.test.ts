import { describe, expect, test } from 'vitest';
import type { SessionReview } from '../../../src/contracts/review.ts';
import { backoffMs, charsOf, isDue, untilText, waitingFor, whyItWaits } from '../../../src/capture/when-to-review.ts';
import { nextDayMs } from '../../../src/kernel/clock.ts';
import type { Activity } from '../../../src/capture/when-to-review.ts';

const now = Date.parse('2026-11-20T12:00:00Z');
const hour = 3_600_000;
const settings = { quietSeconds: 60, minNewChars: 200 };
const record = (more: Partial<SessionReview>): SessionReview => ({
  schema_version: 1,
  session_id: 's',
  cursor: null,
  chains: [],
  outbox: null,
  attempts: 0,
  next_attempt_at: null,
  last_error: null,
  ...more,
});

describe('the pause after failures', () => {
  test('doubles from a minute to six hours', () => {
    expect([1, 2, 3, 4].map(backoffMs)).toEqual([60_000, 120_000, 240_000, 480_000]);
    expect([9, 10, 50, 1e9].map(backoffMs)).toEqual([256 * 60_000, 6 * hour, 6 * hour, 6 * hour]);
    expect(backoffMs(0)).toBe(60_000);
  });
});

describe('a session is due', () => {
  const later = '2026-11-20T12:10:00Z';

  test.each([
    ['with no time noted', record({}), 'scan', true],
    ['before its time, for a scan', record({ next_attempt_at: later }), 'scan', false],
    ['before its time, when somebody wants it now', record({ next_attempt_at: later, attempts: 3 }), 'now', true],
    ['before its time, when it only waits and stops again', record({ next_attempt_at: later }), 'stop', true],
    [
      'before its time after a failure, when it stops again',
      record({ next_attempt_at: later, attempts: 1 }),
      'stop',
      false,
    ],
    ['at its time', record({ next_attempt_at: '2026-11-20T12:00:00Z', attempts: 1 }), 'scan', true],
    ['when the noted time is no time', record({ next_attempt_at: 'soon' }), 'scan', true],
    ['when the noted time lies years ahead', record({ next_attempt_at: '2031-01-01T00:00:00Z' }), 'scan', true],
  ] as const)('%s: %o', (_name, given, occasion, due) => {
    expect(isDue(given, now, occasion)).toBe(due);
  });
});

describe('why a session waits', () => {
  const later = '2026-11-20T14:56:00Z';

  test.each([
    [{ attempts: 5, last_error: 'it refused' }, 'until 14:56Z after 5 failures: it refused'],
    [{ attempts: 1, last_error: null }, 'until 14:56Z after 1 failure'],
    [
      { attempts: 0, last_error: 'it refused' },
      "until 14:56Z, for quiet, for more to review or for a new day's budget",
    ],
  ])('%o', (more, why) => {
    expect(whyItWaits(record({ next_attempt_at: later, ...more }), now)).toBe(why);
  });

  test('names the day where it is another one', () => {
    expect(untilText(Date.parse('2026-11-21T00:00:00Z'), now)).toBe('until 2026-11-21 00:00Z');
  });
});

const activity = (more: Partial<Activity>): Activity => ({
  nowMs: now,
  lastMs: now - hour,
  oldestMs: now - hour,
  newChars: 1_000,
  occasion: 'scan',
  ...more,
});

describe('a costly reviewer', () => {
  test('is asked about a quiet session with enough that is new', () => {
    expect(waitingFor(activity({}), settings)).toEqual({ kind: 'none' });
  });

  test('waits to the end of the quiet time', () => {
    expect(waitingFor(activity({ lastMs: now - 20_000 }), settings)).toEqual({
      kind: 'until',
      ms: now + 40_000,
      why: 'not quiet yet',
    });
    expect(waitingFor(activity({ lastMs: now - 20_000, occasion: 'now' }), settings)).toEqual({ kind: 'none' });
  });

  test('does not wait for a sign of life that a wrong clock dated ahead', () => {
    expect(waitingFor(activity({ lastMs: now + 90 * hour }), settings)).toEqual({ kind: 'none' });
    expect(waitingFor(activity({ lastMs: now + 30_000 }), settings)).toMatchObject({ ms: now + 90_000 });
  });

  test('waits for more than next to nothing, and leaves it to the free one after a day', () => {
    expect(waitingFor(activity({ newChars: 199 }), settings)).toMatchObject({
      kind: 'until',
      why: 'too little that is new',
    });
    expect(waitingFor(activity({ newChars: 199, oldestMs: now - 24 * hour }), settings)).toEqual({
      kind: 'free-reviewer',
    });
    expect(waitingFor(activity({ newChars: 200, oldestMs: now - 24 * hour }), settings)).toEqual({ kind: 'none' });
  });
});

test('a new day begins at midnight UTC', () => {
  expect(new Date(nextDayMs(now)).toISOString()).toBe('2026-11-21T00:00:00.000Z');
  expect(nextDayMs(Date.parse('2026-11-21T00:00:00Z'))).toBe(Date.parse('2026-11-22T00:00:00Z'));
});

test('what was said, run and printed counts as new', () => {
  const common = { at: '', turnId: '' };
  const characters = charsOf([
    { kind: 'user', text: '12345', ...common },
    { kind: 'assistant', text: '123', ...common },
    { kind: 'command', command: 'ls', exitCode: 0, output: 'ab', ...common },
    { kind: 'files', paths: ['a', 'bc'], ...common },
  ]);
  expect(characters).toBe(5 + 3 + 4 + 3);
});
