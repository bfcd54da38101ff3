import type { RecallRecord } from '../contracts/recall.ts';
import { crc32 } from '../kernel/crc32.ts';
import { eachTerm } from './recall-terms.ts';
import {
  COUNT_LIMITS,
  COUNT_SHIFTS,
  FIELD_COUNT,
  type Hash,
  hashOf,
  LENGTH_LIMITS,
  POSTING_BYTES,
} from './recall-segment-format.ts';
import { type FiledTerm, renderSegment, type SegmentColumns } from './recall-segment-render.ts';

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
    filed.push({ record, offset, length: line.length, check: crc32(line) });
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
  const tally = tallied(filed.map(({ record }) => record));
  return renderSegment({
    columns: columnsOf(filed, tally),
    terms: [...tally.postings].map(filedTerm).toSorted(byHash),
    table: tableOfIds(filed),
    members: 0,
    jsonlBytes,
  });
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

const byHash = (a: Hash, b: Hash): number => a.first - b.first || a.second - b.second;

function filedTerm([term, { ordinals, counts }]: [string, Postings]): FiledTerm {
  const postings = new Uint8Array(ordinals.length * POSTING_BYTES);
  for (const [index, ordinal] of ordinals.entries()) {
    postings[POSTING_BYTES * index] = ordinal & 0xff;
    postings[POSTING_BYTES * index + 1] = ordinal >> 8;
    postings[POSTING_BYTES * index + 2] = counts[index] ?? 0;
  }
  return { ...hashOf(term), postings };
}

function columnsOf(filed: readonly FiledRecord[], { lengths: [content, ...others] }: Tally): SegmentColumns {
  const folders = new Map<string, number>();
  for (const { record } of filed) if (!folders.has(record.cwd)) folders.set(record.cwd, folders.size);
  return {
    contentLengths: Uint16Array.from(content ?? []),
    shortLengths: Uint8Array.from(filed.flatMap((_, ordinal) => others.map((lengths) => lengths[ordinal] ?? 0))),
    folderOf: Uint16Array.from(filed, ({ record }) => folders.get(record.cwd) ?? 0),
    times: Uint32Array.from(filed, ({ record }) => secondsOf(record)),
    folders: [...folders.keys()],
    locators: Uint32Array.from(filed.flatMap(({ offset, length, check }) => [offset, length, check])),
  };
}

/** Seconds since 1970 of a record's last change; 0 when it does not say, or nonsense. */
function secondsOf({ source_updated_at, created_at }: RecallRecord): number {
  const milliseconds = Date.parse(source_updated_at || (created_at ?? ''));
  const seconds = Math.floor(milliseconds / 1000);
  return seconds > 0 && seconds < 0xffffffff ? seconds : 0;
}

function tableOfIds(filed: readonly FiledRecord[]): Uint32Array {
  const sorted = filed.map(({ record }, ordinal) => ({ ...hashOf(record.id), ordinal })).toSorted(byHash);
  return Uint32Array.from(sorted.flatMap(({ first, second, ordinal }) => [first, second, ordinal]));
}
