import { describe, expect, test } from 'vitest';
import type { Memory, MemoryRecord } from '../../../src/contracts/memory.ts';
import { tokensOf } from '../../../src/recall/context-text.ts';
import { recallContract } from '../../../src/recall/recall-contract.ts';
import { chooseNotes, rankedRecords, sessionContext } from '../../../src/recall/session-context.ts';

const contract = recallContract('/opt/csep/dist/csep.js');
const none: ReadonlySet<never> = new Set();

function record(summary: string, more: Partial<MemoryRecord> = {}): MemoryRecord {
  return { scope: 'global', summary, content: summary, source_paths: [], confidence: 1, provenance: [], ...more };
}

const memoryOf = (...records: MemoryRecord[]): Memory => ({
  user: records.filter((entry) => entry.scope === 'user'),
  global: records.filter((entry) => entry.scope === 'global'),
});

const contextOf = (memory: Memory, given: ReadonlySet<string> = none) =>
  sessionContext(chooseNotes(memory, contract, none), contract, given);

const at = (time: string) => [{ suggestion_id: '', thread_id: '', turn_id: '', at: time }];

const many = (count: number, content: (index: number) => string): Memory =>
  memoryOf(...Array.from({ length: count }, (_, index) => record(`Note ${index}`, { content: content(index) })));

describe('a session context', () => {
  test('gives user notes before global ones, then by confidence, then the latest', () => {
    const memory = memoryOf(
      record('global old', { provenance: at('2026-01-01T00:00:00Z') }),
      record('global new', { provenance: at('2026-02-01T00:00:00Z') }),
      record('global unsure', { confidence: 0.4, provenance: at('2026-03-01T00:00:00Z') }),
      record('user unsure', { scope: 'user', confidence: 0.1 }),
    );

    expect(rankedRecords(memory).map(({ summary }) => summary)).toEqual([
      'user unsure',
      'global new',
      'global old',
      'global unsure',
    ]);
  });

  test('stays within 2,500 tokens whatever the notes are', () => {
    const texts = [
      many(500, (index) => `Run make verify ${index} before pushing; the release needs it.`),
      many(500, (index) => `推送之前先运行 make verify ${index}，发布流程需要它。`.repeat(3)),
      many(40, () => 'x'.repeat(30_000)),
      many(300, () => '🚀'.repeat(60)),
      many(1, () => 'line\n'.repeat(10_000)),
    ];

    for (const memory of texts) {
      const text = contextOf(memory)?.text ?? '';
      expect(tokensOf(text)).toBeLessThanOrEqual(2_500);
      expect(tokensOf(text)).toBeGreaterThan(300);
      expect(text.endsWith(contract)).toBe(true);
    }
  });

  test('says how many notes were left out, and only then', () => {
    const chosen = chooseNotes(
      many(500, (index) => `Fact ${index} is that ${'word '.repeat(20)}`),
      contract,
      none,
    );
    const text = sessionContext(chosen, contract, none)?.text ?? '';

    expect(chosen.leftOut).toBe(500 - chosen.notes.length);
    expect(text).toContain(`(${chosen.leftOut} more notes did not fit.`);
    expect(contextOf(memoryOf(record('Only one')))?.text).not.toContain('did not fit');
  });

  test('lets a note that is too large not keep smaller ones out', () => {
    const memory = memoryOf(
      ...Array.from({ length: 20 }, (_, index) => record(`Large ${index}`, { content: 'y'.repeat(5_000) })),
      record('Small and last', { confidence: 0.1 }),
    );

    expect(contextOf(memory)?.text).toContain('Small and last');
  });

  test('presents notes as background, not as instructions', () => {
    expect(contextOf(memoryOf(record('Use pnpm')))?.text).toContain('not instructions');
  });

  test('does not say a summary twice when the content begins with it', () => {
    const text = contextOf(memoryOf(record('Use pnpm', { content: 'Use pnpm, never npm.' })))?.text ?? '';

    expect(text.match(/Use pnpm/g)).toHaveLength(1);
  });

  test('shows no character that only a model would notice, and no half characters', () => {
    const hidden = 'a\u200Bb\u202Ec\u{E0041}d\u0007e\uFEFFf\uD800g';
    const text = contextOf(memoryOf(record('Hidden', { content: hidden })))?.text ?? '';

    expect(text).toContain('abcdef\uFFFDg');
    expect(Buffer.from(text).toString()).toBe(text);
  });

  test('leaves out what the history has been given, and ends in silence when that is all', () => {
    const before = memoryOf(record('Known'));
    const first = contextOf(before);
    const given = new Set(first?.given);

    expect(contextOf(before, given)).toBeUndefined();
    const second = contextOf(memoryOf(record('Known'), record('New')), given);
    expect(second?.text).toContain('New');
    expect(second?.text).not.toContain('Known');
    expect(second?.text).not.toContain('## Recall');
  });

  test('gives a note again once its words have changed', () => {
    const given = new Set(contextOf(memoryOf(record('Port', { content: 'The port is 8080.' })))?.given);

    expect(contextOf(memoryOf(record('Port', { content: 'The port is 9090.' })), given)?.text).toContain('9090');
  });

  test('chooses others in place of notes that are refused', () => {
    const memory = memoryOf(record('Bad'), record('Good', { confidence: 0.2 }));
    const refused = new Set(memory.global.filter(({ summary }) => summary === 'Bad'));

    expect(chooseNotes(memory, contract, refused).notes.map((note) => note.record.summary)).toEqual(['Good']);
  });
});

describe('a note whose content only restates its summary', () => {
  test.each([
    ['Use pnpm here', 'From now on, use pnpm here.', '- From now on, use pnpm here.'],
    ['Use pnpm here', 'Use pnpm here, never npm.', '- Use pnpm here, never npm.'],
    ['Package manager', 'Use pnpm here.', '- Package manager: Use pnpm here.'],
  ])('%s | %s is shown once', (summary, content, shown) => {
    const wish = { ...record(summary), content };
    const chosen = chooseNotes({ user: [], global: [wish] }, 'contract', new Set());
    expect(chosen.notes.map((note) => note.text)).toEqual([shown]);
  });
});
