import type { RecallRecord } from '../contracts/recall.ts';
import { openRecallStore } from '../assets/recall-store.ts';
import type { RecallLookup } from '../backend/backend.ts';
import type { OpenKnowledge } from './open-knowledge.ts';

/** Looks records up in the current generation, or among those of an older home. */
export function recallLookup(knowledge: OpenKnowledge): RecallLookup & { close(): void } {
  return knowledge.recallFolder ? storedLookup(knowledge.recallFolder) : importedLookup(knowledge.imported);
}

function storedLookup(folder: string): RecallLookup & { close(): void } {
  const store = openRecallStore(folder);
  return {
    has: (id) => store.has(id),
    get: (id) => store.get(id),
    similar: (text, count) => store.similar(text, count).map((hit) => hit.record),
    close: () => store.close(),
  };
}

/** Only the first compile of an older home asks here; its equal texts are found by their id. */
function importedLookup(records: readonly RecallRecord[]): RecallLookup & { close(): void } {
  const byId = new Map(records.map((record) => [record.id, record]));
  return { has: (id) => byId.has(id), get: (id) => byId.get(id), similar: () => [], close: () => undefined };
}
