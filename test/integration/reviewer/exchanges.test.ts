import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Retry } from '../../../src/agents/ask-http.ts';
import type { Result } from '../../../src/contracts/failure.ts';
import { isRecord } from '../../../src/contracts/json.ts';
import { chooseReviewer } from '../../../src/reviewer/choose-reviewer.ts';
import { reviewPrompt } from '../../../src/reviewer/prompt.ts';
import type { Review } from '../../../src/reviewer/reviewer.ts';
import { aTask } from '../../unit/reviewer/a-task.ts';
import { reviewerContract } from '../../unit/reviewer/reviewer-contract.ts';
import { flood, hang, hangInBody, hangUp, html, json, modelServer } from './model-server.ts';

const KEY = 'sk-test-Zq81LmNoPq77Rs99';

/** What one provider says on the wire; the faults below are the same for all of them. */
interface Exchange {
  name: string;
  variables: { key: string; url: string; model: string };
  path: string;
  defaultModel: string;
  headers: Record<string, string>;
  /** A recorded answer. */
  answer: unknown;
  /** The same answer with another text in it. */
  saying: (text: string) => unknown;
  /** An error body of this provider. */
  error: (message: string) => unknown;
}

function recorded(name: string): Record<string, unknown> {
  const body: unknown = JSON.parse(
    fs.readFileSync(new URL(`../../fixtures/reviewer/${name}.json`, import.meta.url), 'utf8'),
  );
  if (!isRecord(body)) throw new Error(`${name} is no object`);
  return body;
}

const messageSaying = (name: string) => (text: string) => ({ ...recorded(name), content: [{ type: 'text', text }] });
const anthropicError = (message: string) => ({ type: 'error', error: { type: 'some_error', message } });

