import { describe, expect, test } from 'vitest';
import { installCommand } from '../../../src/commands/install.ts';
import { renderUsage } from '../../../src/commands/usage.ts';
import type { UsageOf } from '../../../src/commands/usage.ts';

const OF: UsageOf = {
  names: ['csep', 'find'],
  version: '1.0.0',
  description:
    'Find what was said, wherever it was said, and tell who has said it (examples: csep find a, b; find --all)',
  args: {
    words: { type: 'positional', description: 'What to look for' },
    id: { type: 'positional', required: false, description: 'Of one record' },
    all: { type: 'boolean', description: 'Everything', default: false },
    tools: { type: 'boolean', description: 'Start no other program', default: true },
    out: { type: 'string', description: 'Where it is written, as a file', default: 'out.html', valueHint: 'FILE' },
    'a-name-that-is-rather-long': { type: 'string', description: 'Has a line of its own' },
  },
  commands: [],
};

const PLAIN = { columns: 60, colours: false };

describe('the help of a command', () => {
  test('says how it is called, what each flag means, and shows examples as they are typed', () => {
    expect(renderUsage(OF, PLAIN)).toBe(
      [
        'csep find 1.0.0: Find what was said, wherever it was said,',
        'and tell who has said it',
        '',
        'Usage  csep find <WORDS> [ID] [options]',
        '',
        'Arguments',
        '  WORDS  What to look for',
        '  ID     Of one record',
        '',
        'Options',
        '  --all                     Everything',
        '  --no-tools                Start no other program',
        '  --out <FILE>              Where it is written, as a file',
        '                            (default: out.html)',
        '  --a-name-that-is-rather-long <value>',
        '                            Has a line of its own',
        '',
        'Examples',
        '  csep find a, b',
        '  csep find --all',
      ].join('\n'),
    );
  });

  test('lists commands without their examples', () => {
    const of = { ...OF, args: {}, commands: [['go', 'Goes (example: go --far)']] as const };
    const text = renderUsage({ ...of, names: ['csep'], description: 'A program' }, PLAIN);

    expect(text).toContain('Usage  csep <command>\n\nCommands\n  go  Goes\n\nMore on one of them');
    expect(text).not.toContain('--far');
  });

  test.each([60, 80, 100, 250])('fits %i columns, and 100 at most', (columns) => {
    const { meta, args } = installCommand;
    if (typeof meta !== 'object' || typeof args !== 'object' || 'then' in meta || args instanceof Promise)
      throw new Error('not resolved');
    const of = { ...OF, names: ['csep', 'install'], description: meta.description ?? '', args, commands: [] };
    const [long = ''] = renderUsage(of, { columns, colours: false })
      .split('\n')
      .filter((line) => !line.startsWith('  csep '))
      .toSorted((one, other) => other.length - one.length);

    expect(long.length).toBeLessThanOrEqual(Math.min(columns, 100));
  });

  test('is in bold where it has colours, and plain where it has none', () => {
    expect(renderUsage(OF, { columns: 80, colours: true })).toContain('\u001B[1mOptions\u001B[22m');
    expect(renderUsage(OF, PLAIN)).not.toContain('\u001B');
  });
});
