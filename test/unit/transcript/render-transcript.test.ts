import { describe, expect } from 'vitest';
import { fc, test } from '@fast-check/vitest';
import { renderTranscript } from '../../../src/transcript/render-transcript.ts';
import type { TurnItem } from '../../../src/transcript/turn.ts';

const user = (text: string): TurnItem => ({ kind: 'user', text, at: '', turnId: '' });
const assistant = (text: string): TurnItem => ({ kind: 'assistant', text, at: '', turnId: '' });
const command = (output: string): TurnItem => ({
  kind: 'command',
  command: 'make',
  exitCode: 2,
  output,
  at: '',
  turnId: '',
});
const files = (...paths: string[]): TurnItem => ({ kind: 'files', paths, at: '', turnId: '' });

describe('a rendered transcript', () => {
  test('tells who said what and how commands ended', () => {
    expect(renderTranscript([user('hi'), command('boom'), files('a.c', 'b.c'), assistant('done')], 10_000)).toEqual(
      'User: hi\n\nCommand: make\nExit code: 2\nOutput:\nboom\n\nFiles changed: a.c, b.c\n\nAssistant: done',
    );
  });

  test('loses command output first, then answers, oldest first, and the user last', () => {
    const items = [
      user('u'.repeat(300)),
      command('o'.repeat(900)),
      assistant('old '.repeat(400)),
      assistant('new '.repeat(400)),
    ];
    const outputCut = renderTranscript(items, 4_300);
    expect(outputCut).toContain('characters left out');
    expect(outputCut).toContain('new '.repeat(400).trim());
    expect(outputCut).toContain('old '.repeat(400).trim());
    const answersCut = renderTranscript(items, 3_400);
    expect(answersCut).toContain('new '.repeat(400).trim());
    expect(answersCut).not.toContain('old '.repeat(400).trim());
    const short = renderTranscript(items, 700);
    expect(short).toContain('u'.repeat(300));
    expect(short).toContain('Left out to keep this short: 2 answers');
  });

  test.prop([
    fc.array(
      fc.oneof(
        fc.string({ maxLength: 3_000, unit: 'grapheme' }).map(user),
        fc.string({ maxLength: 3_000 }).map(assistant),
        fc.string({ maxLength: 3_000 }).map(command),
        fc.array(fc.string(), { maxLength: 5 }).map((paths) => files(...paths)),
      ),
      { maxLength: 12 },
    ),
    fc.integer({ min: 0, max: 8_000 }),
  ])('never exceeds its budget', (items, budget) => {
    expect(renderTranscript(items, budget).length).toBeLessThanOrEqual(budget);
  });
});
