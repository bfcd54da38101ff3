import { expect, test } from 'vitest';
import { tempBucket } from '../../support/temp-bucket.ts';
import { builtCsep } from './built-csep.ts';

const csep = builtCsep();

const commandsIn = (text: string): string[] =>
  [...(text.split('\nCommands\n')[1] ?? '').matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name);

test('the help of the program and of every command fits into 100 columns', () => {
  const temp = tempBucket();
  const help = (...words: string[]): string => csep(temp, [...words, '--help']).stdout;
  const all = commandsIn(help()).map((name) => [name]);
  const inner = all.flatMap(([name = '']) => commandsIn(help(name)).map((sub) => [name, sub]));

  expect(all.length).toBeGreaterThan(15);
  expect(inner.length).toBeGreaterThan(10);
  const tooLong = [[], ...all, ...inner].flatMap((words) =>
    help(...words)
      .split('\n')
      .filter((line) => line.length > 100)
      .map((line) => `${words.join(' ')}: ${line}`),
  );
  expect(tooLong).toEqual([]);
});

test('a command that is not known is told with the one that may be meant, sub-commands too', () => {
  const temp = tempBucket();

  expect(csep(temp, ['instal'])).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('"install"') });
  expect(csep(temp, ['config', 'shwo']).stderr).toContain('"show"? All of them: csep config --help');
});

test('a flag before the command is told where it belongs', () => {
  const told = csep(tempBucket(), ['--home', '/x', 'status']);

  expect(told).toMatchObject({ status: 2, stderr: expect.stringContaining('no flag --home here: flags go behind') });
});

test('help stands before a command, too, and a word that is missing is named', () => {
  const temp = tempBucket();

  expect(csep(temp, ['help', 'config', 'use'])).toEqual(csep(temp, ['config', 'use', '--help']));
  expect(csep(temp, ['help']).stdout).toContain('Usage  csep <command>');
  expect(csep(temp, ['rollback'])).toMatchObject({ status: 2, stdout: '' });
  expect(csep(temp, ['rollback']).stderr).toMatch(/^csep: GENERATION is missing\.$/m);
});

test('whoever meets a hook in a hooks.json can ask what it does, and by hand it says what to call instead', () => {
  const temp = tempBucket();

  for (const hook of ['session-start', 'prompt-recall', 'stop-review'])
    expect(csep(temp, [hook, '--help']).stdout).toContain('--from-stdin');
  expect(csep(temp, ['prompt-recall'])).toMatchObject({ status: 2, stdout: '' });
  expect(csep(temp, ['prompt-recall']).stderr).toContain('To ask by hand: csep recall');
});
