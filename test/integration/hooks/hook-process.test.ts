import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rolldown } from 'rolldown';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HookOutput } from '../../../src/contracts/hook.ts';
import { memory, note, tempBucket, tempFolder } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';

/** The hooks as Codex runs them: the bundle, in a process of its own. Built here, so that it is today's. */
let dist = '';

beforeAll(async () => {
  dist = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'csep-hook-'));
  const bundle = await rolldown({ input: { hook: 'src/hook.ts' }, platform: 'node', external: [/^node:/] });
  await bundle.write({
    dir: dist,
    format: 'cjs',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'hook-chunks/[name]-[hash].cjs',
  });
  await bundle.close();
});

afterAll(() => fs.rmSync(dist, { recursive: true, force: true }));

interface Call {
  command?: string;
  args?: string[];
  input?: string | Buffer;
  env?: Record<string, string>;
  home?: string;
}

function callHook(call: Call) {
  const { command = 'session-start', args = ['--from-stdin'], input = '', env = {}, home = '' } = call;
  const hook = path.join(dist, 'hook.cjs');
  const environment = { PATH: process.env['PATH'], HOME: '/nonexistent', CODEX_SELF_EVOLUTION_HOME: home, ...env };
  return spawnSync(process.execPath, [hook, command, ...args], {
    input,
    env: environment,
    encoding: 'utf8',
    timeout: 60_000,
  });
}

/** As a shell does it: pipes and files for streams, which Node's own children do not have. */
function inShell(script: string, home: string) {
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    CODEX_SELF_EVOLUTION_HOME: home,
    HOOK: path.join(dist, 'hook.cjs'),
  };
  return spawnSync('sh', ['-c', script], { env, encoding: 'utf8', timeout: 60_000 });
}

const SESSION = '0199c0de-0000-7000-8000-000000000001';
const payload = (cwd: string, more: Record<string, unknown>): string =>
  JSON.stringify({
    session_id: SESSION,
    transcript_path: null,
    cwd,
    model: 'gpt-5.5',
    permission_mode: 'default',
    ...more,
  });
const starts = (cwd: string): string => payload(cwd, { hook_event_name: 'SessionStart', source: 'startup' });
const prompts = (cwd: string, prompt: string, more = {}): string =>
  payload(cwd, { hook_event_name: 'UserPromptSubmit', turn_id: 't', prompt, ...more });

async function taught(): Promise<TempBucket> {
  const temp = tempBucket();
  temp.deposit('first', [
    memory('Always run the tests with make verify.'),
    note(
      'Flaky payment webhook signature',
      'The payment webhook signature was checked without tolerance for clock skew; WEBHOOK_CLOCK_SKEW_SECONDS=5 helps.',
    ),
  ]);
  await temp.compile();
  return temp;
}

const contextIn = (stdout: string): string =>
  v.parse(HookOutput, JSON.parse(stdout)).hookSpecificOutput?.additionalContext ?? '';
const logOf = (home: string): string => fs.readFileSync(path.join(home, 'logs', 'plugin.log'), 'utf8');
const COMMANDS = ['session-start', 'prompt-recall', 'stop-review'];

describe('the SessionStart hook', () => {
  test('prints its protocol and nothing else', async () => {
    const temp = await taught();
    const { status, stdout, stderr } = callHook({ input: starts(temp.repo), home: temp.world.home });

    expect([status, stderr]).toEqual([0, '']);
    expect(contextIn(stdout)).toContain('make verify');
    expect(contextIn(stdout)).toContain(`node "${path.join(dist, 'csep.js')}" recall`);
    expect(logOf(temp.world.home)).toContain('"event":"hook.session-start"');
  });

  test('prints nothing at all for a repository of which nothing is known', () => {
    const temp = tempBucket();

    expect(callHook({ input: starts(temp.repo), home: temp.world.home })).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '',
    });
  });

  test('takes the bucket that --state-dir names', async () => {
    const temp = await taught();
    const { stdout } = callHook({
      args: ['--state-dir', temp.bucket.layout.stateDir, '--from-stdin'],
      input: starts('/nowhere'),
      home: tempFolder(),
    });

    expect(contextIn(stdout)).toContain('make verify');
  });

  test.each([
    'cat payload | node "$HOOK" session-start',
    'node "$HOOK" session-start < payload',
    '(sleep 0.3; cat payload) | node "$HOOK" session-start',
  ])('reads %s', async (script) => {
    const temp = await taught();
    fs.writeFileSync(path.join(temp.folder, 'payload'), starts(temp.repo));
    const { status, stdout } = inShell(`cd '${temp.folder}' && ${script}`, temp.world.home);

    expect(status).toBe(0);
    expect(contextIn(stdout)).toContain('make verify');
  });
});

