import { describe, expect, test } from 'vitest';
import { readSuggestion } from '../../../src/contracts/read-suggestion.ts';

const reasonOf = (family: string, item: unknown): string | undefined => {
  const reading = readSuggestion(family, item);
  return reading.ok ? undefined : reading.reason;
};

describe('a suggestion', () => {
  test('gets the documented defaults', () => {
    expect(readSuggestion('memory_updates', { summary: 'Use pnpm' })).toEqual({
      ok: true,
      suggestion: {
        family: 'memory_updates',
        summary: 'Use pnpm',
        confidence: 1,
        details: { scope: 'global', action: 'add', content: 'Use pnpm', source_paths: [] },
      },
    });
  });

  test.each(['note', 'text', 'body'])('takes a missing content from %s', (key) => {
    const reading = readSuggestion('recall_candidate', { summary: 's', details: { [key]: 'the text' } });
    expect(reading.ok && reading.suggestion.details.content).toEqual('the text');
  });

  test('of null where a key could be left out counts as left out', () => {
    const reading = readSuggestion('memory_updates', {
      summary: 's',
      confidence: null,
      details: { scope: null, old_summary: null },
    });
    expect(reading.ok && reading.suggestion.confidence).toEqual(1);
  });

  test.each([
    ['memory_updates', { summary: '' }, 'summary is empty'],
    ['memory_updates', { summary: 's', details: { action: 'replace' } }, 'replace needs old_summary'],
    ['memory_updates', { summary: 's', details: { action: 'merge' } }, 'details.action'],
    ['memory_updates', { summary: 's', details: { scope: 'team' } }, 'details.scope'],
    ['memory_updates', { summary: 's', confidence: 1.5 }, 'confidence'],
    ['memory_updates', 'text', 'not an object'],
    ['memory_updates', { summary: 's', details: [] }, 'details is not an object'],
    ['recall_candidate', { summary: '  ' }, 'summary'],
    ['skill_action', { summary: 's', details: { action: 'create', skill_id: 'Not Kebab' } }, 'details.skill_id'],
    ['skill_action', { summary: 's', details: { action: 'create', skill_id: '../up' } }, 'details.skill_id'],
    ['gossip', { summary: 's' }, 'unknown family'],
  ])('of %s that is %j is refused: %s', (family, item, reason) => {
    expect(reasonOf(family, item)).toContain(reason);
  });

  test('that removes needs no summary', () => {
    expect(readSuggestion('memory_updates', { details: { action: 'remove', old_summary: 'Use npm' } })).toMatchObject({
      ok: true,
    });
  });
});
