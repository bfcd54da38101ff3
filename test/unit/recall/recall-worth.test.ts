import { expect, test } from 'vitest';
import type { RecallHit } from '../../../src/assets/recall-store.ts';
import { isStrong, isWorthInjecting, isWorthShowing } from '../../../src/recall/recall-worth.ts';

const hit = (relevance: number, matched: number): RecallHit => ({
  record: {
    id: 'a',
    summary: '',
    content: '',
    source_paths: [],
    repo_fingerprint: '',
    cwd: '',
    thread_id: '',
    turn_id: '',
    source_updated_at: '',
  },
  score: 9,
  relevance,
  matched,
});

test('unasked, a record needs both most of what is asked and more than one word of it', () => {
  expect(isWorthInjecting(hit(0.9, 2))).toBe(true);
  expect(isWorthInjecting(hit(0.9, 1))).toBe(false);
  expect(isWorthInjecting(hit(0.05, 5))).toBe(false);
});

test('asked for, a weaker record is an answer, and noise is not', () => {
  expect(isWorthShowing(hit(0.2, 1))).toBe(true);
  expect(isWorthShowing(hit(0.01, 1))).toBe(false);
  expect(isStrong(hit(0.2, 1))).toBe(false);
});
