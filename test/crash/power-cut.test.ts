import { describe } from 'vitest';
import { crashTable } from './table.ts';
import type { Row } from './table.ts';

const rows: readonly Row[] = [
  { ending: 'lost', title: 'power cut that loses all that was not synced' },
  { ending: 'hollow', title: 'power cut that keeps the names and loses the bytes' },
];

describe.each(rows)('a $title', (row) => {
  crashTable(row);
});
