import {
  BLOCK_BYTES,
  BLOCK_WORDS,
  type ByteSource,
  LOCATOR_BYTES,
  POSTING_BYTES,
  wordsOf,
} from './recall-segment-format.ts';
import {
  entriesOf,
  readPostings,
  SegmentBroken,
  type SegmentFront,
  type SegmentMember,
} from './recall-segment-reader.ts';
import { type FiledTerm, renderSegment, type SegmentColumns } from './recall-segment-render.ts';

/** A chunk whose segment is merged with its neighbours'. */
export interface MergePart {
  member: SegmentMember;
  source: ByteSource;
  front: SegmentFront;
}

/**
 * One segment over the records of several chunks, from their segments: no text is read again.
 * @throws SegmentBroken when one of them is not what its checks say
 */
export function mergeSegments(parts: readonly MergePart[]): Buffer {
  return renderSegment({
    columns: mergedColumns(parts),
    terms: mergedTerms(parts),
    table: Uint32Array.from(parts.flatMap(({ member }) => [member.number, member.records, member.jsonlBytes])),
    members: parts.length,
    jsonlBytes: 0,
  });
}

function mergedColumns(parts: readonly MergePart[]): SegmentColumns {
  const places = new Map<string, number>();
  for (const { front } of parts)
    for (const folder of front.folders) if (!places.has(folder)) places.set(folder, places.size);
  const records = parts.reduce((sum, { front }) => sum + front.records, 0);
  const columns = {
    contentLengths: new Uint16Array(records),
    shortLengths: new Uint8Array(3 * records),
    folderOf: new Uint16Array(records),
    times: new Uint32Array(records),
    folders: [...places.keys()],
    locators: new Uint32Array(3 * records),
  };
  let at = 0;
  for (const { front, source } of parts) {
    const own = front.folders.map((folder) => places.get(folder) ?? 0);
    columns.contentLengths.set(front.contentLengths, at);
    columns.shortLengths.set(front.shortLengths, 3 * at);
    columns.folderOf.set(
      front.folderOf.map((folder) => own[folder] ?? 0),
      at,
    );
    columns.times.set(front.times, at);
    columns.locators.set(wordsOf(source.read(front.locatorsAt, front.records * LOCATOR_BYTES)), 3 * at);
    at += front.records;
  }
  return columns;
}

/** A term of one of the parts. */
interface Waiting {
  first: number;
  second: number;
  postings: Uint8Array;
}

function mergedTerms(parts: readonly MergePart[]): FiledTerm[] {
  let base = 0;
  const queues = parts.map((part) => {
    const queue = { terms: termsOf(part, base), at: 0 };
    base += part.front.records;
    return queue;
  });
  const merged: FiledTerm[] = [];
  for (;;) {
    const first = queues.reduce<Waiting | undefined>((least, { terms, at }) => lesser(least, terms[at]), undefined);
    if (!first) return merged;
    const lists: Uint8Array[] = [];
    for (const queue of queues) {
      const term = queue.terms[queue.at];
      if (term?.first !== first.first || term.second !== first.second) continue;
      lists.push(term.postings);
      queue.at++;
    }
    merged.push({ first: first.first, second: first.second, postings: joined(lists) });
  }
}

const lesser = (one: Waiting | undefined, other: Waiting | undefined): Waiting | undefined => {
  if (!one || !other) return one ?? other;
  return (other.first - one.first || other.second - one.second) < 0 ? other : one;
};

const joined = (lists: readonly Uint8Array[]): Uint8Array =>
  (lists.length === 1 ? lists[0] : undefined) ?? Buffer.concat(lists);

/** All terms of a segment, sorted by hash, their postings counted from `base`. */
function termsOf({ source, front }: MergePart, base: number): Waiting[] {
  const dictionary = wordsOf(source.read(front.dictionaryAt, front.blocks * BLOCK_BYTES));
  if (dictionary.length !== front.blocks * BLOCK_WORDS) throw new SegmentBroken('torn in its dictionary');
  const terms: Waiting[] = [];
  for (let block = 0; block < front.blocks; block++) {
    for (const entry of entriesOf(dictionary.subarray(block * BLOCK_WORDS, (block + 1) * BLOCK_WORDS))) {
      const { first, second } = entry;
      terms.push({ first, second, postings: moved(readPostings(source, front, entry), base) });
    }
  }
  return terms;
}

function moved(postings: Uint8Array, base: number): Uint8Array {
  const bytes = Uint8Array.from(postings);
  for (let at = 0; at < bytes.length; at += POSTING_BYTES) {
    const ordinal = base + (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) * 256;
    bytes[at] = ordinal & 0xff;
    bytes[at + 1] = ordinal >> 8;
  }
  return bytes;
}