describe('the UserPromptSubmit hook', () => {
  test('brings a matching record once', async () => {
    const temp = await taught();
    const call = {
      command: 'prompt-recall',
      input: prompts(temp.repo, 'payment webhook signature is rejected'),
      home: temp.world.home,
    };

    expect(contextIn(callHook(call).stdout)).toContain('CLOCK_SKEW');
    expect(callHook(call)).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  test('brings a subagent nothing', async () => {
    const temp = await taught();
    const input = prompts(temp.repo, 'payment webhook signature is rejected', { agent_id: 'a', agent_type: 'default' });

    expect(callHook({ command: 'prompt-recall', input, home: temp.world.home }).stdout).toBe('');
  });

  test('takes a prompt of 900 kB for what it is', async () => {
    const temp = await taught();
    const input = prompts(temp.repo, 'payment webhook signature '.repeat(36_000));

    expect(callHook({ command: 'prompt-recall', input, home: temp.world.home })).toMatchObject({
      status: 0,
      stdout: '',
      stderr: '',
    });
    expect(logOf(temp.world.home)).toContain('too-long');
  });
});

describe('a nested session', () => {
  test.each(COMMANDS)('is none of the business of %s: not even a home is made', (command) => {
    const temp = tempBucket();
    const home = path.join(temp.folder, 'untouched');
    const result = callHook({ command, input: starts(temp.repo), home, env: { CODEX_SELF_EVOLUTION_NESTED: '1' } });

    expect(result).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(fs.existsSync(home)).toBe(false);
  });
});

describe('bad input', () => {
  const MEGABYTE = 1024 * 1024;
  const inputs: [string, Buffer][] = [
    ['nothing', Buffer.alloc(0)],
    ['half a payload', Buffer.from('{"session_id": "a", "cwd": "/')],
    ['an array', Buffer.from('[]')],
    ['wrong types', Buffer.from('{"session_id": 7, "cwd": {}, "prompt": [], "transcript_path": 1}')],
    ['binary', Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 37) % 256))],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['ten megabytes', Buffer.alloc(10 * MEGABYTE, '{"a":')],
    ['more than ten megabytes', Buffer.alloc(12 * MEGABYTE, ' ')],
    [
      'a path that is none',
      Buffer.from(
        JSON.stringify({ session_id: '../../x', cwd: `/${'long/'.repeat(4_000)}`, transcript_path: '/dev/zero' }),
      ),
    ],
  ];

  test.each(COMMANDS.flatMap((command) => inputs.map(([name, input]) => ({ command, name, input }))))(
    'of $command, $name: exit 0, no output, a line in the log',
    ({ command, input }) => {
      const home = path.join(tempFolder(), 'home');
      const result = callHook({ command, input, home, env: { CODEX_CWD: os.tmpdir() } });

      expect(result).toMatchObject({ status: 0, stdout: '', stderr: '' });
      expect(logOf(home).trim().split('\n')).not.toHaveLength(0);
    },
  );

  test.each([
    [['--no-such-flag']],
    [['--state-dir']],
    [['extra', 'words', '--from-stdin']],
    [['--help']],
    [['--version']],
    [[]],
  ])('of arguments %j: exit 0', (args) => {
    for (const command of [...COMMANDS, 'worker', 'no-such-command', '--from-stdin', '']) {
      expect(callHook({ command, args, input: '{}', home: path.join(tempFolder(), 'home') })).toMatchObject({
        status: 0,
        stdout: '',
      });
    }
  });

  test.each(['<&-', '< /', '< /dev/null', '>&-', '> /dev/full', '2>&-', '<&- >&- 2>&-'])(
    'of streams (%s): exit 0',
    async (redirection) => {
      const temp = await taught();
      fs.writeFileSync(path.join(temp.folder, 'payload'), starts(temp.repo));
      const input = redirection.includes('<') ? '' : '< payload';

      expect(
        inShell(
          `cd '${temp.folder}' && node "$HOOK" session-start --from-stdin ${input} ${redirection}`,
          temp.world.home,
        ).status,
      ).toBe(0);
    },
  );

  test('a stdin that never ends is given up', () => {
    const temp = tempBucket();
    const viaPipe = inShell(
      'sleep 30 | { node "$HOOK" session-start --from-stdin; echo "left with $?"; kill $$; }',
      temp.world.home,
    );

    expect(viaPipe.stdout).toBe('left with 0\n');
    expect(logOf(temp.world.home)).toContain('"stdin":"deadline"');
  });

  test('a socket that never ends is given up', async () => {
    const temp = tempBucket();
    const env = { PATH: process.env['PATH'], HOME: '/nonexistent', CODEX_SELF_EVOLUTION_HOME: temp.world.home };
    const child = spawn(process.execPath, [path.join(dist, 'hook.cjs'), 'session-start', '--from-stdin'], { env });
    child.stdin.write('{"session_id"');
    const code = await new Promise<number | null>((resolve) => void child.on('close', resolve));

    expect(code).toBe(0);
  });

  test('a working folder that is gone: exit 0', () => {
    const temp = tempBucket();
    const script = `mkdir '${temp.folder}/gone' && cd '${temp.folder}/gone' && rmdir '${temp.folder}/gone' && echo '{}' | node "$HOOK" session-start --from-stdin`;

    expect(inShell(script, temp.world.home)).toMatchObject({ status: 0, stdout: '' });
  });

  test('a FIFO in place of the log is not waited for', () => {
    const home = tempFolder();
    fs.mkdirSync(path.join(home, 'logs'));
    const log = path.join(home, 'logs', 'plugin.log');
    const { status, signal, stdout } = inShell(
      `mkfifo '${log}'; echo '{}' | timeout 20 node "$HOOK" session-start`,
      home,
    );
    expect([status, signal, stdout]).toEqual([0, null, '']);
  });

  test('half an installation: exit 0', () => {
    const half = tempFolder();
    fs.copyFileSync(path.join(dist, 'hook.cjs'), path.join(half, 'hook.cjs'));
    const temp = tempBucket();
    const env = { PATH: process.env['PATH'], HOME: '/nonexistent', CODEX_SELF_EVOLUTION_HOME: temp.world.home };
    for (const command of [...COMMANDS, 'worker']) {
      const result = spawnSync(process.execPath, [path.join(half, 'hook.cjs'), command], {
        input: starts(temp.repo),
        env,
        encoding: 'utf8',
      });
      expect(result).toMatchObject({ status: 0, stdout: '' });
    }
  });
});

