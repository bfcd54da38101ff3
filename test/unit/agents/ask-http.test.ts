import { describe, expect, test } from 'vitest';
import { askOpenAiCompatible } from '../../../src/agents/openai-compatible.ts';
import type { HttpModel } from '../../../src/agents/http-dialect.ts';
import { fail } from '../../../src/contracts/failure.ts';
import type { PostOutcome } from '../../../src/kernel/http.ts';
import { aModel, answered, completion, KEY, scriptedWorld, timedOut } from './ask-world.ts';

const good = answered(200, completion('{}'));

async function run(script: PostOutcome[], parts: Partial<HttpModel> = {}, signal = new AbortController().signal) {
  const rig = scriptedWorld(...script);
  const result = await askOpenAiCompatible(aModel(parts), rig.world)({ system: 's', prompt: 'p' }, signal);
  return { ...rig, result };
}

function detailOf({ result }: { result: Awaited<ReturnType<ReturnType<typeof askOpenAiCompatible>>> }): string {
  if (result.ok || !('detail' in result.failure)) throw new Error('expected a failure with a detail');
  return result.failure.detail;
}

describe('what is tried again', () => {
  test.each([408, 425, 429, 500, 502, 503, 504, 529, 599])('status %i', async (status) => {
    const { result, requests, retries } = await run([answered(status, ''), good]);
    expect(result.ok).toBe(true);
    expect(requests).toHaveLength(2);
    expect(retries).toEqual([
      { provider: 'openai-compatible', retry: 1, reason: 'model-refused', status, waitMs: expect.any(Number) },
    ]);
  });

  test('a time-out and a refused connection', async () => {
    const refused: PostOutcome = {
      ...fail({ reason: 'model-unreachable', provider: 'x', detail: 'refused' }),
      transient: true,
    };
    const { result, requests } = await run([timedOut, refused, good]);
    expect(result.ok).toBe(true);
    expect(requests).toHaveLength(3);
  });

  test.each([
    ['broken off', '{"choices": [{"message": {"con', 4],
    ['empty', '', 4],
    ['of another shape', '{"hello": 1}', 2],
    ['without choices', '{"choices": []}', 2],
    ['without text', JSON.stringify(completion('')), 2],
    ['a stream of events', 'data: {"choices": []}\n\ndata: [DONE]\n\n', 2],
    ['no JSON at all', 'Not Found', 2],
  ])('a body that is %s, as often as it may help', async (_, body, most) => {
    expect((await run([answered(200, body), good])).result.ok).toBe(true);
    const { result, requests } = await run([answered(200, body)]);
    expect(result).toMatchObject({ ok: false, failure: { reason: 'answer-unparsable', raw: body } });
    expect(requests).toHaveLength(most);
  });
});

