import type * as Undici from 'undici';
import type { Failure } from '../contracts/failure.ts';
import { fail } from '../contracts/failure.ts';
import { errorCode } from './disk-failure.ts';
import type { Environment } from './home.ts';
import { isLoopback } from './loopback.ts';

/** A model's answer has some kilobytes; 2 MB is room for the most talkative gateway. */
const MAX_RESPONSE_BYTES = 2_000_000;

/** A request that carries a key. */
export interface PostRequest {
  /** Who is asked, as failures name it. */
  service: string;
  headers: Record<string, string>;
  /** Sent as JSON. */
  body: unknown;
  /** For the whole exchange: connecting, asking, and reading the answer to its end. */
  timeoutMs: number;
  signal: AbortSignal;
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY are looked up. */
  env: Environment;
  /** The user has written down an `http:` address; without it only loopback may be asked in clear. */
  plainHttp?: boolean;
  maxResponseBytes?: number;
}

export interface HttpAnswer {
  status: number;
  /** Names in lower case; of a repeated header the first value. */
  headers: Record<string, string>;
  text: string;
}

/** `transient`: the same request may succeed a moment later. */
export type PostOutcome = { ok: true; value: HttpAnswer } | { ok: false; failure: Failure; transient: boolean };

export type PostJson = (url: string, request: PostRequest) => Promise<PostOutcome>;

/**
 * Posts JSON and reads the answer as text, whatever its status. Redirects are not followed: the key
 * would go to an address that nobody configured. Failures name the host and a known cause only,
 * never what a library says, so that no header finds its way into a log.
 */
export const postJson: PostJson = async (url, request) => {
  const target = readTarget(url, request);
  if (!target.ok) return target;
  const stop = stopWatch(request);
  try {
    return { ok: true, value: await exchange(target.url, request, stop.signal) };
  } catch (error) {
    return stop.failure() ?? explain(error, target.url, request);
  } finally {
    stop.clear();
  }
};

function readTarget(text: string, request: PostRequest): { ok: true; url: URL } | (PostOutcome & { ok: false }) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return unusable(request.service, 'The base URL must begin with https:// or http://.');
  }
  if (url.username || url.password)
    return unusable(request.service, 'The base URL must not carry a user name or password.');
  if (url.protocol === 'http:' && !request.plainHttp && !isLoopback(url.hostname)) {
    return unusable(request.service, 'The base URL must begin with https://, or the key would travel in clear.');
  }
  return { ok: true, url };
}

const unusable = (service: string, fix: string): PostOutcome & { ok: false } => ({
  ...fail({ reason: 'not-configured', what: service, fix }),
  transient: false,
});

/** One signal for the caller's wish to stop and for the deadline, which remembers which of them it was. */
function stopWatch({ signal, timeoutMs, service }: PostRequest) {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  return {
    signal: AbortSignal.any([signal, deadline.signal]),
    clear: () => clearTimeout(timer),
    failure(): (PostOutcome & { ok: false }) | undefined {
      if (signal.aborted) return { ...fail({ reason: 'aborted', what: `asking ${service}` }), transient: false };
      if (!deadline.signal.aborted) return undefined;
      return { ...fail({ reason: 'model-timed-out', provider: service, afterMs: timeoutMs }), transient: true };
    },
  };
}

async function exchange(url: URL, request: PostRequest, signal: AbortSignal): Promise<HttpAnswer> {
  signal.throwIfAborted();
  // Loaded here, because most commands ask no model and undici is most of what they would load.
  const undici = await import('undici');
  const dispatcher = dispatcherFor(url, request, undici);
  try {
    const answer = await undici.request(url, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', ...request.headers },
      body: JSON.stringify(request.body),
      dispatcher,
      signal,
    });
    const text = await readBody(answer.body, request.maxResponseBytes ?? MAX_RESPONSE_BYTES);
    return { status: answer.statusCode, headers: firstValues(answer.headers), text };
  } finally {
    // Closes the socket: nothing of a finished question keeps the process alive.
    await dispatcher.destroy();
  }
}

function dispatcherFor(url: URL, { env, timeoutMs }: PostRequest, undici: typeof Undici): Undici.Dispatcher {
  // The stop-watch covers the exchange as a whole; undici's own limits would only cut it short.
  const options = { headersTimeout: 0, bodyTimeout: 0, connect: { timeout: timeoutMs } };
  const httpsProxy = env['https_proxy'] || env['HTTPS_PROXY'] || '';
  const httpProxy = env['http_proxy'] || env['HTTP_PROXY'] || '';
  if ((!httpsProxy && !httpProxy) || isLoopback(url.hostname)) return new undici.Agent(options);
  const noProxy = env['no_proxy'] || env['NO_PROXY'] || '';
  return new undici.EnvHttpProxyAgent({ ...options, httpsProxy, httpProxy, noProxy });
}

class TooLarge extends Error {
  override name = 'TooLarge';
}

async function readBody(body: AsyncIterable<Uint8Array>, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) throw new TooLarge(String(limit));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function firstValues(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** What a code means, and whether trying again makes sense. Other codes are shown as they are, and not tried again. */
const CAUSES: Record<string, { detail: string; transient: boolean }> = {
  ECONNREFUSED: { detail: 'the connection was refused', transient: true },
  ECONNRESET: { detail: 'the connection was closed before the answer was complete', transient: true },
  EPIPE: { detail: 'the connection was closed before the answer was complete', transient: true },
  UND_ERR_SOCKET: { detail: 'the connection was closed before the answer was complete', transient: true },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { detail: 'the answer is shorter or longer than announced', transient: true },
  UND_ERR_CONNECT_TIMEOUT: { detail: 'no connection could be made in time', transient: true },
  ETIMEDOUT: { detail: 'no connection could be made in time', transient: true },
  EHOSTUNREACH: { detail: 'the host cannot be reached', transient: true },
  ENETUNREACH: { detail: 'the network cannot be reached', transient: true },
  EAI_AGAIN: { detail: 'the host name could not be looked up just now', transient: true },
  ENOTFOUND: { detail: 'the host name is unknown', transient: false },
};

function explain(error: unknown, url: URL, { service, maxResponseBytes }: PostRequest): PostOutcome & { ok: false } {
  if (error instanceof TooLarge) {
    const detail = `${service} sent more than ${maxResponseBytes ?? MAX_RESPONSE_BYTES} bytes`;
    return { ...fail({ reason: 'answer-rejected', rule: 'response-size', detail }), transient: false };
  }
  const code = deepCode(error) ?? (error instanceof Error ? error.name : 'unknown error');
  const cause = CAUSES[code] ?? { detail: code, transient: false };
  const failure: Failure = { reason: 'model-unreachable', provider: service, detail: `${url.host}: ${cause.detail}` };
  return { ...fail(failure), transient: cause.transient };
}

/** The first code in an error, in what it gathers (one connection attempt per address), or in its causes. */
function deepCode(error: unknown): string | undefined {
  const code = errorCode(error);
  if (code) return code;
  if (error instanceof AggregateError && error.errors.length > 0) return deepCode(error.errors[0]);
  return error instanceof Error && error.cause !== undefined ? deepCode(error.cause) : undefined;
}
