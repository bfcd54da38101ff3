import type { Generation, KeptKeys, RecallChunk } from '../contracts/generation.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { openChunk, recordsOfChunk } from '../assets/recall-chunk-file.ts';
import { extendRecallMirrors, renderRecallMirrors } from '../assets/recall-mirror.ts';
import type { RecallMirrors } from '../assets/recall-mirror.ts';
import { sha256 } from '../kernel/digest.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { factsOf, readBytes } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';

/** Above this the two recall mirrors are not rendered at every promotion, but at most once a day. */
const LAZY_BYTES = 8 * 1024 * 1024;
const DAY_MS = 86_400_000;

export interface RecallToMirror {
  layout: BucketLayout;
  /** Folder in which the chunks lie (a stage or a generation). */
  folder: string;
  chunks: readonly RecallChunk[];
  files: Generation['files'];
  keptKeys: KeptKeys;
  /** Time of the promotion, ISO 8601. */
  at: string;
  /** Set when this promotion only adds records to what the last generation's mirrors show. */
  extends?: { facts: Generation; added: readonly RecallRecord[] };
}

/** The recall mirrors to write; undefined when they are too large to be written again today. */
export function mirrorRecall(task: RecallToMirror): RecallMirrors | undefined {
  if (bytesOf(task.chunks, task.files) > LAZY_BYTES && refreshedToday(task)) return undefined;
  return (
    extended(task) ??
    renderRecallMirrors(
      task.chunks.flatMap((chunk) => recordsOfChunk(openChunk(task.folder, chunk.name))),
      recallState(task),
      task.keptKeys['recall/index.json'],
    )
  );
}

/**
 * Names the records of one state, 16 hexadecimal digits: generations with the same records share it,
 * so the index changes only when a record does.
 */
export const recallState = ({ chunks, files }: Pick<RecallToMirror, 'chunks' | 'files'>): string =>
  sha256(chunks.map((chunk) => files[`${chunk.name}.jsonl`]?.sha256 ?? chunk.name).join('\n')).slice(0, 16);

const bytesOf = (chunks: readonly RecallChunk[], files: Generation['files']): number =>
  chunks.reduce((sum, chunk) => sum + (files[`${chunk.name}.jsonl`]?.size ?? 0), 0);

function refreshedToday({ layout, at }: RecallToMirror): boolean {
  const written = factsOf(layout.recallIndex)?.modifiedMs;
  return written !== undefined && Date.parse(at) - written < DAY_MS;
}

/** Only from mirrors that are to the byte what the last generation rendered. */
function extended(task: RecallToMirror): RecallMirrors | undefined {
  const before = task.extends;
  // With other keys in it the index is not laid out as one that can be extended.
  if (task.keptKeys['recall/index.json']) return undefined;
  // Large ones lag behind their generation, so there is nothing to build on.
  if (!before || bytesOf(before.facts.recall_chunks, before.facts.files) > LAZY_BYTES) return undefined;
  const index = readAsRendered(task.layout.recallIndex, before.facts.mirrors['recall/index.json']);
  const markdown = readAsRendered(task.layout.recallMd, before.facts.mirrors['recall/compiled.md']);
  return index && markdown ? extendRecallMirrors({ index, markdown }, before.added, recallState(task)) : undefined;
}

function readAsRendered(file: string, sum: string | undefined): Buffer | undefined {
  if (sum === undefined) return undefined;
  // What is no file that can be read is told when the mirrors are written.
  const bytes = attempt(() => readBytes(file));
  return bytes.ok && bytes.value && sha256(bytes.value) === sum ? bytes.value : undefined;
}
