import path from 'node:path';
import type { Generation, RecallChunk } from '../contracts/generation.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { copyFile, linkFile } from '../kernel/move-files.ts';
import { closeSegment, openChunk, ordinalsInChunk, recordsOfChunk } from './recall-chunk-file.ts';
import { buildChunk } from './recall-segment.ts';

/** Records of one chunk: the most that a promotion rewrites for one added note. */
export const CHUNK_RECORDS = 1_000;

export interface RecallStage {
  /** The stage's folder. */
  folder: string;
  /** Writes a file of the stage and notes its sum. */
  put: (name: string, bytes: Uint8Array) => void;
  /** The generation that this one follows; undefined for the first. */
  from: { folder: string; chunks: readonly RecallChunk[]; files: Generation['files'] } | undefined;
  added: readonly RecallRecord[];
  /** By id: what takes the place of an existing record. */
  replaced: ReadonlyMap<string, RecallRecord>;
}

export interface StagedRecall {
  chunks: RecallChunk[];
  /** Files that were taken over unchanged, with the sums they had. */
  linked: Generation['files'];
}

/**
 * Lays the recall chunks of a new generation: unchanged ones are hard-linked, so that the cost grows
 * with the batch and not with the store. Only the last chunk may be short; new records fill it first.
 */
export function stageRecall(stage: RecallStage): StagedRecall {
  const chunks: RecallChunk[] = [];
  const linked: Generation['files'] = {};
  const waiting = [...stage.added];
  const before = stage.from?.chunks ?? [];
  for (const [index, chunk] of before.entries()) {
    const isLast = index === before.length - 1;
    const room = isLast ? CHUNK_RECORDS - chunk.records : 0;
    const filling = room > 0 ? waiting.splice(0, room) : [];
    const records = filling.length > 0 || hasReplaced(stage, chunk) ? changedRecords(stage, chunk, filling) : undefined;
    if (records) chunks.push(putChunk(stage, chunk.name, records));
    else {
      takeOver(stage, chunk, linked);
      chunks.push(chunk);
    }
  }
  while (waiting.length > 0) chunks.push(putChunk(stage, freeName(chunks), waiting.splice(0, CHUNK_RECORDS)));
  return { chunks, linked };
}

function putChunk(stage: RecallStage, name: string, records: readonly RecallRecord[]): RecallChunk {
  const { jsonl, segment } = buildChunk(records);
  stage.put(`${name}.jsonl`, jsonl);
  stage.put(`${name}.seg`, segment);
  return { name, records: records.length };
}

function hasReplaced(stage: RecallStage, chunk: RecallChunk): boolean {
  if (stage.replaced.size === 0 || !stage.from) return false;
  const open = openChunk(stage.from.folder, chunk.name);
  try {
    return [...stage.replaced.keys()].some((id) => ordinalsInChunk(open, id).length > 0);
  } catch {
    // A segment that cannot be read: the chunk is written anew from its records, which mends it.
    return true;
  } finally {
    closeSegment(open);
  }
}

function changedRecords(stage: RecallStage, chunk: RecallChunk, filling: readonly RecallRecord[]): RecallRecord[] {
  const records = stage.from ? recordsOfChunk(openChunk(stage.from.folder, chunk.name)) : [];
  return [...records.map((record) => stage.replaced.get(record.id) ?? record), ...filling];
}

function takeOver(stage: RecallStage, chunk: RecallChunk, linked: Generation['files']): void {
  if (!stage.from) return;
  for (const name of [`${chunk.name}.jsonl`, `${chunk.name}.seg`]) {
    const from = path.join(stage.from.folder, name);
    const to = path.join(stage.folder, name);
    // No hard links on exFAT and some network shares: a copy costs space, not correctness.
    if (!linkFile(from, to)) copyFile(from, to);
    const known = stage.from.files[name];
    if (known) linked[name] = known;
  }
}

const freeName = (chunks: readonly RecallChunk[]): string => {
  const highest = chunks.reduce((most, chunk) => Math.max(most, Number(chunk.name.slice('recall-'.length)) || 0), 0);
  return `recall-${highest + 1}`;
};
