import { crc32 } from '../kernel/crc32.ts';

/**
 * Layout of `recall-<k>.seg`, an immutable inverted file over the records of `recall-<k>.jsonl`, and of
 * `recall-<k>-<l>.seg`, one over those of several chunks. Little-endian; checks are CRC-32.
 *
 *   header      128 bytes, checked by its last word
 *   front       per record: field lengths, folder, time; first hash of every dictionary block; folder names. Checked as a whole.
 *   dictionary  blocks of 256 bytes, each checked: up to 15 entries sorted by hash
 *   postings    per term: record ordinal (2 bytes) and packed field counts (1 byte), checked by the term's entry
 *   locators    per record: position and length in the jsonl, check of the line
 *   table       of a chunk: hash of each id and its ordinal, sorted by hash; of several: number, records and jsonl bytes of each
 *
 * A query reads header and front with one read, then one block and one posting list per term. Terms are kept as
 * 64-bit hashes only: a false hit among ten thousand terms has a chance of 1 in 10^15, and costs one odd rank.
 */

/** Bytes of an open file or of a buffer. */
export interface ByteSource {
  size: number;
  /** Shorter at the end. */
  read: (position: number, length: number) => Buffer;
  /** Reads into bytes that are there already. @returns how many there were */
  fill: (bytes: Buffer, position: number) => number;
}

export const bytesInMemory = (bytes: Buffer): ByteSource => ({
  size: bytes.length,
  read: (position, length) => bytes.subarray(position, position + length),
  fill: (target, position) => bytes.copy(target, 0, position),
});

/** Version of this layout. */
export const SEGMENT_VERSION = 2;
/** Version of the tokenizer: a segment filed under other terms cannot be asked with these. */
export const TERMS_VERSION = 1;
export const MAGIC = [0x50455343, 0x31474553] as const;

export const HEADER_BYTES = 128;
export const HEADER_WORDS = HEADER_BYTES / 4;
export const BLOCK_BYTES = 256;
export const BLOCK_WORDS = BLOCK_BYTES / 4;
export const ENTRY_WORDS = 4;
export const ENTRIES_PER_BLOCK = 15;
/** Words of a block behind its entries. */
export const BLOCK_COUNT = 60;
export const BLOCK_CHECK = 61;
export const POSTING_BYTES = 3;
export const LOCATOR_BYTES = 12;
/** An entry of the table: three words. */
export const TABLE_ENTRY_BYTES = 12;

/** Words of the header. The four length words and the four count words follow one another, in the order of FIELDS. */
export const WORD = {
  version: 2,
  termsVersion: 3,
  fileBytes: 4,
  jsonlBytes: 5,
  records: 6,
  terms: 7,
  blocks: 8,
  frontBytes: 9,
  postingsAt: 10,
  locatorsAt: 11,
  tableAt: 12,
  folders: 13,
  folderBytes: 14,
  frontCheck: 15,
  tableCheck: 16,
  lengths: 17,
  filled: 21,
  /** Chunks that the segment covers; 0 = the one whose name it has. */
  members: 25,
  check: 31,
} as const;

/** The searched fields, in the order of their columns. */
const FIELDS = ['content', 'summary', 'aliases', 'paths'] as const;
export const FIELD_COUNT = FIELDS.length;

/** Field counts share one byte: counts above these say little more, by BM25's own saturation. */
export const COUNT_LIMITS = [15, 3, 1, 1] as const;
export const COUNT_SHIFTS = [0, 4, 6, 7] as const;
/** Lengths are kept in two bytes for the content and one for the others. */
export const LENGTH_LIMITS = [65_535, 255, 255, 255] as const;

/** Between folder names: no path holds it. */
export const NAME_END = '\0';

/** Records per segment that ordinals of two bytes can tell apart. */
export const MOST_RECORDS = 65_535;

export const padded = (bytes: number): number => (bytes + 3) & ~3;

/** Byte offsets of the front's columns, relative to its start. */
export function frontColumns(
  records: number,
  blocks: number,
): Record<'lengths' | 'short' | 'folder' | 'time' | 'fences' | 'names', number> {
  const lengths = 0;
  const short = lengths + padded(2 * records);
  const folder = short + padded(3 * records);
  const time = folder + padded(2 * records);
  const fences = time + 4 * records;
  return { lengths, short, folder, time, fences, names: fences + 4 * blocks };
}

/** Two independent 32-bit hashes of a term or an id. */
export interface Hash {
  first: number;
  second: number;
}

const mixed = (value: number): number => {
  let hash = Math.imul(value ^ (value >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
};

export function hashOf(text: string): Hash {
  let first = 0x811c9dc5;
  let second = 0x9747b28c;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul((second << 5) ^ (second >>> 27) ^ code, 0x27d4eb2f);
  }
  return { first: mixed(first), second: mixed(second ^ text.length) };
}

/** The check of a posting list has two bytes in its entry. */
export const shortCheckOf = (bytes: Uint8Array): number => {
  const check = crc32(bytes);
  return (check ^ (check >>> 16)) & 0xffff;
};

/** The same bytes as words; copied when they do not start on a word. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2);
}

/** The bytes of words, without a copy. */
export const bytesOf = (words: Uint32Array | Uint16Array): Buffer =>
  Buffer.from(words.buffer, words.byteOffset, words.byteLength);