describe('what is not tried again', () => {
  test.each([400, 401, 403, 404, 409, 413, 422, 301, 302, 307])('status %i', async (status) => {
    const { result, requests, waits } = await run([answered(status, '{"error": {"message": "no"}}'), good]);
    expect(result).toMatchObject({
      ok: false,
      failure: { reason: 'model-refused', status, provider: 'openai-compatible' },
    });
    expect(requests).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  test('what would fail the same way again', async () => {
    const unknownHost: PostOutcome = {
      ...fail({ reason: 'model-unreachable', provider: 'x', detail: 'unknown' }),
      transient: false,
    };
    expect((await run([unknownHost, good])).requests).toHaveLength(1);
  });

  test('an HTML page with status 200: the address is wrong', async () => {
    const page = '<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head></html>';
    const outcome = await run([answered(200, page), good]);
    expect(outcome.requests).toHaveLength(1);
    expect(outcome.result).toMatchObject({ ok: false, failure: { reason: 'model-refused', status: 200 } });
    expect(detailOf(outcome)).toBe(
      'models.example/v1/chat/completions answers with an HTML page ("Welcome to nginx!"): is the base URL right?',
    );
  });

  test.each([
    ['an error object', { error: { message: 'no credit' } }],
    ['an error in a word', { error: 'no credit' }],
    ["MiniMax's base_resp", { base_resp: { status_code: 1008, status_msg: 'no credit' } }],
  ])('a failure that comes with status 200: %s', async (_, body) => {
    const outcome = await run([answered(200, body), good]);
    expect(outcome.requests).toHaveLength(1);
    expect(detailOf(outcome)).toBe('no credit');
  });

  test('a refusal by the model or its filter', async () => {
    const refusal = { choices: [{ message: { content: null, refusal: 'I will not.' }, finish_reason: 'stop' }] };
    expect(detailOf(await run([answered(200, refusal), good]))).toBe('I will not.');
    const filtered = await run([answered(200, completion('', 'content_filter')), good]);
    expect(detailOf(filtered)).toContain('content filter');
    expect(filtered.requests).toHaveLength(1);
  });
});

describe('an account without money', () => {
  test('is no reason to try again, though its status says so', async () => {
    const body = { error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } };
    const outcome = await run([answered(429, body), good]);
    expect(outcome.requests).toHaveLength(1);
    expect(detailOf(outcome)).toContain('exceeded your current quota');
  });
});

describe('an answer that nobody can read', () => {
  test('is told with what it has used, as the provider says it or as guessed', async () => {
    const reasoning = {
      choices: [{ message: { content: null } }],
      usage: { prompt_tokens: 4_000, completion_tokens: 96 },
    };
    const used: unknown[] = [];
    const rig = scriptedWorld(answered(200, reasoning), answered(200, 'x'.repeat(400)));
    rig.world.onUnusable = (use) => used.push(use);
    await askOpenAiCompatible(aModel(), rig.world)({ system: 's', prompt: 'p' }, new AbortController().signal);

    expect(used).toEqual([
      { input: 4_000, output: 96 },
      { input: 1, output: 100 },
    ]);
  });

  test('is none because of a byte-order mark', async () => {
    expect((await run([answered(200, `\uFEFF${JSON.stringify(completion('{}'))}`)])).result.ok).toBe(true);
  });
});

describe('how long it waits', () => {
  test('each pause is twice as long as the last, with jitter, and the retries are counted', async () => {
    const outcome = await run([answered(503, 'busy')]);
    expect(outcome.waits).toEqual([750, 1_500, 3_000]);
    expect(outcome.retries.map((retry) => retry.retry)).toEqual([1, 2, 3]);
    expect(detailOf(outcome)).toBe('busy (after 3 retries)');
  });

  test('as many retries as configured', async () => {
    expect((await run([answered(503, '')], { maxRetries: 0 })).requests).toHaveLength(1);
    expect((await run([answered(503, '')], { maxRetries: 1 })).requests).toHaveLength(2);
  });

  test('a retry that nobody allows is neither waited for nor sent', async () => {
    const rig = scriptedWorld(answered(503, 'busy'));
    let allowed = 1;
    const ask = askOpenAiCompatible(aModel(), { ...rig.world, mayRetry: () => allowed-- > 0 });
    const result = await ask({ system: 's', prompt: 'p' }, new AbortController().signal);
    expect(result).toMatchObject({ ok: false, failure: { status: 503, detail: 'busy (after 1 retry)' } });
    expect(rig.requests).toHaveLength(2);
    expect(rig.waits).toHaveLength(1);
    expect(rig.retries).toHaveLength(1);
  });

  test('a Retry-After is honoured, in seconds and as a date', async () => {
    const seconds = answered(429, '', { 'retry-after': '7' });
    const date = answered(503, '', { 'retry-after': 'Fri, 01 May 2026 10:00:27 GMT' });
    expect((await run([seconds, date, good])).waits).toEqual([7_000, 20_000]);
  });

  test('a Retry-After of more than a minute ends the asking: the queue asks later', async () => {
    const outcome = await run([answered(429, 'quota', { 'retry-after': '61' }), good]);
    expect(outcome.requests).toHaveLength(1);
    expect(outcome.waits).toEqual([]);
    expect((await run([answered(429, '', { 'retry-after': '60' }), good])).waits).toEqual([60_000]);
  });

  test('all attempts together stay within two time-outs and 90 seconds', async () => {
    const slow = { ...timedOut, takesMs: 100_000 };
    const { requests, result } = await run([slow], { timeoutMs: 100_000, maxRetries: 50 });
    expect(result).toMatchObject({ ok: false, failure: { reason: 'model-timed-out' } });
    expect(requests.map((request) => request.timeoutMs)).toEqual([100_000, 100_000, 87_750]);
    const insists = answered(429, '', { 'retry-after': '50' });
    expect((await run([insists], { maxRetries: 50 })).waits).toEqual([50_000, 50_000]);
  });

  test('an abort during a pause is a failure, and nobody is asked again', async () => {
    const stop = new AbortController();
    const rig = scriptedWorld(answered(503, ''));
    const world = { ...rig.world, wait: async () => stop.abort() };
    const result = await askOpenAiCompatible(aModel(), world)({ system: '', prompt: '' }, stop.signal);
    expect(result).toMatchObject({ ok: false, failure: { reason: 'aborted' } });
    expect(rig.requests).toHaveLength(1);
  });
});

describe('what a failure tells', () => {
  test("the provider's message, without the key", async () => {
    const body = { error: { message: `Incorrect API key provided: ${KEY}. See https://models.example/keys` } };
    expect(detailOf(await run([answered(401, body)]))).toBe(
      'Incorrect API key provided: [redacted:api-key] See https://models.example/keys',
    );
  });

  test('the address of a 404, without its query', async () => {
    const detail = detailOf(await run([answered(404, '{"error": "no such route"}')]));
    expect(detail).toBe('models.example/v1/chat/completions: no such route');
  });

  test('that a redirect is not followed', async () => {
    expect(detailOf(await run([answered(307, '', { location: 'https://elsewhere.example' })]))).toContain(
      'redirects are not followed',
    );
  });

  test('a raw answer is kept without the key', async () => {
    const { result } = await run([answered(200, `{"echo": "${KEY}", `)]);
    expect(result).toMatchObject({ ok: false, failure: { raw: '{"echo": "[redacted:api-key]", ' } });
  });
});
