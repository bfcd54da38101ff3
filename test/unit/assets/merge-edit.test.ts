import { describe, expect, test } from 'vitest';
import { mergeEdit } from '../../../src/assets/merge-edit.ts';
import type { MemoryRecord } from '../../../src/contracts/memory.ts';

const record = (summary: string, content = summary): MemoryRecord => ({
  scope: 'global',
  summary,
  content,
  source_paths: ['src/a.ts'],
  confidence: 0.5,
  provenance: [{ suggestion_id: 'a1', thread_id: '', turn_id: '', at: '' }],
});
const texts = (records: readonly MemoryRecord[]): string[] =>
  records.map(({ summary, content }) => `${summary}: ${content}`);
const merge = (base: MemoryRecord[] | undefined, edited: MemoryRecord[], current: MemoryRecord[]) =>
  mergeEdit({ scope: 'global', base, edited, current });

describe('a hand edit', () => {
  test('that adds, changes and deletes is applied to what is current', () => {
    const base = [record('A'), record('B'), record('C')];
    const merged = merge(base, [record('A'), record('B', 'changed'), record('D')], base);
    expect(texts(merged.records)).toEqual(['A: A', 'B: changed', 'D: D']);
    expect(merged.touched).toEqual(['B', 'B', 'C', 'D']);
  });

  test('made before a promotion deletes nothing that the promotion added', () => {
    const base = [record('A')];
    const merged = merge(base, [record('A', 'by hand')], [record('A'), record('New')]);
    expect(texts(merged.records)).toEqual(['A: by hand', 'New: New']);
  });

  test('wins over a promotion that changed the same entry', () => {
    const merged = merge([record('A')], [record('A', 'by hand')], [record('A', 'by machine')]);
    expect(texts(merged.records)).toEqual(['A: by hand']);
  });

  test('of an entry that is gone by now brings the hand’s text back', () => {
    expect(texts(merge([record('A')], [record('A', 'by hand')], []).records)).toEqual(['A: by hand']);
  });

  test('without its base only adds and changes', () => {
    const merged = merge(undefined, [record('B', 'by hand'), record('C')], [record('A'), record('B')]);
    expect(texts(merged.records)).toEqual(['A: A', 'B: by hand', 'C: C']);
  });

  test('keeps where an entry came from and says that a hand was there', () => {
    const [changed] = merge([record('A')], [record('A', 'by hand')], [record('A')]).records;
    expect(changed?.source_paths).toEqual(['src/a.ts']);
    expect(changed?.provenance.map(({ suggestion_id: id, basis }) => [id, basis])).toEqual([
      ['a1', undefined],
      ['', 'hand-edit'],
    ]);
  });

  test('of nothing changes nothing', () => {
    const current = [record('A'), record('B')];
    expect(merge(current, current, current)).toEqual({ records: current, touched: [] });
  });
});

describe('a hand edit of ten thousand entries', () => {
  test('looks each entry up instead of comparing all with all', () => {
    let looks = 0;
    const counting = Array.from({ length: 10_000 }, (_, index) => record(`Entry ${index}`)).map((entry) => ({
      ...entry,
      get summary() {
        looks++;
        return entry.summary;
      },
    }));
    expect(merge(counting, counting, counting).records).toHaveLength(10_000);
    // A few looks per entry and list; all with all would be a hundred million.
    expect(looks).toBeLessThan(1_000_000);
  });
});
