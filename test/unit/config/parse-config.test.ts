import { describe, expect, it } from 'vitest';
import { noticeText } from '../../../src/config/notice.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';
import { GROWTH_LIMIT, growthOf } from '../safety/measure.ts';

const said = (text: string): Record<string, unknown> =>
  Object.fromEntries(parseConfig(text).settings.map(({ path, value }) => [path.join('.'), value]));

const profile = (url: string): string => `[profiles.a]\nprovider = "anthropic-style"\nbase_url = "${url}"\n`;

describe('parseConfig', () => {
  it('reads what is written in snake_case, with the line of each value', () => {
    const { settings, errors, warnings } = parseConfig(
      '# mine\n[review]\nquiet_seconds = 5\n\n[compile.opencode]\nmodel = "a/b"\n',
    );
    expect({ errors, warnings }).toEqual({ errors: [], warnings: [] });
    expect(settings.map(({ path, value, line }) => [path.join('.'), value, line])).toEqual([
      ['review.quietSeconds', 5, 3],
      ['compile.opencode.model', 'a/b', 6],
    ]);
  });

  it('tells wrong types with line and column', () => {
    const { errors } = parseConfig('[review]\nenabled = "no"\n  daily_calls = 1.5\n');
    expect(errors.map(noticeText)).toEqual([
      'line 2, column 1: review.enabled must be true or false',
      'line 3, column 3: review.daily_calls must be a whole number',
    ]);
  });

  it('warns of unknown keys with the line and goes on', () => {
    const { errors, warnings, settings } = parseConfig('[review]\nquiet = 5\nmin_new_chars = 7\n[reveiw]\nx = 1\n');
    expect(errors).toEqual([]);
    expect(warnings.map(({ key, line }) => [key, line])).toEqual([
      ['review.quiet', 2],
      ['reveiw', 4],
    ]);
    expect(warnings[1]?.problem).toContain('did you mean review?');
    expect(settings).toHaveLength(1);
  });

  it('tells the line of what is no TOML, and not what stands there', () => {
    const { errors, settings } = parseConfig('[review]\nenabled = true\nkey = sk-proj-abcdefghijklmnopqrstuvwx\n');
    expect(settings).toEqual([]);
    expect(errors).toMatchObject([{ line: 3 }]);
    expect(JSON.stringify(errors)).not.toContain('sk-proj');
  });

  it('does not repeat a key that stands where the name of a variable should', () => {
    const { errors } = parseConfig(
      '[profiles.a]\nprovider = "openai-compatible"\napi_key_env = "sk-proj-abcdefghijklmnop"\n',
    );
    expect(errors.map(noticeText)).toEqual([
      'line 3, column 1: profiles.a.api_key_env must be the name of an environment variable, not the key itself',
    ]);
  });

  it('refuses an active profile that is not there', () => {
    const { errors } = parseConfig('active_profile = "glm"\n[profiles.other]\nprovider = "heuristic"\n');
    expect(errors.map(noticeText)).toEqual([
      'line 1, column 1: active_profile names a profile that does not exist (there are other)',
    ]);
  });

  it('refuses a profile without a provider', () => {
    expect(parseConfig('\n[profiles.a]\nmodel = "x"\n').errors.map(noticeText)).toEqual([
      'line 2, column 1: profiles.a needs a provider',
    ]);
  });

  it('warns of an address that is not https, except on this machine', () => {
    expect(parseConfig(profile('http://gateway.example/v1')).warnings).toMatchObject([
      { key: 'profiles.a.base_url', line: 3 },
    ]);
    for (const url of ['http://127.0.0.1:8080/v1', 'http://localhost:1', 'http://[::1]:9/v1', 'https://x.example/v1'])
      expect(parseConfig(profile(url)).warnings).toEqual([]);
  });

  it('takes empty texts for "not said" where a setting may be absent, and nowhere else', () => {
    expect(said('active_profile = ""\n[compile.opencode]\nmodel = ""\n[scheduler]\nbackend = ""\n')).toEqual({});
    expect(parseConfig('[compile]\nbackend = ""\n').errors).toHaveLength(1);
    expect(parseConfig('[review]\nquiet_seconds = ""\n').errors).toHaveLength(1);
  });

  it('refuses a schema of the future', () => {
    expect(parseConfig('schema_version = 4\n').errors).toMatchObject([{ line: 1, key: 'schema_version' }]);
  });

  it('lifts schema 1: the reviewer becomes the profile default', () => {
    const text = 'schema_version = 1\n[reviewer]\nprovider = "minimax"\nmodel = "M"\ntimeout_seconds = "x"\n';
    expect(said(text)).toEqual({
      activeProfile: 'default',
      'profiles.default.provider': 'minimax',
      'profiles.default.model': 'M',
    });
    expect(parseConfig(text).errors).toMatchObject([{ line: 5, key: 'profiles.default.timeout_seconds' }]);
  });

  it('lifts schema 2: subprocess, lists of back-offs, allow_fallback; and tells what is gone', () => {
    const text = `schema_version = 2
active_profile = "codex"
[profiles.codex]
provider = "codex-cli"
retry_backoff = [2.0, 5.0]
subprocess.command = ["codex", "exec"]
subprocess.timeout_seconds = 90.0
[compile]
backend = "agent:pi"
allow_fallback = false
[compile.pi]
model = "k"
[compile.opencode]
model = ""
[skill_synthesis]
enabled = true
[log]
retention_days = 14
`;
    const { errors, warnings } = parseConfig(text);
    expect(errors).toEqual([]);
    expect(said(text)).toEqual({
      activeProfile: 'codex',
      'profiles.codex.provider': 'codex-cli',
      'profiles.codex.retryBackoff': 2,
      'profiles.codex.command': ['codex', 'exec'],
      'profiles.codex.timeoutSeconds': 90,
      'compile.fallback': false,
    });
    expect(warnings.map(({ key, line }) => [key, line])).toEqual([
      [null, null],
      ['profiles.codex.retry_backoff', 5],
      ['skill_synthesis', 15],
      ['compile.backend', 9],
      ['compile.pi', 11],
      ['log.retention_days', 18],
    ]);
  });
});

it('a key that stands where a name belongs is not said again', () => {
  const key = ['sk-ant-', 'api03-', 'Zq8xW2vB7nM4kL9pR3tY'.repeat(3)].join('');
  const { errors, warnings } = parseConfig(`${key} = 1\n[profiles.${key}]\nprovider = 3\n`);

  expect([errors.length, warnings.length]).toEqual([1, 1]);
  expect(JSON.stringify([errors, warnings])).not.toContain(key);
});

it('parseConfig takes 16 times as long for 16 times as many repositories', () => {
  const repositories = Array.from({ length: 9_600 }, (_, i) => `"/code/${i}" = true\n`);
  // Repositories as letters: the longest text of growthOf has 96,000.
  const work = ({ length }: string): unknown =>
    parseConfig(`[review.repositories]\n${repositories.slice(0, length / 10).join('')}`);
  expect(growthOf(work, 'x')).toBeLessThan(GROWTH_LIMIT);
});
