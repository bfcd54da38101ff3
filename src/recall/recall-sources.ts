import { readFromGeneration } from '../assets/generation-folder.ts';
import type { RecallHit, RecallSearch, RecallStore } from '../assets/recall-store.ts';
import { openRecallStore } from '../assets/recall-store.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { exists } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';

/** Something that records can be searched in: a generation's store, or a list of records in memory. */
export interface RecallSource {
  search(query: string, options: RecallSearch): RecallHit[];
  get(id: string): RecallRecord | undefined;
  close(): void;
}

/** All that one bucket has to recall. */
export interface BucketRecords {
  sources: RecallSource[];
  /** What could not be used, for the log. */
  problems: string[];
}

export interface SourceOptions {
  /** Whether memory that is too much for a session's context is searched as well. */
  withNotes: boolean;
}

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
  const index = await indexToSearch(layout, reading?.generation.number ?? null, problems);
  if (index) {
    // An edit of the current state is the state; one of an older state knows nothing of what came since.
    if (index.coversCurrent) for (const source of sources.splice(0)) source.close();
    sources.unshift(await inMemory(index.records));
  }
  if (options.withNotes) sources.push(...(await notesOf(layout)));
  return { sources, problems };
}

export const closeRecords = (records: BucketRecords): void => {
  for (const source of records.sources) source.close();
};

/** Problems of the stores are known only after they were searched. */
export const storeProblems = (source: RecallSource): readonly { detail: string }[] =>
  isStore(source) ? source.problems() : [];

const isStore = (source: RecallSource): source is RecallStore => 'problems' in source;

async function indexToSearch(layout: BucketLayout, generation: number | null, problems: string[]) {
  if (!exists(layout.recallIndex)) return undefined;
  // Loaded only where there is such a file to compare: the usual bucket has one, so the module is small.
  const { changedIndex } = await import('./changed-index.ts');
  return changedIndex(layout, generation, problems);
}

async function inMemory(records: readonly RecallRecord[]): Promise<RecallSource> {
  const { recordsInMemory } = await import('./records-in-memory.ts');
  return recordsInMemory(records);
}

async function notesOf(layout: BucketLayout): Promise<RecallSource[]> {
  const { notesAsRecords } = await import('./notes-as-records.ts');
  const notes = notesAsRecords(layout);
  return notes.length === 0 ? [] : [await inMemory(notes)];
}
