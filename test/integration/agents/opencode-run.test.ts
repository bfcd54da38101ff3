import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Ask } from '../../../src/agents/ask.ts';
import type { OpencodeSettings } from '../../../src/agents/opencode-run.ts';
import { askOpencode } from '../../../src/agents/opencode-run.ts';
import { COMMON_FAULTS, faultTests, QUESTION } from './support/faults.ts';
import { withLab } from './support/lab.ts';

const lab = withLab();
const never = new AbortController().signal;
const asking = (program: string, more: Partial<OpencodeSettings> = {}): Ask =>
  askOpencode({ command: [program], model: 'mock/good', agent: null, timeoutMs: 60_000, ...more }, lab);

const ANSWER = `
  event({ type: 'step_start', part: { messageID: 'm1' } });
  event({ type: 'text', part: { messageID: 'm1', text: 'let me look' } });
  event({ type: 'step_finish', part: { messageID: 'm1', reason: 'tool-calls', tokens: { input: 10, output: 2, reasoning: 1, cache: { read: 3, write: 4 } } } });
  event({ type: 'step_start', part: { messageID: 'm2' } });
  event({ type: 'text', part: { messageID: 'm2', text: '{"a":' } });
  event({ type: 'text', part: { messageID: 'm2', text: '"\\u2028"}' } });
  event({ type: 'step_finish', part: { messageID: 'm2', reason: 'stop', tokens: { input: 20, output: 5 } } });`;
const finish = (reason: string, text = 'x'): string =>
  `event({ type: 'step_start', part: {} }); event({ type: 'text', part: { messageID: 'm', text: '${text}' } }); event({ type: 'step_finish', part: { messageID: 'm', reason: '${reason}' } });`;

/** What opencode logs about a request that it will repeat. */
const logged = (words: string): string =>
  `process.stderr.write('timestamp=x level=ERROR run=1 message="stream error" providerID=mock error.error="AI_APICallError: ${words}"\\n');`;

/** Notes a file of the run by the variable that leads to its folder. */
const noteFile = (variable: string, file: string): string =>
  `note(fs.readFileSync(process.env.${variable} + '/opencode/${file}', 'utf8'));`;

const noting = (): string =>
  lab.program(
    'opencode',
    `note(input()); note(process.env.OPENCODE_CONFIG_CONTENT); note(process.argv.find((word) => word.startsWith('--agent')));${ANSWER}`,
  );

