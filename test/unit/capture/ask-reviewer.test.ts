import { expect, test } from 'vitest';
import { chooseReviewer } from '../../../src/reviewer/choose-reviewer.ts';
import { askReviewer, patience } from '../../../src/capture/ask-reviewer.ts';
import type { Reviewer, ReviewTask } from '../../../src/reviewer/reviewer.ts';

const task: ReviewTask = {
  snapshot: {
    context: { session_id: '', thread_id: '', turn_id: '', cwd: '', repo_root: '', state_dir: '', triggered_at: '' },
    turn_snapshot: { transcript: '', thread_read_output: '', last_assistant_message: '', hook_payload_excerpt: {} },
    comparison_materials: { current_user_md: '', current_memory_md: '', managed_skills_summary: [] },
    source_authority: [],
    reviewer_provider: 'deaf',
  },
  items: [],
  nonce: 'nonce-nonce',
};

const deaf: Reviewer = { costs: true, review: () => new Promise(() => undefined) };

test('a reviewer that does not listen is given up when the time is over', async () => {
  const time = new AbortController();
  const review = askReviewer(deaf, task, time.signal);
  time.abort();
  expect(await review).toEqual({ ok: false, failure: { reason: 'aborted', what: 'the review' } });
});

test('nobody is asked after the time is over', async () => {
  let asked = false;
  const eager: Reviewer = {
    costs: true,
    review: async () => {
      asked = true;
      return { ok: true, value: { suggestions: [], skipped: [] } };
    },
  };
  expect(await askReviewer(eager, task, AbortSignal.abort())).toMatchObject({ ok: false });
  expect(asked).toBe(false);
});

test('a program that may think for ten minutes and be asked three times outlives the worker’s usual deadline', async () => {
  const over = AbortSignal.abort();
  const world = { env: { HOME: '/home/ann' }, clock: { now: () => new Date() } };
  const slow = await chooseReviewer('command', world, { command: ['review'], timeoutSeconds: 600 });
  const usual = await chooseReviewer('command', world, { command: ['review'] });
  const quick = await chooseReviewer('command', world, { command: ['review'], timeoutSeconds: 30 });
  if (!slow.ok || !usual.ok || !quick.ok) throw new Error('not configured');

  expect(slow.value.longestMs).toBeGreaterThan(3 * 600_000);
  expect(patience(slow.value, { signal: over }).aborted).toBe(false);
  expect(patience(usual.value, { signal: over }).aborted).toBe(false);
  expect(patience(quick.value, { signal: over }).aborted).toBe(true);
  expect(patience(deaf, { signal: over }).aborted).toBe(true);
});

test('the end of the whole scan ends a slow program, too', () => {
  const end = new AbortController();
  const signal = patience({ ...deaf, longestMs: 1_800_000 }, { signal: AbortSignal.abort(), end: end.signal });
  const before = signal.aborted;
  end.abort();

  expect([before, signal.aborted]).toEqual([false, true]);
});
