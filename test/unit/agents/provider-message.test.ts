import { describe, expect, test } from 'vitest';
import { providerMessage, withoutKey } from '../../../src/agents/provider-message.ts';
import { GROWTH_LIMIT, growthOf } from '../safety/measure.ts';

const KEY = 'sk-proj-Zq81LmNoPq77Rs99';

test.each([
  ['{"error": {"message": "Rate limit reached", "type": "tokens"}}', 'Rate limit reached'],
  ['{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}', 'Overloaded'],
  ['{"error": "model not found"}', 'model not found'],
  ['{"message": "Not Found"}', 'Not Found'],
  ['{"detail": "Not authenticated"}', 'Not authenticated'],
  ['{"base_resp": {"status_code": 1004, "status_msg": "login fail"}}', 'login fail'],
  ['{"error": {"message": ""}, "message": "second choice"}', 'second choice'],
  ['upstream connect error\n  or disconnect', 'upstream connect error or disconnect'],
  ['{"detail": [{"loc": ["body"]}]}', '{"detail": [{"loc": ["body"]}]}'],
  ['<html><body>502 Bad Gateway</body></html>', 'an HTML page'],
  ['<!doctype html>\n<title> 502 Bad Gateway </title>', 'an HTML page ("502 Bad Gateway")'],
  ['', ''],
])('%s', (body, message) => {
  expect(providerMessage(body, KEY)).toBe(message);
});

test('a message has at most 400 characters', () => {
  expect(providerMessage(JSON.stringify({ message: 'word '.repeat(1_000) }), KEY).length).toBe(400);
  expect(providerMessage('word '.repeat(100_000), KEY).length).toBe(400);
});

test('secrets of others are redacted too', () => {
  const message = providerMessage('{"message": "got ghp_abcdefghijklmnopqrstuvwxyz0123456789AB"}', KEY);
  expect(message).toMatch(/^got \[redacted:[a-z-]+\]$/);
});

describe('no byte of a key is left', () => {
  test.each([
    [`key ${KEY} is wrong`],
    [`key "${KEY}", is wrong`],
    [`Authorization: Bearer ${KEY}`],
    [`https://models.example/?key=${KEY}&x=1`],
    [`key sk-proj-****Rs99 is wrong`],
    [`key Zq81Lm... is wrong`],
    [`key ...77Rs99 is wrong`],
    [`key ••••Rs99 is wrong`],
    [`(${KEY})`],
  ])('%s', (text) => {
    const left = withoutKey(text, KEY);
    expect(left).toContain('[redacted:api-key]');
    for (const part of ['Zq81', 'LmNo', 'Pq77', 'Rs99']) expect(left).not.toContain(part);
  });

  test('a short key, too', () => {
    expect(withoutKey('key abc is wrong, abcd is not it', 'abc')).toBe(
      'key [redacted:api-key] is wrong, abcd is not it',
    );
  });

  test('and the rest stays as it is', () => {
    const text = 'The model `gpt-test` does **not** exist; see https://models.example/docs?x=1.';
    expect(withoutKey(text, KEY)).toBe(text);
  });
});

test.each(['*', '•', '**a', 'a*'])('the time for text made of %j grows with its length', (unit) => {
  expect(growthOf((text) => withoutKey(text, KEY), unit)).toBeLessThan(GROWTH_LIMIT);
});
