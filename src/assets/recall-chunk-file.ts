import path from 'node:path';
import type { RecallRecord } from '../contracts/recall.ts';
import { DiskFailure } from '../kernel/disk-failure.ts';
import { crc32 } from '../kernel/crc32.ts';
import { closeFile, fileSize, fillAt, lookAt, openForReading, readAt, readBytes } from '../kernel/files.ts';
import { numberOfChunk } from './recall-chunk-plan.ts';
import { expectLongLife } from '../kernel/short-life.ts';
import { readRecordLine } from './recall-record.ts';
import { buildChunk, buildSegment, type FiledRecord } from './recall-segment.ts';
import { bytesInMemory, type ByteSource, hashOf } from './recall-segment-format.ts';
import {
  type Locator,
  locate,
  ordinalsOf,
  readFront,
  readIds,
  SegmentBroken,
  type SegmentFront,
} from './recall-segment-reader.ts';

/** What was found wrong with a chunk, and that its records were searched all the same unless it says otherwise. */
export interface ChunkProblem {
  chunk: string;
  detail: string;
}

/** One chunk of a store, opened as far as it was needed. */
export interface OpenChunk {
  name: string;
  /** In its name; 0 for a chunk that is no recall chunk. */
  number: number;
  jsonl: string;
  segment: string;
  jsonlBytes: number;
  /** The jsonl's bytes, when the chunk lies in memory only. */
  lines?: ByteSource;
  fd?: number | undefined;
  source?: ByteSource | undefined;
  front?: SegmentFront | undefined;
  ids?: Uint32Array | undefined;
  /** The segment was made from the jsonl, in memory. */
  rebuilt: boolean;
}

const MOST_JSONL_BYTES = 512 * 1024 * 1024;

/** Not path.join: a large store has hundreds of them. */
const fileIn = (folder: string, name: string): string => `${folder}${path.sep}${name}`;

/** @throws DiskFailure `ENOENT` when the jsonl is gone: the generation was removed while it was being opened */
export function openChunk(folder: string, name: string): OpenChunk {
  const jsonl = fileIn(folder, `${name}.jsonl`);
  const facts = lookAt(jsonl);
  if (!facts) throw missing(jsonl);
  const segment = fileIn(folder, `${name}.seg`);
  return { name, number: numberOfChunk(name), jsonl, segment, jsonlBytes: facts.size, rebuilt: false };
}

/** The records are gone, as when the generation was removed: nobody may take that for a chunk without records. */
const missing = (jsonl: string): DiskFailure =>
  new DiskFailure({ reason: 'disk-failed', operation: 'open', path: jsonl, code: 'ENOENT' });

/** A chunk without files. */
export function chunkInMemory(name: string, records: readonly RecallRecord[]): OpenChunk {
  expectLongLife();
  const { jsonl, segment } = buildChunk(records);
  const source = bytesInMemory(segment);
  const lines = bytesInMemory(jsonl);
  const files = { jsonl: '', segment: '', jsonlBytes: jsonl.length };
  return { name, number: numberOfChunk(name), ...files, lines, source, rebuilt: true };
}

/** Bytes and front of a segment. */
export interface OpenedSegment {
  source: ByteSource;
  front: SegmentFront;
}

/** Bytes and front of a chunk's segment. @throws SegmentBroken, DiskFailure */
export function openedSegment(chunk: OpenChunk): OpenedSegment {
  chunk.source ??= openSource(chunk);
  chunk.front ??= readFront(chunk.source, chunk.jsonlBytes);
  return { source: chunk.source, front: chunk.front };
}

/** A file that a query reads in many places. */
export interface SegmentFile {
  segment: string;
  fd?: number | undefined;
  source?: ByteSource | undefined;
}

/** A smaller segment is read at once: one large read costs less than the dozens that a query makes. */
const READ_AT_ONCE = 256 * 1024;

