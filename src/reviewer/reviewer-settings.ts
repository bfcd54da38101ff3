import type { Ask } from '../agents/ask.ts';
import { askAnthropic } from '../agents/anthropic.ts';
import type { AskWorld } from '../agents/ask-http.ts';
import type { Authorization, HttpModel } from '../agents/http-dialect.ts';
import { askOpenAiCompatible } from '../agents/openai-compatible.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Environment } from '../kernel/home.ts';
import { homeFolder, homeLayout } from '../kernel/home.ts';

/**
 * What somebody says about the model that reviews; whatever is absent falls through to the
 * provider's own variables and then to its defaults. A profile of config.toml becomes one of these
 * and enters as the argument `profile` of `httpModel`, below the general variables.
 */
export interface ReviewerSettings {
  model?: string;
  baseUrl?: string;
  apiKey?: string;
  timeoutSeconds?: number;
  maxTokens?: number;
  maxRetries?: number;
}

/** Enough for more than ten suggestions, and below every model's own limit. */
const MAX_TOKENS = 4096;
const TIMEOUT_SECONDS = 30;
const LONGEST_TIMEOUT_SECONDS = 600;
const MAX_RETRIES = 3;

/** One provider that is asked over HTTP: where, with which key and model, and in which dialect. */
interface ModelProvider {
  ask: (model: HttpModel, world: AskWorld) => Ask;
  authorization: Authorization;
  /** Appended to a base URL without a path; without its `/v1` to one that ends in that. */
  path: string;
  keyVariable: string;
  urlVariable: string;
  modelVariable: string;
  defaultModel: string;
  defaultUrl: (env: Environment) => Result<string>;
}

const MINIMAX_URLS: Record<string, string> = {
  global: 'https://api.minimax.io/anthropic/v1/messages',
  cn: 'https://api.minimaxi.com/anthropic/v1/messages',
};

export const MODEL_PROVIDERS = {
  'openai-compatible': {
    ask: askOpenAiCompatible,
    authorization: 'bearer',
    path: '/v1/chat/completions',
    keyVariable: 'OPENAI_API_KEY',
    urlVariable: 'OPENAI_BASE_URL',
    modelVariable: 'OPENAI_REVIEW_MODEL',
    defaultModel: 'gpt-4.1-mini',
    defaultUrl: () => succeed('https://api.openai.com/v1/chat/completions'),
  },
  'anthropic-style': {
    ask: askAnthropic,
    authorization: 'x-api-key',
    path: '/v1/messages',
    keyVariable: 'ANTHROPIC_API_KEY',
    urlVariable: 'ANTHROPIC_BASE_URL',
    modelVariable: 'ANTHROPIC_REVIEW_MODEL',
    defaultModel: 'claude-3-5-haiku-latest',
    defaultUrl: () => succeed('https://api.anthropic.com/v1/messages'),
  },
  minimax: {
    ask: askAnthropic,
    authorization: 'bearer',
    path: '/v1/messages',
    keyVariable: 'MINIMAX_API_KEY',
    urlVariable: 'MINIMAX_BASE_URL',
    modelVariable: 'MINIMAX_REVIEW_MODEL',
    defaultModel: 'MiniMax-M2.7',
    defaultUrl: minimaxUrl,
  },
} satisfies Record<string, ModelProvider>;
export type ModelProviderName = keyof typeof MODEL_PROVIDERS;

function minimaxUrl(env: Environment): Result<string> {
  const region = text(env['MINIMAX_REGION'])?.toLowerCase() ?? 'global';
  const url = Object.hasOwn(MINIMAX_URLS, region) ? MINIMAX_URLS[region] : undefined;
  return url
    ? succeed(url)
    : misconfigured('minimax', `MINIMAX_REGION must be one of ${Object.keys(MINIMAX_URLS).join(', ')}.`);
}

/** Where settings come from besides a profile. */
export interface SettingsSource {
  env: Environment;
  /** `.env.provider` of the home; without it that of the home that the environment names. */
  providerFile?: string;
}

/**
 * Settles where and how a provider is asked: CODEX_SELF_EVOLUTION_REVIEWER_* first, then the
 * profile, then the provider's own variables, then its defaults.
 *
 * @returns Failure `not-configured`, which says what to set and where
 */
