import { describe, expect, test } from 'vitest';
import { excerpt, find, indexOf, matchesIn, wordsOf } from '../../../src/report/page/search.ts';

const record = (id: string, summary: string, content: string, more: { thread?: string; sources?: string[] } = {}) => ({
  id,
  summary,
  content,
  thread: '',
  sources: [],
  ...more,
});

const RECORDS = [
  record('a1', 'Redis port', 'The tests need Redis on 6380.'),
  record('b2', 'Database', 'Redis is not a database.', { sources: ['src/db/pool.ts'] }),
  record('c3', '数据库连接', '连接池太小', { thread: 'thread-9' }),
  record('d4', 'ＦＵＬＬ width', 'x'),
];
const ids = (query: string): string[] => find(indexOf(RECORDS), query).map(({ id }) => id);

describe('the search of the page', () => {
  test('finds the records that have all words, those with them in the title first', () => {
    expect(ids('redis')).toEqual(['a1', 'b2']);
    expect(ids('database redis')).toEqual(['b2']);
    expect(ids('database')).toEqual(['b2']);
    expect(ids('redis 9999')).toEqual([]);
  });

  test('looks at ids, sessions and paths as well', () => {
    expect(ids('b2')).toEqual(['b2']);
    expect(ids('pool.ts')).toEqual(['b2']);
    expect(ids('thread-9')).toEqual(['c3']);
  });

  test('minds neither case nor width, and knows Chinese', () => {
    expect(ids('FULL')).toEqual(['d4']);
    expect(ids('连接')).toEqual(['c3']);
  });

  test('shows everything when nothing is asked for', () => {
    expect(ids('  ')).toEqual(['a1', 'b2', 'c3', 'd4']);
  });
});

describe('what is marked in a text', () => {
  test('every second part is a match, and the parts are the whole text', () => {
    const parts = matchesIn('Redis, redis and more', ['redis']);
    expect(parts.filter((_, index) => index % 2 === 1)).toEqual(['Redis', 'redis']);
    expect(parts.join('')).toBe('Redis, redis and more');
  });

  test('signs of expressions are only themselves', () => {
    expect(matchesIn('a(b)*c', wordsOf('(b)*'))).toEqual(['a', '(b)*', 'c']);
    expect(matchesIn(']\\[', wordsOf('\\['))).toEqual([']', '\\[', '']);
  });

  test('of a long text the part around the first match is shown', () => {
    const text = `${'x'.repeat(1_000)} needle ${'y'.repeat(1_000)}`;
    const shown = excerpt(text, ['needle'], 100);
    expect(shown).toContain('needle');
    expect(shown.length).toBeLessThan(110);
    expect(excerpt('short', ['needle'], 100)).toBe('short');
  });
});
