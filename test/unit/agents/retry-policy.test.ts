import { expect, test } from 'vitest';
import { isTransientStatus, pauseBefore, retryAfterMs } from '../../../src/agents/retry-policy.ts';

const now = new Date('2026-05-01T10:00:00Z');

test.each([
  ['0', 0],
  ['120', 120_000],
  [' 3 ', 3_000],
  ['Fri, 01 May 2026 10:00:30 GMT', 30_000],
  ['Friday, 01-May-26 10:00:30 GMT', 30_000],
  ['Fri May  1 10:00:30 2026', 30_000],
  ['Fri, 01 May 2026 09:00:00 GMT', 0],
  [undefined, undefined],
  ['', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['1e9', undefined],
  ['soon', undefined],
  ['2026', 2_026_000],
  ['2026-05-01', undefined],
  ['Friday at ten', undefined],
  ['99999999999999', undefined],
])('a Retry-After of %j is %j milliseconds', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms);
});

test('pauses grow, stay within their jitter, and have an end', () => {
  expect([0, 1, 2, 3].map((retry) => pauseBefore(retry, 0))).toEqual([500, 1_000, 2_000, 4_000]);
  expect([0, 1, 2, 3].map((retry) => pauseBefore(retry, 0.999_999))).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(pauseBefore(40, 0.999_999)).toBe(20_000);
});

test('no pause is shorter than what the provider asked for', () => {
  expect(pauseBefore(0, 0, 9_000)).toBe(9_000);
  expect(pauseBefore(5, 0, 9_000)).toBe(10_000);
  expect(pauseBefore(0, 0, 0)).toBe(500);
});

test('only what may pass by itself is transient', () => {
  const transient = [200, 301, 400, 401, 403, 404, 408, 409, 422, 425, 429, 500, 503, 529, 599, 600].filter(
    isTransientStatus,
  );
  expect(transient).toEqual([408, 425, 429, 500, 503, 529, 599]);
});
