import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/** The commands as people run them: built from today's sources, in processes of their own. */
let base = '';
let home = '';

beforeAll(async () => {
  base = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'csep-config-'));
  const root = path.resolve(import.meta.dirname, '../../..');
  const input = { csep: path.join(root, 'src/csep.ts'), hook: path.join(root, 'src/hook.ts') };
  const bundle = await rolldown({ cwd: root, input, platform: 'node', external: [/^node:/] });
  await bundle.write({
    dir: path.join(base, 'dist'),
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'chunks/[name]-[hash].cjs',
  });
  await bundle.close();
});

afterAll(() => fs.rmSync(base, { recursive: true, force: true }));

beforeEach(() => {
  home = fs.mkdtempSync(path.join(base, 'home-'));
});

const repo = (): string => {
  const folder = path.join(base, 'repo');
  fs.mkdirSync(path.join(folder, '.git'), { recursive: true });
  fs.writeFileSync(path.join(folder, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  return folder;
};

interface Call {
  env?: Record<string, string>;
  input?: string;
  program?: 'csep' | 'hook';
}

function run(args: string[], { env = {}, input = '', program = 'csep' }: Call = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(base, 'dist', `${program}.cjs`), ...args], {
    env: {
      PATH: process.env['PATH'],
      HOME: base,
      CODEX_HOME: path.join(base, 'codex'),
      CODEX_SELF_EVOLUTION_HOME: home,
      ...env,
    },
    cwd: repo(),
    input,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

const write = (text: string): void => fs.writeFileSync(path.join(home, 'config.toml'), text);
const read = (): string => fs.readFileSync(path.join(home, 'config.toml'), 'utf8');

/** Everything below the home but the two files that hold the key. */
const stored = (folder: string): string =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== '.env.provider' && entry.name !== 'config.toml')
    .map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');

/** A provider that refuses everybody and repeats the key that it was given. */
async function refusingProvider(): Promise<{ url: string; keys: string[]; close: () => void }> {
  const keys: string[] = [];
  const server = http.createServer((request, response) => {
    keys.push(request.headers.authorization ?? '');
    request.resume();
    response.writeHead(401, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: `wrong key ${request.headers.authorization}` } }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/v1`, keys, close: () => server.close() };
}

/** As `run`, without blocking this process, which serves the provider. */
async function runBeside(args: string[], env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [path.join(base, 'dist', 'csep.cjs'), ...args], {
    env: { PATH: process.env['PATH'], HOME: base, CODEX_SELF_EVOLUTION_HOME: home, ...env },
    cwd: repo(),
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => void (said += String(chunk)));
  await once(child, 'close');
  return said;
}

describe('config init', () => {
  it('writes a file that is valid and private, and never over one that is there', () => {
    expect(run(['config', 'init'])).toMatchObject({ status: 0 });
    expect(fs.statSync(path.join(home, 'config.toml')).mode & 0o777).toBe(0o600);
    expect(JSON.parse(run(['config', 'validate']).stdout)).toMatchObject({ valid: true, errors: [], warnings: [] });
    write('# mine\n');
    const again = run(['config', 'init']);
    expect(again).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(again.stdout)).toEqual({ path: path.join(home, 'config.toml'), status: 'unchanged' });
    expect(read()).toBe('# mine\n');
  });
});

describe('config show', () => {
  it('prints each value with its source', () => {
    write(
      'active_profile = "deep"\n[profiles.deep]\nprovider = "openai-compatible"\nmodel = "m"\n[recall]\ntop_k = 5\n',
    );
    const env = { CODEX_SELF_EVOLUTION_COMPILE_BACKEND: 'agent:codex', OPENAI_REVIEW_MODEL: 'own' };
    const shown = JSON.parse(run(['config', 'show'], { env }).stdout);
    expect(shown).toMatchObject({
      active_profile: 'deep',
      values: {
        'recall.top_k': { value: 5, source: { kind: 'file', line: 6 } },
        'recall.on_prompt': { value: true, source: { kind: 'default' } },
        'compile.backend': { value: 'agent:codex', source: { variable: 'CODEX_SELF_EVOLUTION_COMPILE_BACKEND' } },
      },
      reviewer: {
        values: {
          'reviewer.provider': { value: 'openai-compatible', source: { kind: 'file', line: 3 } },
          'reviewer.model': { value: 'own', source: { kind: 'environment', variable: 'OPENAI_REVIEW_MODEL' } },
          'reviewer.max_tokens': { value: 4096, source: { kind: 'default' } },
        },
        key: { variable: 'OPENAI_API_KEY', set: false },
      },
    });
  });
});

describe('a broken file', () => {
  const broken = '[recall]\ntop_k = 4\n[review]\nenabled = nope\n';

  it.each([['config', 'show'], ['config', 'list-profiles'], ['scan'], ['compile', '--once'], ['recall', 'deploy']])(
    'stops %s %s with the line',
    (...args) => {
      write(broken);
      expect(run(args)).toMatchObject({ status: 1, stderr: expect.stringContaining('line 4') });
    },
  );

  it('makes validate exit with 1 and tell it', () => {
    write(broken);
    const { status, stdout } = run(['config', 'validate']);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ valid: false, errors: [{ line: 4 }] });
  });

  it('does not stop a hook, and is in the log', () => {
    write(broken);
    const input = JSON.stringify({ hook_event_name: 'SessionStart', session_id: 's', cwd: repo(), source: 'startup' });
    expect(run(['session-start', '--from-stdin'], { program: 'hook', input })).toMatchObject({ status: 0, stderr: '' });
    expect(fs.readFileSync(path.join(home, 'logs', 'plugin.log'), 'utf8')).toMatch(/settings-unusable.*line 4/);
  });
});

describe('a hook', () => {
  it('loads what reads settings only where there is a file', () => {
    const half = path.join(base, 'half');
    fs.cpSync(path.join(base, 'dist'), half, { recursive: true });
    const readers = fs.readdirSync(path.join(half, 'chunks')).filter((name) => name.startsWith('read-settings-'));
    expect(readers).toHaveLength(1);
    for (const name of readers) fs.rmSync(path.join(half, 'chunks', name));
    const log = (): string => {
      const input = JSON.stringify({
        hook_event_name: 'SessionStart',
        session_id: 's',
        cwd: repo(),
        source: 'startup',
      });
      const env = { PATH: process.env['PATH'], HOME: base, CODEX_SELF_EVOLUTION_HOME: home };
      spawnSync(process.execPath, [path.join(half, 'hook.cjs'), 'session-start', '--from-stdin'], { input, env });
      return fs.readFileSync(path.join(home, 'logs', 'plugin.log'), 'utf8');
    };
    expect(log()).not.toContain('failed');
    write('[recall]\ntop_k = 4\n');
    expect(log()).toContain('hook.session-start.failed');
  });
});

describe('config use', () => {
  it('changes one value and keeps every other byte, a byte-order mark and the mode included', () => {
    const text =
      '\uFEFF# top\r\nactive_profile = "a" # now\r\n[profiles.a]\r\nprovider = "dummy"\r\n[profiles.b]\r\nprovider = "heuristic"';
    write(text);
    fs.chmodSync(path.join(home, 'config.toml'), 0o640);
    expect(run(['config', 'use', 'b'])).toMatchObject({ status: 0 });
    expect(read()).toBe(text.replace('"a" #', '"b" #'));
    expect(fs.statSync(path.join(home, 'config.toml')).mode & 0o777).toBe(0o640);
  });

  it('says so when a variable, as install writes one, goes on naming another reviewer', () => {
    write('[profiles.a]\nprovider = "dummy"\n[profiles.b]\nprovider = "heuristic"\n');
    fs.writeFileSync(path.join(home, '.env.provider'), 'CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER=heuristic\n', {
      mode: 0o600,
    });
    expect(JSON.parse(run(['config', 'use', 'a']).stdout)).toMatchObject({
      overruled_by: { variable: 'CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER', reviewer: 'heuristic' },
    });
    expect(JSON.parse(run(['config', 'use', 'b']).stdout)).toMatchObject({ overruled_by: null });
  });

  it('says that the key of the profile is missing, and nothing when it is there or none is needed', () => {
    write('[profiles.a]\nprovider = "minimax"\n[profiles.b]\nprovider = "heuristic"\n');
    expect(JSON.parse(run(['config', 'use', 'a']).stdout)).toMatchObject({ key_missing: 'MINIMAX_API_KEY' });
    fs.writeFileSync(path.join(home, '.env.provider'), 'MINIMAX_API_KEY=some-key\n', { mode: 0o600 });
    expect(JSON.parse(run(['config', 'use', 'a']).stdout)).toMatchObject({ key_missing: null });
    expect(JSON.parse(run(['config', 'use', 'b']).stdout)).toMatchObject({ key_missing: null });
  });

  it('says how to make the file where there is none', () => {
    expect(run(['config', 'use', 'a'])).toMatchObject({ status: 2, stderr: expect.stringContaining('config init') });
  });

  it('repairs a profile that does not exist, and refuses one that does not', () => {
    write('active_profile = "gone"\n[profiles.a]\nprovider = "dummy"\n');
    expect(run(['config', 'use', 'b'])).toMatchObject({ status: 2, stderr: expect.stringContaining('there are a') });
    expect(run(['config', 'use', 'a'])).toMatchObject({ status: 0 });
    expect(read()).toContain('active_profile = "a"');
  });
});

describe('config migrate', () => {
  it('rewrites an older file once, and keeps it beside the new one', () => {
    const old = '# mine\nschema_version = 1\n[reviewer]\nprovider = "minimax"\n';
    write(old);
    const migrated = JSON.parse(run(['config', 'migrate']).stdout);
    expect(migrated).toMatchObject({ status: 'migrated', from_schema: 1 });
    expect(fs.readFileSync(migrated.backup, 'utf8')).toBe(old);
    expect(JSON.parse(run(['config', 'validate']).stdout)).toMatchObject({ valid: true, warnings: [] });
    expect(JSON.parse(run(['config', 'migrate']).stdout)).toMatchObject({ status: 'current', backup: null });
  });
});

describe('keys', () => {
  const KEY = 'sk-proj-PlAnTeD0kEy1Zq81LmNoPq77Rs99Tu22';
  const COMMANDS = [
    ['config', 'show'],
    ['config', 'validate'],
    ['config', 'list-profiles'],
    ['config', 'use', 'deep'],
    ['config', 'path'],
    ['scan', '--now'],
    ['compile', '--once'],
    ['recall', 'deploy'],
    ['session-start', '--cwd', '.'],
    ['history'],
  ];

  it('of .env.provider and of config.toml are in nothing that a command says or writes', () => {
    fs.writeFileSync(path.join(home, '.env.provider'), `DEEP_KEY=${KEY}\n`, { mode: 0o644 });
    write(
      `[profiles.deep]\nprovider = "openai-compatible"\napi_key_env = "DEEP_KEY"\nbase_url = "http://127.0.0.1:9/v1?api_key=${KEY}"\napi_key = "${KEY}"\n[compile.codex]\ncommand = ["codex", "--token", "${KEY}"]\n`,
    );
    for (const args of COMMANDS) {
      const { stdout, stderr } = run(args);
      expect([args, `${stdout}${stderr}`.includes('PlAnTeD')]).toEqual([args, false]);
    }
    const shown = JSON.parse(run(['config', 'show']).stdout);
    expect(shown.reviewer.key).toEqual({ variable: 'DEEP_KEY', set: true });
    expect(shown.warnings.map(({ line }: { line: number }) => line)).toEqual([6, 5, 6, 8]);
    expect(stored(home)).not.toContain('PlAnTeD');
  });

  it('in a file that others can read are warned of once by a command, and in the log', () => {
    fs.writeFileSync(path.join(home, '.env.provider'), `OPENAI_API_KEY=${KEY}\n`);
    fs.chmodSync(path.join(home, '.env.provider'), 0o644);
    const { stderr, status } = run(['history']);
    expect(status).toBe(0);
    expect(stderr.match(/mode 644/g)).toHaveLength(1);
    expect(fs.readFileSync(path.join(home, 'logs', 'plugin.log'), 'utf8')).toContain('env-provider-open');
    fs.chmodSync(path.join(home, '.env.provider'), 0o600);
    expect(run(['history']).stderr).toBe('');
  });

  it('behind a symbolic link are not read', () => {
    fs.writeFileSync(path.join(base, 'elsewhere'), `OPENAI_API_KEY=${KEY}\n`, { mode: 0o600 });
    fs.symlinkSync(path.join(base, 'elsewhere'), path.join(home, '.env.provider'));
    write('active_profile = "open"\n[profiles.open]\nprovider = "openai-compatible"\n');
    const { stdout, stderr } = run(['config', 'show']);
    expect(JSON.parse(stdout).reviewer.key).toEqual({ variable: 'OPENAI_API_KEY', set: false });
    expect(stderr).toContain('symlink-refused');
  });

  it('go where the profile says and nowhere else, and no answer brings them into a message or a file', async () => {
    const named = await refusingProvider();
    const other = await refusingProvider();
    fs.writeFileSync(path.join(home, '.env.provider'), `DEEP_KEY=${KEY}\nOPENAI_API_KEY=sk-other-0123456789abcdef\n`, {
      mode: 0o600,
    });
    write(
      `active_profile = "deep"\n[profiles.deep]\nprovider = "openai-compatible"\nbase_url = "${named.url}"\napi_key_env = "DEEP_KEY"\n`,
    );
    const payload = path.join(home, 'stop.json');
    fs.writeFileSync(
      payload,
      JSON.stringify({ cwd: repo(), transcript: 'User: always use pnpm', reviewer_provider: 'openai-compatible' }),
    );
    const review = ['stop-review', '--hook-payload', payload];
    const said = await runBeside(review, { OPENAI_BASE_URL: other.url });
    const refused = await runBeside(review, { CODEX_SELF_EVOLUTION_REVIEWER_BASE_URL: other.url });
    named.close();
    other.close();
    expect(named.keys).toEqual([`Bearer ${KEY}`]);
    expect(other.keys).toEqual([]);
    expect(said).toContain('401');
    expect(refused).toContain('leads to another host');
    expect(`${said}${refused}${stored(home)}`).not.toContain('PlAnTeD');
  });
});
