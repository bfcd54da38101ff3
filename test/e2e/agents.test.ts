import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import type { Ask } from '../../src/agents/ask.ts';
import { askCodexExec } from '../../src/agents/codex-exec.ts';
import { askOpencode } from '../../src/agents/opencode-run.ts';
import type { AgentRequest } from './support/agent-model.ts';
import { type AgentRig, LOGIN_KEY, opencodeProgram, TEAM, withAgents } from './support/agent-rig.ts';
import { filesBelow } from './support/home-view.ts';

const SYSTEM = 'Answer with one JSON object. A literal {env:HOME} and {file:./x} stay what they are.';
const LONG_ENOUGH_MS = 120_000;
const never = new AbortController().signal;

interface Agent {
  name: string;
  ask: (rig: AgentRig, more?: { timeoutMs?: number; model?: string }) => Ask;
}

const codex: Agent = {
  name: 'codex',
  ask: (rig, { timeoutMs = LONG_ENOUGH_MS, model } = {}) =>
    askCodexExec({ command: [process.execPath, inject('codexLauncher')], model: model ?? null, timeoutMs }, rig),
};
const opencode: Agent = {
  name: 'opencode',
  ask: (rig, { timeoutMs = LONG_ENOUGH_MS, model = 'mock/good' } = {}) =>
    askOpencode({ command: [opencodeProgram()], model, agent: null, timeoutMs }, rig),
};

/** A question of more than 300 kB in one line, with something at its end that nobody can guess. */
function bigQuestion(): { nonce: string; question: { system: string; prompt: string } } {
  const nonce = `nonce-${randomBytes(12).toString('hex')}`;
  const prompt = `{"text":"${'quotes \\" and $HOME and `x` '.repeat(12_000)}","end":"${nonce}"}`;
  return { nonce, question: { system: SYSTEM, prompt } };
}

const answerWithNonce = ({ text }: AgentRequest): { say: string } => ({
  say: JSON.stringify({ found: /nonce-[0-9a-f]{24}/.exec(text.slice(-200))?.[0] ?? 'none' }),
});

