import { describe } from 'vitest';
import { NEEDS_ROOM, refusalTable } from './refusal-table.ts';
import type { Refusal } from './refusal-table.ts';

const refusals: readonly Refusal[] = [
  // A full disk still lets go: what is renamed or removed needs no room.
  { codes: ['ENOSPC'], title: 'full from then on, ENOSPC', lasts: true, concerns: (call) => NEEDS_ROOM.has(call.kind) },
  { codes: ['EROFS'], title: 'read-only from then on, EROFS', lasts: true, concerns: (call) => call.kind !== 'fsync' },
];

describe.each(refusals)('a disk that is $title', (refusal) => {
  refusalTable(refusal);
});
