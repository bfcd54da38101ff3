import { noteRecords } from '../assets/note-records.ts';
import { isMemoryUntouched, readMemory } from '../assets/read-memory.ts';
import { openNotesStore, type RecallStore, recallStoreOf } from '../assets/recall-store.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { attempt } from '../kernel/disk-failure.ts';
import type { BucketLayout } from '../kernel/home.ts';
import type { RecallSource } from './recall-source.ts';

/**
 * The memory, to be recalled by whoever asks for it: a person in a shell was given none of it, a session perhaps not
 * all. As a promotion has filed it, and from the memory itself where that is of no use.
 * @param folder of the current generation, if there is one
 */
export function noteSources(layout: BucketLayout, folder: string | undefined): RecallSource[] {
  const filed = folder === undefined ? undefined : filedNotes(layout, folder);
  if (filed) return [withSubstitute(filed, () => recallStoreOf(notesInMemory(layout)))];
  const records = notesInMemory(layout);
  return records.length > 0 ? [recallStoreOf(records)] : [];
}

/** Undefined when an older version promoted the generation, it has no notes, or a person has changed the memory since. */
function filedNotes(layout: BucketLayout, folder: string): RecallStore | undefined {
  if (!isMemoryUntouched(layout)) return undefined;
  const opened = attempt(() => openNotesStore(folder));
  return opened.ok ? opened.value : undefined;
}

/** Filed notes that turn out broken while they are asked, or gone, give way. */
function withSubstitute(filed: RecallStore, substitute: () => RecallStore): RecallSource {
  let store = filed;
  const ask = <T>(question: (asked: RecallStore) => T): T => {
    const answer = question(store);
    if (store !== filed || filed.problems().length === 0) return answer;
    filed.close();
    store = substitute();
    return question(store);
  };
  return {
    search: (query, options) => ask((asked) => asked.search(query, options)),
    get: (id) => ask((asked) => asked.get(id)),
    problems: () => filed.problems(),
    close: () => store.close(),
  };
}

/** Memory that cannot be read hides no record: it is left out. */
function notesInMemory(layout: BucketLayout): RecallRecord[] {
  const memory = attempt(() => readMemory(layout));
  return memory.ok ? noteRecords(memory.value) : [];
}
