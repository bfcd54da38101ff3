import { describe, expect, test } from 'vitest';
import { readPrompt } from '../../../src/recall/prompt-query.ts';

describe('a prompt is not searched for', () => {
  test.each([
    ['', 'empty'],
    ['  \n ', 'empty'],
    ['x '.repeat(450_000), 'too-long'],
    ['/review', 'slash-command'],
    ['/compact keep the plan', 'slash-command'],
    ['!git status', 'shell-command'],
    ['$ npm test', 'shell-command'],
    ['git push origin main', 'shell-command'],
    ['npm run build -- --watch', 'shell-command'],
    ['$ cd src\n$ ls -la', 'shell-command'],
    ['```ts\nexport const a = 1;\n```', 'code-paste'],
    ['{\n  "a": 1,\n  "b": [2],\n  "c": {\n    "d": 3\n  }\n}', 'code-paste'],
    ['hello', 'too-few-words'],
    ['ok', 'too-few-words'],
    ['thanks!', 'too-few-words'],
  ])('when it is %j: %s', (prompt, because) => {
    expect(readPrompt(prompt)).toEqual({ query: undefined, because });
  });
});

describe('a prompt is searched for', () => {
  test.each([
    'git push fails with 403, what did we do about it?',
    'How do I run the tests of the payment module?',
    'npm ERR! please fix the peer dependency conflict',
    'node 为什么报错',
    '修复支付回调的签名错误',
    '/home/alice/notes.txt has the wrong port, fix the config loader',
    'path /etc/hosts and the proxy',
  ])('when it speaks: %s', (prompt) => {
    expect(readPrompt(prompt)).toMatchObject({ query: prompt });
  });

  test('by the words around pasted code, not by the code', () => {
    const reading = readPrompt(
      'Why does the webhook test fail?\n```\nassert signature == expected\n```\nIt worked yesterday.',
    );

    expect(reading.query).toContain('webhook test');
    expect(reading.query).toContain('yesterday');
    expect(reading.query).not.toContain('assert');
  });

  test('by the words around a stack trace', () => {
    const trace = Array.from({ length: 30 }, (_, line) => `    at handler (/srv/app.js:${line}:7)`).join('\n');
    const reading = readPrompt(`The payment webhook crashes:\n${trace}`);

    expect(reading.query).toBe('The payment webhook crashes:');
  });

  test('by its beginning and its end when it is long', () => {
    const reading = readPrompt(`migration order ${'filler words here '.repeat(400)} rollback plan`);

    expect(reading.query).toContain('migration order');
    expect(reading.query).toContain('rollback plan');
    expect(reading.query?.length).toBeLessThan(2_100);
  });
});

describe('a prompt follows up', () => {
  test.each(['do the same for the other module', 'and again please', '另一个模块也一样', 'もう一度'])(
    'with %s',
    (prompt) => {
      expect(readPrompt(prompt)).toMatchObject({ followsUp: true });
    },
  );

  test.each([
    'How do I run the integration tests of billing?',
    `same ${'a longer story about everything '.repeat(10)}`,
  ])('not with %s', (prompt) => {
    expect(readPrompt(prompt)).toMatchObject({ followsUp: false });
  });
});
