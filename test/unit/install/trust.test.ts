import { describe, expect, test } from 'vitest';
import { readTomlDocument } from '../../../src/install/toml-document.ts';
import type { TomlDocument } from '../../../src/install/toml-document.ts';
import { trustedHash, trustKey } from '../../../src/install/trust-hash.ts';
import { trustOf } from '../../../src/install/trust-status.ts';
import { withoutTrust, withTrust } from '../../../src/install/trust-tables.ts';

const FILE = '/c/config.toml';
const KEY = '/c/hooks.json:stop:0:0';
const HASH = `sha256:${'a'.repeat(64)}`;

function read(text: string): TomlDocument {
  const result = readTomlDocument(FILE, text);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

function trusting(text: string, ...keys: string[]): string {
  const entries = keys.map((key) => ({ key, hash: HASH }));
  const result = withTrust(FILE, read(text), entries);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

function distrusting(text: string, ...keys: string[]): string {
  const result = withoutTrust(FILE, read(text), keys);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

/** As `hooks/list` of Codex 0.169.0 told them. */
describe('the hash of a hook is the one that Codex computes', () => {
  test.each([
    [
      { event: 'Stop', matcher: undefined, command: 'true' },
      '2ba34c7a02841fada06b868a093d041fd3d9de81883c789a321916b0aa118851',
    ],
    [
      { event: 'UserPromptSubmit', matcher: undefined, command: 'true', additionalContextLimit: 2500 },
      '0c5faf9b4c95d27d454f681f22931c6d071e6b0ab11bcbf2e461c464355de34d',
    ],
    [
      { event: 'Stop', matcher: 'ignored', command: 'true', additionalContextLimit: 100, timeout: 600 },
      '2ba34c7a02841fada06b868a093d041fd3d9de81883c789a321916b0aa118851',
    ],
    [
      {
        event: 'UserPromptSubmit',
        matcher: undefined,
        command: 'node "$PLUGIN_ROOT/dist/hook.cjs" prompt-recall --from-stdin || exit 0',
        timeout: 10,
        additionalContextLimit: 600,
      },
      '55e0c61759a68f83b7d389aa0d0de144515b9ab297e8306a0308506b413e05be',
    ],
  ])('%j', (hook, hash) => {
    expect(trustedHash(hook)).toBe(`sha256:${hash}`);
  });

  test('and its key has the event in Codex words', () => {
    expect(trustKey('/c/hooks.json', 'UserPromptSubmit', 2, 1)).toBe('/c/hooks.json:user_prompt_submit:2:1');
  });
});

const COMMENTED =
  '# mine\nmodel = "x"   # why\n\n[tui] # colours\ntheme = """\n[hooks.state."no table"]\n"""\n# the end';

describe('trust in config.toml', () => {
  test.each([
    ['an empty file', ''],
    ['comments and texts of several lines', COMMENTED],
    ['CRLF', 'model = "x"\r\n\r\n[tui]\r\na = 1\r\n'],
    ['a byte-order mark', '\uFEFFmodel = "x"\n'],
    ['trust in others', '[hooks.state]\n\n[hooks.state."/c/hooks.json:stop:1:0"]\ntrusted_hash = "sha256:11"\n'],
    ['hooks as tables', '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "x"\n'],
  ])('comes to the end and goes again without a trace: %s', (_name, text) => {
    const trusted = trusting(text, KEY, '/c/hooks.json:session_start:0:0');

    expect(trusted.startsWith(text)).toBe(true);
    expect(trustOf(read(trusted).values, KEY, HASH)).toBe('trusted');
    expect(distrusting(trusted, KEY, '/c/hooks.json:session_start:0:0')).toBe(
      text.endsWith('\n') || text === '' ? text : `${text}\n`,
    );
  });

  test('that is there already changes nothing', () => {
    const trusted = trusting(COMMENTED, KEY);

    expect(trusting(trusted, KEY)).toBe(trusted);
  });

  test.each([
    `[hooks.state."${KEY}"] # ours\ntrusted_hash = "sha256:00" # old\nenabled = true\n\n[tui]\n`,
    `hooks.state."${KEY}".trusted_hash = 'sha256:00' # old\n`,
  ])('that is old is replaced where it stands: %s', (text) => {
    expect(trusting(text, KEY)).toBe(text.replace(/(["'])sha256:00\1/, `"${HASH}"`));
  });

  test('in an inline table is left to the person', () => {
    const text = `hooks = { state = { "${KEY}" = { trusted_hash = "sha256:00" } } }\n`;

    expect(withTrust(FILE, read(text), [{ key: KEY, hash: HASH }])).toMatchObject({ ok: false });
    expect(withoutTrust(FILE, read(text), [KEY])).toMatchObject({ ok: false });
  });

  test('is put into a table that lacks it', () => {
    const text = `[hooks.state."${KEY}"] # ours\nenabled = true\n`;

    expect(trusting(text, KEY)).toBe(`[hooks.state."${KEY}"] # ours\ntrusted_hash = "${HASH}"\nenabled = true\n`);
  });

  test('goes from between others with the comments of the next table left alone', () => {
    const text = `[a]\nx = 1\n\n[hooks.state."${KEY}"]\ntrusted_hash = "${HASH}"\n\n# about b\n[b]\ny = 2\n`;

    expect(distrusting(text, KEY)).toBe('[a]\nx = 1\n\n# about b\n[b]\ny = 2\n');
  });

  test('survives keys with quotes, backslashes and dollars', () => {
    const key = String.raw`C:\it's "here" $HOME\hooks.json:stop:0:0`;
    const trusted = trusting('', key);

    expect(trustOf(read(trusted).values, key, HASH)).toBe('trusted');
    expect(distrusting(trusted, key)).toBe('');
  });

  test('is told as Codex tells it', () => {
    const status = (text: string) => trustOf(read(text).values, KEY, HASH);

    expect(status('')).toBe('untrusted');
    expect(status(`[hooks.state."${KEY}"]\ntrusted_hash = "sha256:00"\n`)).toBe('modified');
    expect(status(`[hooks.state."${KEY}"]\ntrusted_hash = "${HASH}"\nenabled = false\n`)).toBe('disabled');
    expect(status(`[hooks]\nstate."${KEY}".trusted_hash = "${HASH}"\n`)).toBe('trusted');
  });

  test('in a file that is no TOML is refused with the line, and without what stands there', () => {
    const result = readTomlDocument(FILE, 'a = 1\nkey = "sk-secret\n');

    expect(result).toMatchObject({ ok: false, failure: { reason: 'file-invalid', path: FILE } });
    expect(JSON.stringify(result)).toContain('line 2');
    expect(JSON.stringify(result)).not.toContain('sk-secret');
  });
});

test('a number of 64 bits in config.toml is no obstacle, and stays', () => {
  const text = 'big = 9223372036854775807\n';

  expect(distrusting(trusting(text, KEY), KEY)).toBe(text);
});
