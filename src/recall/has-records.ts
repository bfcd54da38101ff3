import { currentGeneration } from '../assets/generation-folder.ts';
import { listNames, lookAt } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';

/** `{"records": []}`, with the blanks and line ends that any program may put into it. */
const EMPTY_INDEX_BYTES = 40;

/** Whether a bucket holds anything to recall, without reading it. */
export function hasRecords(layout: BucketLayout): boolean {
  const generation = currentGeneration(layout);
  if (generation) return listNames(generation.folder).some((name) => name.startsWith('recall-'));
  return (lookAt(layout.recallIndex)?.size ?? 0) > EMPTY_INDEX_BYTES;
}
