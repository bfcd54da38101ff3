import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { tokensOf } from '../../../src/recall/context-text.ts';
import { quoted, recallContract } from '../../../src/recall/recall-contract.ts';

describe('the recall contract', () => {
  test.each([10, 100, 200, 300, 500, 4_000])('fits into 150 tokens with a path of %i characters', (length) => {
    const text = recallContract(`/${'p'.repeat(length)}/csep.js`);

    expect(tokensOf(text)).toBeLessThanOrEqual(150);
    expect(text).toContain('recall "');
  });

  test('says when to recall and names the command with its absolute path', () => {
    const text = recallContract('/home/alice/.codex/plugins/cache/M/P/0.8.0/dist/csep.js');

    expect(text).toContain('node "/home/alice/.codex/plugins/cache/M/P/0.8.0/dist/csep.js" recall "');
    expect(text).toMatch(/again/);
    expect(text).toMatch(/invent nothing/);
  });

  test.each([
    '/plain/csep.js',
    '/with blank/csep.js',
    '/with$dollar/`tick`/csep.js',
    `/with"double/it's/csep.js`,
    '/中文/csep.js',
  ])('quotes %s so that a shell gives it back', (path) => {
    expect(execFileSync('sh', ['-c', `printf %s ${quoted(path)}`], { encoding: 'utf8' })).toBe(path);
  });
});
