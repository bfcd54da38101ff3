import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { cron, cronLine, shellWord, withBlock, withoutBlock } from '../../../src/install/scheduler-cron.ts';
import { bareHost, plainJob } from '../../support/scheduler-job.ts';

const line = cronLine(plainJob());
const host = bareHost();
const found = (text: string | null) => ({
  text,
  exists: text !== null && text !== withoutBlock(text),
  elsewhere: false,
  foreign: false,
  loaded: true,
  error: null,
});

/** As Vixie cron takes a command apart: up to the first percent sign that no backslash escapes. */
function asCronReadsIt(command: string): string {
  let out = '';
  let escaped = false;
  for (const character of command) {
    if (!escaped && character === '%') return out;
    out = escaped && character === '%' ? `${out.slice(0, -1)}%` : out + character;
    escaped = !escaped && character === '\\';
  }
  return out;
}

/** As `sh` reads single quotes, backslashes outside of them, and plain characters. */
function asShellReadsIt(word: string): string {
  let out = '';
  let quoted = false;
  for (let index = 0; index < word.length; index++) {
    if (word[index] === "'") quoted = !quoted;
    else if (!quoted && word[index] === '\\') out += word[++index] ?? '';
    else out += word[index] ?? '';
  }
  return out;
}

describe('the line in the crontab', () => {
  test('runs the scan every five minutes, quietly, into the log', () => {
    expect(line).toBe(
      '*/5 * * * * PATH=/usr/bin:/bin nice -n 10 /home/u/.codex-self-evolution/app/csep scan --trigger scheduler >>/home/u/.codex-self-evolution/logs/scheduler.log 2>&1',
    );
    expect(cronLine(plainJob({ minutes: 1 }))).toMatch(/^\* \* \* \* \* /);
  });

  const path = fc.string({ unit: fc.constantFrom('%', '\\', "'", '"', ' ', '$', '`', 'a', '/', 'é') });
  propertyTest.prop([path])('gives cron and the shell back the path that was put in', (text) => {
    expect(asShellReadsIt(asCronReadsIt(shellWord(text)))).toBe(text);
  });
});

describe('the crontab', () => {
  const foreignText = fc.string({ unit: fc.constantFrom('\n', '#', '*', ' ', 'a', '%', '\u00ff', '>', '$&') });

  propertyTest.prop([foreignText])('is what it was, byte for byte, after our block came and went', (text) => {
    const installed = withBlock(text, line);

    expect(installed.startsWith(text)).toBe(true);
    expect(installed.split('\n')).toContain(line);
    expect(withoutBlock(installed)).toBe(text);
  });

  propertyTest.prop([foreignText])('does not change when our block is put in again', (text) => {
    expect(withBlock(withBlock(text, line), line)).toBe(withBlock(text, line));
  });

  test('keeps lines that others add below ours', () => {
    const below = `${withBlock('0 4 * * * backup\n', 'old')}@daily theirs\n`;
    const renewed = withBlock(below, line);

    expect(renewed).toContain(line);
    expect(renewed).not.toContain('old');
    expect(withoutBlock(renewed)).toBe('0 4 * * * backup\n@daily theirs\n');
  });

  test('is only written when it would change', () => {
    expect(cron.plan(host, plainJob(), found(withBlock('a\n', line))).commands).toEqual([]);
    expect(cron.plan(host, plainJob(), found('a\n')).commands).toMatchObject([{ argv: ['crontab', '-'] }]);
  });

  test('that held nothing but our block is removed', () => {
    expect(cron.planRemoval(host, found(withBlock('', line))).commands).toEqual([{ argv: ['crontab', '-r'] }]);
    expect(cron.planRemoval(host, found('a\n')).commands).toEqual([]);
  });
});

const listing = (status: number | null, stderr: string) =>
  cron.look(
    bareHost({ findProgram: () => '/usr/bin/crontab', run: () => ({ status, stdout: Buffer.alloc(0), stderr }) }),
  );

describe('a crontab that cannot be listed', () => {
  test.each(['no crontab for ann', "crontab: can't open 'ann': No such file or directory"])(
    'is empty when "%s"',
    (said) => {
      expect(listing(1, said)).toMatchObject({ text: null, error: null });
    },
  );

  test.each([
    [1, 'crontab: permission denied'],
    [null, 'spawn crontab ETIMEDOUT'],
  ])('is no empty one with status %j and "%s"', (status, said) => {
    expect(listing(status, said).error).toContain(said);
  });
});
