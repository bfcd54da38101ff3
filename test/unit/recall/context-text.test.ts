import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { cutToBytes, oneLine, tokensOf, visibleText } from '../../../src/recall/context-text.ts';

describe('tokens', () => {
  test.each([
    ['', 0],
    ['a', 1],
    ['abcd', 1],
    ['abcde', 2],
    ['中文', 2],
    ['🚀', 1],
  ])('of %j are its UTF-8 bytes by four, rounded up', (text, tokens) => {
    expect(tokensOf(text)).toBe(tokens);
  });
});

describe('visible text', () => {
  test.each([
    ['plain text\n\twith a tab', 'plain text\n\twith a tab'],
    ['CRLF\r\nCR\rend', 'CRLF\nCR\nend'],
    ['zero\u200Bwidth\u2060joiner\u00AD', 'zerowidthjoiner'],
    ['right\u202Eto\u2066left', 'righttoleft'],
    ['tags\u{E0061}\u{E0062}', 'tags'],
    ['selectors\uFE0F\u{E0100}', 'selectors'],
    ['bell\u0007 escape\u001b[31m', 'bell escape[31m'],
    ['中文、日本語、한국어、émoji 🚀', '中文、日本語、한국어、émoji 🚀'],
  ])('of %j is %j', (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  propertyTest.prop([fc.string({ unit: 'binary' })])('is always well formed, and what it was when repeated', (text) => {
    const shown = visibleText(text);

    expect(Buffer.from(shown).toString()).toBe(shown);
    expect(visibleText(shown)).toBe(shown);
  });
});

describe('one line', () => {
  propertyTest.prop([fc.string({ unit: 'binary' })])('has no line ends and no blanks around it', (text) => {
    expect(oneLine(text)).not.toMatch(/[\r\n\t]|^\s|\s$|\s\s/);
  });
});

describe('a text cut to bytes', () => {
  propertyTest.prop([fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 3, max: 100 })])(
    'is never longer, never cuts through a character, and is itself when it fits',
    (text, bytes) => {
      const cut = cutToBytes(text, bytes);

      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(bytes);
      expect(cut.includes('\uFFFD')).toBe(text.includes('\uFFFD') && cut.includes('\uFFFD'));
      if (Buffer.byteLength(text) <= bytes) expect(cut).toBe(text);
      else expect(cut.endsWith('…')).toBe(true);
    },
  );
});