describe('a bad home', () => {
  const homes: [string, (temp: TempBucket) => string][] = [
    ['is a file', (temp) => written(path.join(temp.folder, 'file'))],
    ['lies below a file', (temp) => path.join(written(path.join(temp.folder, 'file')), 'home')],
    ['lies where nothing can be made', () => '/proc/csep/home'],
    ['has an impossible name', () => `/tmp/${'n'.repeat(5_000)}`],
  ];

  test.each(homes.flatMap(([name, home]) => COMMANDS.map((command) => ({ command, name, home }))))(
    'of $command that $name: exit 0, no output',
    ({ command, home }) => {
      const temp = tempBucket();
      const event = { 'session-start': 'SessionStart', 'prompt-recall': 'UserPromptSubmit', 'stop-review': 'Stop' }[
        command
      ];
      const input = payload(temp.repo, { hook_event_name: event, prompt: 'payment webhook signature', turn_id: 't' });

      expect(callHook({ command, input, home: home(temp) })).toMatchObject({ status: 0, stdout: '', stderr: '' });
    },
  );

  test.each(['{', '\u0000\u0001', '[]', 'null', ''])(
    'whose bucket is full of %j still gives what is whole',
    async (text) => {
      const temp = await taught();
      const { stateDir, generations, sessions } = temp.bucket.layout;
      // Torn by a dying disk: newer than the one that is whole.
      fs.mkdirSync(path.join(generations, '2'));
      for (const name of ['memory.json', 'skills.json', 'generation.json', 'recall-1.jsonl', 'recall-1.seg']) {
        fs.writeFileSync(path.join(generations, '2', name), '{"torn');
      }
      for (const name of ['linted.json', 'mirrors.json', 'recall/index.json', 'memory/USER.md', 'memory/MEMORY.md']) {
        fs.writeFileSync(path.join(stateDir, name), text);
      }
      fs.writeFileSync(path.join(sessions, `${SESSION}.injected.json`), text);
      fs.writeFileSync(path.join(generations, 'conflicted copy 3'), text);
      const { status, stdout } = callHook({ input: starts(temp.repo), home: temp.world.home });
      const prompt = prompts(temp.repo, 'payment webhook signature');

      expect(status).toBe(0);
      expect(contextIn(stdout)).toContain('make verify');
      expect(callHook({ command: 'prompt-recall', input: prompt, home: temp.world.home })).toMatchObject({
        status: 0,
        stderr: '',
      });
    },
  );
});

function written(file: string): string {
  fs.writeFileSync(file, 'a file');
  return file;
}
