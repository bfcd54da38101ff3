import type { RecallRecord } from '../contracts/recall.ts';
import { openChunk, recordsOfChunk } from '../assets/recall-chunk-file.ts';
import type { OpenKnowledge } from './open-knowledge.ts';

/** All recall records as a person sees them now, hand edits included. Reads the whole store. */
export function recallRecords(knowledge: OpenKnowledge): RecallRecord[] {
  const { recallFolder, recallChunks, recallEdits, imported } = knowledge;
  const stored = recallFolder
    ? recallChunks.flatMap((chunk) => recordsOfChunk(openChunk(recallFolder, chunk.name)))
    : imported;
  const kept = stored.filter((record) => !recallEdits.removed.has(record.id));
  return [...kept.map((record) => recallEdits.replaced.get(record.id) ?? record), ...recallEdits.added.values()];
}