describe.each([codex, opencode])('the real $name', (agent) => {
  test('is asked once, gets 300 kB whole, and answers from their end; nothing of it is left', async () => {
    await withAgents(async (rig) => {
      rig.model.behave(answerWithNonce);
      const { nonce, question } = bigQuestion();
      await agent.ask(rig)(question, never);
      const before = filesBelow(rig.userHome);
      const answer = await agent.ask(rig)(question, never);

      expect(answer).toEqual({
        ok: true,
        value: { text: JSON.stringify({ found: nonce }), cut: false, tokens: { input: 1100, output: 70 } },
      });
      expect(rig.model.requests).toHaveLength(2);
      const [request] = rig.model.requests;
      expect(request?.text).toContain(question.prompt);
      expect(request?.text).toContain(SYSTEM);
      expect(request?.text).not.toContain('GLOBAL INSTRUCTIONS FOR OPENCODE');
      expect(existsSync(rig.mcpWasStarted)).toBe(false);
      expect(filesBelow(rig.home)).toEqual([]);
      expect(filesBelow(rig.userHome)).toEqual(before);
      expect(filesBelow(rig.userHome).filter((file) => /sessions|rollout|\.npm/.test(file))).toEqual([]);
      expect(filesBelow(rig.userHome).filter((file) => readFileSync(join(rig.userHome, file)).includes(nonce))).toEqual(
        [],
      );
    });
  });

  test.each([
    {
      fault: 'a refused key',
      behaviour: { refuse: 401, message: 'no such key sk-proj-Ab3dEf6hIj9kAb3dEf6hIj9kAb3dEf6h' },
      failure: { reason: 'model-refused', status: 401 },
      says: 'no such key [redacted:',
    },
    {
      fault: 'an unknown model',
      behaviour: { refuse: 404, message: 'The model `good` does not exist' },
      failure: { reason: 'model-refused', status: 404 },
      says: 'does not exist',
    },
    {
      fault: 'an empty answer',
      behaviour: { say: '' },
      failure: { reason: 'answer-unparsable' },
      says: 'empty answer',
    },
  ])('$fault is a failure in the words of the provider', async ({ behaviour, failure, says }) => {
    await withAgents(async (rig) => {
      rig.model.behave(() => behaviour);
      const answer = await agent.ask(rig)({ system: SYSTEM, prompt: 'hello' }, never);
      expect(answer).toMatchObject({ ok: false, failure });
      expect(!answer.ok && 'detail' in answer.failure && answer.failure.detail).toContain(says);
      expect(filesBelow(rig.home)).toEqual([]);
    });
  });

  test('an answer that was cut says so', async () => {
    await withAgents(async (rig) => {
      rig.model.behave(() => ({ cut: '{"memory_upd' }));
      const answer = await agent.ask(rig)({ system: SYSTEM, prompt: 'hello' }, never);
      expect(answer).toMatchObject({ ok: true, value: { cut: true } });
    });
  });

  test.each([
    { fault: 'a model that never answers', behaviour: { hang: true } },
    { fault: 'an answer without end', behaviour: { endless: true } },
  ] as const)('$fault ends at the deadline, with every process', async ({ behaviour }) => {
    await withAgents(async (rig) => {
      let seen: number[] = [];
      rig.model.behave(() => {
        seen = rig.processes();
        return behaviour;
      });
      const answer = await agent.ask(rig, { timeoutMs: 25_000 })({ system: SYSTEM, prompt: 'hello' }, never);
      expect(answer).toMatchObject({ ok: false, failure: { reason: 'model-timed-out', afterMs: 25_000 } });
      expect(seen.length).toBeGreaterThan(0);
      expect(rig.processes()).toEqual([]);
      expect(filesBelow(rig.home)).toEqual([]);
    });
  });

  test('whoever is not wanted any more is ended at once', async () => {
    await withAgents(async (rig) => {
      const abort = new AbortController();
      rig.model.behave(() => {
        abort.abort();
        return { hang: true };
      });
      const answer = await agent.ask(rig)({ system: SYSTEM, prompt: 'hello' }, abort.signal);
      expect(answer).toMatchObject({ ok: false, failure: { reason: 'aborted' } });
      expect(rig.processes()).toEqual([]);
    });
  });

  test('a model that calls tools all the same reaches none, and not for ever', async () => {
    await withAgents(async (rig) => {
      let asked = 0;
      rig.model.behave(() => (++asked < 40 ? { call: 'bash' } : { say: 'at last' }));
      await agent.ask(rig, { timeoutMs: 60_000 })({ system: SYSTEM, prompt: 'hello' }, never);
      expect(asked).toBeLessThanOrEqual(40);
      expect(filesBelow(rig.home)).toEqual([]);
    });
  });
});

describe('the real codex', () => {
  test('is held to a schema, has no tools that act, and uses the model that was named', async () => {
    await withAgents(async (rig) => {
      rig.model.behave(() => ({ say: '{"a":"b"}' }));
      const schema = {
        type: 'object',
        properties: { a: { type: 'string' } },
        required: ['a'],
        additionalProperties: false,
      };
      await codex.ask(rig, { model: 'gpt-5.6-other' })({ system: SYSTEM, prompt: 'hello', schema }, never);
      expect(rig.model.requests).toMatchObject([{ hasSchema: true, model: 'gpt-5.6-other' }]);
      const harmless = ['request_user_input', 'apply_patch'];
      expect(rig.model.requests[0]?.tools.filter((tool) => !harmless.includes(tool))).toEqual([]);
    });
  });

  test('says that its provider fails', async () => {
    await withAgents(async (rig) => {
      rig.model.behave(() => ({ refuse: 500, message: 'the disk of the provider is full' }));
      const answer = await codex.ask(rig)({ system: SYSTEM, prompt: 'hello' }, never);
      expect(answer).toMatchObject({ ok: false, failure: { reason: 'agent-failed', agent: 'codex' } });
      expect(!answer.ok && 'detail' in answer.failure && answer.failure.detail).toContain('high demand');
    });
  });
});

