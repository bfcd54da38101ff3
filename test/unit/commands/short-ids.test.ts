import { describe, expect, test } from 'vitest';
import { shortIds } from '../../../src/commands/short-ids.ts';
import { listText } from '../../../src/commands/review-text.ts';
import { findTargets } from '../../../src/compile/proposals-list.ts';
import type { ReviewList, WaitingSuggestion } from '../../../src/compile/proposals-list.ts';

const suggestion = (id: string): WaitingSuggestion => ({
  id,
  family: 'recall_candidate',
  action: 'add',
  scope: null,
  skill_id: null,
  summary: 'Gateway',
  content: 'The gateway needs port 8080.',
  old_summary: null,
  edited: false,
  decision: null,
  proposal: null,
  session: '',
  reviewed_at: '',
  would: null,
});

const plan = (id: string): ReviewList['proposals'][number] => ({
  id,
  created_at: '2026-11-20T12:00:00Z',
  from: null,
  backend: 'script',
  envelopes: [],
  changes: { memory: [], recall: [], skills: [] },
  stale: false,
});

const listOf = (ids: readonly string[], plans: readonly string[] = []): ReviewList => ({
  suggestions: ids.map(suggestion),
  proposals: plans.map(plan),
  last: null,
});

describe('an id in a list for people', () => {
  test.each([
    ['of eight characters where that is enough', ['4e1368cdacc69b69#0', '4e1368cdacc69b69#1'], [], '4e1368cd#0'],
    ['of more where another begins like it', ['4e1368cdacc69b69#0', '4e1368cdab000000#0'], [], '4e1368cdac#0'],
    ['of more where a plan begins like it', ['4e1368cdacc69b69#0'], ['4e1368cd00000000'], '4e1368cda#0'],
    ['whole where another goes on after it', ['4e1368cdacc69b69#0', '4e1368cdacc69b69ff#0'], [], '4e1368cdacc69b69#0'],
    ['whole where it is short', ['e1#0', 'e12#0'], [], 'e1#0'],
  ])('is %s, and names the same', (_, ids, plans, short) => {
    const list = listOf(ids, plans);
    const [first = ''] = ids;

    expect(shortIds(list)(first)).toBe(short);
    expect(findTargets(list, short)).toEqual({ ok: true, value: [{ id: first.slice(0, -2), index: 0 }] });
    expect(listText(list)).toContain(`\n${short}  recall note`);
  });
});
