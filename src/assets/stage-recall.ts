import path from 'node:path';
import type { Generation, RecallChunk } from '../contracts/generation.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { DiskFailure } from '../kernel/disk-failure.ts';
import { factsOf } from '../kernel/files.ts';
import { copyFile, linkFile } from '../kernel/move-files.ts';
import { closeSegment, openChunk, openedSegment, ordinalsInChunk, recordsOfChunk } from './recall-chunk-file.ts';
import { damageOfRecords } from './recall-damage.ts';
import { numberOfChunk, planChunks } from './recall-chunk-plan.ts';
import { mergeChunks } from './recall-merged-file.ts';
import { mergedName, planMerges } from './recall-merge-plan.ts';
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
 *
 * @throws DiskFailure when records of the generation before are gone: nothing is built on what is left of them
 */
export function stageRecall(stage: RecallStage): StagedRecall {
  refuseDamage(stage);
  const before = stage.from?.chunks ?? [];
  const plan = planChunks(
    withUsableSegments(stage, before).map((chunk) => remaining(stage, chunk)),
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
  const chunks = [...staged.values()].toSorted((a, b) => numberOfChunk(a.name) - numberOfChunk(b.name));
  stageMerges(stage, { chunks, linked, unchanged: new Set(plan.linked) });
  return { chunks, linked };
}

function refuseDamage({ from }: RecallStage): void {
  const damage = from && damageOfRecords(from.folder, { recall_chunks: [...from.chunks], files: from.files });
  if (damage) throw new DiskFailure(damage);
}

interface StagedChunks extends StagedRecall {
  unchanged: ReadonlySet<string>;
}

/** The merged segments over the chunks that lie in the stage by now. */
function stageMerges(stage: RecallStage, { chunks, linked, unchanged }: StagedChunks): void {
  const plan = planMerges(
    chunks.map((chunk) => ({ ...chunk, linked: unchanged.has(chunk.name) })),
    {
      chunks: (stage.from?.chunks ?? []).map(({ name }) => name),
      merged: Object.keys(stage.from?.files ?? {}).flatMap((file) => {
        const name = mergedName(file);
        return name !== undefined && isSound(stage, file) ? [name] : [];
      }),
    },
  );
  for (const name of plan.linked) takeOverFile(stage, `${name}.seg`, linked);
  for (const { name, members } of plan.built) {
    const merged = mergeChunks(members.map((member) => openChunk(stage.folder, member)));
    if (merged) stage.put(`${name}.seg`, merged);
  }
}

/**
 * Marks the chunks whose segment no query can use, to be written anew. All come from one version of this program as a
 * rule, so as long as the first is fine the others are not opened for it.
 */
function withUsableSegments(stage: RecallStage, chunks: readonly RecallChunk[]): PlannedChunk[] {
  const [first] = chunks;
  const isOfThisVersion = first === undefined || opens(stage, first.name);
  return chunks.map((chunk) => {
    const isUsable = isSound(stage, `${chunk.name}.seg`) && (isOfThisVersion || opens(stage, chunk.name));
    return isUsable ? chunk : { ...chunk, changed: true };
  });
}

type Way = Pick<RecallStage, 'folder' | 'from'>;

/** Takes a chunk over as it is. @returns its files, with the sums they had; undefined when no query could use it */
export function takeOverIfSound(way: Way, chunk: string): Generation['files'] | undefined {
  const isUsable = isSound(way, `${chunk}.jsonl`) && isSound(way, `${chunk}.seg`) && opens(way, chunk);
  if (!isUsable) return undefined;
  const linked: Generation['files'] = {};
  takeOver(way, chunk, linked);
  return linked;
}

/** Whether a file of the generation before is what was written there, by its kind and size. */
function isSound({ from }: Way, file: string): boolean {
  const facts = from && factsOf(path.join(from.folder, file));
  return facts?.kind === 'file' && facts.size === from?.files[file]?.size;
}

function opens({ from }: Way, chunk: string): boolean {
  if (!from) return false;
  const open = openChunk(from.folder, chunk);
  try {
    openedSegment(open);
    return true;
  } catch {
    return false;
  } finally {
    closeSegment(open);
  }
}

function remaining(stage: RecallStage, chunk: PlannedChunk): PlannedChunk {
  if (!chunk.changed && !touches(stage, chunk.name)) return chunk;
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

function takeOver(stage: Way, chunk: string, linked: Generation['files']): void {
  for (const name of [`${chunk}.jsonl`, `${chunk}.seg`]) takeOverFile(stage, name, linked);
}

function takeOverFile(stage: Way, name: string, linked: Generation['files']): void {
  if (!stage.from) return;
  const from = path.join(stage.from.folder, name);
  const to = path.join(stage.folder, name);
  // No hard links on exFAT and some network shares: a copy costs space, not correctness.
  if (!linkFile(from, to)) copyFile(from, to);
  const known = stage.from.files[name];
  if (known) linked[name] = known;
}
