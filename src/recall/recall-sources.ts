import { type GenerationReading, hasVanished, readFromGeneration } from '../assets/generation-folder.ts';
import type { RecallHit, RecallSearch, RecallStore } from '../assets/recall-store.ts';
import { openRecallStore, recallStoreOf } from '../assets/recall-store.ts';
import type { Diagnostics } from '../kernel/diagnostics.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { changedIndex } from './changed-index.ts';
import { noteSources } from './notes-source.ts';
import type { RecallSource } from './recall-source.ts';

/** All that one bucket has to recall. */
export interface BucketRecords {
  sources: RecallSource[];
  /** What could not even be opened. */
  problems: string[];
  log: Diagnostics;
}

export interface SourceOptions {
  /** Whether the notes of the memory are searched as well: for whoever was not given them. */
  notes?: boolean;
  /** Is told in the end what could not be used. */
  log: Diagnostics;
  /** Bytes; a larger recall/index.json is not searched in memory (some 20 ms per megabyte). */
  largestIndex: number;
}

/** For commands: somebody asked and waits. */
export const LARGEST_INDEX = 64 * 1024 * 1024;
/** After an update all segments may be of another version, until the next promotion. */
const MOST_REBUILDS = 100;

/**
 * Opens what a bucket has: the store of its current generation; recall/index.json instead where a
 * person or another program has changed it, or where there is no generation yet (a home of the
 * Python plugin). Changes nothing, locks nothing.
 */
export async function openBucketRecords(layout: BucketLayout, options: SourceOptions): Promise<BucketRecords> {
  const problems: string[] = [];
  const open = (): GenerationReading<RecallStore> | undefined => openCurrent(layout, options);
  const reading = open();
  for (const gone of reading?.unreadable ?? []) problems.push(`generation ${gone.generation}: ${gone.detail}`);
  const sources: RecallSource[] = reading ? [lasting(reading.value, () => open()?.value)] : [];
  const index = await changedIndex(layout, {
    generation: reading?.generation.number ?? null,
    largest: options.largestIndex,
    problems,
  });
  if (index) {
    // An edit of the current state is the state; one of an older state knows nothing of what came since.
    if (index.coversCurrent) for (const source of sources.splice(0)) source.close();
    sources.unshift(recallStoreOf(index.records));
  }
  if (options.notes) sources.push(...noteSources(layout, reading?.generation.folder));
  return { sources, problems, log: options.log };
}

function openCurrent(
  layout: BucketLayout,
  { largestIndex }: SourceOptions,
): GenerationReading<RecallStore> | undefined {
  // Who waits for a large index waits for segments as well.
  const rebuilds = largestIndex < LARGEST_INDEX ? undefined : MOST_REBUILDS;
  return readFromGeneration(layout, ({ folder }) => openRecallStore(folder, rebuilds));
}

/** A generation may be taken away while it is asked: what is current by then answers. */
function lasting(first: RecallStore, reopen: () => RecallStore | undefined): RecallSource {
  let store = first;
  const asked = <T>(work: (store: RecallStore) => T): T => {
    try {
      return work(store);
    } catch (error) {
      const next = hasVanished(error) ? reopen() : undefined;
      if (!next) throw error;
      store.close();
      store = next;
      return work(store);
    }
  };
  return {
    search: (query, options) => asked((open) => open.search(query, options)),
    get: (id) => asked((open) => open.get(id)),
    problems: () => store.problems(),
    close: () => store.close(),
  };
}

/** Gives all files back, and leaves a line in the log when something could not be used: its records may not have been found. */
export function closeRecords({ sources, problems, log }: BucketRecords): void {
  const broken = sources.flatMap((source) => source.problems().map(({ chunk, detail }) => `${chunk}: ${detail}`));
  const all = [...problems, ...broken];
  if (all.length > 0) log.log('recall.problems', { count: all.length, first: all.slice(0, MOST_TOLD) });
  for (const source of sources) source.close();
}

const MOST_TOLD = 5;

/** Searches all sources of a bucket as one; what several hold is found once. */
export function searchRecords(records: BucketRecords, query: string, options: RecallSearch): RecallHit[] {
  const [first, ...rest] = records.sources.map((source) => source.search(query, options));
  return rest.length === 0 ? (first ?? []) : merged([first ?? [], ...rest], options.topK);
}

/**
 * The best of several lists. Each keeps its own order, by score; between them relevance decides, because
 * scores of different sources have different document frequencies. Among equals the earlier source counts.
 */
function merged(lists: readonly (readonly RecallHit[])[], topK: number): RecallHit[] {
  const waiting = lists.map((list) => [...list]);
  const found: RecallHit[] = [];
  const known = new Set<string>();
  while (found.length < topK) {
    const best = waiting.reduce((a, b) => ((b[0]?.relevance ?? -1) > (a[0]?.relevance ?? -1) ? b : a), []);
    const hit = best.shift();
    if (!hit) break;
    const { id, content } = hit.record;
    if (!known.has(id) && !known.has(content)) found.push(hit);
    known.add(id).add(content);
  }
  return found;
}
