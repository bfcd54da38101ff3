import * as v from 'valibot';
import type { Settings } from '../contracts/settings.ts';

/** Reviewers that a profile may name. */
const PROVIDERS = [
  'dummy',
  'heuristic',
  'openai-compatible',
  'anthropic-style',
  'minimax',
  'codex-cli',
  'opencode-cli',
  'command',
] as const;

/** Who may merge suggestions. */
const BACKENDS = ['script', 'agent:opencode', 'agent:codex'] as const;

const DAY_SECONDS = 86_400;

const whole = (least: number, most: number) =>
  v.pipe(
    v.number('must be a whole number'),
    v.integer('must be a whole number'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );

const seconds = (least: number, most: number) =>
  v.pipe(
    v.number('must be a number of seconds'),
    v.finite('must be a number of seconds'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  );

const truth = v.boolean('must be true or false');
const text = v.pipe(v.string('must be text in quotes'), v.nonEmpty('must not be empty'));
const texts = v.array(text, 'must be a list of texts');
const command = v.pipe(texts, v.nonEmpty('must name a program'));

const oneOf = <const T extends readonly string[]>(names: T) => v.picklist(names, `must be one of ${names.join(', ')}`);

const address = v.pipe(
  text,
  v.check((url) => /^https?:\/\//i.test(url) && URL.canParse(url), 'must begin with https:// or http://'),
);

/** Said without the value: who puts the key itself there must not read it again in a log. */
const variableName = v.pipe(
  text,
  v.regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be the name of an environment variable, not the key itself'),
);

const agentSeconds = seconds(1, 1_700);

const ProfileSchema = v.object({
  provider: oneOf(PROVIDERS),
  model: v.exactOptional(text),
  baseUrl: v.exactOptional(address),
  apiKeyEnv: v.exactOptional(variableName),
  timeoutSeconds: v.exactOptional(seconds(0.001, 600)),
  maxTokens: v.exactOptional(whole(1, 1_000_000)),
  maxRetries: v.exactOptional(whole(0, 10)),
  retryBackoff: v.exactOptional(seconds(0, 60)),
  command: v.exactOptional(command),
  payloadMode: v.exactOptional(oneOf(['stdin', 'file', 'inline'])),
  responseFormat: v.exactOptional(oneOf(['codex-events', 'opencode-events', 'raw-json'])),
});

/** Every setting with the rule for its value; what is written has the same names in snake_case. */
export const SettingsSchema = v.object({
  activeProfile: v.nullable(text),
  profiles: v.record(v.string(), ProfileSchema),
  review: v.object({
    enabled: truth,
    quietSeconds: seconds(0, DAY_SECONDS),
    minNewChars: whole(0, 10_000_000),
    dailyCalls: whole(0, 1_000_000),
    dailyTokens: whole(0, 10_000_000_000),
    skip: texts,
    repositories: v.record(v.string(), truth),
  }),
  compile: v.object({
    mode: oneOf(['auto', 'review']),
    backend: oneOf(BACKENDS),
    batchSize: whole(1, 10_000),
    fallback: truth,
    opencode: v.object({
      command,
      model: v.nullable(text),
      agent: v.nullable(text),
      timeoutSeconds: agentSeconds,
    }),
    codex: v.object({ command, model: v.nullable(text), timeoutSeconds: agentSeconds }),
  }),
  recall: v.object({
    topK: whole(1, 50),
    onPrompt: truth,
    otherRepositories: truth,
    // More is not given to the model uncut.
    sessionTokens: whole(0, 2_500),
  }),
  scheduler: v.object({
    intervalSeconds: whole(60, DAY_SECONDS),
    backend: v.nullable(oneOf(BACKENDS)),
    opportunistic: truth,
  }),
  log: v.object({ maxBytes: whole(10_000, 1_000_000_000), kept: whole(0, 100) }),
  retention: v.object({ generations: whole(1, 100_000), days: whole(0, 36_500), receiptDays: whole(1, 36_500) }),
});

/** A merged tree as settings. Every value in it has been checked before, so a mismatch is a bug and throws. */
export const asSettings = (tree: unknown): Settings => v.parse(SettingsSchema, tree);
