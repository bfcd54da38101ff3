import { expect, test, vi } from 'vitest';
import { chooseReviewer } from '../../../src/reviewer/choose-reviewer.ts';
import { aTask } from './a-task.ts';

const loaded = vi.hoisted(() => ({ undici: 0 }));
vi.mock('undici', () => {
  loaded.undici++;
  return {};
});

test('undici is loaded by the first question to a model, and by nothing before', async () => {
  const world = {
    env: { MINIMAX_API_KEY: 'k', MINIMAX_BASE_URL: 'http://127.0.0.1:1' },
    clock: { now: () => new Date(0) },
  };
  const dummy = await chooseReviewer('dummy', world);
  const model = await chooseReviewer('minimax', world, { maxRetries: 0 });
  if (!dummy.ok || !model.ok) throw new Error('expected two reviewers');
  await dummy.value.review(aTask(), new AbortController().signal);
  expect(loaded.undici).toBe(0);
  await model.value.review(aTask(), new AbortController().signal);
  expect(loaded.undici).toBe(1);
});
