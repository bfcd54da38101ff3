import { describe, expect, test } from 'vitest';
import { triggerReasons } from '../../../src/recall/trigger-policy.ts';

describe('a recall is triggered', () => {
  test.each([
    ['remember', 'keyword:remember'],
    ['the previous', 'keyword:previous'],
    ['Again!', 'keyword:again'],
    ['recall', 'keyword:recall'],
    ['as before', 'keyword:before'],
    ['之前', 'keyword:before'],
    ['还记得吗', 'keyword:remember'],
    ['上次', 'keyword:previous'],
    ['再次', 'keyword:again'],
    ['前回', 'keyword:previous'],
    ['もう一度', 'keyword:again'],
    ['覚えていますか', 'keyword:remember'],
  ])('by the words of %j', (query, reason) => {
    expect(triggerReasons(query, false)).toContain(reason);
  });

  test('by two search terms', () => {
    expect(triggerReasons('webhook signature', false)).toEqual(['search_terms']);
    expect(triggerReasons('数据库迁移', false)).toContain('search_terms');
  });

  test('by whoever asks for it, with nothing to look for', () => {
    expect(triggerReasons('', true)).toEqual(['explicit']);
  });

  test.each(['', '   ', 'webhook', 'the of and', '!!! ???', 'beforehand', 'against'])('not by %j', (query) => {
    expect(triggerReasons(query, false)).toEqual([]);
  });
});
