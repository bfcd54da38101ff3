import type { Memory, MemoryRecord } from '../contracts/memory.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { noteKey } from './note-key.ts';

const PREFIX = 'note-';

/** Whether an id names a note of the memory. */
export const isNoteId = (id: string): boolean => id.startsWith(PREFIX);

/**
 * The notes of the memory as records to be recalled. Promotions file them and take the files over while the memory
 * stays the same: whoever changes what becomes of a note gives these files another name.
 */
export const noteRecords = ({ user, global }: Memory): RecallRecord[] => [
  ...user.map((note) => noteRecord({ ...note, scope: 'user' })),
  ...global.map((note) => noteRecord({ ...note, scope: 'global' })),
];

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
