import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { CHUNK_RECORDS } from '../../../src/assets/recall-chunk-plan.ts';
import { mergedName, planMerges, type SettledChunk } from '../../../src/assets/recall-merge-plan.ts';

const full = (number: number, linked = true): SettledChunk => ({
  name: `recall-${number}`,
  records: CHUNK_RECORDS,
  linked,
});
const fullOnes = (count: number, linked = true): SettledChunk[] =>
  Array.from({ length: count }, (_, index) => full(index + 1, linked));
const namesOf = (chunks: readonly SettledChunk[]): string[] => chunks.map(({ name }) => name);
const NOTHING = { chunks: [], merged: [] };

const builtNames = (chunks: readonly SettledChunk[]): string[] =>
  planMerges(chunks, NOTHING).built.map(({ name }) => name);

describe('planning the merged segments of the next generation', () => {
  test('one chunk is its own segment', () => {
    expect(planMerges([full(1)], NOTHING)).toEqual({ linked: [], built: [] });
  });

  test('the last chunk stays alone while it grows', () => {
    expect(builtNames([full(1), { name: 'recall-2', records: 1, linked: false }])).toEqual([]);
    expect(builtNames(fullOnes(2))).toEqual(['recall-1-2']);
  });

  test.each([
    [3, ['recall-1-2']],
    [10, ['recall-1-8', 'recall-9-10']],
    [16, ['recall-1-16']],
    [37, ['recall-1-16', 'recall-17-32', 'recall-33-36']],
  ])('%i full chunks lie in runs of 16, 8, 4 and 2', (count, names) => {
    expect(builtNames(fullOnes(count))).toEqual(names);
  });

  test('what is there and unchanged is linked', () => {
    const chunks = fullOnes(18);
    expect(planMerges(chunks, { chunks: namesOf(chunks), merged: ['recall-1-16', 'recall-17-18'] })).toEqual({
      linked: ['recall-1-16', 'recall-17-18'],
      built: [],
    });
  });

  test('a changed chunk costs its own run only', () => {
    const chunks = fullOnes(32).map((chunk) => (chunk.name === 'recall-20' ? { ...chunk, linked: false } : chunk));
    const plan = planMerges(chunks, { chunks: namesOf(chunks), merged: ['recall-1-16', 'recall-17-32'] });
    expect(plan.linked).toEqual(['recall-1-16']);
    expect(plan.built.map(({ name }) => name)).toEqual(['recall-17-32']);
  });

  test('a chunk that is gone costs the runs behind it nothing', () => {
    const before = fullOnes(48);
    const chunks = before.filter(({ name }) => name !== 'recall-3');
    const plan = planMerges(chunks, {
      chunks: namesOf(before),
      merged: ['recall-1-16', 'recall-17-32', 'recall-33-48'],
    });
    expect(plan.linked).toEqual(['recall-17-32', 'recall-33-48']);
    expect(plan.built.map(({ members }) => members.length)).toEqual([8, 4, 2]);
  });

  propertyTest.prop([fc.array(fc.boolean(), { maxLength: 60 }), fc.array(fc.boolean(), { maxLength: 60 })])(
    'every chunk is in one run at most, in order, and nothing that changed is linked',
    (present, unchanged) => {
      const before = fullOnes(present.length);
      const chunks = before
        .filter((_, index) => present[index])
        .map((chunk, index) => ({ ...chunk, linked: unchanged[index] ?? false }));
      const merged = builtNames(before);
      const plan = planMerges(chunks, { chunks: namesOf(before), merged });
      const members = plan.built.flatMap((run) => run.members);
      const order = chunks.map(({ name }) => name);
      expect(members).toEqual(order.filter((name) => members.includes(name)));
      expect(new Set(members).size).toBe(members.length);
      for (const name of plan.linked) expect(merged).toContain(name);
    },
  );
});

test('a file is a merged segment by its name alone', () => {
  expect(mergedName('recall-1-16.seg')).toBe('recall-1-16');
  for (const file of ['recall-1.seg', 'recall-1-16.jsonl', 'recall-1-x.seg', 'memory.json', 'recall-1-2-3.seg'])
    expect(mergedName(file)).toBeUndefined();
});
