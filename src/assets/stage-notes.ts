import type { Generation } from '../contracts/generation.ts';
import type { Memory } from '../contracts/memory.ts';
import { noteRecords } from './note-records.ts';
import { NOTES_CHUNK } from './recall-store.ts';
import { MOST_RECORDS } from './recall-segment-format.ts';
import { buildChunk } from './recall-segment.ts';
import { type RecallStage, takeOverIfSound } from './stage-recall.ts';

export interface NotesStage extends Pick<RecallStage, 'folder' | 'put' | 'from'> {
  memory: Memory;
  /** sha256 of the stage's memory.json. */
  sum: string | undefined;
}

/**
 * Files the notes of the memory as a chunk of its own, for queries that then need not read the memory; takes over the
 * one of the generation before when the memory is the same. An empty memory has none.
 * @returns files that were taken over unchanged, with the sums they had
 */
export function stageNotes(stage: NotesStage): Generation['files'] {
  const { from, memory, put, sum } = stage;
  const isSame = from !== undefined && from.files['memory.json']?.sha256 === sum;
  const linked = isSame ? takeOverIfSound(stage, NOTES_CHUNK) : undefined;
  if (linked) return linked;
  const count = memory.user.length + memory.global.length;
  // More than a segment holds are searched as they were before there were such files.
  if (count === 0 || count > MOST_RECORDS) return {};
  const { jsonl, segment } = buildChunk(noteRecords(memory));
  put(`${NOTES_CHUNK}.jsonl`, jsonl);
  put(`${NOTES_CHUNK}.seg`, segment);
  return {};
}
