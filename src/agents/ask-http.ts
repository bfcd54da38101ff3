import type { Failure, Result } from '../contracts/failure.ts';
import { fail } from '../contracts/failure.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Environment } from '../kernel/home.ts';
import type { HttpAnswer, PostJson } from '../kernel/http.ts';
import { postJson } from '../kernel/http.ts';
import type { Ask, ModelAnswer, Question, TokenUse } from './ask.ts';
import { usedBy } from './ask.ts';
import type { HttpDialect, HttpModel, Reading } from './http-dialect.ts';
import { headersOf } from './http-dialect.ts';
import { parseJson } from './json-in-text.ts';
import { isErrorBody, isHtml, isQuotaUsedUp, providerMessage, withoutKey } from './provider-message.ts';
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
  /** Told what an answer has used that nobody could read, as the provider tells it, or as guessed. */
  onUnusable?: (use: TokenUse) => void;
  onRetry?: (retry: Retry) => void;
}

/** Room for the pauses between attempts, on top of two attempts that both use up their time. */
const PAUSES_MS = 90_000;

type Attempt = Result<ModelAnswer> & { transient?: boolean; retryAfter?: number; mostRetries?: number };

/** Whoever answers whole, and something else than was asked for, will hardly do otherwise; and it is paid for each time. */
const RETRIES_OF_ANOTHER_SHAPE = 1;

/**
 * Asks a model over HTTP. Time-outs, broken connections, bodies that break off and transient statuses are
 * tried again up to `maxRetries` times, bodies of another shape once, with growing pauses and never before the
 * provider's Retry-After; all of it within two time-outs and 90 seconds. What is wrong with the request, the
 * key or the account is a failure at once.
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
      const mostRetries = Math.min(model.maxRetries, attempt.mostRetries ?? Infinity);
      const again = attempt.transient && retry < mostRetries && waitMs <= LONGEST_RETRY_AFTER_MS;
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
  const { status, headers, text } = posted.value;
  if (status >= 200 && status < 300) return readAnswer(posted.value, question, { dialect, model, world });
  return {
    ...fail({ reason: 'model-refused', provider: model.provider, status, detail: whyRefused(posted.value, model) }),
    transient: isTransientStatus(status) && !isQuotaUsedUp(text),
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

function readAnswer(
  { status, text: sent }: HttpAnswer,
  question: Question,
  { dialect, model, world }: Pick<Exchange, 'dialect' | 'model' | 'world'>,
): Attempt {
  const { provider, apiKey } = model;
  const text = sent.replace(/^\uFEFF/, '');
  const refuse = (detail: string): Attempt => fail({ reason: 'model-refused', provider, status, detail });
  if (isHtml(text))
    return refuse(`${placeOf(model.url)} answers with ${providerMessage(text, apiKey)}: is the base URL right?`);
  const body = parseJson(text);
  if (isErrorBody(body)) return refuse(providerMessage(text, apiKey));
  const reading: Reading = body === undefined ? { kind: 'broken', detail: brokenJson(text) } : dialect.read(body);
  switch (reading.kind) {
    case 'answered':
      return { ok: true, value: reading.answer };
    case 'refused':
      return refuse(providerMessage(reading.detail, apiKey));
    case 'broken': {
      world.onUnusable?.(usedBy(question, text, reading.tokens));
      const raw = withoutKey(text.slice(0, RAW_LIMIT), apiKey);
      const failure = fail({ reason: 'answer-unparsable', detail: `${provider} sent ${reading.detail}`, raw });
      return {
        ...failure,
        transient: true,
        ...(breaksOff(text, body) ? {} : { mostRetries: RETRIES_OF_ANOTHER_SHAPE }),
      };
    }
  }
}

/** As much of an unreadable body as is kept for the curious. */
const RAW_LIMIT = 100_000;

const breaksOff = (text: string, body: unknown): boolean => body === undefined && /^\s*(?:[{[]|$)/.test(text);

function brokenJson(text: string): string {
  if (text.trim() === '') return 'an empty body';
  if (/^\s*(?:data|event):/.test(text)) return 'a stream of events where one answer was asked for';
  return `JSON that breaks off or is none (${text.length} characters)`;
}

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
