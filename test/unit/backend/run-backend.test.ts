import { describe, expect, test } from 'vitest';
import type { Backend } from '../../../src/backend/backend.ts';
import { runBackend } from '../../../src/backend/run-backend.ts';
import { scriptBackend } from '../../../src/backend/script.ts';
import { checkAnswer } from '../../../src/compile/check-answer.ts';
import type { Event } from '../../../src/contracts/event.ts';
import type { Failure } from '../../../src/contracts/failure.ts';
import { fail } from '../../../src/contracts/failure.ts';
import { memory } from '../../support/temp-bucket.ts';
import { aTask, spoilt } from './agent-rig.ts';

const failing = (failure: Failure): Backend => ({ name: 'agent:fake', compile: async () => fail(failure) });
const task = aTask([memory('A fact about the build')]);
const run = async (backend: Backend, more: { fallback?: Backend | null; signal?: AbortSignal } = {}) => {
  const events: Event[] = [];
  const { fallback = scriptBackend, signal = new AbortController().signal } = more;
  const result = await runBackend(
    { backend, fallback, check: checkAnswer, report: (event) => void events.push(event) },
    task,
    signal,
  );
  return { result, events };
};

describe('when an agent fails, the deterministic merge does the work and says why', () => {
  test.each<[Failure, string, string]>([
    [
      { reason: 'agent-unavailable', agent: 'opencode', detail: 'opencode is not on the PATH' },
      'opencode_unavailable',
      'not on the PATH',
    ],
    [
      { reason: 'not-configured', what: 'A model for opencode', fix: 'set compile.opencode.model' },
      'opencode_unavailable',
      'set compile.opencode.model',
    ],
    [{ reason: 'budget-used-up', what: 'agent:codex' }, 'opencode_unavailable', 'budget is used up'],
    [{ reason: 'agent-failed', agent: 'opencode', detail: '401 Unauthorized' }, 'agent_invoke_failed', '401'],
    [{ reason: 'model-timed-out', provider: 'codex', afterMs: 900_000 }, 'agent_invoke_failed', '900000 ms'],
    [{ reason: 'model-refused', provider: 'codex', status: 401, detail: 'no' }, 'agent_invoke_failed', 'status 401'],
    [{ reason: 'answer-unparsable', detail: 'the answer is empty', raw: '' }, 'agent_output_invalid', 'empty'],
    [
      { reason: 'answer-rejected', rule: 'keepsWhatNobodyNamed', detail: 'gone' },
      'agent_output_invalid',
      'keepsWhatNobodyNamed: gone',
    ],
  ])('%j', async (failure, reason, detail) => {
    const { result, events } = await run(failing(failure));
    expect(result).toMatchObject({ ok: true, value: { fallback: { backend: 'script', discarded: { reason } } } });
    expect(JSON.stringify(result)).toContain(detail);
    expect(events).toEqual([
      {
        type: 'fell-back',
        from: 'agent:fake',
        to: 'script',
        reason: expect.stringContaining(detail),
        ...(failure.reason === 'budget-used-up' ? { overBudget: true } : {}),
      },
    ]);
  });

  test('in one line of at most 400 characters, without a secret', async () => {
    const key = `ghp_${'aB3dE5fG7h'.repeat(4).slice(0, 36)}`;
    const { result } = await run(
      failing({ reason: 'agent-failed', agent: 'codex', detail: `bad key ${key}\n${'x'.repeat(900)}` }),
    );
    const discarded = result.ok ? result.value.fallback?.discarded : undefined;
    expect(discarded?.detail?.length).toBeLessThanOrEqual(400);
    expect(discarded?.detail).not.toContain('\n');
    expect(discarded?.detail).not.toContain(key);
  });
});

test('without a fallback the failure is the answer', async () => {
  const { result } = await run(spoilt(() => '{}').backend, { fallback: null });
  expect(result).toMatchObject({ ok: false, failure: { reason: 'answer-unparsable' } });
});

test('a lost lock is no reason to fall back', async () => {
  const lost = new AbortController();
  const backend: Backend = {
    name: 'agent:fake',
    compile: async () => {
      lost.abort();
      return fail({ reason: 'aborted', what: 'The compile' });
    },
  };
  const { result, events } = await run(backend, { signal: lost.signal });
  expect(result).toMatchObject({ ok: false, failure: { reason: 'aborted' } });
  expect(events).toEqual([]);
});
