import type { RecallRecord } from '../contracts/recall.ts';
import { eachTerm } from './recall-terms.ts';
import {
  BLOCK_BYTES,
  BLOCK_CHECK,
  BLOCK_COUNT,
  BLOCK_WORDS,
  checkOfBytes,
  checkOfWords,
  COUNT_LIMITS,
  COUNT_SHIFTS,
  ENTRIES_PER_BLOCK,
  ENTRY_WORDS,
  FIELD_COUNT,
  frontColumns,
  type Hash,
  hashOf,
  HEADER_BYTES,
  ID_ENTRY_BYTES,
  LENGTH_LIMITS,
  LOCATOR_BYTES,
  MAGIC,
  MOST_RECORDS,
  NAME_END,
  padded,
  POSTING_BYTES,
  SEGMENT_VERSION,
  shortCheckOf,
  TERMS_VERSION,
  WORD,
  wordsOf,
} from './recall-segment-format.ts';

/** A chunk of recall records as it lies on disk. */
interface Chunk {
  /** One JSON record per line. */
  jsonl: Buffer;
  segment: Buffer;
}

/** What the segment is built from: a record, and where its line lies in the jsonl. */
export interface FiledRecord {
  record: RecallRecord;
  offset: number;
  length: number;
  check: number;
}

interface Postings {
  ordinals: number[];
  counts: number[];
}

interface Tally {
  postings: Map<string, Postings>;
  /** [field][ordinal], in terms */
  lengths: number[][];
}

/** Text beyond this is filed by its beginning only; the record itself is kept whole. */
const LONGEST_FIELD = 200_000;

/** Renders records as one chunk. The same records give the same bytes. */
export function buildChunk(records: readonly RecallRecord[]): Chunk {
  const filed: FiledRecord[] = [];
  const lines: Buffer[] = [];
  let offset = 0;
  for (const record of records) {
    const line = Buffer.from(`${JSON.stringify(record)}\n`, 'utf8');
    filed.push({ record, offset, length: line.length, check: checkOfBytes(line) });
    lines.push(line);
    offset += line.length;
  }
  return { jsonl: Buffer.concat(lines), segment: buildSegment(filed, offset) };
}

/**
 * Builds the inverted file of one chunk.
 * @param jsonlBytes size of the jsonl that the records lie in; a reader refuses the segment for a file of another size
 */
export function buildSegment(filed: readonly FiledRecord[], jsonlBytes: number): Buffer {
  if (filed.length > MOST_RECORDS)
    throw new Error(`a segment holds at most ${MOST_RECORDS} records, not ${filed.length}`);
  const tally = tallied(filed.map(({ record }) => record));
  const { dictionary, fences, postings } = renderTerms(tally.postings);
  const front = renderFront(filed, tally, fences);
  const locators = renderLocators(filed);
  const ids = renderIds(filed);
  const header = new Uint32Array(HEADER_BYTES / 4);
  const postingsAt = HEADER_BYTES + front.bytes.length + dictionary.length;
  header.set(MAGIC);
  header[WORD.version] = SEGMENT_VERSION;
  header[WORD.termsVersion] = TERMS_VERSION;
  header[WORD.jsonlBytes] = jsonlBytes;
  header[WORD.records] = filed.length;
  header[WORD.terms] = tally.postings.size;
  header[WORD.blocks] = fences.length;
  header[WORD.frontBytes] = front.bytes.length;
  header[WORD.postingsAt] = postingsAt;
  header[WORD.locatorsAt] = postingsAt + postings.length;
  header[WORD.idsAt] = postingsAt + postings.length + locators.length;
  header[WORD.fileBytes] = postingsAt + postings.length + locators.length + ids.length;
  header[WORD.folders] = front.folders;
  header[WORD.folderBytes] = front.folderBytes;
  header[WORD.frontCheck] = checkOfWords(wordsOf(front.bytes));
  header[WORD.idsCheck] = checkOfWords(wordsOf(ids));
  for (const [field, lengths] of tally.lengths.entries()) {
    header[WORD.lengths + field] = lengths.reduce((sum, length) => sum + length, 0);
    header[WORD.filled + field] = lengths.filter((length) => length > 0).length;
  }
  header[WORD.check] = checkOfWords(header.subarray(0, WORD.check));
  return Buffer.concat([Buffer.from(header.buffer), front.bytes, dictionary, postings, locators, ids]);
}

