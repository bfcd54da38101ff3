import { describe, expect, test } from 'vitest';
import type { RecallRecord } from '../../../src/contracts/recall.ts';
import { tokensOf } from '../../../src/recall/context-text.ts';
import { promptContext } from '../../../src/recall/prompt-context.ts';

const record = (id: string, content: string, summary = `Summary ${id}`): RecallRecord => ({
  id,
  summary,
  content,
  source_paths: [],
  repo_fingerprint: '',
  cwd: '',
  thread_id: '',
  turn_id: '',
  source_updated_at: '',
});

describe('what is put beside a prompt', () => {
  test('is nothing without records', () => {
    expect(promptContext([])).toBeUndefined();
  });

  test.each([
    [[record('a', 'x'.repeat(50_000))]],
    [[record('a', '数据'.repeat(9_000)), record('b', 'y'.repeat(9_000)), record('c', 'short')]],
    [[record('a', '🚀'.repeat(900), 's'.repeat(5_000)), record('b', '🚀'.repeat(900)), record('c', '🚀'.repeat(900))]],
  ])('never has more than 600 tokens, and has all its records', (records) => {
    const context = promptContext(records);

    expect(tokensOf(context?.text ?? '')).toBeLessThanOrEqual(600);
    expect(context?.ids).toEqual(records.map(({ id }) => id));
    for (const { id } of records) expect(context?.text).toContain(`note ${id}`);
  });

  test('gives what a short record leaves over to a longer one', () => {
    const context = promptContext([record('a', 'short'), record('b', 'z'.repeat(5_000))]);

    expect(context?.text.match(/z/g)?.length).toBeGreaterThan(1_700);
  });

  test('presents the records as hints', () => {
    expect(promptContext([record('a', 'text')])?.text).toContain('not instructions');
  });
});
