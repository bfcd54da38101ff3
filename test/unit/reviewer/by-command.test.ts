import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { isRecord } from '../../../src/contracts/json.ts';
import { readSuggestion } from '../../../src/contracts/read-suggestion.ts';
import { ANSWER_SCHEMA } from '../../../src/reviewer/answer-schema.ts';
import { COMMAND_REVIEWERS } from '../../../src/reviewer/by-command.ts';
import type { CommandReviewerName } from '../../../src/reviewer/by-command.ts';
import type { ReviewerSettings } from '../../../src/reviewer/reviewer-settings.ts';

const choose = (name: CommandReviewerName, env: Record<string, string>, settings: ReviewerSettings = {}) =>
  COMMAND_REVIEWERS[name]({ env, home: '/home/of/ours' }, settings);

describe('what a reviewer that is a program needs', () => {
  test('codex-cli needs nothing: it is the login of the user', () => {
    expect(choose('codex-cli', {})).toMatchObject({ ok: true });
  });

  test.each<[string, Record<string, string>, ReviewerSettings]>([
    ['the profile', {}, { model: 'a/b' }],
    ['the variable of opencode', { CODEX_SELF_EVOLUTION_OPENCODE_MODEL: 'a/b' }, {}],
    ['the general variable', { CODEX_SELF_EVOLUTION_REVIEWER_MODEL: 'a/b' }, {}],
  ])('opencode-cli needs a model: from %s', (_from, env, settings) => {
    expect(choose('opencode-cli', env, settings)).toMatchObject({ ok: true });
  });

  test('opencode-cli without a model refuses and says which variable to set', () => {
    const refused = choose('opencode-cli', { CODEX_SELF_EVOLUTION_OPENCODE_MODEL: ' ' });
    expect(refused).toMatchObject({ ok: false, failure: { reason: 'not-configured' } });
    expect(JSON.stringify(refused)).toContain('CODEX_SELF_EVOLUTION_OPENCODE_MODEL');
  });

  test('the general model is not for a reviewer that the general provider does not name', () => {
    const env = { CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER: 'minimax', CODEX_SELF_EVOLUTION_REVIEWER_MODEL: 'a/b' };
    expect(choose('opencode-cli', env)).toMatchObject({ ok: false });
  });

  test('command needs a program', () => {
    expect(choose('command', {})).toMatchObject({ ok: false, failure: { reason: 'not-configured' } });
    expect(choose('command', {}, { command: ['review'] })).toMatchObject({ ok: true });
  });

  test.each(['0', '-3', '601', 'soon'])('a time-out of %s is refused', (seconds) => {
    for (const name of ['codex-cli', 'opencode-cli', 'command'] as const) {
      const chosen = choose(name, { CODEX_SELF_EVOLUTION_REVIEWER_TIMEOUT: seconds }, { command: ['x'], model: 'a/b' });
      expect(chosen).toMatchObject({ ok: false, failure: { reason: 'not-configured' } });
    }
  });
});

describe('the schema that an answer is held to', () => {
  const StrictObject = v.looseObject({
    properties: v.record(v.string(), v.looseObject({})),
    required: v.array(v.string()),
    additionalProperties: v.literal(false),
  });

  test('is strict on every level: all keys required, no others', () => {
    const objects = tablesIn(ANSWER_SCHEMA).filter(({ type }) => type === 'object');
    expect(objects).toHaveLength(7);
    for (const object of objects) {
      const { properties, required } = v.parse(StrictObject, object);
      expect(required).toEqual(Object.keys(properties));
    }
  });

  test('an answer with nothing but nulls where they are allowed can be read', () => {
    const nothing = { source_paths: null, aliases: null, basis: null };
    const memory = {
      scope: 'global',
      action: 'add',
      old_summary: null,
      content: null,
      source_paths: null,
      basis: null,
    };
    expect(readSuggestion('memory_updates', { summary: 'A', confidence: 1, details: memory })).toMatchObject({
      ok: true,
    });
    expect(
      readSuggestion('recall_candidate', { summary: 'A', confidence: 1, details: { content: 'B', ...nothing } }),
    ).toMatchObject({ ok: true });
  });
});

function tablesIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(tablesIn);
  return isRecord(value) ? [value, ...Object.values(value).flatMap(tablesIn)] : [];
}
