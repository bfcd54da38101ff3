import { describe, expect, test } from 'vitest';
import type { Ask, ModelAnswer, Question } from '../../../src/agents/ask.ts';
import type { Result } from '../../../src/contracts/failure.ts';
import { fail, succeed } from '../../../src/contracts/failure.ts';
import { modelReviewer } from '../../../src/reviewer/model-reviewer.ts';
import { aTask } from './a-task.ts';
import { reviewerContract } from './reviewer-contract.ts';

const GOOD = JSON.stringify({ memory_updates: [{ summary: 'Use pnpm', details: { content: 'Use pnpm.' } }] });

const said = (text: string, more: Partial<ModelAnswer> = {}): Result<ModelAnswer> =>
  succeed({ text, cut: false, tokens: { input: 100, output: 10 }, ...more });

/** A model that gives these answers in turn, and remembers what it was asked. */
function scripted(...answers: Result<ModelAnswer>[]): { ask: Ask; questions: Question[] } {
  const questions: Question[] = [];
  return {
    questions,
    ask: async (question, signal) => {
      if (signal.aborted) return fail({ reason: 'aborted', what: 'asking' });
      questions.push(question);
      return answers[questions.length - 1] ?? answers.at(-1) ?? said('{}');
    },
  };
}

const review = (ask: Ask) => modelReviewer(ask).review(aTask(), new AbortController().signal);

reviewerContract('a model', () => modelReviewer(scripted(said(GOOD)).ask));

test('it costs something', () => {
  expect(modelReviewer(scripted().ask).costs).toBe(true);
});

test('a readable answer is taken at once, with its raw text and its tokens', async () => {
  const model = scripted(said(GOOD));
  expect(await review(model.ask)).toEqual({
    ok: true,
    value: {
      suggestions: [expect.objectContaining({ family: 'memory_updates', summary: 'Use pnpm' })],
      skipped: [],
      raw: GOOD,
      tokens: { input: 100, output: 10 },
    },
  });
  expect(model.questions).toHaveLength(1);
});

test('a model that does not count its tokens is reviewed all the same', async () => {
  const result = await review(async () => succeed({ text: GOOD, cut: false }));
  expect(result.ok && 'tokens' in result.value).toBe(false);
});

describe('an answer that cannot be read', () => {
  test('is asked for again, with what was wrong, and its tokens count', async () => {
    const model = scripted(said('Sorry, no JSON today.'), said(GOOD));
    const result = await review(model.ask);
    expect(result).toMatchObject({ ok: true, value: { tokens: { input: 200, output: 20 } } });
    const [first, second] = model.questions;
    expect(second?.system).toBe(first?.system);
    expect(second?.prompt.startsWith(first?.prompt ?? '-')).toBe(true);
    expect(second?.prompt).toContain('there is no JSON object');
    expect(second?.prompt).not.toContain('Sorry');
  });

  test('is asked for at most twice again, and the last one is kept', async () => {
    const model = scripted(said('one'), said('two'), said('three'), said(GOOD));
    expect(await review(model.ask)).toEqual({
      ok: false,
      failure: { reason: 'answer-unparsable', detail: 'there is no JSON object', raw: 'three' },
    });
    expect(model.questions).toHaveLength(3);
    expect(model.questions[2]?.prompt.match(/could not be used/g)).toHaveLength(1);
  });

  test('tells the model that it was too long when it was cut', async () => {
    const model = scripted(said('{"memory_updates": [{"summ', { cut: true }), said(GOOD));
    expect((await review(model.ask)).ok).toBe(true);
    expect(model.questions[1]?.prompt).toContain('cut off at the limit');
  });

  test('counts when it was cut only after the JSON was complete', async () => {
    const model = scripted(said(`${GOOD}\n\nLet me expl`, { cut: true }));
    expect((await review(model.ask)).ok).toBe(true);
    expect(model.questions).toHaveLength(1);
  });
});

test('a failure of the model is not asked again: asking has its own retries', async () => {
  const refusal = fail({ reason: 'model-refused', provider: 'x', status: 401, detail: 'no' });
  const model = scripted(refusal);
  expect(await review(model.ask)).toEqual(refusal);
  expect(model.questions).toHaveLength(1);

  const broken = fail({ reason: 'answer-unparsable', detail: 'JSON that breaks off', raw: '{"id"' });
  const gateway = scripted(broken);
  expect(await review(gateway.ask)).toEqual(broken);
  expect(gateway.questions).toHaveLength(1);
});

test('a review that is aborted between two answers asks no further', async () => {
  const stop = new AbortController();
  let asked = 0;
  const result = await modelReviewer(async () => {
    asked++;
    stop.abort();
    return said('nonsense');
  }).review(aTask(), stop.signal);
  expect(result).toMatchObject({ ok: false, failure: { reason: 'aborted' } });
  expect(asked).toBe(1);
});