describe('opencode run', () => {
  test('answers with the text of its last message and says what all steps used', async () => {
    const answer = await asking(lab.program('opencode', `input();${ANSWER}`))(QUESTION, never);
    const value = { text: '{"a":"\u2028"}', cut: false, tokens: { input: 37, output: 8 } };
    expect(answer).toEqual({ ok: true, value });
    expect(lab.left()).toEqual([]);
  });

  test('gets the material on standard input, and the instructions as an agent without tools', async () => {
    const program = lab.program(
      'opencode',
      `note(process.argv.slice(2).join(' ')); note(input()); note(process.env.OPENCODE_CONFIG_CONTENT);${ANSWER}`,
    );
    await asking(program)({ system: 'Be {env:HOME} and {file:/etc/passwd}', prompt: 'the "material" \\ $HOME' }, never);
    const [argv, stdin, config = ''] = lab.notes();
    expect(argv).toBe('run --format=json --title=csep --agent=csep --model=mock/good --print-logs --log-level=ERROR');
    expect(stdin).toBe('the "material" \\ $HOME');
    expect(config).not.toMatch(/\{env:|\{file:/);
    expect(JSON.parse(config)).toMatchObject({
      permission: { '*': 'deny' },
      model: 'mock/good',
      small_model: 'mock/good',
      agent: { csep: { mode: 'primary', prompt: 'Be {env:HOME} and {file:/etc/passwd}', permission: { '*': 'deny' } } },
    });
  });

  test('lives in a private folder of its own, and the user keeps the home', async () => {
    const program = lab.program(
      'opencode',
      `for (const name of ['PWD', 'TMPDIR', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME']) note(process.env[name] + ' ' + (fs.statSync(process.env[name]).mode & 0o777));
       note(process.cwd()); note(process.env.HOME); note(String(process.env.XDG_CACHE_HOME)); note(String(process.env.OPENCODE_CONFIG)); note(process.env.CODEX_SELF_EVOLUTION_NESTED);
       fs.writeFileSync(process.env.TMPDIR + '/library.so', 'x'); fs.writeFileSync('left.txt', 'x');${ANSWER}`,
    );
    await asking(program)(QUESTION, never);
    const notes = lab.notes();
    for (const note of notes.slice(0, 5)) {
      expect(note.startsWith(path.join(lab.home, 'agent-runs', 'run-'))).toBe(true);
      expect(note.endsWith(' 448')).toBe(true);
    }
    expect(notes.slice(5)).toEqual([notes[0]?.split(' ')[0], lab.env['HOME'], 'undefined', 'undefined', '1']);
    expect(lab.left()).toEqual([]);
  });

  test('knows the providers of the user, wherever they stand, and nothing else of the configuration', async () => {
    lab.userFile(
      '.config/opencode/opencode.jsonc',
      '{ // mine\n "provider": { "a": { "options": { "baseURL": "http://a", "apiKey": "{file:./key}" } } }, "mcp": {}, "instructions": ["x"], }',
    );
    lab.userFile(
      '.opencode/opencode.json',
      '{"provider":{"a":{"options":{"baseURL":"http://b"}}},"permission":{"bash":"allow"}}',
    );
    lab.env['OPENCODE_CONFIG'] = lab.userFile('elsewhere.json', '{"provider":{"c":{"key":"{file:~/c.key} {env:C}"}}}');
    await asking(lab.program('opencode', `${noteFile('XDG_CONFIG_HOME', 'opencode.json')}${ANSWER}`))(QUESTION, never);
    const user = lab.env['HOME'] ?? '';
    expect(JSON.parse(lab.notes()[0] ?? '')).toEqual({
      provider: {
        a: { options: { baseURL: 'http://b', apiKey: `{file:${user}/.config/opencode/key}` } },
        c: { key: `{file:${user}/c.key} {env:C}` },
      },
    });
  });

  test('says which configuration it cannot read, and is not asked', async () => {
    const file = lab.userFile('.config/opencode/opencode.json', '{ "provider": ');
    const answer = await asking(lab.program('opencode', `note('asked');${ANSWER}`))(QUESTION, never);
    expect(answer).toMatchObject({ ok: false, failure: { reason: 'not-configured' } });
    expect(JSON.stringify(answer)).toContain(file);
    expect(lab.notes()).toEqual([]);
  });

  describe('and the login', () => {
    const LOGIN = '{"mock":{"type":"oauth","refresh":"one"}}';
    const RENEWED = '{"mock":{"type":"oauth","refresh":"two"}}';
    const AUTH = '.local/share/opencode/auth.json';
    const renew = `${noteFile('XDG_DATA_HOME', 'auth.json')} fs.writeFileSync(process.env.XDG_DATA_HOME + '/opencode/auth.json', '${RENEWED}');`;

    test('is found as a private copy; what was renewed goes back to the user', async () => {
      const file = lab.userFile(AUTH, LOGIN);
      const mode = `note(String(fs.statSync(process.env.XDG_DATA_HOME + '/opencode/auth.json').mode & 0o777));`;
      await asking(lab.program('opencode', `${mode}${renew}${ANSWER}`))(QUESTION, never);
      expect(lab.notes()).toEqual(['384', LOGIN]);
      expect(fs.readFileSync(file, 'utf8')).toBe(RENEWED);
      expect(lab.left()).toEqual([]);
    });

    test('that was renewed goes back after a failure too, through a link to where the file is', async () => {
      const real = lab.userFile('dotfiles/auth.json', LOGIN);
      lab.userFile('.local/share/opencode/x', '');
      fs.symlinkSync(real, path.join(path.dirname(real), '..', AUTH));
      await asking(lab.program('opencode', `${renew} process.exit(1);`))(QUESTION, never);
      expect(fs.readFileSync(real, 'utf8')).toBe(RENEWED);
    });

    test('of somebody who logged in meanwhile stays', async () => {
      const file = lab.userFile(AUTH, LOGIN);
      await asking(lab.program('opencode', `${renew} fs.writeFileSync('${file}', '{"new":{}}');${ANSWER}`))(
        QUESTION,
        never,
      );
      expect(fs.readFileSync(file, 'utf8')).toBe('{"new":{}}');
    });

    test('by tokens keeps the plugins that handle them; with a key there are none', async () => {
      const program = lab.program(
        'opencode',
        `note(String(process.env.OPENCODE_DISABLE_DEFAULT_PLUGINS)); note(String(process.env.OPENCODE_PURE));${ANSWER}`,
      );
      lab.userFile(AUTH, LOGIN);
      await asking(program)(QUESTION, never);
      lab.userFile(AUTH, '{"mock":{"type":"api","key":"k"}}');
      await asking(program)(QUESTION, never);
      expect(lab.notes()).toEqual(['undefined', 'undefined', '1', '1']);
    });
  });

  describe('with an agent of the user', () => {
    test.each([
      [
        '.config/opencode/opencode.json',
        '{"agent":{"terse":{"prompt":"Be terse.","mode":"subagent","temperature":0.1,"permission":{"bash":"allow"},"tools":{"bash":true}}}}',
        { prompt: 'Be terse.', temperature: 0.1 },
      ],
      [
        '.config/opencode/agent/terse.md',
        '---\nmode: primary\npermission:\n  bash: allow\n---\nBe terse.\n',
        { prompt: 'Be terse.' },
      ],
    ])('from %s takes its prompt, not its tools', async (file, text, lent) => {
      lab.userFile(file, text);
      await asking(noting(), { agent: 'terse' })(QUESTION, never);
      const [stdin, config = '', argument] = lab.notes();
      expect(stdin).toBe('Answer with JSON.\n\nWhat is new?');
      expect(argument).toBe('--agent=terse');
      expect(JSON.parse(config)).toMatchObject({
        agent: { terse: { ...lent, mode: 'primary', permission: { '*': 'deny' } } },
      });
      expect(config).not.toMatch(/allow|tools/);
    });

    test('that does not exist refuses, and asks nobody', async () => {
      const answer = await asking(noting(), { agent: '../terse' })(QUESTION, never);
      expect(answer).toMatchObject({ ok: false, failure: { reason: 'not-configured' } });
      expect(lab.notes()).toEqual([]);
    });
  });

  describe('as a whole command of the user', () => {
    test('takes the payload as a private file where it says so, with an empty standard input', async () => {
      const program = lab.program(
        'mine',
        `const file = process.argv[3]; note(process.argv[2] + ' ' + (fs.statSync(file).mode & 0o777)); note(fs.readFileSync(file, 'utf8')); note(input()); console.log('{"plain":1}');`,
      );
      const answer = await asking(program, { command: [program, '--in', '<payload>'], model: null })(QUESTION, never);
      expect(answer).toMatchObject({ ok: true, value: { text: '{"plain":1}\n' } });
      expect(lab.notes()).toEqual(['--in 384', 'Answer with JSON.\n\nWhat is new?', '']);
      expect(lab.left()).toEqual([]);
    });

    test('gets the payload on standard input otherwise, and may answer with events', async () => {
      const program = lab.program('mine', `note(process.argv.slice(2).join()); note(input());${ANSWER}`);
      const answer = await asking(program, { command: [program, 'a', '$b'], model: null })(QUESTION, never);
      expect(answer).toMatchObject({ ok: true, value: { text: '{"a":"\u2028"}' } });
      expect(lab.notes()).toEqual(['a,$b', 'Answer with JSON.\n\nWhat is new?']);
    });
  });

  test.each([
    ['no model', { model: null }, 'CODEX_SELF_EVOLUTION_OPENCODE_MODEL'],
    ['a model without a provider', { model: 'gpt-9' }, 'provider/model'],
    ['a command without a model', { model: null, command: ['opencode', 'run'] }, 'hosted provider'],
    ['the file that opencode cuts', { command: ['/x/opencode', 'run', '--file', '<payload>'] }, '--file'],
  ])('with %s is not asked at all, and says what to set', async (_name, settings, words) => {
    const answer = await asking(lab.program('opencode', `note('asked');${ANSWER}`), settings)(QUESTION, never);
    expect(answer).toMatchObject({ ok: false, failure: { reason: 'not-configured' } });
    expect(!answer.ok && 'fix' in answer.failure && answer.failure.fix).toContain(words);
    expect(lab.notes()).toEqual([]);
  });

  test('that was cut says so', async () => {
    const answer = await asking(lab.program('opencode', finish('length')))(QUESTION, never);
    expect(answer).toMatchObject({ ok: true, value: { text: 'x', cut: true } });
  });

  faultTests(
    lab,
    [
      ...COMMON_FAULTS,
      {
        name: 'a refusal with a status',
        program: `event({ type: 'error', error: { name: 'APIError', data: { message: 'no such key', statusCode: 401 } } });`,
        outcome: { reason: 'model-refused', status: 401, says: 'no such key' },
      },
      {
        name: 'an unknown model, whose name only the log has',
        program: `${logged('Model not found: mock/good.')} event({ type: 'error', error: { name: 'UnknownError', data: { message: 'Unexpected server error. Check server logs for details.' } } });`,
        outcome: { reason: 'agent-failed', says: 'Model not found: mock/good.' },
      },
      {
        name: 'refusals that are repeated in silence',
        program: `${logged('busy')}${logged('busy')}${logged('still busy')} setInterval(() => {}, 1000);`,
        outcome: { reason: 'model-unreachable', says: 'still busy (its provider refused 3 times' },
      },
      {
        name: 'a hang after a refusal',
        program: `${logged('busy')} setInterval(() => {}, 1000);`,
        outcome: { reason: 'model-unreachable', says: 'busy (until it was stopped after 4000 ms)' },
        timeoutMs: 4_000,
      },
      {
        name: 'another agent than the one that was asked',
        program: `process.stderr.write('! agent "x" not found. Falling back to default agent\\n');${ANSWER}`,
        outcome: { reason: 'agent-failed', says: 'Falling back to default agent' },
      },
      {
        name: 'an error after an answer',
        program: `${finish('stop')} event({ type: 'error', error: { name: 'ContentFilterError', data: { message: 'blocked' } } });`,
        outcome: { reason: 'agent-failed', says: 'blocked' },
      },
      {
        name: 'an answer that stops for another reason',
        program: finish('content-filter'),
        outcome: { reason: 'agent-failed', says: 'content-filter' },
      },
      {
        name: 'an answer without text',
        program: finish('stop', ''),
        outcome: { reason: 'answer-unparsable', says: 'empty answer' },
      },
      { name: 'no events', program: 'console.log("hello");', outcome: { reason: 'agent-failed', says: 'exit code 0' } },
      {
        name: 'steps without end',
        program: `for (;;) event({ type: 'step_start', part: {} });`,
        outcome: { reason: 'agent-failed', says: 'more than 10 times' },
      },
    ],
    (program, timeoutMs) => asking(program, { timeoutMs }),
  );
});
