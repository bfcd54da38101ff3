import { expect, test } from 'vitest';
import { talkInLines } from '../../../src/kernel/line-talk.ts';
import { withLab } from './support/lab.ts';

const lab = withLab();

const talk = (argv: string[]) =>
  talkInLines({ argv, cwd: lab.root, env: lab.env, deadlineMs: 60_000 }, async (talking) => {
    talking.say('hello');
    return await talking.hear((line) => line.startsWith('heard'));
  });

test('a program is answered in lines, and those that nobody asked for are passed by', async () => {
  const program = lab.program(
    'answer',
    'process.stdin.once("data", (text) => { console.log("noise\\nheard " + text); });',
  );
  expect(await talk([program])).toBe('heard hello');
});

test.each([
  ['that does not exist', 'no-such-program-here'],
  ['behind a way through a file', '/etc/passwd/codex'],
])('a program %s says nothing', async (_, program) => {
  expect(await talk([program])).toBe(undefined);
});

test('a program that a signal ends says nothing, though what it started still holds its output open', async () => {
  const holdsUntilGone = `setInterval(() => { if (String(process.ppid) !== process.argv[1]) process.exit(); }, 20)`;
  const program = lab.program(
    'killed',
    `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(holdsUntilGone)}, String(process.pid)], { stdio: 'inherit' }); process.kill(process.pid, 'SIGKILL');`,
  );

  expect(await talk([program])).toBe(undefined);
});
