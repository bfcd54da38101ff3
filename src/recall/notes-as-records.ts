import { readMemory } from '../assets/read-memory.ts';
import type { MemoryRecord } from '../contracts/memory.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { attempt } from '../kernel/disk-failure.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { noteKey } from './note-key.ts';

const PREFIX = 'note-';

/** Whether an id names a note of the memory. */
export const isNoteId = (id: string): boolean => id.startsWith(PREFIX);

/**
 * Memory as records to be recalled by whoever asks for them: a person in a shell was given none of it,
 * a session perhaps not all. Memory that cannot be read hides no record: it is left out.
 */
export function notesAsRecords(layout: BucketLayout): RecallRecord[] {
  const memory = attempt(() => readMemory(layout));
  return memory.ok ? [...memory.value.user, ...memory.value.global].map(noteRecord) : [];
}

function noteRecord(note: MemoryRecord): RecallRecord {
  const source = note.provenance.at(-1);
  return {
    id: `${PREFIX}${noteKey(`${note.scope}\n${note.summary}\n${note.content}`)}`,
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
