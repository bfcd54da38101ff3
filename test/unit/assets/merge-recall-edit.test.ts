import { describe, expect, test } from 'vitest';
import { mergeRecallEdit } from '../../../src/assets/merge-recall-edit.ts';
import type { RecallRecord } from '../../../src/contracts/recall.ts';
import { recallRecord } from '../../support/recall-records.ts';

const [a, b, c] = ['a', 'b', 'c'].map((id) => recallRecord(id, { summary: id, content: `Text of ${id}` }));
if (!a || !b || !c) throw new Error('three records');
const byId = (...records: RecallRecord[]): Map<string, RecallRecord> => new Map(records.map((one) => [one.id, one]));
const none = new Set<string>();

describe('an edit of the recall index', () => {
  test('removes only what its writer saw', () => {
    const merged = mergeRecallEdit({ base: byId(a, b), edited: [a], current: byId(a, b, c), unread: none });
    expect([...merged.removed]).toEqual(['b']);
    expect(
      mergeRecallEdit({ base: undefined, edited: [a], current: byId(a, b, c), unread: none }).removed.size,
    ).toEqual(0);
  });

  test('removes nothing that stands in it in a form that cannot be read', () => {
    const merged = mergeRecallEdit({ base: byId(a, b), edited: [a], current: byId(a, b), unread: new Set(['b']) });
    expect(merged.removed.size).toEqual(0);
  });

  test('joins what the hand and a promotion changed of one record; in one field the hand wins', () => {
    const now = { ...a, aliases: ['promoted'], summary: 'promoted' };
    const merged = mergeRecallEdit({
      base: byId(a),
      edited: [{ ...a, summary: 'mine' }],
      current: byId(now),
      unread: none,
    });
    expect(merged.replaced.get('a')).toEqual({ ...a, aliases: ['promoted'], summary: 'mine' });
  });

  test('adds what is new, and what was changed by hand after it had gone', () => {
    const merged = mergeRecallEdit({
      base: byId(a),
      edited: [{ ...a, summary: 'mine' }, c],
      current: byId(b),
      unread: none,
    });
    expect([...merged.added.keys()]).toEqual(['a', 'c']);
    expect(mergeRecallEdit({ base: byId(a), edited: [a], current: byId(b), unread: none }).added.size).toEqual(0);
  });
});