/** The texts of a record's fields, in the order of FIELDS. */
function textsOf(record: RecallRecord): string[] {
  const { summary, content } = withoutRepeat(record);
  return [content, summary, (record.aliases ?? []).join('\n'), (record.source_paths ?? []).join('\n')];
}

/**
 * A content that begins with its summary says it once: counted twice, such notes would outrank those that do not repeat
 * themselves. A line of its own is a title; anything else was cut out of the content and is no second witness.
 */
function withoutRepeat({ summary, content }: RecallRecord): { summary: string; content: string } {
  if (summary === '' || !content.startsWith(summary)) return { summary, content };
  const rest = content.slice(summary.length);
  return /^\s*\n\s*\S/.test(rest) ? { summary, content: rest } : { summary: '', content };
}

function tallied(records: readonly RecallRecord[]): Tally {
  const tally: Tally = { postings: new Map(), lengths: Array.from({ length: FIELD_COUNT }, () => []) };
  for (const [ordinal, record] of records.entries()) {
    const counts = new Map<string, number>();
    for (const [field, text] of textsOf(record).entries()) {
      const length = countTerms(text, field, counts);
      tally.lengths[field]?.push(Math.min(length, LENGTH_LIMITS[field] ?? 0));
    }
    for (const [term, packed] of counts) {
      let postings = tally.postings.get(term);
      if (!postings) tally.postings.set(term, (postings = { ordinals: [], counts: [] }));
      postings.ordinals.push(ordinal);
      postings.counts.push(packed);
    }
  }
  return tally;
}

/** Adds a field's terms to a record's packed counts. @returns the field's length in terms */
function countTerms(text: string, field: number, counts: Map<string, number>): number {
  const shift = COUNT_SHIFTS[field] ?? 0;
  const limit = COUNT_LIMITS[field] ?? 1;
  let length = 0;
  eachTerm(text.slice(0, LONGEST_FIELD), (term, counted) => {
    if (counted) length++;
    const packed = counts.get(term) ?? 0;
    if (((packed >> shift) & limit) < limit) counts.set(term, packed + (1 << shift));
  });
  return length;
}

interface HashedTerm extends Hash {
  postings: Postings;
}

const byHash = (a: Hash, b: Hash): number => a.first - b.first || a.second - b.second;

function renderTerms(terms: ReadonlyMap<string, Postings>): { dictionary: Buffer; fences: number[]; postings: Buffer } {
  const sorted = [...terms].map(([term, postings]): HashedTerm => ({ ...hashOf(term), postings })).toSorted(byHash);
  const blocks = inBlocks(sorted);
  const dictionary = new Uint32Array(blocks.length * BLOCK_WORDS);
  const total = sorted.reduce((sum, { postings }) => sum + postings.ordinals.length, 0);
  const lists = Buffer.alloc(padded(total * POSTING_BYTES));
  let offset = 0;
  for (const [index, block] of blocks.entries()) {
    const words = dictionary.subarray(index * BLOCK_WORDS, (index + 1) * BLOCK_WORDS);
    for (const [entry, { first, second, postings }] of block.entries()) {
      const end = writePostings(lists, offset, postings);
      const check = shortCheckOf(lists.subarray(offset, end));
      words.set([first, second, offset, postings.ordinals.length + check * 0x10000], entry * ENTRY_WORDS);
      offset = end;
    }
    words[BLOCK_COUNT] = block.length;
    words[BLOCK_CHECK] = checkOfWords(words.subarray(0, BLOCK_CHECK));
  }
  const fences = blocks.map((block) => block[0]?.first ?? 0);
  return { dictionary: Buffer.from(dictionary.buffer, 0, blocks.length * BLOCK_BYTES), fences, postings: lists };
}

