import { expect, test } from 'vitest';
import { tombstoneOf } from '../../../src/assets/tombstone.ts';
import type { CompileAnswer, CompileTask } from '../../../src/backend/backend.ts';
import { checkAnswer } from '../../../src/compile/check-answer.ts';
import type { MemoryRecord } from '../../../src/contracts/memory.ts';
import { aPlace } from '../../support/compile-task.ts';
import { recallRecord } from '../../support/recall-records.ts';

const SECRET = 'The staging gateway password changes every autumn at noon.';
const entry: MemoryRecord = {
  scope: 'global',
  summary: 'Password',
  content: SECRET,
  source_paths: [],
  confidence: 1,
  provenance: [],
};
const task = (known: MemoryRecord[]): CompileTask => ({
  place: aPlace,
  memory: { user: [], global: known },
  skills: [],
  recall: { count: 0, has: () => false, get: () => undefined, similar: () => [] },
  batch: [],
  handTouched: new Set(),
  tombstones: [tombstoneOf(SECRET, 'all', '2026-11-20T10:00:00Z')],
  at: '2026-11-20T10:00:00Z',
});
const answer = (more: Partial<CompileAnswer>): CompileAnswer => ({
  memory: { user: [], global: [] },
  skills: [],
  recall: { added: [], replaced: [] },
  verdicts: [],
  ...more,
});
const broken = { ok: false, failure: { reason: 'answer-rejected', rule: 'bringsBackNothingForgotten' } };

test('an answer that brings back what was forgotten is not promoted, wherever it puts it', () => {
  expect(checkAnswer(answer({ memory: { user: [], global: [entry] } }), task([]))).toMatchObject(broken);
  const added = [recallRecord('a', { content: SECRET })];
  expect(checkAnswer(answer({ recall: { added, replaced: [] } }), task([]))).toMatchObject(broken);
});

test('an entry that a person has written again since is no return', () => {
  expect(checkAnswer(answer({ memory: { user: [], global: [entry] } }), task([entry]))).toMatchObject({ ok: true });
});
