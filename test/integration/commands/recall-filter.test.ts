import { describe, expect, test } from 'vitest';
import { note, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';
import { builtCsep } from './built-csep.ts';

const csep = builtCsep();

/** Sixty records that match the words well, and one that matches them least, alone in its folder and in its year. */
async function fullBucket(): Promise<TempBucket> {
  const temp = tempBucket();
  const near = Array.from({ length: 60 }, (_, index) =>
    note(`The time-out of the gateway, case ${index}`, `The gateway time-out of case ${index} is ${index} seconds.`, {
      source_paths: [`src/web/case-${index}.ts`],
      source_updated_at: '2026-03-01T00:00:00Z',
    }),
  );
  const far = note(
    'Keys',
    `Keys are rotated, one by one. ${'They turn slowly. '.repeat(6)}The gateway has a time-out.`,
    {
      source_paths: ['src/api/keys.ts'],
      source_updated_at: '2024-06-01T00:00:00Z',
    },
  );
  temp.deposit('a1', [...near, far]);
  await temp.compile();
  return temp;
}

function summaries(temp: TempBucket, flags: readonly string[]): string[] {
  const ran = csep(temp, ['recall', 'gateway time-out', '--json', '--scope', 'repo', ...flags]);
  expect([ran.status, ran.stderr]).toEqual([0, '']);
  return JSON.parse(ran.stdout).results.map(({ summary }: { summary: string }) => summary);
}

describe('csep recall', () => {
  test('finds what a filter asks for however deep in the ranking it lies', async () => {
    const temp = await fullBucket();

    expect(summaries(temp, [])).not.toContain('Keys');
    expect(summaries(temp, ['--top-k', '40'])).not.toContain('Keys');
    expect(summaries(temp, ['--path', 'src/api'])).toEqual(['Keys']);
    expect(summaries(temp, ['--until', '2024-12-31'])).toEqual(['Keys']);
    expect(summaries(temp, ['--since', '2024-01-01', '--until', '2025-01-01', '--path', 'keys.ts'])).toEqual(['Keys']);
    expect(summaries(temp, ['--since', '2026-01-01'])).toHaveLength(3);
    expect(summaries(temp, ['--since', '2026-01-01', '--path', 'src/api'])).toEqual([]);
  });

  test.each([
    ['--since', 'yesterday', 'not "yesterday"'],
    ['--until', '2026-13-40', 'not "2026-13-40"'],
    ['--path', '/', '--path needs'],
  ])('takes %s %s for wrong usage', (flag, word, says) => {
    const temp = tempBucket();
    const ran = csep(temp, ['recall', 'gateway', flag, word]);

    expect(ran.status).toBe(2);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain(says);
  });
});
