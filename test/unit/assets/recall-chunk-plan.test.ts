import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { CHUNK_RECORDS, type PlannedChunk, planChunks } from '../../../src/assets/recall-chunk-plan.ts';

const chunk = (number: number, records: number, changed = false): PlannedChunk => ({
  name: `recall-${number}`,
  records,
  changed,
});

describe('planning the chunks of the next generation', () => {
  test('the first records make the first chunk', () => {
    expect(planChunks([], 3)).toEqual({ linked: [], written: [{ name: 'recall-1', from: [], added: 3 }] });
  });
  test('nothing new links everything', () => {
    expect(planChunks([chunk(1, 1000), chunk(2, 7)], 0)).toEqual({ linked: ['recall-1', 'recall-2'], written: [] });
  });
  test('a batch rewrites the last chunk only, and spills into new ones', () => {
    expect(planChunks([chunk(1, 1000), chunk(2, 990)], 20)).toEqual({
      linked: ['recall-1'],
      written: [
        { name: 'recall-2', from: ['recall-2'], added: 10 },
        { name: 'recall-3', from: [], added: 10 },
      ],
    });
  });
  test('a full last chunk is left alone', () => {
    expect(planChunks([chunk(1, 1000)], 1).linked).toEqual(['recall-1']);
  });
  test('a changed chunk is rewritten in its place', () => {
    const plan = planChunks([chunk(1, 1000), chunk(2, 999, true), chunk(3, 1000)], 0);
    expect(plan).toEqual({
      linked: ['recall-1', 'recall-3'],
      written: [{ name: 'recall-2', from: ['recall-2'], added: 0 }],
    });
  });
  test('a chunk that loses all its records goes away', () => {
    expect(planChunks([chunk(1, 1000), chunk(2, 0, true)], 0)).toEqual({ linked: ['recall-1'], written: [] });
  });
  test('a chunk that must be rewritten anyway takes in a small neighbour', () => {
    expect(planChunks([chunk(1, 300), chunk(2, 200, true)], 0)).toEqual({
      linked: [],
      written: [{ name: 'recall-1', from: ['recall-1', 'recall-2'], added: 0 }],
    });
  });

  const chunks = fc.array(fc.tuple(fc.integer({ min: 1, max: CHUNK_RECORDS }), fc.boolean()), { maxLength: 12 });
  propertyTest.prop([chunks, fc.integer({ min: 0, max: 3_500 })])(
    'no record is lost, doubled or crowded',
    (shapes, added) => {
      const before = shapes.map(([records, changed], index) => chunk(index + 1, records, changed));
      const { linked, written } = planChunks(before, added);
      const sources = [...linked, ...written.flatMap(({ from }) => from)];
      expect(sources.toSorted()).toEqual(before.map(({ name }) => name).toSorted());
      expect(written.reduce((sum, draft) => sum + draft.added, 0)).toBe(added);
      const size = (names: readonly string[]): number =>
        names.reduce((sum, name) => sum + (before.find((one) => one.name === name)?.records ?? 0), 0);
      for (const draft of written) expect(size(draft.from) + draft.added).toBeLessThanOrEqual(CHUNK_RECORDS);
      const names = [...linked, ...written.map(({ name }) => name)];
      expect(new Set(names).size).toBe(names.length);
      for (const name of linked) expect(before.find((one) => one.name === name)?.changed).toBe(false);
    },
  );
});
