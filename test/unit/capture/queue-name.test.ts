import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { isQueueName, queueName, queuePrefix, shortHash } from '../../../src/capture/queue-name.ts';

describe('a queue entry’s name', () => {
  test('shows session and turn when they are harmless', () => {
    expect(queueName('0199c0de-0001', 'turn-2', 1)).toBe('0199c0de-0001.turn-2.json');
    expect(queueName('0199c0de-0001', 'turn-2', 3)).toBe('0199c0de-0001.turn-2.3.json');
    expect(queueName('s', '', 1)).toBe('s.turn.json');
  });

  property.prop([fc.string(), fc.string(), fc.integer({ min: 1, max: 50 })])(
    'is one file name that the readers take, whatever the ids are',
    (session, turn, count) => {
      const name = queueName(session, turn, count);
      expect(isQueueName(name)).toBe(true);
      expect(name.startsWith(queuePrefix(session))).toBe(true);
      expect(name.length).toBeLessThan(250);
      expect(name).not.toMatch(/[/\\:\0]|^\./);
    },
  );

  test('is not the name of temporary, hidden or conflicted files', () => {
    for (const name of ['.tmp-1', '.x.json', 'a.json.tmp', 'a (1).json', 'a.json~', 'README'])
      expect(isQueueName(name)).toBe(false);
  });
});

test('the short hash tells similar texts apart', () => {
  const texts = Array.from({ length: 20_000 }, (_, at) => `/home/a/projects/-repo\nsession-${at}`);
  expect(new Set(texts.map(shortHash)).size).toBe(texts.length);
  expect(shortHash('')).toMatch(/^[0-9a-f]{16}$/);
});
