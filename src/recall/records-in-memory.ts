import { queryTerms } from '../assets/recall-query.ts';
import type { AskedSegment } from '../assets/recall-rank.ts';
import { rankRecords } from '../assets/recall-rank.ts';
import { buildSegment } from '../assets/recall-segment.ts';
import type { ByteSource } from '../assets/recall-segment-format.ts';
import type { SegmentFront } from '../assets/recall-segment-reader.ts';
import { findTerms, readFront, readPostings } from '../assets/recall-segment-reader.ts';
import type { RecallHit } from '../assets/recall-store.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import type { RecallSource } from './recall-source.ts';

const CHUNK = 1_000;
/** Candidates per result when the caller's filter has to see the records. */
const LOOKED_AT_PER_RESULT = 20;

interface Segment {
  source: ByteSource;
  front: SegmentFront;
  records: readonly RecallRecord[];
}

/** The same index and ranking as a store has, for records that no generation holds. */
export function recordsInMemory(records: readonly RecallRecord[]): RecallSource {
  const segments: Segment[] = [];
  for (let at = 0; at < records.length; at += CHUNK) segments.push(segmentOf(records.slice(at, at + CHUNK)));
  return {
    search(query, { topK, boost, accept }) {
      const terms = queryTerms(query);
      if (terms.length === 0 || topK < 1) return [];
      const asked = segments.map((segment): AskedSegment => {
        const entries = findTerms(segment.source, segment.front, terms);
        const postings = entries.map((entry) => entry && readPostings(segment.source, segment.front, entry));
        return { front: segment.front, postings };
      });
      const hits: RecallHit[] = [];
      for (const ranked of rankRecords(asked, terms, { limit: topK * LOOKED_AT_PER_RESULT, boost })) {
        const record = segments[ranked.segment]?.records[ranked.ordinal];
        if (!record || (accept && !accept(record))) continue;
        hits.push({ record, score: ranked.score, relevance: ranked.relevance, matched: ranked.matched });
        if (hits.length === topK) break;
      }
      return hits;
    },
    get: (id) => records.find((record) => record.id === id),
    close() {
      // Nothing is open.
    },
  };
}

function segmentOf(records: readonly RecallRecord[]): Segment {
  // The records lie in no file, so the places of their lines are nothing to anybody.
  const bytes = buildSegment(
    records.map((record) => ({ record, offset: 0, length: 0, check: 0 })),
    0,
  );
  const source = { size: bytes.length, read: (at: number, length: number) => bytes.subarray(at, at + length) };
  return { source, front: readFront(source, 0), records };
}
