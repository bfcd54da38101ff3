import type { ChunkProblem } from '../assets/recall-chunk-file.ts';
import type { RecallHit, RecallSearch } from '../assets/recall-store.ts';
import type { RecallRecord } from '../contracts/recall.ts';

/** Something that records can be searched in: a generation's store, or a list of records in memory. */
export interface RecallSource {
  search(query: string, options: RecallSearch): RecallHit[];
  get(id: string): RecallRecord | undefined;
  /** What could not be used, so far. */
  problems(): readonly ChunkProblem[];
  close(): void;
}
