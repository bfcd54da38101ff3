import type { Failure, Result } from '../contracts/failure.ts';
import { fail } from '../contracts/failure.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Environment } from '../kernel/home.ts';
import type { HttpAnswer, PostJson } from '../kernel/http.ts';
import { postJson } from '../kernel/http.ts';
import type { Ask, ModelAnswer, Question } from './ask.ts';
import type { HttpDialect, HttpModel } from './http-dialect.ts';
import { headersOf } from './http-dialect.ts';
import { parseJson } from './json-in-text.ts';
import { isErrorBody, isHtml, providerMessage, withoutKey } from './provider-message.ts';
import { isTransientStatus, LONGEST_RETRY_AFTER_MS, pauseBefore, retryAfterMs } from './retry-policy.ts';
import type { Wait } from './wait.ts';
import { wait } from './wait.ts';

/** A retry that is about to happen. */
export interface Retry {
  provider: string;
  /** Counted from 1. */
  retry: number;
  reason: Failure['reason'];
  status?: number;
  waitMs: number;
}

/** What asking touches besides the model; all but the first two have defaults. */
export interface AskWorld {
  env: Environment;
  clock: Clock;
  wait?: Wait;
  /** From 0 (inclusive) to 1 (exclusive). */
  random?: () => number;
  post?: PostJson;
  /** Asked before every repetition; after a no the last failure stands. Budgets count repetitions here. */
  mayRetry?: () => boolean;
  onRetry?: (retry: Retry) => void;
}

/** Room for the pauses between attempts, on top of two attempts that both use up their time. */
const PAUSES_MS = 90_000;

type Attempt = Result<ModelAnswer> & { transient?: boolean; retryAfter?: number };

/**
 * Asks a model over HTTP. Time-outs, broken connections, unreadable bodies and transient statuses are
 * tried again up to `maxRetries` times, with growing pauses and never before the provider's
 * Retry-After; all of it within two time-outs and 90 seconds. What is wrong with the request or the
 * key is a failure at once.
 */
export function askHttp(dialect: HttpDialect, model: HttpModel, world: AskWorld): Ask {
  const pause = world.wait ?? wait;
  const now = (): number => world.clock.now().getTime();
  return async (question, signal) => {
    const deadline = now() + 2 * model.timeoutMs + PAUSES_MS;
    for (let retry = 0; ; retry++) {
      const timeoutMs = Math.min(model.timeoutMs, deadline - now());
      const attempt = await askOnce(question, { dialect, model, world, timeoutMs, signal });
      if (attempt.ok) return attempt;
      const waitMs = pauseBefore(retry, (world.random ?? Math.random)(), attempt.retryAfter, model.firstPauseMs);
      const again = attempt.transient && retry < model.maxRetries && waitMs <= LONGEST_RETRY_AFTER_MS;
      if (!again || now() + waitMs >= deadline) return fail(withRetries(attempt.failure, retry));
      if (world.mayRetry?.() === false) return fail(withRetries(attempt.failure, retry));
      world.onRetry?.(retryOf(attempt.failure, model, retry + 1, waitMs));
      await pause(waitMs, signal);
    }
  };
}

interface Exchange {
  dialect: HttpDialect;
  model: HttpModel;
  world: AskWorld;
  timeoutMs: number;
  signal: AbortSignal;
}

async function askOnce(question: Question, { dialect, model, world, timeoutMs, signal }: Exchange): Promise<Attempt> {
  const posted = await (world.post ?? postJson)(model.url, {
    service: model.provider,
    headers: headersOf(dialect, model),
    body: dialect.body(question, model),
    timeoutMs,
    signal,
    env: world.env,
    plainHttp: model.plainHttp,
  });
  if (!posted.ok) return posted;
  const { status, headers } = posted.value;
  if (status >= 200 && status < 300) return readAnswer(posted.value, dialect, model);
  return {
    ...fail({ reason: 'model-refused', provider: model.provider, status, detail: whyRefused(posted.value, model) }),
    transient: isTransientStatus(status),
    retryAfter: retryAfterMs(headers['retry-after'], world.clock.now()) ?? 0,
  };
}

function whyRefused({ status, text }: HttpAnswer, model: HttpModel): string {
  const told = providerMessage(text, model.apiKey);
  if (status >= 300 && status < 400) {
    return `${placeOf(model.url)} redirects to another address; redirects are not followed, so set the base URL to the final one`;
  }
  return status === 404 ? `${placeOf(model.url)}: ${told}` : told;
}

function readAnswer({ status, text }: HttpAnswer, dialect: HttpDialect, model: HttpModel): Attempt {
  const { provider, apiKey } = model;
  const refuse = (detail: string): Attempt => fail({ reason: 'model-refused', provider, status, detail });
  if (isHtml(text))
    return refuse(`${placeOf(model.url)} answers with ${providerMessage(text, apiKey)}: is the base URL right?`);
  const body = parseJson(text);
  if (isErrorBody(body)) return refuse(providerMessage(text, apiKey));
  const reading = body === undefined ? { kind: 'broken' as const, detail: brokenJson(text) } : dialect.read(body);
  switch (reading.kind) {
    case 'answered':
      return { ok: true, value: reading.answer };
    case 'refused':
      return refuse(providerMessage(reading.detail, apiKey));
    case 'broken': {
      const raw = withoutKey(text.slice(0, RAW_LIMIT), apiKey);
      return {
        ...fail({ reason: 'answer-unparsable', detail: `${provider} sent ${reading.detail}`, raw }),
        transient: true,
      };
    }
  }
}

/** As much of an unreadable body as is kept for the curious. */
const RAW_LIMIT = 100_000;

const brokenJson = (text: string): string =>
  text.trim() === '' ? 'an empty body' : `JSON that breaks off or is none (${text.length} characters)`;

/** Host and path: a query may hold a key. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

function withRetries(failure: Failure, retries: number): Failure {
  if (retries === 0 || !('detail' in failure)) return failure;
  return { ...failure, detail: `${failure.detail} (after ${retries} ${retries === 1 ? 'retry' : 'retries'})` };
}

const retryOf = (failure: Failure, model: HttpModel, retry: number, waitMs: number): Retry => ({
  provider: model.provider,
  retry,
  reason: failure.reason,
  ...(failure.reason === 'model-refused' ? { status: failure.status } : {}),
  waitMs,
});
