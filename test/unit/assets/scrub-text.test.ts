import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { FORGOTTEN, needlesOf, scrubJson } from '../../../src/assets/scrub-text.ts';

describe('what was forgotten', () => {
  test('is found however it is wrapped, cased, escaped or ended', () => {
    const needles = needlesOf(['The key is "a\\b" (really).\nKeep it.']);
    expect(needles.scrub('He said: the KEY   is "a\\b"\n(really). keep it! And more.')).toEqual(
      `He said: ${FORGOTTEN}! And more.`,
    );
    const escaped = JSON.stringify({ text: 'The key is "a\\b" (really).\nKeep it.' });
    expect(needles.scrub(escaped)).toEqual(`{"text":"${FORGOTTEN}."}`);
  });

  test('is replaced in every string of a JSON value, and an untouched value stays the same one', () => {
    const needles = needlesOf(['secret word', 'secret']);
    const value = { list: ['a secret word', { deep: 'SECRET' }], number: 1, none: null };
    expect(scrubJson(value, needles)).toEqual({ list: [`a ${FORGOTTEN}`, { deep: FORGOTTEN }], number: 1, none: null });
    const clean = { list: ['nothing'], number: 1 };
    expect(scrubJson(clean, needles)).toBe(clean);
  });

  test('is nothing when nothing was named', () => {
    expect(needlesOf(['', ' . ']).isIn('anything . at all')).toEqual(false);
  });

  prop.prop([fc.string({ minLength: 1, unit: 'grapheme' }), fc.string(), fc.string()])(
    'is gone from any text around it, whatever characters it has',
    (word, before, after) => {
      const needles = needlesOf([`x${word}x`]);
      const text = `${before}x${word}x${after}`;
      expect(needles.isIn(text)).toEqual(true);
      expect(needles.scrub(text)).toContain(FORGOTTEN);
      expect(JSON.stringify(scrubJson({ text }, needles))).toContain(FORGOTTEN);
    },
  );
});
