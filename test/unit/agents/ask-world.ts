import type { AskWorld, Retry } from '../../../src/agents/ask-http.ts';
import type { HttpModel } from '../../../src/agents/http-dialect.ts';
import type { HttpAnswer, PostOutcome, PostRequest } from '../../../src/kernel/http.ts';
import { fail } from '../../../src/contracts/failure.ts';

export const KEY = 'sk-proj-Zq81LmNoPq77Rs99';

export const aModel = (parts: Partial<HttpModel> = {}): HttpModel => ({
  provider: 'openai-compatible',
  url: 'https://models.example/v1/chat/completions?token=in-the-query',
  plainHttp: false,
  model: 'gpt-test',
  apiKey: KEY,
  authorization: 'bearer',
  maxTokens: 4096,
  timeoutMs: 30_000,
  maxRetries: 3,
  firstPauseMs: 1_000,
  ...parts,
});

/** A world in which posting follows a script and waiting takes no time, but moves the clock. */
export function scriptedWorld(...script: (PostOutcome & { takesMs?: number })[]) {
  let now = Date.parse('2026-05-01T10:00:00Z');
  const requests: (PostRequest & { url: string })[] = [];
  const waits: number[] = [];
  const retries: Retry[] = [];
  const world: AskWorld = {
    env: {},
    clock: { now: () => new Date(now) },
    random: () => 0.5,
    wait: async (ms) => {
      waits.push(ms);
      now += ms;
    },
    post: async (url, request) => {
      if (request.signal.aborted) return { ...fail({ reason: 'aborted', what: 'asking' }), transient: false };
      const step = script[Math.min(requests.length, script.length - 1)];
      requests.push({ url, ...request });
      if (!step) throw new Error('the script is empty');
      now += step.takesMs ?? 0;
      return step;
    },
    onRetry: (retry) => retries.push(retry),
  };
  return { world, requests, waits, retries };
}

export const answered = (status: number, body: unknown, headers: Record<string, string> = {}): PostOutcome => {
  const value: HttpAnswer = { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) };
  return { ok: true, value };
};

export const timedOut: PostOutcome & { takesMs: number } = {
  ...fail({ reason: 'model-timed-out', provider: 'openai-compatible', afterMs: 30_000 }),
  transient: true,
  takesMs: 30_000,
};

export const completion = (content: string, finish = 'stop'): unknown => ({
  choices: [{ message: { role: 'assistant', content }, finish_reason: finish }],
  usage: { prompt_tokens: 12, completion_tokens: 3 },
});
