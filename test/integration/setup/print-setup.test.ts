import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cronLine, hooksJson } from '../../../scripts/print-setup.mjs';
import { HookOutput } from '../../../src/contracts/hook.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const NAMES = ['plain', `it's "mine" & #1, 100% $HOME \`id\``, 'a & b', '50%', '$PLUGIN_ROOT $& $1', "''", '记忆; ls'];
const HooksFile = v.strictObject({
  description: v.string(),
  hooks: v.record(
    v.string(),
    v.array(
      v.strictObject({
        hooks: v.array(
          v.looseObject({ type: v.literal('command'), command: v.string(), commandWindows: v.optional(v.string()) }),
        ),
      }),
    ),
  ),
});

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'csep-setup-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A clone whose program only notes what it was called with, as it came to the process. */
function cloneAt(root: string): { calls: () => unknown } {
  const journal = path.join(folder, 'calls.jsonl');
  fs.mkdirSync(path.join(root, 'dist'), { recursive: true });
  for (const part of ['scripts/print-setup.mjs', 'hooks/hooks.json']) {
    fs.mkdirSync(path.dirname(path.join(root, part)), { recursive: true });
    fs.copyFileSync(path.join(REPOSITORY, part), path.join(root, part));
  }
  const program = `require('node:fs').appendFileSync(${JSON.stringify(journal)}, JSON.stringify(process.argv.slice(1)) + '\\n');`;
  for (const name of ['hook.cjs', 'cli.js']) fs.writeFileSync(path.join(root, 'dist', name), program);
  const calls = (): unknown =>
    fs.existsSync(journal)
      ? fs
          .readFileSync(journal, 'utf8')
          .trim()
          .split('\n')
          .map((line): unknown => JSON.parse(line))
      : [];
  return { calls };
}

const inShell = (command: string) =>
  spawnSync('sh', ['-c', command], { encoding: 'utf8', env: { PATH: process.env['PATH'] }, timeout: 60_000 });
const print = (root: string, ...flags: string[]) =>
  spawnSync(process.execPath, [path.join(root, 'scripts', 'print-setup.mjs'), ...flags], { encoding: 'utf8' });

function commandsIn(json: string): string[] {
  const file = v.parse(HooksFile, JSON.parse(json));
  return Object.values(file.hooks).flatMap((groups) =>
    groups.flatMap(({ hooks }) => hooks.map(({ command }) => command)),
  );
}

describe('the hooks.json that print-setup prints', () => {
  test.each(NAMES)('runs the hooks of a clone in a folder that is called %s', (name) => {
    const root = path.join(folder, name);
    const clone = cloneAt(root);
    const ends = commandsIn(print(root).stdout).map((command) => inShell(command));

    expect(ends.map(({ status, stdout, stderr }) => [status, stdout, stderr])).toEqual(
      Array.from({ length: 3 }, () => [0, '', '']),
    );
    expect(clone.calls()).toEqual(
      ['session-start', 'prompt-recall', 'stop-review'].map((hook) => [
        path.join(root, 'dist', 'hook.cjs'),
        hook,
        '--from-stdin',
      ]),
    );
  });

  test('names no variable of the plugin and has no key that Codex would refuse', () => {
    const json = hooksJson('/somewhere', 'linux');

    expect(json).not.toContain('PLUGIN_ROOT');
    expect(json).not.toContain('commandWindows');
    expect(Object.keys(v.parse(HooksFile, JSON.parse(json)))).toEqual(['description', 'hooks']);
  });

  test('says in the session where to look when the clone was moved, and fails no session', () => {
    const root = path.join(folder, 'here');
    cloneAt(root);
    const commands = commandsIn(print(root).stdout);
    fs.renameSync(root, path.join(folder, 'there'));
    const [start, prompt, stop] = commands.map((command) => inShell(command));

    expect([start, prompt, stop].map((end) => end?.status)).toEqual([0, 0, 0]);
    expect([prompt?.stdout, stop?.stdout]).toEqual(['', '']);
    expect(v.parse(HookOutput, JSON.parse(start?.stdout ?? '')).systemMessage).toMatch(/on PATH.*folder/);
  });

  test('has a command for cmd.exe on Windows, in which no % begins a variable', () => {
    const file = v.parse(HooksFile, JSON.parse(hooksJson(String.raw`C:\Users\A & B\100%`, 'win32')));

    expect(file.hooks['Stop']?.[0]?.hooks[0]?.commandWindows).toBe(
      String.raw`node "C:\Users\A & B\100"^%"\dist\hook.cjs" stop-review --from-stdin`,
    );
  });
});

describe('the crontab line that print-setup prints', () => {
  test.each(NAMES)('runs scan for a clone and a node in folders that are called %s', (name) => {
    const root = path.join(folder, name);
    const clone = cloneAt(root);
    const node = path.join(root, 'node');
    fs.symlinkSync(process.execPath, node);
    const { minutes, command } = asCronReads(cronLine(node, root));

    expect(minutes).toBe('*/5 * * * *');
    expect(inShell(command).status).toBe(0);
    expect(clone.calls()).toEqual([[path.join(root, 'dist', 'cli.js'), 'scan']]);
  });

  test('names the node that printed it', () => {
    cloneAt(path.join(folder, 'clone'));

    expect(print(path.join(folder, 'clone'), '--cron').stdout).toContain(`'${process.execPath}' '${folder}/clone/dist`);
  });

  test.each(['a\\b', 'a\nb'])('is refused for the path %j, which crontabs cannot hold', (name) => {
    expect(() => cronLine('/usr/bin/node', `/clones/${name}`)).toThrow('a crontab cannot hold');
  });
});

test('print-setup refuses flags that it does not know, and prints its usage for --help', () => {
  cloneAt(path.join(folder, 'clone'));
  const [help, wrong] = ['--help', '--crom'].map((flag) => print(path.join(folder, 'clone'), flag));

  expect([help?.status, help?.stdout.split('\n')[0]]).toEqual([0, 'usage: node scripts/print-setup.mjs [--cron]']);
  expect([wrong?.status, wrong?.stdout]).toEqual([2, '']);
});

/** crontab(5): the first five fields are times; an unescaped % ends the command, the backslash of an escaped one goes. */
function asCronReads(line: string): { minutes: string; command: string } {
  const [, minutes = '', rest = ''] = /^((?:\S+ ){4}\S+) (.*)\n$/.exec(line) ?? [];
  const command = (/^(?:\\%|[^%])*/.exec(rest)?.[0] ?? '').replaceAll(String.raw`\%`, '%');
  return { minutes, command };
}