const exchanges: Exchange[] = [
  {
    name: 'openai-compatible',
    variables: { key: 'OPENAI_API_KEY', url: 'OPENAI_BASE_URL', model: 'OPENAI_REVIEW_MODEL' },
    path: '/v1/chat/completions',
    defaultModel: 'gpt-4.1-mini',
    headers: { authorization: `Bearer ${KEY}` },
    answer: recorded('openai-compatible'),
    saying: (content) => ({
      ...recorded('openai-compatible'),
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    }),
    error: (message) => ({ error: { message, type: 'some_error', param: null, code: null } }),
  },
  {
    name: 'anthropic-style',
    variables: { key: 'ANTHROPIC_API_KEY', url: 'ANTHROPIC_BASE_URL', model: 'ANTHROPIC_REVIEW_MODEL' },
    path: '/v1/messages',
    defaultModel: 'claude-3-5-haiku-latest',
    headers: { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' },
    answer: recorded('anthropic-style'),
    saying: messageSaying('anthropic-style'),
    error: anthropicError,
  },
  {
    name: 'minimax',
    variables: { key: 'MINIMAX_API_KEY', url: 'MINIMAX_BASE_URL', model: 'MINIMAX_REVIEW_MODEL' },
    path: '/v1/messages',
    defaultModel: 'MiniMax-M2.7',
    headers: { authorization: `Bearer ${KEY}`, 'anthropic-version': '2023-06-01' },
    answer: recorded('minimax'),
    saying: messageSaying('minimax'),
    error: anthropicError,
  },
];

const GOOD = {
  memory_updates: [
    { summary: 'Use pnpm', confidence: 0.9, details: { content: 'Use pnpm.', scope: 'user', basis: 'user' } },
  ],
};

interface Rig {
  review: (signal?: AbortSignal) => Promise<Result<Review>>;
  waits: number[];
  retries: Retry[];
}

/** The reviewer as it is configured by the environment, with pauses that take no time. */
function rigFor({ name, variables }: Exchange, url: string, env: Record<string, string> = {}): Rig {
  const waits: number[] = [];
  const retries: Retry[] = [];
  const world = {
    env: { [variables.key]: KEY, [variables.url]: url, ...env },
    clock: { now: () => new Date() },
    random: () => 0,
    wait: async (ms: number) => void waits.push(ms),
    onRetry: (retry: Retry) => void retries.push(retry),
  };
  const review = async (signal = new AbortController().signal): Promise<Result<Review>> => {
    const chosen = await chooseReviewer(name, world);
    return chosen.ok ? chosen.value.review(aTask(), signal) : chosen;
  };
  return { review, waits, retries };
}

/** A short time-out, for the tests in which it is meant to run out. */
const IMPATIENT = { CODEX_SELF_EVOLUTION_REVIEWER_TIMEOUT: '0.2' };

describe.each(exchanges)('an exchange with $name', (exchange) => {
  test('asks as the provider wants it, and reads the recorded answer', async () => {
    const server = await modelServer(json(200, exchange.answer));
    const result = await rigFor(exchange, server.url).review();

    expect(result).toMatchObject({
      ok: true,
      value: {
        skipped: [],
        tokens: { input: 1_894, output: 143 },
        suggestions: [
          {
            family: 'memory_updates',
            summary: 'Use pnpm, never npm',
            details: { scope: 'user', action: 'add', basis: 'user' },
          },
          {
            family: 'recall_candidate',
            summary: 'E42 in the build',
            details: { aliases: ['proxy error'], basis: 'tool' },
          },
        ],
      },
    });
    const question = reviewPrompt(aTask());
    const [request] = server.received;
    expect(server.received).toHaveLength(1);
    expect(request).toMatchObject({ method: 'POST', path: exchange.path });
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', ...exchange.headers });
    expect(request?.headers).not.toHaveProperty(exchange.name === 'anthropic-style' ? 'authorization' : 'x-api-key');
    expect(request?.body).toMatchObject({ model: exchange.defaultModel, max_tokens: 4096 });
    const sent = JSON.stringify(request?.body);
    expect(sent).toContain(JSON.stringify(question.system).slice(1, -1));
    expect(sent).toContain(JSON.stringify(question.prompt).slice(1, -1));
    expect(sent).not.toContain(KEY);
  });

  test('asks the model and the path that the user names', async () => {
    const server = await modelServer(json(200, exchange.answer));
    const env = { [exchange.variables.model]: 'my-model' };
    expect((await rigFor(exchange, `${server.url}/gateway/ask?team=7`, env).review()).ok).toBe(true);
    expect(server.received[0]).toMatchObject({ path: '/gateway/ask?team=7', body: { model: 'my-model' } });
  });

  test('429 with Retry-After: waits as long as asked, then succeeds', async () => {
    const busy = json(429, exchange.error('slow down'), { 'retry-after': '12' });
    const server = await modelServer(busy, json(200, exchange.answer));
    const rig = rigFor(exchange, server.url);
    expect((await rig.review()).ok).toBe(true);
    expect(rig.waits).toEqual([12_000]);
    expect(rig.retries).toMatchObject([{ provider: exchange.name, retry: 1, reason: 'model-refused', status: 429 }]);
    expect(server.received).toHaveLength(2);
    expect(server.received[1]).toEqual(server.received[0]);
  });

  test('500 twice, then success', async () => {
    const broken = json(500, exchange.error('internal'));
    const server = await modelServer(broken, broken, json(200, exchange.answer));
    const rig = rigFor(exchange, server.url);
    expect((await rig.review()).ok).toBe(true);
    expect(rig.waits).toEqual([500, 1_000]);
    expect(server.received).toHaveLength(3);
  });

  test.each([
    ['before a byte', hang],
    ['in the middle of its answer', hangInBody],
  ])('a provider that hangs %s is given up after the time-out, every time', async (_, step) => {
    const server = await modelServer(step);
    const rig = rigFor(exchange, server.url, IMPATIENT);
    expect(await rig.review()).toEqual({
      ok: false,
      failure: { reason: 'model-timed-out', provider: exchange.name, afterMs: 200 },
    });
    expect(rig.retries.map((retry) => retry.reason)).toEqual(['model-timed-out', 'model-timed-out', 'model-timed-out']);
    await expect.poll(() => server.connections()).toBe(0);
  });

  test('a time-out, then success', async () => {
    const server = await modelServer(hang, json(200, exchange.answer));
    const rig = rigFor(exchange, server.url, { CODEX_SELF_EVOLUTION_REVIEWER_TIMEOUT: '1.5' });
    expect((await rig.review()).ok).toBe(true);
    expect(rig.retries[0]).toMatchObject({ retry: 1, reason: 'model-timed-out' });
  });

  test('an abort ends the question at once', async () => {
    const server = await modelServer(hang);
    const stop = new AbortController();
    const review = rigFor(exchange, server.url).review(stop.signal);
    await expect.poll(() => server.received.length).toBe(1);
    stop.abort();
    expect(await review).toMatchObject({ ok: false, failure: { reason: 'aborted' } });
    expect(server.received).toHaveLength(1);
    await expect.poll(() => server.connections()).toBe(0);
  });

  test('a refused connection is tried again, then told', async () => {
    const rig = rigFor(exchange, 'http://127.0.0.1:1');
    expect(await rig.review()).toEqual({
      ok: false,
      failure: {
        reason: 'model-unreachable',
        provider: exchange.name,
        detail: '127.0.0.1:1: the connection was refused (after 3 retries)',
      },
    });
    expect(rig.waits).toHaveLength(3);
  });

  test('a connection that breaks within the answer is tried again', async () => {
    const server = await modelServer(hangUp, json(200, exchange.answer));
    const rig = rigFor(exchange, server.url);
    expect((await rig.review()).ok).toBe(true);
    expect(rig.retries).toMatchObject([{ reason: 'model-unreachable' }]);
  });

  test('truncated JSON is tried again, and kept when it stays so', async () => {
    const cut = JSON.stringify(exchange.answer).slice(0, 200);
    const healed = await modelServer(json(200, cut), json(200, exchange.answer));
    expect((await rigFor(exchange, healed.url).review()).ok).toBe(true);

    const server = await modelServer(json(200, cut));
    expect(await rigFor(exchange, server.url).review()).toMatchObject({
      ok: false,
      failure: { reason: 'answer-unparsable', raw: cut },
    });
    expect(server.received).toHaveLength(4);
  });

  test('JSON in a code fence is read', async () => {
    const fenced = `Here you are:\n\`\`\`json\n${JSON.stringify(GOOD, null, 2)}\n\`\`\`\n`;
    const server = await modelServer(json(200, exchange.saying(fenced)));
    expect(await rigFor(exchange, server.url).review()).toMatchObject({
      ok: true,
      value: { raw: fenced, suggestions: [{ summary: 'Use pnpm' }] },
    });
    expect(server.received).toHaveLength(1);
  });

  test('one bad item among good ones is skipped and reported', async () => {
    const [good] = GOOD.memory_updates;
    const bad = { summary: 'No idea', details: { action: 'improve' } };
    const server = await modelServer(json(200, exchange.saying(JSON.stringify({ memory_updates: [good, bad, good] }))));
    const result = await rigFor(exchange, server.url).review();
    expect(result).toMatchObject({
      ok: true,
      value: {
        suggestions: [{ summary: 'Use pnpm' }, { summary: 'Use pnpm' }],
        skipped: [{ family: 'memory_updates', index: 1, reason: expect.stringContaining('details.action'), item: bad }],
      },
    });
    expect(server.received).toHaveLength(1);
  });

  test('prose instead of JSON is asked for again, and told what was wrong', async () => {
    const server = await modelServer(
      json(200, exchange.saying('Nothing new.')),
      json(200, exchange.saying(JSON.stringify(GOOD))),
    );
    expect(await rigFor(exchange, server.url).review()).toMatchObject({
      ok: true,
      value: { suggestions: [{ summary: 'Use pnpm' }], tokens: { input: 2 * 1_894, output: 2 * 143 } },
    });
    expect(JSON.stringify(server.received[1]?.body)).toContain('could not be used: there is no JSON object');
  });

  test('an answer that stays unreadable is a failure after two retries, with the raw answer', async () => {
    const server = await modelServer(json(200, exchange.saying('{"findings": []}')));
    const rig = rigFor(exchange, server.url);
    expect(await rig.review()).toEqual({
      ok: false,
      failure: { reason: 'answer-unparsable', detail: 'unknown top-level key "findings"', raw: '{"findings": []}' },
    });
    expect(server.received).toHaveLength(3);
    expect(rig.waits).toEqual([]);
  });

  test.each([400, 401, 403, 404])('%i is not tried again, and tells no byte of the key', async (status) => {
    const server = await modelServer(json(status, exchange.error(`bad key ${KEY} or sk-test-****Rs99`)));
    const result = await rigFor(exchange, server.url).review();
    expect(result).toMatchObject({ ok: false, failure: { reason: 'model-refused', provider: exchange.name, status } });
    expect(JSON.stringify(result)).toContain('bad key [redacted:api-key] or [redacted:api-key]');
    for (const part of ['sk-test', 'Zq81', 'Rs99']) expect(JSON.stringify(result)).not.toContain(part);
    expect(server.received).toHaveLength(1);
  });

  test('an HTML page with status 200 is a wrong address, not an answer', async () => {
    const server = await modelServer(html(200, 'Router login'));
    expect(await rigFor(exchange, server.url).review()).toMatchObject({
      ok: false,
      failure: {
        reason: 'model-refused',
        status: 200,
        detail: expect.stringContaining('an HTML page ("Router login")'),
      },
    });
    expect(server.received).toHaveLength(1);
  });

  test('an endless body is cut off at 2 MB', async () => {
    const server = await modelServer(flood);
    expect(await rigFor(exchange, server.url).review()).toMatchObject({
      ok: false,
      failure: { reason: 'answer-rejected', rule: 'response-size' },
    });
    expect(server.received).toHaveLength(1);
    await expect.poll(() => server.connections()).toBe(0);
  });

  test.each([301, 302, 303, 307, 308])(
    'a redirect (%i) is not followed: the key stays with the address that was configured',
    async (status) => {
      const thief = await modelServer(json(200, exchange.answer));
      const server = await modelServer(json(status, '', { location: `${thief.url}${exchange.path}` }));
      expect(await rigFor(exchange, server.url).review()).toMatchObject({
        ok: false,
        failure: { reason: 'model-refused', status, detail: expect.stringContaining('redirects are not followed') },
      });
      expect(server.received).toHaveLength(1);
      expect(thief.received).toEqual([]);
    },
  );
});

describe.each(exchanges)('over the wire', (exchange) => {
  reviewerContract(exchange.name, async () => {
    const server = await modelServer(json(200, exchange.answer));
    const env = { [exchange.variables.key]: KEY, [exchange.variables.url]: server.url };
    const chosen = await chooseReviewer(exchange.name, { env, clock: { now: () => new Date() } });
    if (!chosen.ok) throw new Error(chosen.failure.reason);
    return chosen.value;
  });
});
