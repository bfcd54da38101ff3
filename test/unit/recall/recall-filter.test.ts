import { describe, expect, test } from 'vitest';
import type { RecallRecord } from '../../../src/contracts/recall.ts';
import { passesFilter, readFilter } from '../../../src/recall/recall-filter.ts';

const NOW = Date.parse('2026-03-31T12:00:00Z');

const record = (given: Partial<RecallRecord>): RecallRecord => ({
  id: 'a',
  summary: 's',
  content: 'c',
  source_paths: [],
  repo_fingerprint: '',
  cwd: '',
  thread_id: '',
  turn_id: '',
  source_updated_at: '',
  ...given,
});

function passes(words: Parameters<typeof readFilter>[0], given: Partial<RecallRecord>): boolean {
  const filter = readFilter(words, NOW);
  if (!filter.ok || !filter.value) throw new Error('no filter');
  return passesFilter(record(given), filter.value);
}

describe('a path', () => {
  test.each([
    ['src/api', { source_paths: ['src/api/keys.ts'] }, true],
    ['src/api/', { source_paths: ['./src/api/keys.ts'] }, true],
    ['SRC\\API', { source_paths: ['/repo/src/api/keys.ts'] }, true],
    ['keys.ts', { source_paths: ['src/api/keys.ts'] }, true],
    ['./src/api', { cwd: '/repo/src/api' }, true],
    ['src/api', { source_paths: ['src/apiary/bees.ts'] }, false],
    ['src/api', { cwd: '/repo' }, false],
  ])('%s of %j: %s', (path, given, expected) => {
    expect(passes({ path }, given)).toBe(expected);
  });
});

describe('a time', () => {
  test.each([
    [{ since: '7d' }, '2026-03-25T00:00:00Z', true],
    [{ since: '7d' }, '2026-03-23T00:00:00Z', false],
    [{ since: '2026-03-20' }, '2026-03-20T00:00:00Z', true],
    [{ until: '2026-03-20' }, '2026-03-20T23:59:59Z', true],
    [{ until: '2026-03-20' }, '2026-03-21T00:00:00Z', false],
    [{ until: '2026-03-20T10:00:00Z' }, '2026-03-20T10:00:01Z', false],
    [{ since: '2026-03-01', until: '3w' }, '2026-03-05T00:00:00Z', true],
  ])('%j of a record of %s: %s', (words, source_updated_at, expected) => {
    expect(passes(words, { source_updated_at })).toBe(expected);
  });

  test('a record without one is in no span of time, and one that only knows when it was made is of that time', () => {
    expect(passes({ since: '9w' }, {})).toBe(false);
    expect(passes({ since: '1w' }, { created_at: '2026-03-30T00:00:00Z' })).toBe(true);
  });
});

test('nothing demanded is no filter', () => {
  expect(readFilter({}, NOW)).toEqual({ ok: true, value: undefined });
});

test.each([{ since: 'yesterday' }, { since: '7' }, { until: '2026-13-45' }, { path: ' ' }, { path: '/' }])(
  '%j is wrong usage and says what would be right',
  (words) => {
    expect(readFilter(words, NOW)).toMatchObject({ ok: false, failure: { reason: 'usage' } });
  },
);
