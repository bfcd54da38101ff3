import { expect, test } from 'vitest';
import { stageNotes } from '../../../src/assets/stage-notes.ts';
import type { Memory, MemoryRecord } from '../../../src/contracts/memory.ts';

const memoryOf = (count: number): Memory => ({
  user: [],
  global: Array.from({ length: count }, (_, index): MemoryRecord => ({
    scope: 'global',
    summary: `s${index}`,
    content: `w${index % 50}`,
    source_paths: [],
    confidence: 1,
    provenance: [],
  })),
});

function filesOf(memory: Memory): string[] {
  const files: string[] = [];
  stageNotes({ folder: '', put: (name) => void files.push(name), from: undefined, memory, sum: undefined });
  return files;
}

test('notes are filed as long as one segment holds them, and one more costs nobody the promotion', () => {
  expect(filesOf(memoryOf(65_535))).toEqual(['notes.jsonl', 'notes.seg']);
  expect(filesOf(memoryOf(65_536))).toEqual([]);
  expect(filesOf(memoryOf(0))).toEqual([]);
});
