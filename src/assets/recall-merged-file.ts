import path from 'node:path';
import type { RecallRecord } from '../contracts/recall.ts';
import {
  closeSegment,
  type OpenChunk,
  openedSegment,
  type OpenedSegment,
  openSource,
  recordOfLine,
  type SegmentFile,
} from './recall-chunk-file.ts';
import { mergeSegments } from './recall-merge-segments.ts';
import { locate, readFront, readMembers, SegmentBroken, type SegmentFront } from './recall-segment-reader.ts';

/** A segment over several chunks, opened as far as it was needed. */
export interface OpenMerged extends SegmentFile {
  name: string;
  /** In the order of the ordinals. */
  members: readonly OpenChunk[];
  front?: SegmentFront | undefined;
  /** First ordinal behind each member. */
  ends: number[];
  /** It turned out broken: its members are asked instead. */
  broken: boolean;
}

export const openMerged = (folder: string, name: string, members: readonly OpenChunk[]): OpenMerged => ({
  name,
  segment: path.join(folder, `${name}.seg`),
  members,
  ends: [],
  broken: false,
});

/** Bytes and front. @throws SegmentBroken when it was made from other chunks than lie beside it; DiskFailure */
export function openedMerged(merged: OpenMerged): OpenedSegment {
  merged.source ??= openSource(merged);
  if (!merged.front) {
    const front = readFront(merged.source, 0);
    merged.ends = endsOf(merged, readMembers(merged.source, front));
    if (merged.ends.at(-1) !== front.records) throw new SegmentBroken('has other records than its chunks');
    merged.front = front;
  }
  return { source: merged.source, front: merged.front };
}

function endsOf({ members }: OpenMerged, filed: ReturnType<typeof readMembers>): number[] {
  const isSame =
    filed.length === members.length &&
    filed.every(({ number, jsonlBytes }, index) => {
      const member = members[index];
      return member && number === member.number && jsonlBytes === member.jsonlBytes;
    });
  if (!isSame) throw new SegmentBroken('was made from other chunks');
  let end = 0;
  return filed.map(({ records }) => (end += records));
}

/** Reads one record. @throws SegmentBroken, DiskFailure */
export function recordInMerged(merged: OpenMerged, ordinal: number): RecallRecord {
  const { source, front } = openedMerged(merged);
  const member = merged.members[merged.ends.findIndex((end) => ordinal < end)];
  if (!member) throw new SegmentBroken('points behind its records');
  return recordOfLine(member, locate(source, front, ordinal));
}

/**
 * Merges the segments of neighbouring chunks.
 * @returns undefined when one of them cannot be used: the chunks are searched one by one then
 */
export function mergeChunks(chunks: readonly OpenChunk[]): Buffer | undefined {
  try {
    return mergeSegments(
      chunks.map((chunk) => {
        const { source, front } = openedSegment(chunk);
        const { jsonlBytes } = chunk;
        return { source, front, member: { number: chunk.number, records: front.records, jsonlBytes } };
      }),
    );
  } catch (error) {
    if (error instanceof SegmentBroken) return undefined;
    throw error;
  } finally {
    for (const chunk of chunks) closeSegment(chunk);
  }
}
