import { expect, test } from 'vitest';
import { askReviewer } from '../../../src/capture/ask-reviewer.ts';
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
