import { describe } from 'vitest';
import { refusalTable } from './refusal-table.ts';
import type { Refusal } from './refusal-table.ts';

const CODES = ['ENOSPC', 'EACCES', 'EROFS', 'EIO'] as const;

/** Every call is refused once in each run, with one code after the other; with CRASH_ALL_CODES=1 with each of them. */
const everyCode = process.env['CRASH_ALL_CODES'] === '1';

const once = (title: string, codes: readonly string[]): Refusal => ({
  title,
  codes,
  lasts: false,
  concerns: () => true,
});

const refusals = everyCode ? CODES.map((code) => once(code, [code])) : [once(CODES.join(', '), CODES)];

describe.each(refusals)('a disk that refuses one call ($title)', (refusal) => {
  refusalTable(refusal);
});
