import { describe, expect, test } from 'vitest';
import type { HttpModel } from '../../../src/agents/http-dialect.ts';
import type { Environment } from '../../../src/kernel/home.ts';
import type { ModelProviderName, ReviewerSettings } from '../../../src/reviewer/reviewer-settings.ts';
import { httpModel } from '../../../src/reviewer/reviewer-settings.ts';

const KEYS = { OPENAI_API_KEY: 'open-key', ANTHROPIC_API_KEY: 'anth-key', MINIMAX_API_KEY: 'mini-key' };

function settle(name: ModelProviderName, env: Environment = {}, profile?: ReviewerSettings): HttpModel {
  const model = httpModel(name, { env: { ...KEYS, ...env } }, profile);
  if (!model.ok) throw new Error(JSON.stringify(model.failure));
  return model.value;
}

function faultOf(name: ModelProviderName, env: Environment, providerFile?: string): string {
  const model = httpModel(name, { env, ...(providerFile ? { providerFile } : {}) });
  if (model.ok || model.failure.reason !== 'not-configured') throw new Error('expected not-configured');
  return `${model.failure.what}: ${model.failure.fix}`;
}

const at = (host: string): string => `https://${host}.example/v1/chat/completions`;

describe('with nothing but a key', () => {
  const common = { plainHttp: false, maxTokens: 4096, timeoutMs: 30_000, maxRetries: 3, firstPauseMs: 1_000 };

  test('openai-compatible asks OpenAI', () => {
    expect(settle('openai-compatible')).toEqual({
      ...common,
      provider: 'openai-compatible',
      url: 'https://api.openai.com/v1/chat/completions',
      model: 'gpt-4.1-mini',
      apiKey: 'open-key',
      authorization: 'bearer',
    });
  });

  test('anthropic-style asks Anthropic', () => {
    expect(settle('anthropic-style')).toEqual({
      ...common,
      provider: 'anthropic-style',
      url: 'https://api.anthropic.com/v1/messages',
      model: 'claude-3-5-haiku-latest',
      apiKey: 'anth-key',
      authorization: 'x-api-key',
    });
  });

  test('minimax asks MiniMax', () => {
    expect(settle('minimax')).toEqual({
      ...common,
      provider: 'minimax',
      url: 'https://api.minimax.io/anthropic/v1/messages',
      model: 'MiniMax-M2.7',
      apiKey: 'mini-key',
      authorization: 'bearer',
    });
  });
});

describe('whose word counts', () => {
  const own = { OPENAI_BASE_URL: 'https://own.example/v1', OPENAI_REVIEW_MODEL: 'own-model' };
  const general = {
    CODEX_SELF_EVOLUTION_REVIEWER_BASE_URL: 'https://general.example/v1',
    CODEX_SELF_EVOLUTION_REVIEWER_MODEL: 'general-model',
    CODEX_SELF_EVOLUTION_REVIEWER_TIMEOUT: '7.5',
  };
  const profile = {
    baseUrl: 'https://profile.example/v1',
    model: 'profile-model',
    timeoutSeconds: 9,
    maxTokens: 99,
    maxRetries: 0,
  };

  test("the provider's own variables beat its defaults", () => {
    expect(settle('openai-compatible', own)).toMatchObject({ url: at('own'), model: 'own-model' });
  });

  test('a profile beats the defaults', () => {
    expect(settle('openai-compatible', {}, { ...profile, retryBackoff: 2.5 })).toMatchObject({
      url: at('profile'),
      model: 'profile-model',
      timeoutMs: 9_000,
      maxTokens: 99,
      maxRetries: 0,
      firstPauseMs: 2_500,
    });
  });

  test("the provider's own variables beat a profile", () => {
    expect(settle('openai-compatible', own, profile)).toMatchObject({ url: at('own'), model: 'own-model' });
  });

  test('the general variables beat both', () => {
    expect(settle('openai-compatible', { ...own, ...general }, profile)).toMatchObject({
      url: at('general'),
      model: 'general-model',
      timeoutMs: 7_500,
      maxTokens: 99,
    });
  });

  describe('with a profile that names a key of its own', () => {
    const bound = { ...profile, apiKeyEnv: 'DEEPSEEK_API_KEY' };
    const withKey = { DEEPSEEK_API_KEY: 'deep-key' };

    test("that key goes to the profile's address, whatever the provider's own variables say", () => {
      expect(settle('openai-compatible', { ...own, ...withKey }, bound)).toMatchObject({
        url: at('profile'),
        model: 'profile-model',
        apiKey: 'deep-key',
      });
    });

    test("the provider's own key never stands in for it", () => {
      expect(httpModel('openai-compatible', { env: KEYS }, bound)).toMatchObject({
        ok: false,
        failure: { fix: expect.stringMatching(/DEEPSEEK_API_KEY.*the active profile names that variable/) },
      });
    });

    test('it follows no general address to another host', () => {
      const model = httpModel('openai-compatible', { env: { ...general, ...withKey } }, bound);
      expect(model).toMatchObject({
        ok: false,
        failure: { fix: expect.stringContaining('CODEX_SELF_EVOLUTION_REVIEWER_BASE_URL') },
      });
      const { CODEX_SELF_EVOLUTION_REVIEWER_BASE_URL: _address, ...others } = general;
      expect(settle('openai-compatible', { ...others, ...withKey }, bound)).toMatchObject({
        url: at('profile'),
        model: 'general-model',
      });
    });

    test('a general address on the same host is fine', () => {
      const env = { ...withKey, CODEX_SELF_EVOLUTION_REVIEWER_BASE_URL: 'https://profile.example/beta/v1' };
      expect(settle('openai-compatible', env, bound)).toMatchObject({
        url: 'https://profile.example/beta/v1/chat/completions',
        apiKey: 'deep-key',
      });
    });
  });

  test('variables that are set to blanks are not set', () => {
    expect(settle('openai-compatible', { OPENAI_BASE_URL: ' ', OPENAI_REVIEW_MODEL: '' })).toEqual(
      settle('openai-compatible'),
    );
  });

  test('a general address that is meant for another provider is not given this key', () => {
    const env = { ...general, CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER: 'openai-compatible' };
    expect(settle('minimax', env)).toMatchObject({
      url: 'https://api.minimax.io/anthropic/v1/messages',
      model: 'MiniMax-M2.7',
      timeoutMs: 7_500,
    });
    expect(settle('openai-compatible', env).url).toBe(at('general'));
    const unbound = { ...general, CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER: 'heuristic' };
    expect(settle('minimax', unbound).model).toBe('general-model');
  });
});