/** Cuts the sorted terms into blocks, never between two equal first hashes: the fences could not tell these blocks apart. */
function inBlocks(sorted: readonly HashedTerm[]): HashedTerm[][] {
  const blocks: HashedTerm[][] = [];
  for (let start = 0; start < sorted.length;) {
    let end = Math.min(start + ENTRIES_PER_BLOCK, sorted.length);
    while (end < sorted.length && end > start + 1 && sorted[end]?.first === sorted[end - 1]?.first) end--;
    blocks.push(sorted.slice(start, end));
    start = end;
  }
  return blocks;
}

function writePostings(bytes: Buffer, offset: number, { ordinals, counts }: Postings): number {
  let at = offset;
  for (const [index, ordinal] of ordinals.entries()) {
    bytes[at] = ordinal & 0xff;
    bytes[at + 1] = ordinal >> 8;
    bytes[at + 2] = counts[index] ?? 0;
    at += POSTING_BYTES;
  }
  return at;
}

function renderFront(
  filed: readonly FiledRecord[],
  tally: Tally,
  fences: readonly number[],
): { bytes: Buffer; folders: number; folderBytes: number } {
  const columns = frontColumns(filed.length, fences.length);
  const folders = new Map<string, number>();
  for (const { record } of filed) if (!folders.has(record.cwd)) folders.set(record.cwd, folders.size);
  const names = Buffer.from([...folders.keys()].join(NAME_END), 'utf8');
  const bytes = Buffer.alloc(columns.names + padded(names.length));
  for (const [ordinal, { record }] of filed.entries()) {
    bytes.writeUInt16LE(tally.lengths[0]?.[ordinal] ?? 0, columns.lengths + 2 * ordinal);
    for (let field = 1; field < FIELD_COUNT; field++) {
      bytes[columns.short + 3 * ordinal + field - 1] = tally.lengths[field]?.[ordinal] ?? 0;
    }
    bytes.writeUInt16LE(folders.get(record.cwd) ?? 0, columns.folder + 2 * ordinal);
    bytes.writeUInt32LE(secondsOf(record), columns.time + 4 * ordinal);
  }
  for (const [index, fence] of fences.entries()) bytes.writeUInt32LE(fence, columns.fences + 4 * index);
  names.copy(bytes, columns.names);
  return { bytes, folders: folders.size, folderBytes: names.length };
}

/** Seconds since 1970 of a record's last change; 0 when it does not say, or nonsense. */
function secondsOf({ source_updated_at, created_at }: RecallRecord): number {
  const milliseconds = Date.parse(source_updated_at || (created_at ?? ''));
  const seconds = Math.floor(milliseconds / 1000);
  return seconds > 0 && seconds < 0xffffffff ? seconds : 0;
}

function renderLocators(filed: readonly FiledRecord[]): Buffer {
  const words = new Uint32Array(filed.length * 3);
  for (const [ordinal, { offset, length, check }] of filed.entries()) words.set([offset, length, check], ordinal * 3);
  return Buffer.from(words.buffer, 0, filed.length * LOCATOR_BYTES);
}

function renderIds(filed: readonly FiledRecord[]): Buffer {
  const sorted = filed.map(({ record }, ordinal) => ({ ...hashOf(record.id), ordinal })).toSorted(byHash);
  const words = new Uint32Array(filed.length * 3);
  for (const [index, { first, second, ordinal }] of sorted.entries()) words.set([first, second, ordinal], index * 3);
  return Buffer.from(words.buffer, 0, filed.length * ID_ENTRY_BYTES);
}
