import { readFromGeneration } from '../assets/generation-folder.ts';
import type { RecallHit, RecallSearch } from '../assets/recall-store.ts';
import { openRecallStore, recallStoreOf } from '../assets/recall-store.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { exists } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import type { IndexQuestion } from './changed-index.ts';
import type { RecallSource } from './recall-source.ts';

/** All that one bucket has to recall. */
export interface BucketRecords {
  sources: RecallSource[];
  /** What could not be used, for the log. */
  problems: string[];
}

export interface SourceOptions {
  /** Records that lie in no store and are searched as well. */
  extra?: readonly RecallRecord[];
  /** Bytes; a larger recall/index.json is not searched in memory (some 20 ms per megabyte). */
  largestIndex: number;
}

/** For commands: somebody asked and waits. */
export const LARGEST_INDEX = 64 * 1024 * 1024;

/**
 * Opens what a bucket has: the store of its current generation; recall/index.json instead where a
 * person or another program has changed it, or where there is no generation yet (a home of the
 * Python plugin). Changes nothing, locks nothing.
 */
export async function openBucketRecords(layout: BucketLayout, options: SourceOptions): Promise<BucketRecords> {
  const problems: string[] = [];
  const reading = readFromGeneration(layout, ({ folder }) => openRecallStore(folder));
  for (const gone of reading?.unreadable ?? []) problems.push(`generation ${gone.generation}: ${gone.detail}`);
  const sources: RecallSource[] = reading ? [reading.value] : [];
  const index = await indexToSearch(layout, {
    generation: reading?.generation.number ?? null,
    largest: options.largestIndex,
    problems,
  });
  if (index) {
    // An edit of the current state is the state; one of an older state knows nothing of what came since.
    if (index.coversCurrent) for (const source of sources.splice(0)) source.close();
    sources.unshift(recallStoreOf(index.records));
  }
  if (options.extra?.length) sources.push(recallStoreOf(options.extra));
  return { sources, problems };
}

export const closeRecords = (records: BucketRecords): void => {
  for (const source of records.sources) source.close();
};

/** Searches all sources of a bucket as one; a record that several hold is found once. */
export function searchRecords(records: BucketRecords, query: string, options: RecallSearch): RecallHit[] {
  const [first, ...rest] = records.sources;
  const hits = first?.search(query, options) ?? [];
  if (rest.length === 0) return hits;
  const found = new Map(hits.map((hit) => [hit.record.id, hit]));
  for (const source of rest) {
    for (const hit of source.search(query, options)) if (!found.has(hit.record.id)) found.set(hit.record.id, hit);
  }
  // Scores of different sources have different document frequencies; what they cover of the query has not.
  const ranked = [...found.values()].toSorted((a, b) => b.relevance - a.relevance || b.score - a.score);
  return ranked.slice(0, options.topK);
}

async function indexToSearch(layout: BucketLayout, question: IndexQuestion) {
  if (!exists(layout.recallIndex)) return undefined;
  const { changedIndex } = await import('./changed-index.ts');
  return changedIndex(layout, question);
}
