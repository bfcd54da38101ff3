import { crc32 } from '../kernel/crc32.ts';
import {
  BLOCK_BYTES,
  BLOCK_CHECK,
  BLOCK_COUNT,
  BLOCK_WORDS,
  type ByteSource,
  bytesInMemory,
  bytesOf,
  ENTRIES_PER_BLOCK,
  ENTRY_WORDS,
  FIELD_COUNT,
  frontColumns,
  type Hash,
  HEADER_BYTES,
  LOCATOR_BYTES,
  MAGIC,
  NAME_END,
  padded,
  POSTING_BYTES,
  SEGMENT_VERSION,
  shortCheckOf,
  TABLE_ENTRY_BYTES,
  TERMS_VERSION,
  WORD,
  wordsOf,
} from './recall-segment-format.ts';

/** A segment whose bytes are not what their checks say: everything found in it is void. */
export class SegmentBroken extends Error {
  readonly detail: string;
  constructor(detail: string) {
    super(`recall segment: ${detail}`);
    this.detail = detail;
  }
}

/** Header and front of a segment: what stays in memory between queries. */
export interface SegmentFront {
  records: number;
  blocks: number;
  dictionaryAt: number;
  postingsAt: number;
  locatorsAt: number;
  tableAt: number;
  tableCheck: number;
  /** Chunks that it covers; 0 for a chunk's own. */
  members: number;
  /** Sum of lengths, and number of records that have the field, per field. */
  lengths: readonly number[];
  filled: readonly number[];
  /** Lengths of the content per record. */
  contentLengths: Uint16Array;
  /** Lengths of the three other fields, three bytes per record. */
  shortLengths: Uint8Array;
  folderOf: Uint16Array;
  /** Seconds since 1970 per record; 0 = unknown. */
  times: Uint32Array;
  fences: Uint32Array;
  folders: readonly string[];
}

/** Where the records of one term are listed. */
export interface TermEntry {
  offset: number;
  records: number;
  check: number;
}

/** Where a record's line lies in the jsonl. */
export interface Locator {
  offset: number;
  length: number;
  check: number;
}

/** One read covers header and front of a chunk of a thousand records. */
const FIRST_READ = 18 * 1024;

/**
 * Reads and checks header and front.
 * @param jsonlBytes size of the jsonl that lies beside the segment
 * @throws SegmentBroken when the segment is torn, foreign, of another version or for another jsonl
 */
export function readFront(source: ByteSource, jsonlBytes: number): SegmentFront {
  const beginning = source.read(0, FIRST_READ);
  if (beginning.length < HEADER_BYTES) throw new SegmentBroken('shorter than its header');
  const header = wordsOf(beginning.subarray(0, HEADER_BYTES));
  const word = (at: number): number => header[at] ?? 0;
  refuseOther(header, source.size, jsonlBytes);
  const frontBytes = word(WORD.frontBytes);
  const records = word(WORD.records);
  const blocks = word(WORD.blocks);
  const columns = frontColumns(records, blocks);
  if (frontBytes !== columns.names + padded(word(WORD.folderBytes)))
    throw new SegmentBroken('sizes contradict one another');
  const whole = HEADER_BYTES + frontBytes <= beginning.length ? beginning : source.read(0, HEADER_BYTES + frontBytes);
  const front = whole.subarray(HEADER_BYTES, HEADER_BYTES + frontBytes);
  if (front.length !== frontBytes) throw new SegmentBroken('torn in its front');
  const words = wordsOf(front);
  if (crc32(front) !== word(WORD.frontCheck)) throw new SegmentBroken('front does not match its check');
  const at = words.byteOffset;
  const names = front.subarray(columns.names, columns.names + word(WORD.folderBytes)).toString('utf8');
  return {
    records,
    blocks,
    dictionaryAt: HEADER_BYTES + frontBytes,
    postingsAt: word(WORD.postingsAt),
    locatorsAt: word(WORD.locatorsAt),
    tableAt: word(WORD.tableAt),
    tableCheck: word(WORD.tableCheck),
    members: word(WORD.members),
    lengths: Array.from(header.subarray(WORD.lengths, WORD.lengths + FIELD_COUNT)),
    filled: Array.from(header.subarray(WORD.filled, WORD.filled + FIELD_COUNT)),
    contentLengths: new Uint16Array(words.buffer, at + columns.lengths, records),
    shortLengths: new Uint8Array(words.buffer, at + columns.short, 3 * records),
    folderOf: new Uint16Array(words.buffer, at + columns.folder, records),
    times: new Uint32Array(words.buffer, at + columns.time, records),
    fences: new Uint32Array(words.buffer, at + columns.fences, blocks),
    folders: names.split(NAME_END),
  };
}

function refuseOther(header: Uint32Array, fileBytes: number, jsonlBytes: number): void {
  if (header[0] !== MAGIC[0] || header[1] !== MAGIC[1]) throw new SegmentBroken('no recall segment');
  if (header[WORD.version] !== SEGMENT_VERSION) throw new SegmentBroken(`layout version ${header[WORD.version]}`);
  if (header[WORD.check] !== crc32(bytesOf(header.subarray(0, WORD.check)))) {
    throw new SegmentBroken('header does not match its check');
  }
  if (header[WORD.termsVersion] !== TERMS_VERSION)
    throw new SegmentBroken(`terms version ${header[WORD.termsVersion]}`);
  if (header[WORD.fileBytes] !== fileBytes) throw new SegmentBroken('torn: not as long as its header says');
  if (header[WORD.jsonlBytes] !== jsonlBytes) throw new SegmentBroken('belongs to another state of the records');
}

/** The whole dictionary of a full chunk costs about as much as this many single blocks. */
const BLOCKS_WORTH_ONE_READ = 64;

