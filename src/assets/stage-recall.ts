import path from 'node:path';
import type { Generation, RecallChunk } from '../contracts/generation.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { copyFile, linkFile } from '../kernel/move-files.ts';
import { closeSegment, openChunk, ordinalsInChunk, recordsOfChunk } from './recall-chunk-file.ts';
import { planChunks } from './recall-chunk-plan.ts';
import type { PlannedChunk } from './recall-chunk-plan.ts';
import { buildChunk } from './recall-segment.ts';

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
  /** Ids of existing records that go. */
  removed: ReadonlySet<string>;
}

export interface StagedRecall {
  chunks: RecallChunk[];
  /** Files that were taken over unchanged, with the sums they had. */
  linked: Generation['files'];
}

/**
 * Lays the recall chunks of a new generation: unchanged ones are hard-linked, so that the cost grows
 * with the batch and not with the store.
 */
export function stageRecall(stage: RecallStage): StagedRecall {
  const before = stage.from?.chunks ?? [];
  const plan = planChunks(
    before.map((chunk) => remaining(stage, chunk)),
    stage.added.length,
  );
  const linked: Generation['files'] = {};
  const staged = new Map<string, RecallChunk>();
  for (const name of plan.linked) {
    takeOver(stage, name, linked);
    staged.set(name, { name, records: before.find((chunk) => chunk.name === name)?.records ?? 0 });
  }
  const waiting = [...stage.added];
  for (const { name, from, added } of plan.written) {
    const records = [...from.flatMap((chunk) => keptRecords(stage, chunk)), ...waiting.splice(0, added)];
    const { jsonl, segment } = buildChunk(records);
    stage.put(`${name}.jsonl`, jsonl);
    stage.put(`${name}.seg`, segment);
    staged.set(name, { name, records: records.length });
  }
  return { chunks: [...staged.values()].toSorted((a, b) => numberOf(a) - numberOf(b)), linked };
}

const numberOf = (chunk: RecallChunk): number => Number(chunk.name.slice('recall-'.length));

function remaining(stage: RecallStage, chunk: RecallChunk): PlannedChunk {
  if (!touches(stage, chunk.name)) return chunk;
  return { ...chunk, changed: true, records: keptRecords(stage, chunk.name).length };
}

function touches(stage: RecallStage, name: string): boolean {
  const ids = [...stage.replaced.keys(), ...stage.removed];
  if (ids.length === 0 || !stage.from) return false;
  const open = openChunk(stage.from.folder, name);
  try {
    return ids.some((id) => ordinalsInChunk(open, id).length > 0);
  } catch {
    // A segment that cannot be read: the chunk is written anew from its records, which mends it.
    return true;
  } finally {
    closeSegment(open);
  }
}

function keptRecords(stage: RecallStage, name: string): RecallRecord[] {
  if (!stage.from) return [];
  return recordsOfChunk(openChunk(stage.from.folder, name))
    .filter((record) => !stage.removed.has(record.id))
    .map((record) => stage.replaced.get(record.id) ?? record);
}

function takeOver(stage: RecallStage, chunk: string, linked: Generation['files']): void {
  if (!stage.from) return;
  for (const name of [`${chunk}.jsonl`, `${chunk}.seg`]) {
    const from = path.join(stage.from.folder, name);
    const to = path.join(stage.folder, name);
    // No hard links on exFAT and some network shares: a copy costs space, not correctness.
    if (!linkFile(from, to)) copyFile(from, to);
    const known = stage.from.files[name];
    if (known) linked[name] = known;
  }
}
