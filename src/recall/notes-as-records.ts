import { currentGeneration } from '../assets/generation-folder.ts';
import { readKnowledge } from '../assets/read-memory.ts';
import type { MemoryRecord } from '../contracts/memory.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import path from 'node:path';
import { factsOf } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { noteKey } from './note-key.ts';

/** JSON of this size always fits into a session's context, with all that surrounds it. */
const FITS_BYTES = 8_000;

/**
 * Memory as records to be recalled, where it is more than a session's context can hold: what was
 * left out there must be found here.
 */
export function notesAsRecords(layout: BucketLayout): RecallRecord[] {
  const generation = currentGeneration(layout);
  const file = generation ? path.join(generation.folder, 'memory.json') : layout.memoryJson;
  if ((factsOf(file)?.size ?? 0) <= FITS_BYTES) return [];
  const { user, global } = readKnowledge(layout).memory;
  return [...user, ...global].map(noteRecord);
}

function noteRecord(note: MemoryRecord): RecallRecord {
  const source = note.provenance.at(-1);
  return {
    id: `note-${noteKey(`${note.scope}\n${note.summary}\n${note.content}`)}`,
    summary: note.summary,
    content: note.content,
    source_paths: note.source_paths,
    repo_fingerprint: '',
    cwd: '',
    thread_id: source?.thread_id ?? '',
    turn_id: source?.turn_id ?? '',
    source_updated_at: source?.at ?? '',
  };
}