/** Where a block is looked at: views of its own for each cost a process that has just started more than the block does. */
const blockBytes = Buffer.alloc(BLOCK_BYTES);
/** Signed: a word above 2 ** 31 would be an object each time that it is read. */
const blockWords = new Int32Array(blockBytes.buffer, blockBytes.byteOffset, BLOCK_WORDS);
const checkedBytes = blockBytes.subarray(0, BLOCK_CHECK * 4);

/** Looks terms up. @returns one entry per term, undefined where the segment has no such term @throws SegmentBroken */
export function findTerms(source: ByteSource, front: SegmentFront, terms: readonly Hash[]): (TermEntry | undefined)[] {
  const { dictionaryAt, blocks } = front;
  const whole =
    terms.length > BLOCKS_WORTH_ONE_READ ? bytesInMemory(source.read(dictionaryAt, blocks * BLOCK_BYTES)) : undefined;
  return terms.map((term) => {
    const index = blockOf(front.fences, term.first);
    if (index < 0) return undefined;
    const at = index * BLOCK_BYTES;
    const filled = whole ? whole.fill(blockBytes, at) : source.fill(blockBytes, dictionaryAt + at);
    if (filled !== BLOCK_BYTES) throw new SegmentBroken('torn in its dictionary');
    return entryIn(term);
  });
}

/** The last block whose first hash is not above the term's; -1 when all are. */
function blockOf(fences: Uint32Array, first: number): number {
  let low = 0;
  let high = fences.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((fences[middle] ?? 0) <= first) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The term's entry in the block that is being looked at. */
function entryIn(term: Hash): TermEntry | undefined {
  const end = checkedCount(blockWords, checkedBytes) * ENTRY_WORDS;
  const first = term.first | 0;
  const second = term.second | 0;
  for (let at = 0; at < end; at += ENTRY_WORDS)
    if (blockWords[at] === first && blockWords[at + 1] === second) return entryAt(blockWords, at);
  return undefined;
}

/** All entries of a dictionary block. @throws SegmentBroken */
export function entriesOf(block: Uint32Array): (TermEntry & Hash)[] {
  if (block.length !== BLOCK_WORDS) throw new SegmentBroken('torn in its dictionary');
  return Array.from({ length: checkedCount(block, bytesOf(block.subarray(0, BLOCK_CHECK))) }, (_, entry) => {
    const at = entry * ENTRY_WORDS;
    return { first: block[at] ?? 0, second: block[at + 1] ?? 0, ...entryAt(block, at) };
  });
}

function entryAt(block: Uint32Array | Int32Array, at: number): TermEntry {
  const size = block[at + 3] ?? 0;
  return { offset: (block[at + 2] ?? 0) >>> 0, records: size & 0xffff, check: size >>> 16 };
}

/** How many entries a block has. @param checked its bytes before the check @throws SegmentBroken */
function checkedCount(block: Uint32Array | Int32Array, checked: Buffer): number {
  const count = block[BLOCK_COUNT] ?? 0;
  if (count < 0 || count > ENTRIES_PER_BLOCK || ((block[BLOCK_CHECK] ?? 0) | 0) !== (crc32(checked) | 0))
    throw new SegmentBroken('dictionary block does not match its check');
  return count;
}

/** The postings of one term: POSTING_BYTES each. @throws SegmentBroken */
export function readPostings(source: ByteSource, front: SegmentFront, entry: TermEntry): Uint8Array {
  const bytes = source.read(front.postingsAt + entry.offset, entry.records * POSTING_BYTES);
  if (bytes.length !== entry.records * POSTING_BYTES || shortCheckOf(bytes) !== entry.check) {
    throw new SegmentBroken('postings do not match their check');
  }
  return bytes;
}

export function locate(source: ByteSource, front: SegmentFront, ordinal: number): Locator {
  const words = wordsOf(source.read(front.locatorsAt + ordinal * LOCATOR_BYTES, LOCATOR_BYTES));
  return { offset: words[0] ?? 0, length: words[1] ?? 0, check: words[2] ?? 0 };
}

/** The sorted table of ids: triples of first hash, second hash, ordinal. @throws SegmentBroken */
export const readIds = (source: ByteSource, front: SegmentFront): Uint32Array =>
  readTable(source, front, front.records);

/** A chunk that a segment covers, as it was then. */
export interface SegmentMember {
  /** `recall-<number>` */
  number: number;
  records: number;
  jsonlBytes: number;
}

/** The chunks of a segment that covers several, in the order of their ordinals. @throws SegmentBroken */
export function readMembers(source: ByteSource, front: SegmentFront): SegmentMember[] {
  const words = readTable(source, front, front.members);
  return Array.from({ length: front.members }, (_, at) => ({
    number: words[3 * at] ?? 0,
    records: words[3 * at + 1] ?? 0,
    jsonlBytes: words[3 * at + 2] ?? 0,
  }));
}

function readTable(source: ByteSource, front: SegmentFront, entries: number): Uint32Array {
  const bytes = source.read(front.tableAt, entries * TABLE_ENTRY_BYTES);
  if (bytes.length !== entries * TABLE_ENTRY_BYTES || crc32(bytes) !== front.tableCheck) {
    throw new SegmentBroken('table does not match its check');
  }
  return wordsOf(bytes);
}

/** Ordinals of the records that have this id (normally none or one). */
export function ordinalsOf(ids: Uint32Array, id: Hash): number[] {
  let low = 0;
  let high = ids.length / 3;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[3 * middle] ?? 0) < id.first) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (let at = 3 * low; ids[at] === id.first; at += 3) if (ids[at + 1] === id.second) found.push(ids[at + 2] ?? 0);
  return found;
}