export function openSource(file: SegmentFile): ByteSource {
  const fd = openForReading(file.segment);
  const size = fileSize(fd);
  if (size <= READ_AT_ONCE) {
    try {
      return bytesInMemory(readAt(fd, 0, size));
    } finally {
      closeFile(fd);
    }
  }
  file.fd = fd;
  return bytesInFile(fd, size);
}

const bytesInFile = (fd: number, size: number): ByteSource => ({
  size,
  read: (position, length) => readAt(fd, position, length),
  fill: (bytes, position) => fillAt(fd, bytes, position),
});

/** Gives the file back; the front stays. */
export function closeSegment(file: SegmentFile): void {
  if (file.fd === undefined) return;
  closeFile(file.fd);
  file.fd = undefined;
  file.source = undefined;
}

/**
 * Makes the segment anew, in memory, from the records.
 * @returns numbers of the lines that are no records
 * @throws DiskFailure when the jsonl cannot be read (`ENOENT` when it is gone)
 */
export function rebuildSegment(chunk: OpenChunk): number[] {
  expectLongLife();
  closeSegment(chunk);
  const { filed, bad, bytes } = readLines(chunk.jsonl);
  const segment = buildSegment(filed, bytes);
  chunk.jsonlBytes = bytes;
  chunk.source = bytesInMemory(segment);
  chunk.front = readFront(chunk.source, bytes);
  chunk.ids = undefined;
  chunk.rebuilt = true;
  return bad;
}

function readLines(file: string): { filed: FiledRecord[]; bad: number[]; bytes: number } {
  const bytes = readBytes(file, MOST_JSONL_BYTES);
  if (!bytes) throw missing(file);
  const filed: FiledRecord[] = [];
  const bad: number[] = [];
  let number = 0;
  for (let offset = 0; offset < bytes.length;) {
    const newline = bytes.indexOf(10, offset);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.subarray(offset, end);
    const record = readRecordLine(line.toString('utf8'));
    number++;
    if (record) filed.push({ record, offset, length: line.length, check: crc32(line) });
    else bad.push(number);
    offset = end;
  }
  return { filed, bad, bytes: bytes.length };
}

/** All records of a chunk, in the order of the file; lines that are no records are left out. */
export const recordsOfChunk = (chunk: OpenChunk): RecallRecord[] =>
  readLines(chunk.jsonl).filed.map(({ record }) => record);

/** Reads one record. @throws SegmentBroken when the line is not the one that the segment was made from */
export function recordAt(chunk: OpenChunk, ordinal: number): RecallRecord {
  const { source, front } = openedSegment(chunk);
  return recordOfLine(chunk, locate(source, front, ordinal));
}

/** Reads the record of a line. @throws SegmentBroken when the line is another than it was */
export function recordOfLine(chunk: OpenChunk, locator: Locator): RecallRecord {
  const line = chunk.lines ? lineAt(chunk.lines, locator) : lineOfFile(chunk.jsonl, locator);
  const record = readRecordLine(line.toString('utf8'));
  if (!record) throw new SegmentBroken('points to a line that is no record');
  return record;
}

function lineOfFile(jsonl: string, locator: Locator): Buffer {
  const fd = openForReading(jsonl);
  try {
    return lineAt(bytesInFile(fd, fileSize(fd)), locator);
  } finally {
    closeFile(fd);
  }
}

function lineAt(lines: ByteSource, { offset, length, check }: Locator): Buffer {
  if (offset + length > lines.size) throw new SegmentBroken('points behind the end of the records');
  const line = lines.read(offset, length);
  if (crc32(line) !== check) throw new SegmentBroken('points to another line than it was made from');
  return line;
}

/** Ordinals of the records with this id. @throws SegmentBroken */
export function ordinalsInChunk(chunk: OpenChunk, id: string): number[] {
  const { source, front } = openedSegment(chunk);
  chunk.ids ??= readIds(source, front);
  return ordinalsOf(chunk.ids, hashOf(id));
}
