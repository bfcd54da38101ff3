import { describe, expect, test } from 'vitest';
import { examine } from '../../../src/health/doctor.ts';
import { ago, statusScreen } from '../../../src/health/status-screen.ts';
import { aBucket, aStatus, facts, threeHooks } from './facts.ts';

const screen = (given = facts()): string[] =>
  statusScreen(given.status, examine(given), { version: '1.0.0' }).split('\n');

describe('the screen of status', () => {
  test('says that all is well, and how the loop fares', () => {
    const text = screen().join('\n');

    expect(text).toContain('All is well.');
    expect(text).toContain('3 turns, 1 promotion, 1 note put beside prompts');
    expect(text).toContain('generation 1');
  });

  test('begins with what is broken, then warnings', () => {
    const given = facts({
      nestedFlag: true,
      hooks: { hooks: threeHooks('untrusted'), problems: [], areSwitchedOff: false },
      otherHosts: ['laptop'],
    });
    const marks = screen(given).flatMap((line) => /^(BROKEN|warning)/.exec(line)?.[0] ?? []);

    expect(marks).toEqual(['BROKEN', 'BROKEN', 'warning']);
  });

  test('fits 80 × 24 whatever there is to say', () => {
    const long = 'x'.repeat(500);
    const buckets = Array.from({ length: 1_000 }, (_, index) =>
      aBucket({ project: `-${long}-${index}`, problems: [long] }),
    );
    const given = facts({
      status: aStatus({ home: `/${long}`, buckets, problems: [long] }),
      nestedFlag: true,
      configProblem: long,
      hooks: { hooks: [], problems: [], areSwitchedOff: false },
      reviewer: { name: 'minimax', problem: long },
      otherHosts: ['laptop'],
      open: [{ path: long, mode: 0o777 }],
    });
    const lines = screen(given);

    expect(lines.length).toBeLessThanOrEqual(23);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(79);
  });

  test('uses a wider terminal, and takes a narrower one for 80', () => {
    const { status } = facts({ status: aStatus({ home: `/${'x'.repeat(500)}` }) });
    const widths = [132, 40, undefined].map(
      (columns) => statusScreen(status, [], { version: '1.0.0', columns }).split('\n')[0]?.length,
    );

    expect(widths).toEqual([131, 79, 79]);
  });

  test('lets no control character of a message reach the terminal', () => {
    const given = facts({ configProblem: 'a\u001B[2Jb\u202Ec\nd' });

    expect(screen(given).join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

test.each([
  ['2026-11-20T12:00:00Z', 'just now'],
  ['2026-11-20T11:57:00Z', '3 min ago'],
  ['2026-11-20T02:00:00Z', '10 h ago'],
  ['2026-11-10T12:00:00Z', '10 days ago'],
  ['never', 'never'],
])('%s is %s', (at, text) => {
  expect(ago(at, '2026-11-20T12:00:00Z')).toBe(text);
});
