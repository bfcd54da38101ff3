import { describe, expect, it } from 'vitest';
import { CONFIG_TEMPLATE } from '../../../src/config/config-template.ts';
import { secretNotices } from '../../../src/config/find-secrets.ts';
import { migratedText } from '../../../src/config/migrate-config.ts';
import { parseConfig } from '../../../src/config/parse-config.ts';

const said = (text: string): Record<string, unknown> =>
  Object.fromEntries(parseConfig(text).settings.map(({ path, value }) => [path.join('.'), value]));

describe('migratedText', () => {
  const SCHEMA_2 = `schema_version = 2
active_profile = "glm"
[profiles.glm]
provider = "anthropic-style"
model = "glm-5"
base_url = "https://open.bigmodel.cn/api/anthropic/v1/messages"
api_key_env = "ZHIPU_API_KEY"
retry_backoff = [3.0, 8.0]
[profiles.codex]
provider = "codex-cli"
[profiles.codex.subprocess]
payload_mode = "stdin"
[compile]
backend = "agent:opencode"
allow_fallback = true
[compile.pi]
model = "k"
[my_own]
note = 1
`;

  it('says the same in our schema, and keeps what it does not know', () => {
    const migrated = migratedText(SCHEMA_2, 'config.toml');
    if (!migrated.ok || migrated.value === null) throw new Error('expected a migrated text');
    const { text, fromSchema } = migrated.value;
    expect(fromSchema).toBe(2);
    expect(said(text)).toEqual(said(SCHEMA_2));
    expect(parseConfig(text)).toMatchObject({ schemaVersion: 3, isOlder: false, errors: [] });
    expect(parseConfig(text).warnings.map(({ key }) => key)).toEqual(['my_own']);
  });

  it('migrates a single reviewer of schema 1', () => {
    const migrated = migratedText('schema_version = 1\n[reviewer]\nmodel = "M"\n', 'config.toml');
    expect(migrated.ok && said(migrated.value?.text ?? '')).toEqual({
      activeProfile: 'default',
      'profiles.default.model': 'M',
      'profiles.default.provider': 'minimax',
    });
  });

  it('leaves our own schema alone and refuses what it cannot read', () => {
    expect(migratedText('schema_version = 3\n', 'config.toml')).toEqual({ ok: true, value: null });
    expect(migratedText('schema_version = 2\n[compile]\nallow_fallback = 1\n', 'config.toml')).toMatchObject({
      ok: false,
      failure: { reason: 'file-invalid', detail: expect.stringContaining('line 3') },
    });
  });
});

describe('secretNotices', () => {
  it('tells the line of a key and not the key', () => {
    const text = `[profiles.a]\nprovider = "minimax"\napi_key = "sk-proj-Zq81LmNoPq77Rs99Tu22Vw33Xy44"\n`;
    const notices = secretNotices(text);
    expect(notices.map(({ line }) => line)).toEqual([3]);
    expect(JSON.stringify(notices)).not.toContain('Zq81');
  });

  it('finds nothing in the template, with or without its comments', () => {
    expect(secretNotices(CONFIG_TEMPLATE)).toEqual([]);
    expect(secretNotices(CONFIG_TEMPLATE.replaceAll(/^# (?=[a-z_"]+ = )/gm, ''))).toEqual([]);
  });
});
