import { describe, expect, test } from 'vitest';
import { queryTerms } from '../../../src/assets/recall-query.ts';

const asked = (text: string): string[] =>
  queryTerms(text)
    .filter(({ counts }) => counts)
    .map(({ term }) => term);

describe('a query', () => {
  test.each(['', '   ', 'the of and', '?!…', '什么？', 'ですか', '\u0000\u0007', '\ud83d'])(
    '%j asks for nothing',
    (text) => {
      expect(queryTerms(text)).toEqual([]);
    },
  );

  test('question words and endings of Chinese and Japanese are not asked for', () => {
    expect(asked('铁路是什么')).toEqual(['铁路', '路是']);
    expect(asked('本社はどこですか')).not.toContain('です');
  });

  test('a repeated word weighs more, but not twice as much', () => {
    expect(queryTerms('cache cache cache cache')).toEqual([expect.objectContaining({ term: 'cach', weight: 2 })]);
  });

  test('two words also ask for their compound, with less weight and without being missed', () => {
    expect(queryTerms('file name')).toContainEqual(
      expect.objectContaining({ term: 'filename', weight: 0.3, counts: false }),
    );
  });

  test('a word also asks for its synonyms, which never weigh more than the word', () => {
    expect(queryTerms('delete branch')).toContainEqual(
      expect.objectContaining({ term: 'remov', insteadOf: 'delet', counts: false }),
    );
  });

  test('single characters are asked for only where they stand alone', () => {
    expect(asked('茶')).toEqual(['茶']);
    expect(queryTerms('緑茶').map(({ term }) => term)).toEqual(['緑茶']);
  });

  test('a pasted megabyte costs no more than its beginning', () => {
    const words = Array.from({ length: 200_000 }, (_, index) => `w${index.toString(36)}`).join(' ');
    expect(words.length).toBeGreaterThan(1_000_000);
    expect(queryTerms(words).length).toBeLessThanOrEqual(256);
  });
});
