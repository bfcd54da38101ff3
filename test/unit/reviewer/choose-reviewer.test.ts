import { describe, expect, test } from 'vitest';
import { succeed } from '../../../src/contracts/failure.ts';
import { chooseReviewer, reviewerName } from '../../../src/reviewer/choose-reviewer.ts';
import { aTask } from './a-task.ts';
import { reviewerContract } from './reviewer-contract.ts';

const world = (env: Record<string, string> = {}) => ({ env, clock: { now: () => new Date(0) } });
const KEYS = { OPENAI_API_KEY: 'k-1', ANTHROPIC_API_KEY: 'k-2', MINIMAX_API_KEY: 'k-3' };

describe('a reviewer by name', () => {
  test.each([
    ['dummy', false],
    ['heuristic', false],
    ['openai-compatible', true],
    ['anthropic-style', true],
    ['minimax', true],
  ])('%s exists', async (name, costs) => {
    expect(await chooseReviewer(name, world(KEYS))).toMatchObject({ ok: true, value: { costs } });
  });

  test.each(['gpt', '', 'Dummy', 'constructor', '__proto__'])(
    '%j does not exist, and the known ones are listed',
    async (name) => {
      expect(await chooseReviewer(name, world(KEYS))).toEqual({
        ok: false,
        failure: {
          reason: 'not-configured',
          what: 'The review',
          fix: `The reviewer ${JSON.stringify(name)} is not known; use one of dummy, heuristic, openai-compatible, anthropic-style, minimax, codex-cli, opencode-cli, command.`,
        },
      });
    },
  );

  test('without its key it is not configured', async () => {
    expect(await chooseReviewer('minimax', world())).toMatchObject({
      ok: false,
      failure: { reason: 'not-configured' },
    });
  });

  test('every question to a model passes what the caller put around it', async () => {
    const asked: string[] = [];
    const chosen = await chooseReviewer('minimax', {
      ...world(KEYS),
      aroundAsk: (_, reviewer) => async (question) => {
        asked.push(`${reviewer}: ${question.prompt.length > 0}`);
        return succeed({ text: '{}', cut: false });
      },
    });
    if (!chosen.ok) throw new Error(chosen.failure.reason);
    expect((await chosen.value.review(aTask(), new AbortController().signal)).ok).toBe(true);
    expect(asked).toEqual(['minimax: true']);
  });
});

describe('the priority of wishes', () => {
  const env = { CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER: 'from-env' };

  test.each(['payload-file', 'hook'] as const)('%s: the payload, then the environment', (asked) => {
    expect(reviewerName({ payload: 'from-payload', env, profile: 'from-profile', asked })).toBe('from-payload');
    expect(reviewerName({ payload: ' ', env, profile: 'from-profile', asked })).toBe('from-env');
  });

  test('a profile counts for the hook only', () => {
    expect(reviewerName({ env: {}, profile: 'from-profile', asked: 'hook' })).toBe('from-profile');
    expect(reviewerName({ env: {}, profile: 'from-profile', asked: 'payload-file' })).toBe('dummy');
  });

  test('without any wish a payload file gets the dummy and the hook the heuristic', () => {
    expect(reviewerName({ env: {}, asked: 'payload-file' })).toBe('dummy');
    expect(reviewerName({ env: {}, asked: 'hook' })).toBe('heuristic');
  });
});

// The dummy and the ones that ask a model run the contract beside their own tests.
reviewerContract('heuristic', async () => {
  const chosen = await chooseReviewer('heuristic', world());
  if (!chosen.ok) throw new Error(chosen.failure.reason);
  return chosen.value;
});
