import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/kernel/clock.ts';
import { fileDiagnostics } from '../../../src/kernel/diagnostics.ts';
import { tempFolder } from '../../support/temp-bucket.ts';

function logged(event: string, facts: Record<string, unknown>): string {
  const file = path.join(tempFolder(), 'logs', 'plugin.log');
  fileDiagnostics(file, systemClock).log(event, facts);
  return fs.readFileSync(file, 'utf8');
}

describe('a line of the log that would be too long', () => {
  test.each<[string, Record<string, unknown>]>([
    ['one long text', { cause: 'x'.repeat(50_000), session: 'abc' }],
    ['many texts', { session: 'abc', problems: Array.from({ length: 3_000 }, (_, index) => `problem ${index}`) }],
    ['texts deep down', { session: 'abc', deep: [{ er: { still: ['"\n'.repeat(9_000)] } }] }],
    ['texts full of what JSON escapes', { session: 'abc', cause: '\u0001'.repeat(20_000) }],
  ])('is valid JSON of at most 8,000 characters, with the short values whole: %s', (_, facts) => {
    const text = logged('review-failed', facts);

    expect(text.length).toBeLessThanOrEqual(8_001);
    expect(JSON.parse(text)).toMatchObject({ event: 'review-failed', session: 'abc', shortened: true });
  });

  test('says how long it was where nothing else helps', () => {
    const facts = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`key-${index}`, index]));

    expect(JSON.parse(logged('odd', facts))).toMatchObject({ event: 'odd', left_out: expect.any(Number) });
  });

  test('shows no secret', () => {
    const secret = `sk-proj-${'Ab3dEf6hIj9lMn2p'.repeat(3)}`;
    const text = logged('review-failed', { cause: `${'x '.repeat(900)}${secret} ${'y '.repeat(9_000)}` });

    expect(JSON.parse(text)).toMatchObject({ shortened: true });
    expect(text).not.toContain(secret);
  });
});
