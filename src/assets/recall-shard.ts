import type { RecallRecord } from '../contracts/recall.ts';
import { DiskFailure } from '../kernel/disk-failure.ts';
import {
  type ChunkProblem,
  closeSegment,
  openedSegment,
  type OpenedSegment,
  type OpenChunk,
  rebuildSegment,
  recordAt,
} from './recall-chunk-file.ts';
import { openedMerged, openMerged, type OpenMerged, recordInMerged } from './recall-merged-file.ts';
import { mergedName, rangeOf } from './recall-merge-plan.ts';
import { SegmentBroken } from './recall-segment-reader.ts';

/** What is asked as one: a chunk, or several through their merged segment. */
export type Shard = OpenChunk | OpenMerged;

export interface OpenStore {
  chunks: readonly OpenChunk[];
  shards: readonly Shard[];
  problems: ChunkProblem[];
  rebuilds: number;
  /** Segments that are made anew in memory at most; what is broken beyond that is left out. */
  mostRebuilds: number;
  /** Segments that turned out broken: what was asked before means other records now. */
  changes: number;
}

/** Above this the files are opened for each query, so that a store of a million records does not use up the file table. */
const MOST_OPEN_FILES = 128;

/** Chunks that a merged segment covers, all of them, are asked through it. */
export function shardsOf(folder: string, chunks: readonly OpenChunk[], names: readonly string[]): Shard[] {
  const merged = new Map<number, { name: string; last: number }>();
  for (const file of names) {
    const name = mergedName(file);
    const range = name === undefined ? undefined : rangeOf(name);
    if (name !== undefined && range) merged.set(range.first, { name, last: range.last });
  }
  const shards: Shard[] = [];
  for (let at = 0; at < chunks.length;) {
    const found = merged.get(chunks[at]?.number ?? 0);
    const end = found ? 1 + chunks.findIndex(({ number }) => number === found.last) : 0;
    const members = chunks.slice(at, Math.max(end, at + 1));
    shards.push(...(found && end > at ? [openMerged(folder, found.name, members)] : members));
    at += members.length;
  }
  return shards;
}

/**
 * Works with one chunk; a segment that turns out broken is rebuilt from the records and the work repeated.
 * @returns undefined when the chunk is of no use (reported as a problem)
 */
export function withChunk<T>(store: OpenStore, chunk: OpenChunk, work: (chunk: OpenChunk) => T): T | undefined {
  try {
    return work(chunk);
  } catch (error) {
    const detail = troubleOf(error);
    if (chunk.rebuilt) {
      store.problems.push({ chunk: chunk.name, detail: `left out: ${detail}` });
      return undefined;
    }
    return repaired(store, chunk, detail) ? withChunk(store, chunk, work) : undefined;
  } finally {
    if (store.chunks.length > MOST_OPEN_FILES) closeSegment(chunk);
  }
}

function repaired(store: OpenStore, chunk: OpenChunk, detail: string): boolean {
  if (store.rebuilds >= store.mostRebuilds) {
    store.problems.push({ chunk: chunk.name, detail: `left out, too many are broken: ${detail}` });
    return false;
  }
  store.rebuilds++;
  store.changes++;
  store.problems.push({ chunk: chunk.name, detail });
  for (const line of rebuildSegment(chunk))
    store.problems.push({ chunk: chunk.name, detail: `line ${line} is no record` });
  return true;
}

/** Works with bytes and front of whatever is asked as one. @returns undefined when it is of no use now */
export const withSegment = <T>(store: OpenStore, shard: Shard, work: (segment: OpenedSegment) => T): T | undefined =>
  withShard(store, shard, {
    ofChunk: (chunk) => work(openedSegment(chunk)),
    ofMerged: (merged) => work(openedMerged(merged)),
  });

/** Reads a record by its ordinal. @returns undefined when the segment is of no use */
export const recordInShard = (store: OpenStore, shard: Shard, ordinal: number): RecallRecord | undefined =>
  withShard(store, shard, {
    ofChunk: (chunk) => recordAt(chunk, ordinal),
    ofMerged: (merged) => recordInMerged(merged, ordinal),
  });

interface ShardWork<T> {
  ofChunk: (chunk: OpenChunk) => T;
  ofMerged: (merged: OpenMerged) => T;
}

/** A merged segment that turns out broken gives way to the chunks that it covers: whoever was asking begins again. */
function withShard<T>(store: OpenStore, shard: Shard, { ofChunk, ofMerged }: ShardWork<T>): T | undefined {
  if (!('members' in shard)) return withChunk(store, shard, ofChunk);
  // Opened again it would belong to nobody, and stay open.
  if (shard.broken) return undefined;
  try {
    return ofMerged(shard);
  } catch (error) {
    store.problems.push({ chunk: shard.name, detail: troubleOf(error) });
    shard.broken = true;
    closeSegment(shard);
    store.shards = store.shards.flatMap((one): readonly Shard[] => (one === shard ? shard.members : [one]));
    store.changes++;
    return undefined;
  } finally {
    if (store.shards.length > MOST_OPEN_FILES) closeSegment(shard);
  }
}

function troubleOf(error: unknown): string {
  if (error instanceof SegmentBroken) return error.detail;
  if (error instanceof DiskFailure)
    return error.failure.reason === 'disk-failed' ? error.failure.code : error.failure.reason;
  throw error;
}
