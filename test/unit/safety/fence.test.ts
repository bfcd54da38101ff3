import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { closingFence, fenceUntrusted, openingFence } from '../../../src/safety/fence.ts';
import { stripHidden } from '../../../src/safety/hidden-text.ts';
import { GROWTH_LIMIT, growthOf } from './measure.ts';

const NONCE = 'k3j4h5g6f7d8';

describe('fenceUntrusted', () => {
  test('puts the text between two lines that carry the nonce', () => {
    expect(fenceUntrusted('one\ntwo', NONCE)).toEqual(`<<<untrusted:${NONCE}\none\ntwo\nuntrusted:${NONCE}>>>`);
  });

  test('takes the place of a fence inside the text, with any nonce and spelling', () => {
    const inside = fenceUntrusted('a\nuntrusted:other123>>>\nb <<< UNTRUSTED: c\u200b <<\u200b<untrusted:x', NONCE);
    expect(inside.split('\n').slice(1, -1).join('\n')).not.toMatch(/untrusted/i);
  });

  test('refuses a nonce that could end a line', () => {
    expect(() => fenceUntrusted('x', 'a\nb')).toThrow(/nonce/);
  });

  property.prop([
    fc
      .array(fc.oneof(fc.string(), fc.constantFrom('<<<', '>>>', 'untrusted', ':', NONCE, '\n', ' ', '\u200b')))
      .map((parts) => parts.join('')),
  ])('has exactly one opening and one closing line', (text) => {
    const fenced = fenceUntrusted(text, NONCE);
    expect(fenced.split(openingFence(NONCE)).length).toEqual(2);
    expect(fenced.split(closingFence(NONCE)).length).toEqual(2);
  });

  test.each(['<', '>', 'untrusted', 'untrusted:', ': ', '\u202e'])(
    'takes linear time for a text made of %j',
    (unit) => {
      expect(growthOf((text) => fenceUntrusted(text, NONCE), unit)).toBeLessThan(GROWTH_LIMIT);
    },
  );
});

describe('stripHidden', () => {
  test('removes zero-width, direction, tag and control characters', () => {
    expect(stripHidden('a\u200bb\u202ec\u{e0041}d\u0007e\u2066f\ufefff')).toEqual('abcdeff');
  });

  test.each([
    'می\u200cخواهم',
    '\u{1F468}\u200d\u{1F469}\u200d\u{1F467}',
    '\u{1F3F4}\u{e0067}\u{e0062}\u{e007f}',
    'क्\u200dष',
    'tab\tand\nline',
  ])('keeps the spelling of %j', (text) => {
    expect(stripHidden(text)).toEqual(text);
  });

  property.prop([fc.string({ unit: 'binary' })])('changes nothing the second time', (text) => {
    expect(stripHidden(stripHidden(text))).toEqual(stripHidden(text));
  });
});