export function httpModel(
  name: ModelProviderName,
  { env, providerFile }: SettingsSource,
  profile: ReviewerSettings = {},
): Result<HttpModel> {
  const provider: ModelProvider = MODEL_PROVIDERS[name];
  const said = { ...profile, ...generalSettings(name, env) };
  const key = keyOf(name, provider, {
    given: said.apiKey ?? env[provider.keyVariable],
    providerFile: providerFile ?? homeLayout(homeFolder(env)).providerEnvironment,
  });
  if (!key.ok) return key;
  const url = urlOf(name, provider, said.baseUrl ?? text(env[provider.urlVariable]), env);
  if (!url.ok) return url;
  const timeout = timeoutOf(name, said.timeoutSeconds);
  if (!timeout.ok) return timeout;
  return succeed({
    provider: name,
    url: url.value,
    plainHttp: url.value.startsWith('http:'),
    model: said.model ?? text(env[provider.modelVariable]) ?? provider.defaultModel,
    apiKey: key.value,
    authorization: provider.authorization,
    maxTokens: said.maxTokens ?? MAX_TOKENS,
    timeoutMs: timeout.value * 1_000,
    maxRetries: said.maxRetries ?? MAX_RETRIES,
  });
}

/**
 * What CODEX_SELF_EVOLUTION_REVIEWER_* says. Model and address are meant for the provider that
 * ..._PROVIDER names: when a payload asks for another one, its key must not travel to that address.
 */
function generalSettings(name: ModelProviderName, env: Environment): ReviewerSettings {
  const intended = text(env['CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER']);
  const forAnother = intended !== undefined && intended !== name && Object.hasOwn(MODEL_PROVIDERS, intended);
  const seconds = text(env['CODEX_SELF_EVOLUTION_REVIEWER_TIMEOUT']);
  const model = forAnother ? undefined : text(env['CODEX_SELF_EVOLUTION_REVIEWER_MODEL']);
  const baseUrl = forAnother ? undefined : text(env['CODEX_SELF_EVOLUTION_REVIEWER_BASE_URL']);
  return {
    ...(model ? { model } : {}),
    ...(baseUrl ? { baseUrl } : {}),
    ...(seconds ? { timeoutSeconds: Number(seconds) } : {}),
  };
}

interface GivenKey {
  given: string | undefined;
  providerFile: string;
}

function keyOf(name: string, { keyVariable }: ModelProvider, { given, providerFile }: GivenKey): Result<string> {
  const key = text(given);
  const place = `set ${keyVariable} in the environment or in ${providerFile}.`;
  if (!key) return misconfigured(name, `There is no API key: ${place}`);
  // A header cannot carry anything else, and a line break in a pasted key is easily overlooked.
  if (!/^[\x21-\x7e]+$/.test(key))
    return misconfigured(
      name,
      `The API key has characters that no key has (blanks, line breaks or other scripts): ${place}`,
    );
  return succeed(key);
}

function urlOf(name: string, provider: ModelProvider, baseUrl: string | undefined, env: Environment): Result<string> {
  if (!baseUrl) return provider.defaultUrl(env);
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return misconfigured(
      name,
      `The base URL (${provider.urlVariable} or CODEX_SELF_EVOLUTION_REVIEWER_BASE_URL) must begin with https:// or http://.`,
    );
  }
  return succeed(completed(url, provider.path));
}

/** A base URL that ends in `/v1` or has no path gets the dialect's path. */
function completed(url: URL, path: string): string {
  const given = url.pathname.replace(/\/+$/, '');
  if (given === '') url.pathname = path;
  else if (given.endsWith('/v1')) url.pathname = given + path.slice('/v1'.length);
  return url.href;
}

function timeoutOf(name: string, seconds = TIMEOUT_SECONDS): Result<number> {
  if (seconds > 0 && seconds <= LONGEST_TIMEOUT_SECONDS) return succeed(seconds);
  return misconfigured(
    name,
    `The time-out (CODEX_SELF_EVOLUTION_REVIEWER_TIMEOUT) must be a number of seconds, at most ${LONGEST_TIMEOUT_SECONDS}.`,
  );
}

const misconfigured = (name: string, fix: string): Result<never> =>
  fail({ reason: 'not-configured', what: `The reviewer ${name}`, fix });

/** A variable that is set to blanks is not set. */
const text = (value: string | undefined): string | undefined => value?.trim() || undefined;
