import { describe } from 'vitest';
import { crashTable } from './table.ts';
import type { Row } from './table.ts';

const rows: readonly Row[] = [
  { ending: 'kill', title: 'killed' },
  { ending: 'tear', title: 'killed in the middle of a write' },
];

describe.each(rows)('a process that is $title', (row) => {
  crashTable(row);
});