describe('a base URL', () => {
  test.each([
    ['https://x.example', 'https://x.example/v1/chat/completions'],
    ['https://x.example/', 'https://x.example/v1/chat/completions'],
    ['https://x.example/v1', 'https://x.example/v1/chat/completions'],
    ['https://x.example/v1/', 'https://x.example/v1/chat/completions'],
    ['https://x.example/api/v1', 'https://x.example/api/v1/chat/completions'],
    ['https://x.example/api/v1?version=3', 'https://x.example/api/v1/chat/completions?version=3'],
    ['https://x.example/v1/chat/completions', 'https://x.example/v1/chat/completions'],
    ['https://x.example/some/gateway', 'https://x.example/some/gateway'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/v1/chat/completions'],
  ])('%s leads to %s', (given, url) => {
    expect(settle('openai-compatible', { OPENAI_BASE_URL: given }).url).toBe(url);
  });

  test("gets the path of the provider's dialect", () => {
    expect(settle('anthropic-style', { ANTHROPIC_BASE_URL: 'https://x.example/v1' }).url).toBe(
      'https://x.example/v1/messages',
    );
    expect(settle('minimax', { MINIMAX_BASE_URL: 'https://x.example' }).url).toBe('https://x.example/v1/messages');
  });

  test('in clear is the wish of the user who wrote it down', () => {
    expect(settle('openai-compatible', { OPENAI_BASE_URL: 'http://gpu.lan/v1' }).plainHttp).toBe(true);
    expect(settle('openai-compatible', { OPENAI_BASE_URL: 'https://gpu.lan/v1' }).plainHttp).toBe(false);
  });

  test.each(['x.example/v1', 'ftp://x.example', 'localhost:8080', '//x'])('%s is refused', (given) => {
    expect(faultOf('openai-compatible', { ...KEYS, OPENAI_BASE_URL: given })).toContain(
      'must begin with https:// or http://',
    );
  });
});

describe('the region of MiniMax', () => {
  test('chooses the address', () => {
    expect(settle('minimax', { MINIMAX_REGION: 'cn' }).url).toBe('https://api.minimaxi.com/anthropic/v1/messages');
    expect(settle('minimax', { MINIMAX_REGION: 'GLOBAL' }).url).toBe('https://api.minimax.io/anthropic/v1/messages');
  });

  test('is beaten by a base URL', () => {
    const env = { MINIMAX_REGION: 'cn', MINIMAX_BASE_URL: 'https://x.example/v1' };
    expect(settle('minimax', env).url).toBe('https://x.example/v1/messages');
  });

  test.each(['mars', 'constructor'])('%s does not exist', (region) => {
    expect(faultOf('minimax', { ...KEYS, MINIMAX_REGION: region })).toContain(
      'MINIMAX_REGION must be one of global, cn',
    );
  });
});

describe('what is wrong is said with the place to mend it', () => {
  test.each([
    ['openai-compatible', 'OPENAI_API_KEY'],
    ['anthropic-style', 'ANTHROPIC_API_KEY'],
    ['minimax', 'MINIMAX_API_KEY'],
  ] as const)('%s without a key', (name, variable) => {
    const fault = faultOf(name, { [variable]: '  ', HOME: '/home/someone' });
    expect(fault).toContain(variable);
    expect(fault).toContain('/home/someone/.codex-self-evolution/.env.provider');
  });

  test('a key is missing in the file of the home that is in use', () => {
    const env = { CODEX_SELF_EVOLUTION_HOME: '/srv/memory' };
    expect(faultOf('minimax', env)).toContain('/srv/memory/.env.provider');
    expect(faultOf('minimax', env, '/elsewhere/.env.provider')).toContain('/elsewhere/.env.provider');
  });

  test('a key that no header can carry, without showing it', () => {
    const fault = faultOf('openai-compatible', { OPENAI_API_KEY: 'half\nother-half' });
    expect(fault).toContain('line breaks');
    expect(fault).not.toContain('half');
  });

  test.each(['soon', '0', '-3', 'NaN', 'Infinity', '601'])('a time-out of %s', (seconds) => {
    const env = { ...KEYS, CODEX_SELF_EVOLUTION_REVIEWER_TIMEOUT: seconds };
    expect(faultOf('minimax', env)).toContain('CODEX_SELF_EVOLUTION_REVIEWER_TIMEOUT');
  });
});
