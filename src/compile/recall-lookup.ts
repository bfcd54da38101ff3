import type { RecallRecord } from '../contracts/recall.ts';
import { openRecallStore } from '../assets/recall-store.ts';
import type { RecallLookup } from '../backend/backend.ts';
import type { OpenKnowledge } from './open-knowledge.ts';

/** Looks records up in the current generation, or among those of an older home; a person's edits count. */
export function recallLookup(knowledge: OpenKnowledge): RecallLookup & { close(): void } {
  const stored = knowledge.recallFolder
    ? storedLookup(knowledge.recallFolder, knowledge.recallChunks)
    : importedLookup(knowledge.imported);
  const { added, replaced, removed } = knowledge.recallEdits;
  if (added.size + replaced.size + removed.size === 0) return stored;
  const put = new Map([...added, ...replaced]);
  const edited = (record: RecallRecord): RecallRecord => put.get(record.id) ?? record;
  const fresh = [...put.keys()].filter((id) => !stored.has(id)).length;
  return {
    count: stored.count + fresh - removed.size,
    has: (id) => put.has(id) || (!removed.has(id) && stored.has(id)),
    get: (id) => put.get(id) ?? (removed.has(id) ? undefined : stored.get(id)),
    similar: (text, count) =>
      stored.similar(text, count).flatMap((found) => (removed.has(found.id) ? [] : [edited(found)])),
    close: () => stored.close(),
  };
}

function storedLookup(folder: string, chunks: OpenKnowledge['recallChunks']): RecallLookup & { close(): void } {
  // A record that is overlooked would be promoted once more.
  const store = openRecallStore(folder, Infinity);
  return {
    count: chunks.reduce((sum, chunk) => sum + chunk.records, 0),
    has: (id) => store.has(id),
    get: (id) => store.get(id),
    similar: (text, count) => store.similar(text, count).map((hit) => hit.record),
    close: () => store.close(),
  };
}

/** Only the first compile of an older home asks here; its equal texts are found by their id. */
function importedLookup(records: readonly RecallRecord[]): RecallLookup & { close(): void } {
  const byId = new Map(records.map((record) => [record.id, record]));
  return {
    count: byId.size,
    has: (id) => byId.has(id),
    get: (id) => byId.get(id),
    similar: () => [],
    close: () => undefined,
  };
}
