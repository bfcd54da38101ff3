import path from 'node:path';
import { DiskFailure } from '../kernel/disk-failure.ts';
import { listNames } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';

/** One promoted state of memory, recall and skills: an immutable folder. */
export interface GenerationFolder {
  number: number;
  folder: string;
}

/** Names of promoted generations; stages (`.stage-…`) and foreign names are nothing. */
const GENERATION_NAME = /^[1-9]\d{0,14}$/;

/** All generations of a bucket, newest first. There is no pointer file: the highest number is current. */
export function listGenerations(layout: Pick<BucketLayout, 'generations'>): GenerationFolder[] {
  return listNames(layout.generations)
    .filter((name) => GENERATION_NAME.test(name))
    .map((name) => ({ number: Number(name), folder: path.join(layout.generations, name) }))
    .toSorted((a, b) => b.number - a.number);
}

export const currentGeneration = (layout: Pick<BucketLayout, 'generations'>): GenerationFolder | undefined =>
  listGenerations(layout)[0];

export interface GenerationReading<T> {
  value: T;
  generation: GenerationFolder;
  /** Newer generations that could not be read, with the reason; say so where somebody looks. */
  unreadable: { generation: number; detail: string }[];
}

/** Retention and promotion may move a generation away while it is being read. */
const MAX_LISTINGS = 3;

/**
 * Reads everything that `read` needs from one and the same generation. A generation that vanishes
 * under the reader (ENOENT, ESTALE) makes it list again, at most three times; one that stays
 * unreadable is passed over for the one below.
 *
 * @returns undefined when there is no readable generation
 */
export function readFromGeneration<T>(
  layout: Pick<BucketLayout, 'generations'>,
  read: (generation: GenerationFolder) => T,
): GenerationReading<T> | undefined {
  const unreadable: GenerationReading<T>['unreadable'] = [];
  let listings = 0;
  let candidates = listGenerations(layout);
  for (let generation = candidates.shift(); generation; generation = candidates.shift()) {
    try {
      return { value: read(generation), generation, unreadable };
    } catch (error) {
      if (hasVanished(error) && ++listings < MAX_LISTINGS) {
        candidates = listGenerations(layout);
        continue;
      }
      unreadable.push({ generation: generation.number, detail: detailOf(error) });
    }
  }
  return undefined;
}

/** Whether a generation, or a file of it, was taken away while it was read. */
export function hasVanished(error: unknown): boolean {
  if (!(error instanceof DiskFailure)) return false;
  const { failure } = error;
  if (failure.reason === 'file-missing') return true;
  return failure.reason === 'disk-failed' && ['ENOENT', 'ESTALE'].includes(failure.code);
}

/** Only what a damaged file can cause is passed over; a bug in the reader stays loud. */
function detailOf(error: unknown): string {
  if (error instanceof DiskFailure) return error.failure.reason;
  if (error instanceof SyntaxError) return error.message;
  throw error;
}
