import { expect, test } from 'vitest';
import { fc, test as property } from '@fast-check/vitest';
import { jsonInText } from '../../../src/agents/json-in-text.ts';

property.prop([fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), fc.string(), fc.string()])(
  'an object is found whatever prose stands around it',
  (object, before, after) => {
    const prose = before.replaceAll('{', '(');
    const text = `${prose} ${JSON.stringify(object)} ${after}`;
    expect(jsonInText(text)).toEqual({ ok: true, value: JSON.parse(JSON.stringify(object)) });
  },
);

property.prop([fc.string({ maxLength: 2_000 })])('no text makes it throw', (text) => {
  expect(typeof jsonInText(text).ok).toBe('boolean');
});

test('long texts that never end are refused, not chewed on', () => {
  expect(jsonInText(`{${'"\\\\'.repeat(200_000)}`).ok).toBe(false);
  expect(jsonInText('{"a":'.repeat(100_000)).ok).toBe(false);
});

const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

test('64 levels are deep enough', () => {
  expect(jsonInText(nested(64)).ok).toBe(true);
  expect(jsonInText(nested(65)).ok).toBe(false);
  expect(jsonInText(`prose {"a": ${nested(63)}}`).ok).toBe(true);
  expect(jsonInText(`prose {"a": ${nested(64)}}`).ok).toBe(false);
  expect(jsonInText(`{"brackets in a string": "${'['.repeat(100)}"}`).ok).toBe(true);
});
