import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { listGenerations } from '../assets/generation-folder.ts';
import type { GenerationFolder } from '../assets/generation-folder.ts';
import { readFacts } from '../assets/read-generation.ts';
import { makeFolder, syncFolder } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { moveFile, moveFolderExclusively, removeFolder } from '../kernel/move-files.ts';
import type { StagedGeneration } from './stage-generation.ts';

/**
 * THE commit: one rename to a number that must be free. It fails when somebody else has promoted
 * from the same state, so it is a compare-and-swap; the lock only saves work.
 *
 * @returns `lock-lost` or `race-lost` when nothing was promoted; the stage is gone then
 */
export function promote(layout: BucketLayout, staged: StagedGeneration, lost: AbortSignal): Result<GenerationFolder> {
  const { generation } = staged.facts;
  const bucket = path.basename(layout.stateDir);
  if (lost.aborted) {
    discardFolder(layout, staged.folder);
    return fail({ reason: 'lock-lost', bucket });
  }
  const folder = path.join(layout.generations, String(generation));
  if (moveFolderExclusively(staged.folder, folder) === 'taken') {
    discardFolder(layout, staged.folder);
    return fail({ reason: 'race-lost', bucket, generation });
  }
  syncFolder(layout.generations);
  // The first promotion has made generations/ itself: without that entry a power cut would take all of it.
  if (staged.facts.from === null) syncFolder(layout.stateDir);
  if (wasOvertaken(layout, staged)) {
    // Retention had freed our number while a later generation, which does not know us, was current.
    discardFolder(layout, folder);
    return fail({ reason: 'race-lost', bucket, generation });
  }
  return succeed({ number: generation, folder });
}

/** Whether a higher number exists whose ledger has not taken in what this run applied. */
function wasOvertaken(layout: BucketLayout, { facts }: StagedGeneration): boolean {
  return listGenerations(layout).some((other) => {
    if (other.number <= facts.generation) return false;
    const later = readFacts(other);
    return !later.ok || facts.receipt.envelopes.some((id) => !(id in later.value.applied));
  });
}

/** Out of sight by one rename, then removed: a half-removed folder is never seen under its old name. */
export function discardFolder(layout: BucketLayout, folder: string): void {
  makeFolder(layout.trash);
  const grave = path.join(layout.trash, `${path.basename(folder)}-${process.hrtime.bigint().toString(36)}`);
  if (moveFile(folder, grave)) removeFolder(grave);
}
