import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { normalEntry, parseMemoryMarkdown, renderMemoryMarkdown } from '../../../src/assets/memory-markdown.ts';
import type { MemoryRecord } from '../../../src/contracts/memory.ts';

const record = (summary: string, content: string): MemoryRecord => ({
  scope: 'global',
  summary,
  content,
  source_paths: [],
  confidence: 1,
  provenance: [],
});

const NUL = '\u0000';
/** Lines that look like our own furniture, among any others. */
const line = fc.oneof(
  fc.string({ unit: 'grapheme' }).map((text) =>
    text
      .split(/[\r\n]/)
      .join('')
      .replaceAll(NUL, ''),
  ),
  fc.constantFrom(
    '## not a heading',
    '\\## escaped',
    '\\\\## twice',
    '<!-- csep generation 9 -->',
    '# USER',
    '_No entries yet._',
    '',
    '  ',
  ),
);
const entry = fc
  .tuple(fc.string({ unit: 'grapheme' }), fc.array(line, { maxLength: 6 }))
  .map(([summary, lines]) => normalEntry({ summary: summary.replaceAll(NUL, ''), content: lines.join('\n') }))
  .filter(({ summary }) => summary !== '');

describe('USER.md and MEMORY.md', () => {
  propertyTest.prop([fc.array(entry, { maxLength: 8 }), fc.nat()])(
    'read back as they were written',
    (entries, generation) => {
      const text = renderMemoryMarkdown(
        'global',
        entries.map(({ summary, content }) => record(summary, content)),
        generation,
      );
      expect(parseMemoryMarkdown(text)).toEqual({ entries, generation });
    },
  );

  test('have the documented layout', () => {
    expect(renderMemoryMarkdown('user', [], 3)).toEqual('# USER\n\n_No entries yet._\n\n<!-- csep generation 3 -->\n');
    expect(renderMemoryMarkdown('global', [record('Tests', 'Run make verify.\nNever pytest.')], 4)).toEqual(
      '# MEMORY\n\n## Tests\n\nRun make verify.\nNever pytest.\n\n<!-- csep generation 4 -->\n',
    );
  });

  test('are understood with CRLF, a byte-order mark and missing blank lines', () => {
    expect(parseMemoryMarkdown('\uFEFF# MEMORY\r\n## A\r\nfirst\r\n## B\r\n\r\n\r\nsecond\r\n')).toEqual({
      entries: [
        { summary: 'A', content: 'first' },
        { summary: 'B', content: 'second' },
      ],
      generation: null,
    });
  });

  test('keep what a person wrote above the first heading', () => {
    expect(parseMemoryMarkdown('# USER\n\nI prefer short answers.\n')?.entries).toEqual([
      { summary: 'I prefer short answers.', content: 'I prefer short answers.' },
    ]);
  });

  test('that are binary are nothing to read', () => {
    expect(parseMemoryMarkdown('a\u0000b')).toBeUndefined();
  });
});
