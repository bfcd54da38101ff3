import type { Ask } from '../agents/ask.ts';
import { askAnthropic } from '../agents/anthropic.ts';
import type { AskWorld } from '../agents/ask-http.ts';
import type { Authorization, HttpModel } from '../agents/http-dialect.ts';
import { askOpenAiCompatible } from '../agents/openai-compatible.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Profile } from '../contracts/settings.ts';
import type { Environment } from '../kernel/home.ts';
import { homeFolder, homeLayout } from '../kernel/home.ts';

/**
 * What a profile of config.toml says about the reviewer that it names; whatever is absent falls through to
 * the defaults of the provider.
 */
export type ReviewerSettings = Partial<Omit<Profile, 'provider'>>;

/** What is asked of a model where nobody says otherwise. The answer has room for more than ten suggestions, below every model's own limit. */
export const REVIEWER_DEFAULTS = { maxTokens: 4096, timeoutSeconds: 30, maxRetries: 3, retryBackoff: 1 };
const LONGEST_TIMEOUT_SECONDS = 600;

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
 * Settles where and how a provider is asked: CODEX_SELF_EVOLUTION_REVIEWER_* first, then the provider's
 * own variables, then the profile, then defaults.
 *
 * A profile that names a key of its own (`api_key_env`) is about another account than the provider's
 * variables: those do not count for it, and its key goes to its own address or nowhere.
 *
 * @returns Failure `not-configured`, which says what to set and where
 */
export function httpModel(
  name: ModelProviderName,
  { env, providerFile }: SettingsSource,
  profile: ReviewerSettings = {},
): Result<HttpModel> {
  const provider: ModelProvider = MODEL_PROVIDERS[name];
  const said = wordsFor(name, env, profile);
  const url = urlOf(name, provider, said.baseUrl?.value, env);
  if (!url.ok) return url;
  const astray = keyGoesAstray(name, { env, profile, url: url.value, said });
  if (astray) return astray;
  const key = keyOf(name, provider, {
    variable: profile.apiKeyEnv ?? provider.keyVariable,
    env,
    providerFile: providerFile ?? homeLayout(homeFolder(env)).providerEnvironment,
  });
  if (!key.ok) return key;
  const timeout = timeoutOf(name, said.timeoutSeconds?.value);
  if (!timeout.ok) return timeout;
  return succeed({
    provider: name,
    url: url.value,
    plainHttp: url.value.startsWith('http:'),
    model: said.model?.value ?? provider.defaultModel,
    apiKey: key.value,
    authorization: provider.authorization,
    timeoutMs: timeout.value * 1_000,
    ...limitsOf(profile),
  });
}

const limitsOf = ({ maxTokens, maxRetries, retryBackoff }: ReviewerSettings) => ({
  maxTokens: maxTokens ?? REVIEWER_DEFAULTS.maxTokens,
  maxRetries: maxRetries ?? REVIEWER_DEFAULTS.maxRetries,
  firstPauseMs: (retryBackoff ?? REVIEWER_DEFAULTS.retryBackoff) * 1_000,
});

/** A value and who said it; without a variable the profile did. */
export interface Said<T> {
  value: T;
  variable?: string;
}

export interface SaidOfModel {
  model: Said<string> | undefined;
  baseUrl: Said<string> | undefined;
  timeoutSeconds: Said<number> | undefined;
}

