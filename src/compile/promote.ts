import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Generation } from '../contracts/generation.ts';
import { currentGeneration, listGenerations } from '../assets/generation-folder.ts';
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
  // Retention may have freed our number meanwhile; what is current then does not know us.
  const isLate = (currentGeneration(layout)?.number ?? 0) > generation;
  if (isLate || moveFolderExclusively(staged.folder, folder) === 'taken') {
    discardFolder(layout, staged.folder);
    return fail({ reason: 'race-lost', bucket, generation });
  }
  syncFolder(layout.generations);
  // The first promotion has made generations/ itself: without that entry a power cut would take all of it.
  if (staged.facts.from === null) syncFolder(layout.stateDir);
  if (wasOvertaken(layout, staged)) {
    // The number was freed between our look and our rename.
    discardFolder(layout, folder);
    return fail({ reason: 'race-lost', bucket, generation });
  }
  return succeed({ number: generation, folder });
}

/**
 * Whether a higher number exists that was not made from this generation, or that does not know what this run applied
 * and forgot. Number and origin alone do not tell it from one that was made from a freed predecessor of our number.
 */
function wasOvertaken(layout: BucketLayout, { facts }: StagedGeneration): boolean {
  const made = new Set([facts.generation]);
  const higher = listGenerations(layout).filter(({ number }) => number > facts.generation);
  return higher.toReversed().some((folder) => {
    const later = readFacts(folder);
    if (!later.ok || !made.has(later.value.from ?? 0)) return true;
    made.add(folder.number);
    return !knowsAll(later.value, facts);
  });
}

const knowsAll = (later: Generation, { receipt, tombstones }: Generation): boolean => {
  const stones = new Set(later.tombstones.map((stone) => stone.shingles.join()));
  return (
    receipt.envelopes.every((id) => id in later.applied) &&
    tombstones.every(({ shingles }) => stones.has(shingles.join()))
  );
};

/** Out of sight by one rename, then removed: a half-removed folder is never seen under its old name. */
export function discardFolder(layout: BucketLayout, folder: string): void {
  makeFolder(layout.trash);
  const grave = path.join(layout.trash, `${path.basename(folder)}-${process.hrtime.bigint().toString(36)}`);
  if (moveFile(folder, grave)) removeFolder(grave);
}
