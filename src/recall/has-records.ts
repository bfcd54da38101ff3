import { currentGeneration } from '../assets/generation-folder.ts';
import { factsOf, listNames } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';

/** `{"records": []}`, with the blanks and line ends that any program may put into it. */
const EMPTY_INDEX_BYTES = 40;

/** Whether a bucket holds anything to recall, without reading it. */
export function hasRecords(layout: BucketLayout): boolean {
  const generation = currentGeneration(layout);
  if (generation) return listNames(generation.folder).some((name) => name.startsWith('recall-'));
  return (factsOf(layout.recallIndex)?.size ?? 0) > EMPTY_INDEX_BYTES;
}