describe('the real opencode', () => {
  test('finds the providers of the user and their login, and is offered no tools', async () => {
    await withAgents(async (rig) => {
      rig.model.behave(() => ({ say: '{}' }));
      await opencode.ask(rig)({ system: SYSTEM, prompt: 'hello' }, never);
      expect(rig.model.requests).toMatchObject([
        { authorization: `Bearer ${LOGIN_KEY}`, team: TEAM, tools: [], model: 'good' },
      ]);
    });
  });

  test.each(['terse', 'build'])('lets the agent %s lend its prompt, not its tools', async (name) => {
    await withAgents(async (rig) => {
      rig.model.behave(() => ({ say: '{}' }));
      const ask = askOpencode(
        { command: [opencodeProgram()], model: 'mock/good', agent: name, timeoutMs: LONG_ENOUGH_MS },
        rig,
      );
      const answer = await ask({ system: SYSTEM, prompt: 'hello' }, never);
      expect(answer).toMatchObject({ ok: true });
      expect(rig.model.requests).toMatchObject([{ tools: [] }]);
      expect(rig.model.requests[0]?.text).toContain(name === 'terse' ? 'You are TERSE.' : 'opencode');
      expect(rig.model.requests[0]?.text).toContain(SYSTEM);
    });
  });

  test('is stopped when its provider fails again and again, and says how', async () => {
    await withAgents(async (rig) => {
      rig.model.behave(() => ({ refuse: 500, message: 'the disk of the provider is full' }));
      const answer = await opencode.ask(rig)({ system: SYSTEM, prompt: 'hello' }, never);
      expect(answer).toMatchObject({ ok: false, failure: { reason: 'model-unreachable', provider: 'opencode' } });
      expect(!answer.ok && 'detail' in answer.failure && answer.failure.detail).toContain(
        'disk of the provider is full',
      );
      expect(rig.model.requests).toHaveLength(3);
    });
  });

  test('says which model it does not know', async () => {
    await withAgents(async (rig) => {
      const answer = await opencode.ask(rig, { model: 'mock/none' })({ system: SYSTEM, prompt: 'hello' }, never);
      expect(answer).toMatchObject({ ok: false, failure: { reason: 'agent-failed', agent: 'opencode' } });
      expect(!answer.ok && 'detail' in answer.failure && answer.failure.detail).toContain('Model not found: mock/none');
      expect(rig.model.requests).toEqual([]);
    });
  });

  test('does not answer as another agent than the one of a command of the user', async () => {
    await withAgents(async (rig) => {
      const command = [opencodeProgram(), 'run', '--format=json', '--title=x', '--agent=nobody', '--model=mock/good'];
      rig.model.behave(() => ({ say: '{}' }));
      const answer = await askOpencode({ command, model: null, agent: null, timeoutMs: LONG_ENOUGH_MS }, rig)(
        { system: SYSTEM, prompt: 'hello' },
        never,
      );
      expect(answer).toMatchObject({ ok: false, failure: { reason: 'agent-failed' } });
      expect(rig.model.requests.every(({ tools }) => tools.length === 0)).toBe(true);
    });
  });

  test('sends nothing when a file that its configuration names is gone', async () => {
    await withAgents(async (rig) => {
      writeFileSync(
        join(rig.userHome, '.config', 'opencode', 'opencode.jsonc'),
        '{ "provider": { "mock": "{file:./gone.txt}" } }',
      );
      const answer = await opencode.ask(rig)({ system: SYSTEM, prompt: 'hello' }, never);
      expect(answer.ok).toBe(false);
      expect(rig.model.requests).toEqual([]);
    });
  });
});
