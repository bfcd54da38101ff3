import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ChildRequest } from '../../../src/kernel/run-child.ts';
import { runChild } from '../../../src/kernel/run-child.ts';
import { isRunning, withLab } from './support/lab.ts';

const lab = withLab();
const never = new AbortController().signal;

const request = (argv: string[], more: Partial<ChildRequest> = {}): ChildRequest => ({
  name: 'tester',
  argv,
  cwd: lab.root,
  env: lab.env,
  stdin: '',
  timeoutMs: 60_000,
  maxOutput: 1_000_000,
  signal: never,
  ...more,
});

describe('a program that is run', () => {
  test('is given its words as they are, its input whole, and an end of input', async () => {
    const program = lab.program('echo', 'note(process.argv.slice(2).join("|")); process.stdout.write(input());');
    const text = `${'line with "quotes" $HOME \u2028\n'.repeat(20_000)}end`;

    const ended = await runChild(request([program, 'a b', '$HOME', '"'], { stdin: text }));

    expect(ended).toMatchObject({ ok: true, value: { ending: { by: 'exit' }, exitCode: 0 } });
    expect(ended.ok && ended.value.stdout === text).toBe(true);
    expect(lab.notes()).toEqual(['a b|$HOME|"']);
  });

  test('may end before it has read its input', async () => {
    const program = lab.program('early', 'process.exit(3);');
    const ended = await runChild(request([program], { stdin: 'x'.repeat(5_000_000) }));
    expect(ended).toMatchObject({ ok: true, value: { ending: { by: 'exit' }, exitCode: 3 } });
  });

  test('that does not exist, or is no program, is not available', async () => {
    fs.writeFileSync(path.join(lab.root, 'text'), 'hello', { mode: 0o644 });
    const missing = await runChild(request(['no-such-program-here']));
    const text = await runChild(request([path.join(lab.root, 'text')]));
    const detail = 'there is no program "no-such-program-here" on the PATH';
    expect(missing).toEqual({ ok: false, failure: { reason: 'agent-unavailable', agent: 'tester', detail } });
    expect(text).toMatchObject({ ok: false, failure: { reason: 'agent-unavailable' } });
  });

  test.each([
    ['a way to it that leads through a file', ['/etc/passwd/opencode'], {}],
    ['more words than the system takes', [process.execPath, 'x'.repeat(5_000_000)], {}],
  ])('is not available either with %s', async (_, argv, more) => {
    expect(await runChild(request(argv, more))).toMatchObject({ ok: false, failure: { reason: 'agent-unavailable' } });
  });

  test('is told nothing when nobody waits for it any more', async () => {
    const program = lab.program('note', 'note("ran");');
    const ended = await runChild(request([program], { signal: AbortSignal.abort() }));
    expect(ended).toMatchObject({ ok: false, failure: { reason: 'aborted' } });
    expect(lab.notes()).toEqual([]);
  });

  test('shows its lines, split at line feeds only, and keeps the end of its errors', async () => {
    const program = lab.program(
      'lines',
      'process.stdout.write("one\\u2028still one\\ntwo\\n\\nthr"); process.stdout.write("ee"); process.stderr.write("e".repeat(20000) + "last");',
    );
    const lines: string[] = [];
    const ended = await runChild(request([program], { onLine: (line) => void lines.push(line) }));
    expect(lines).toEqual(['one\u2028still one', 'two', '']);
    expect(ended.ok && ended.value.stderr.length).toBe(8_192);
    expect(ended.ok && ended.value.stderr.endsWith('last')).toBe(true);
  });
});

describe('a program that goes too far is stopped', () => {
  const STUBBORN = `
    process.on('SIGTERM', () => note('asked'));
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    note(String(process.pid)); note(String(child.pid));
    setInterval(() => {}, 1000);
    console.log('ready');`;

  test('with its children, at the deadline', async () => {
    const program = lab.program('stubborn', STUBBORN);
    const ended = await runChild(request([program], { timeoutMs: 3_000 }));
    expect(ended).toMatchObject({ ok: true, value: { ending: { by: 'deadline' }, exitCode: null } });
    expect(lab.notes().map(Number).filter(isRunning)).toEqual([]);
  });

  test('when somebody aborts: it is asked first, and killed when it does not listen', async () => {
    const program = lab.program('stubborn', STUBBORN);
    const abort = new AbortController();
    const onLine = (): undefined => {
      abort.abort();
    };
    const ended = await runChild(request([program], { signal: abort.signal, onLine }));
    expect(ended).toMatchObject({ ok: true, value: { ending: { by: 'abort' }, signal: 'SIGKILL' } });
    const [pid, child, asked] = lab.notes();
    expect(asked).toBe('asked');
    expect([Number(pid), Number(child)].filter(isRunning)).toEqual([]);
  });

  test('when it writes without end, and no more than the limit is kept', async () => {
    const program = lab.program('flood', 'const line = "x".repeat(1000) + "\\n"; for (;;) fs.writeSync(1, line);');
    const ended = await runChild(request([program], { maxOutput: 100_000 }));
    expect(ended).toMatchObject({ ok: true, value: { ending: { by: 'output' } } });
    expect(ended.ok && ended.value.stdout.length).toBe(100_000);
  });

  test('when a line says so, also when it has ended by itself meanwhile', async () => {
    const program = lab.program('fast', 'for (let i = 0; i < 20; i++) console.log("step " + i);');
    let steps = 0;
    const ended = await runChild(request([program], { onLine: () => (++steps > 3 ? 'too many steps' : undefined) }));
    expect(ended).toMatchObject({ ok: true, value: { ending: { by: 'line', why: 'too many steps' } } });
  });

  test('and what it leaves running when it ends is ended too', async () => {
    const program = lab.program(
      'leaver',
      `const { spawn } = require('node:child_process');
       const sleep = (detached) => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached });
       const kids = [sleep(false), sleep(process.platform === 'linux')];
       for (const kid of kids) { note(String(kid.pid)); kid.unref(); }`,
    );
    const ended = await runChild(request([program]));
    expect(ended).toMatchObject({ ok: true, value: { ending: { by: 'exit' }, exitCode: 0 } });
    expect(lab.notes()).toHaveLength(2);
    expect(lab.notes().map(Number).filter(isRunning)).toEqual([]);
  });
});
