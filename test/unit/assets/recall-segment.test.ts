import { describe, expect, test } from 'vitest';
import { buildChunk } from '../../../src/assets/recall-segment.ts';
import {
  BLOCK_BYTES,
  bytesInMemory,
  hashOf,
  HEADER_BYTES,
  POSTING_BYTES,
} from '../../../src/assets/recall-segment-format.ts';
import {
  findTerms,
  locate,
  ordinalsOf,
  readFront,
  readIds,
  readPostings,
  SegmentBroken,
} from '../../../src/assets/recall-segment-reader.ts';
import { recallRecord } from '../../support/recall-records.ts';

const records = Array.from({ length: 40 }, (_, index) =>
  recallRecord(`id-${index}`, {
    summary: `Note ${index} about the ${index % 2 === 0 ? 'parser' : 'scheduler'}`,
    content: Array.from({ length: 20 }, (_unused, word) => `w${(index * 7 + word * 13) % 300}`).join(' '),
    cwd: index < 20 ? '/repo/a' : '/repo/b',
  }),
);
const chunk = buildChunk(records);

function ordinalsFor(segment: Buffer, term: string): number[] {
  const source = bytesInMemory(segment);
  const front = readFront(source, chunk.jsonl.length);
  const [entry] = findTerms(source, front, [hashOf(term)]);
  if (!entry) return [];
  const bytes = readPostings(source, front, entry);
  return Array.from({ length: bytes.length / POSTING_BYTES }, (_, at) => bytes[at * POSTING_BYTES] ?? 0);
}

function lengthOf(summary: string, content: string): number[] {
  const { segment, jsonl } = buildChunk([recallRecord('x', { summary, content })]);
  return [...readFront(bytesInMemory(segment), jsonl.length).lengths];
}

/** Everything that a query may read of it. */
function readAll(segment: Buffer): void {
  const source = bytesInMemory(segment);
  const front = readFront(source, chunk.jsonl.length);
  const words = [
    'note',
    'parser',
    'schedul',
    ...records.map((_, index) => String(index)),
    ...Array.from({ length: 300 }, (_, index) => `w${index}`),
  ];
  for (const entry of findTerms(source, front, words.map(hashOf))) if (entry) readPostings(source, front, entry);
  readIds(source, front);
}

function isRefused(segment: Buffer): boolean {
  try {
    readAll(segment);
    return false;
  } catch (error) {
    if (error instanceof SegmentBroken) return true;
    throw error;
  }
}

describe('a segment', () => {
  test('lists the records of a term, and none for a term that it has not', () => {
    expect(ordinalsFor(chunk.segment, 'schedul')).toEqual(
      records.flatMap((_, index) => (index % 2 === 1 ? [index] : [])),
    );
    expect(ordinalsFor(chunk.segment, 'nowhere')).toEqual([]);
  });

  test('finds every word of every record', () => {
    for (const [ordinal, { content }] of records.entries()) {
      for (const word of content.split(' ')) expect(ordinalsFor(chunk.segment, word)).toContain(ordinal);
    }
  });

  test('many terms at once are found as one by one', () => {
    const source = bytesInMemory(chunk.segment);
    const front = readFront(source, chunk.jsonl.length);
    const terms = Array.from({ length: 300 }, (_, index) => hashOf(`w${index}`));
    expect(findTerms(source, front, terms)).toEqual(terms.map((term) => findTerms(source, front, [term])[0]));
  });

  test('knows where each record lies, in which folder, from when', () => {
    const source = bytesInMemory(chunk.segment);
    const front = readFront(source, chunk.jsonl.length);
    const { offset, length } = locate(source, front, 21);
    expect(JSON.parse(chunk.jsonl.subarray(offset, offset + length).toString('utf8'))).toMatchObject({ id: 'id-21' });
    expect([...front.folderOf].map((folder) => front.folders[folder])).toEqual(records.map(({ cwd }) => cwd));
    expect(front.times[0]).toBe(Date.parse('2026-01-02T03:04:05Z') / 1000);
  });

  test('finds records by id', () => {
    const source = bytesInMemory(chunk.segment);
    const ids = readIds(source, readFront(source, chunk.jsonl.length));
    expect(ordinalsOf(ids, hashOf('id-33'))).toEqual([33]);
    expect(ordinalsOf(ids, hashOf('id-99'))).toEqual([]);
  });

  test('has the same bytes for the same records', () => {
    expect(buildChunk(records).segment.equals(chunk.segment)).toBe(true);
  });

  test('of no records is a segment too', () => {
    const empty = buildChunk([]);
    expect(readFront(bytesInMemory(empty.segment), 0).records).toBe(0);
  });

  test('a title that the content repeats is counted once', () => {
    expect(lengthOf('parser fails', 'parser fails\nrestart it')).toEqual(lengthOf('parser fails', 'restart'));
    expect(lengthOf('parser fails', 'parser fails when restarted')).toEqual(lengthOf('', 'parser fails restarted'));
  });
});

describe('a segment is not trusted', () => {
  test.each(Array.from({ length: HEADER_BYTES }, (_, offset) => offset))('when it is cut after %i bytes', (length) => {
    expect(() => readFront(bytesInMemory(chunk.segment.subarray(0, length)), chunk.jsonl.length)).toThrow(
      SegmentBroken,
    );
  });

  test('when it is cut anywhere else, or longer than it was', () => {
    for (let length = HEADER_BYTES; length < chunk.segment.length; length += 101) {
      expect(() => readFront(bytesInMemory(chunk.segment.subarray(0, length)), chunk.jsonl.length)).toThrow(
        SegmentBroken,
      );
    }
    const longer = Buffer.concat([chunk.segment, Buffer.alloc(1)]);
    expect(() => readFront(bytesInMemory(longer), chunk.jsonl.length)).toThrow(SegmentBroken);
  });

  test('when it belongs to records of another size', () => {
    expect(() => readFront(bytesInMemory(chunk.segment), chunk.jsonl.length + 1)).toThrow(SegmentBroken);
  });

  test('when any byte of header, front or ids is another one', () => {
    const front = readFront(bytesInMemory(chunk.segment), chunk.jsonl.length);
    const parts = [
      [0, front.dictionaryAt],
      [front.tableAt, chunk.segment.length],
    ] as const;
    for (const [start, end] of parts) {
      for (let at = start; at < end; at++) {
        const bytes = Buffer.from(chunk.segment);
        bytes[at] = (bytes[at] ?? 0) ^ 0x10;
        expect(() => readAll(bytes), `byte ${at}`).toThrow(SegmentBroken);
      }
    }
  });

  test('when any byte of a posting list, or of the entry that points to it, is another one', () => {
    const front = readFront(bytesInMemory(chunk.segment), chunk.jsonl.length);
    const passed: number[] = [];
    for (let at = front.dictionaryAt; at < front.locatorsAt; at += 3) {
      const bytes = Buffer.from(chunk.segment);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      if (!isRefused(bytes)) passed.push(at);
    }
    // Behind the check of each block lie eight bytes, and behind the last list up to three, that mean nothing.
    const filler = (at: number): boolean =>
      at >= front.postingsAt ? at >= front.locatorsAt - 3 : (at - front.dictionaryAt) % BLOCK_BYTES >= BLOCK_BYTES - 8;
    expect(passed.filter((at) => !filler(at))).toEqual([]);
  });
});
