import { describe, expect, test } from 'vitest';
import { showable, showableLine, showableTime } from '../../../src/report/showable.ts';

describe('what the page may show of a stored text', () => {
  test('characters that hide or turn others are named', () => {
    expect(showable('exe\u202Etxt')).toBe('exe‹U+202E›txt');
    expect(showable('a\u0000b\u001B[31m')).toBe('a‹U+0000›b‹U+001B›[31m');
    expect(showable('\u2066a\u2069')).toBe('‹U+2066›a‹U+2069›');
    expect(showable('\u{E0041}')).toBe('‹U+E0041›');
  });

  test('line ends, tabs and joiners that spelling needs stay', () => {
    expect(showable('a\r\n\tb')).toBe('a\n\tb');
    expect(showable('👩\u200D💻')).toBe('👩\u200D💻');
    expect(showable('می\u200Cخواهم')).toBe('می\u200Cخواهم');
  });

  test('a long text is cut between characters and says how long it was', () => {
    const shown = showable('😀'.repeat(5_000), 101);
    expect(shown).toBe(`${'😀'.repeat(50)} … [10000 characters]`);
    expect(showable('x'.repeat(100), 100)).toBe('x'.repeat(100));
  });

  test('secrets are taken out again, also where the text is cut', () => {
    const key = `ghp_${'a1B2c3D4e5'.repeat(3)}F6g7H8`;
    expect(showable(`token ${key}`)).not.toContain(key);
    expect(showable(`${'x '.repeat(40)}${key}`, 90)).not.toContain('a1B2c3');
  });

  test('a line is one line', () => {
    expect(showableLine(' a\n\n b\tc ')).toBe('a b c');
  });

  test('a time is a time or nothing', () => {
    expect(showableTime('2026-11-20T10:00:00Z')).toBe('2026-11-20T10:00:00Z');
    expect(showableTime('2026-11-20T10:00:00.123456+00:00')).toBe('2026-11-20T10:00:00.123456+00:00');
    expect(showableTime('<b>2026-11-20T10:00:00Z')).toBe('');
    expect(showableTime('yesterday')).toBe('');
  });
});
