import { expect, test } from 'vitest';
import { dummyReviewer } from '../../../src/reviewer/dummy.ts';
import { aTask } from './a-task.ts';
import { reviewerContract } from './reviewer-contract.ts';

reviewerContract('dummy', () => dummyReviewer);

const review = (stub?: unknown) => dummyReviewer.review(aTask({ stub }), new AbortController().signal);
const answer = { memory_updates: [{ summary: 'Use pnpm', details: { content: 'Use pnpm.' } }] };

test('without a stub it has nothing to say', async () => {
  expect(await review()).toEqual({ ok: true, value: { suggestions: [], skipped: [] } });
  expect(await review(null)).toEqual({ ok: true, value: { suggestions: [], skipped: [] } });
});

test.each([
  ['an object', answer],
  ['the text of one', JSON.stringify(answer)],
])('a stub given as %s is its answer', async (_, stub) => {
  const result = await review(stub);
  expect(result).toMatchObject({
    ok: true,
    value: { suggestions: [{ summary: 'Use pnpm', family: 'memory_updates' }] },
  });
});

test('a stub is checked like any other answer', async () => {
  expect(await review({ notes: [] })).toMatchObject({ ok: false, failure: { reason: 'answer-unparsable' } });
  expect(await review([])).toMatchObject({ ok: false, failure: { reason: 'answer-unparsable' } });
  expect(await review({ memory_updates: [7] })).toMatchObject({ ok: true, value: { skipped: [{ index: 0 }] } });
});

test('it costs nothing', () => {
  expect(dummyReviewer.costs).toBe(false);
});
