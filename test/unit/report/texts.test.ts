import { expect, test } from 'vitest';
import { voiceOf } from '../../../src/report/page/format.ts';
import { ENGLISH } from '../../../src/report/page/text-en.ts';
import { CHINESE } from '../../../src/report/page/text-zh.ts';

/** Every text of a language by its path; functions are called with something that is seen in the result. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String(Reflect.apply(value, undefined, ['7', '7', '7']))]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`));
}

/** What both languages write alike. */
const ALIKE = new Set(['.cost.of', '.cost.tokens', '.code']);

test('every text is there in both languages, and says something in each', () => {
  const english = new Map(textsOf(ENGLISH));
  const chinese = new Map(textsOf(CHINESE));
  expect([...chinese.keys()].toSorted()).toEqual([...english.keys()].toSorted());
  expect([...chinese].filter(([, text]) => text.trim() === '')).toEqual([]);
  const untranslated = [...chinese].filter(
    ([path, text]) => !ALIKE.has(path) && /[a-z]{4}/i.test(english.get(path) ?? '') && !/\p{Script=Han}/u.test(text),
  );
  expect(untranslated).toEqual([]);
});

test('ages are told from when the page was written', () => {
  const english = voiceOf('en', '2026-11-20T10:00:00Z');
  expect(english.age('2026-11-20T07:00:00Z')).toBe('3 hours ago');
  expect(english.age('2026-11-18T10:00:00Z')).toBe('2 days ago');
  expect(english.age('no time')).toBe('no time');
  expect(voiceOf('zh', '2026-11-20T10:00:00Z').age('2026-11-20T07:00:00Z')).toBe('3小时前');
});
