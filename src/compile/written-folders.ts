import type { BucketLayout } from '../kernel/home.ts';

/** Every folder of a bucket in which something is written beside its target. */
export const writtenFolders = (layout: BucketLayout): string[] => [
  layout.stateDir,
  layout.pending,
  layout.processing,
  layout.done,
  layout.failed,
  layout.discarded,
  layout.memoryFolder,
  layout.recallFolder,
  layout.skillsFolder,
  layout.managedSkills,
  layout.compiler,
  layout.forgetting,
  layout.keptReceipts,
  layout.queue,
  layout.snapshots,
  layout.failedReviews,
  layout.sessions,
  layout.setAside,
  layout.proposals,
];
