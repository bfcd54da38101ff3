import { crc32 } from '../kernel/crc32.ts';
import {
  BLOCK_BYTES,
  BLOCK_CHECK,
  BLOCK_COUNT,
  BLOCK_WORDS,
  bytesOf,
  ENTRIES_PER_BLOCK,
  ENTRY_WORDS,
  FIELD_COUNT,
  frontColumns,
  type Hash,
  HEADER_WORDS,
  MAGIC,
  MOST_RECORDS,
  NAME_END,
  padded,
  POSTING_BYTES,
  SEGMENT_VERSION,
  shortCheckOf,
  TERMS_VERSION,
  WORD,
} from './recall-segment-format.ts';

/** A term and its posting list, POSTING_BYTES per record, in the order of the ordinals. */
export interface FiledTerm extends Hash {
  postings: Uint8Array;
}

/** What is known of each record without reading it; every column has one entry per record but where it says otherwise. */
export interface SegmentColumns {
  contentLengths: Uint16Array;
  /** Of the three other fields: three per record. */
  shortLengths: Uint8Array;
  /** Index into `folders`. */
  folderOf: Uint16Array;
  /** Seconds since 1970; 0 = unknown. */
  times: Uint32Array;
  folders: readonly string[];
  /** Three words per record: position and length of the line, and its check. */
  locators: Uint32Array;
}

export interface SegmentParts {
  columns: SegmentColumns;
  /** Sorted by hash. */
  terms: readonly FiledTerm[];
  /** Ids or members: three words each. */
  table: Uint32Array;
  members: number;
  /** Size of the jsonl; 0 when there are several. */
  jsonlBytes: number;
}

/** Renders a segment. The same parts give the same bytes. */
export function renderSegment({ columns, terms, table, members, jsonlBytes }: SegmentParts): Buffer {
  const records = columns.times.length;
  if (records > MOST_RECORDS) throw new Error(`a segment holds at most ${MOST_RECORDS} records, not ${records}`);
  const { dictionary, fences, postings } = renderTerms(terms);
  const front = renderFront(columns, fences);
  const header = new Uint32Array(HEADER_WORDS);
  const postingsAt = 4 * HEADER_WORDS + front.bytes.length + dictionary.length;
  header.set(MAGIC);
  header[WORD.version] = SEGMENT_VERSION;
  header[WORD.termsVersion] = TERMS_VERSION;
  header[WORD.jsonlBytes] = jsonlBytes;
  header[WORD.records] = records;
  header[WORD.terms] = terms.length;
  header[WORD.blocks] = fences.length;
  header[WORD.frontBytes] = front.bytes.length;
  header[WORD.postingsAt] = postingsAt;
  header[WORD.locatorsAt] = postingsAt + postings.length;
  header[WORD.tableAt] = postingsAt + postings.length + columns.locators.byteLength;
  header[WORD.fileBytes] = postingsAt + postings.length + columns.locators.byteLength + table.byteLength;
  header[WORD.folders] = columns.folders.length;
  header[WORD.folderBytes] = front.folderBytes;
  header[WORD.members] = members;
  header[WORD.frontCheck] = crc32(front.bytes);
  header[WORD.tableCheck] = crc32(bytesOf(table));
  header.set(sumsOf(columns), WORD.lengths);
  header[WORD.check] = crc32(bytesOf(header.subarray(0, WORD.check)));
  return Buffer.concat([bytesOf(header), front.bytes, dictionary, postings, bytesOf(columns.locators), bytesOf(table)]);
}

/** Per field the sum of the lengths, and after these how many records have the field. */
function sumsOf({ contentLengths, shortLengths }: SegmentColumns): number[] {
  const sums = Array.from({ length: 2 * FIELD_COUNT }, () => 0);
  const add = (field: number, length: number): void => {
    sums[field] = (sums[field] ?? 0) + length;
    if (length > 0) sums[FIELD_COUNT + field] = (sums[FIELD_COUNT + field] ?? 0) + 1;
  };
  for (const length of contentLengths) add(0, length);
  for (const [at, length] of shortLengths.entries()) add(1 + (at % (FIELD_COUNT - 1)), length);
  return sums;
}

function renderTerms(terms: readonly FiledTerm[]): { dictionary: Buffer; fences: number[]; postings: Buffer } {
  const blocks = inBlocks(terms);
  const dictionary = new Uint32Array(blocks.length * BLOCK_WORDS);
  const total = terms.reduce((sum, { postings }) => sum + postings.length, 0);
  const lists = Buffer.alloc(padded(total));
  let offset = 0;
  for (const [index, block] of blocks.entries()) {
    const words = dictionary.subarray(index * BLOCK_WORDS, (index + 1) * BLOCK_WORDS);
    for (const [entry, { first, second, postings }] of block.entries()) {
      lists.set(postings, offset);
      const size = postings.length / POSTING_BYTES + shortCheckOf(postings) * 0x10000;
      words.set([first, second, offset, size], entry * ENTRY_WORDS);
      offset += postings.length;
    }
    words[BLOCK_COUNT] = block.length;
    words[BLOCK_CHECK] = crc32(bytesOf(words.subarray(0, BLOCK_CHECK)));
  }
  const fences = blocks.map((block) => block[0]?.first ?? 0);
  return { dictionary: Buffer.from(dictionary.buffer, 0, blocks.length * BLOCK_BYTES), fences, postings: lists };
}

/** Cuts the sorted terms into blocks, never between two equal first hashes: the fences could not tell these blocks apart. */
function inBlocks(sorted: readonly FiledTerm[]): FiledTerm[][] {
  const blocks: FiledTerm[][] = [];
  for (let start = 0; start < sorted.length;) {
    let end = Math.min(start + ENTRIES_PER_BLOCK, sorted.length);
    while (end < sorted.length && end > start + 1 && sorted[end]?.first === sorted[end - 1]?.first) end--;
    blocks.push(sorted.slice(start, end));
    start = end;
  }
  return blocks;
}

function renderFront(columns: SegmentColumns, fences: readonly number[]): { bytes: Buffer; folderBytes: number } {
  const places = frontColumns(columns.times.length, fences.length);
  const names = Buffer.from(columns.folders.join(NAME_END), 'utf8');
  const bytes = Buffer.alloc(places.names + padded(names.length));
  bytes.set(bytesOf(columns.contentLengths), places.lengths);
  bytes.set(columns.shortLengths, places.short);
  bytes.set(bytesOf(columns.folderOf), places.folder);
  bytes.set(bytesOf(columns.times), places.time);
  bytes.set(bytesOf(Uint32Array.from(fences)), places.fences);
  names.copy(bytes, places.names);
  return { bytes, folderBytes: names.length };
}