/** Whose word counts for a provider: the first of the general variables, the provider's own, the profile; undefined: the default. */
export function wordsFor(name: ModelProviderName, env: Environment, profile: ReviewerSettings): SaidOfModel {
  const { modelVariable, urlVariable } = MODEL_PROVIDERS[name];
  const general = generalCounts(name, env) ? [env] : [];
  const own = hasKeyOfItsOwn(name, profile) ? [] : [env];
  const seconds = inEnvironment(env, 'CODEX_SELF_EVOLUTION_REVIEWER_TIMEOUT');
  return {
    model:
      general.map((from) => inEnvironment(from, 'CODEX_SELF_EVOLUTION_REVIEWER_MODEL'))[0] ??
      own.map((from) => inEnvironment(from, modelVariable))[0] ??
      inProfile(profile.model),
    baseUrl:
      general.map((from) => inEnvironment(from, GENERAL_URL))[0] ??
      own.map((from) => inEnvironment(from, urlVariable))[0] ??
      inProfile(profile.baseUrl),
    timeoutSeconds: seconds ? { ...seconds, value: Number(seconds.value) } : inProfile(profile.timeoutSeconds),
  };
}

const GENERAL_URL = 'CODEX_SELF_EVOLUTION_REVIEWER_BASE_URL';

const inEnvironment = (env: Environment, variable: string): Said<string> | undefined => {
  const value = text(env[variable]);
  return value === undefined ? undefined : { value, variable };
};

const inProfile = <T>(value: T | undefined): Said<T> | undefined => (value === undefined ? undefined : { value });

/**
 * CODEX_SELF_EVOLUTION_REVIEWER_{MODEL,BASE_URL} are meant for the provider that ..._PROVIDER names:
 * when a payload asks for another one, its key must not travel to that address.
 */
function generalCounts(name: ModelProviderName, env: Environment): boolean {
  const intended = text(env['CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER']);
  return intended === undefined || intended === name || !Object.hasOwn(MODEL_PROVIDERS, intended);
}

const hasKeyOfItsOwn = (name: ModelProviderName, { apiKeyEnv }: ReviewerSettings): boolean =>
  apiKeyEnv !== undefined && apiKeyEnv !== MODEL_PROVIDERS[name].keyVariable;

interface Destination {
  env: Environment;
  profile: ReviewerSettings;
  url: string;
  said: SaidOfModel;
}

/** A general address beats the profile's; the profile's own key does not follow it to another host. */
function keyGoesAstray(name: ModelProviderName, { env, profile, url, said }: Destination): Result<never> | undefined {
  if (!hasKeyOfItsOwn(name, profile) || said.baseUrl?.variable === undefined) return undefined;
  const intended = urlOf(name, MODEL_PROVIDERS[name], profile.baseUrl, env);
  if (intended.ok && new URL(intended.value).origin === new URL(url).origin) return undefined;
  const keyName = profile.apiKeyEnv ?? '';
  const fix = `${said.baseUrl.variable} leads to another host than the profile, whose key (${keyName}) goes to the profile's own address only: unset the variable, or change base_url in config.toml.`;
  return misconfigured(name, fix);
}

interface WantedKey {
  variable: string;
  env: Environment;
  providerFile: string;
}

function keyOf(name: string, provider: ModelProvider, { variable, env, providerFile }: WantedKey): Result<string> {
  const key = text(env[variable]);
  const because = variable === provider.keyVariable ? '' : ' (the active profile names that variable)';
  const place = `set ${variable} in the environment or in ${providerFile}${because}.`;
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
      `The base URL (${provider.urlVariable}, ${GENERAL_URL} or the profile's base_url) must begin with https:// or http://.`,
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

function timeoutOf(name: string, seconds = REVIEWER_DEFAULTS.timeoutSeconds): Result<number> {
  if (seconds > 0 && seconds <= LONGEST_TIMEOUT_SECONDS) return succeed(seconds);
  return misconfigured(
    name,
    `The time-out (CODEX_SELF_EVOLUTION_REVIEWER_TIMEOUT or the profile's timeout_seconds) must be a number of seconds, at most ${LONGEST_TIMEOUT_SECONDS}.`,
  );
}

const misconfigured = (name: string, fix: string): Result<never> =>
  fail({ reason: 'not-configured', what: `The reviewer ${name}`, fix });

/** A variable that is set to blanks is not set. */
const text = (value: string | undefined): string | undefined => value?.trim() || undefined;
