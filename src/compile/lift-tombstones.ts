import type { Tombstone } from '../contracts/generation.ts';

export interface LiftQuestion<T> {
  before: readonly T[];
  /** After the edit was applied. */
  after: readonly T[];
  stones: readonly Tombstone[];
  isForgotten: (entry: T, stones: readonly Tombstone[]) => boolean;
  /** Tombstones that stood when the person started to edit; `all`: it cannot be told. */
  knownSince: readonly Tombstone[] | 'all';
}

export interface Lifted<T> {
  kept: T[];
  dropped: T[];
  stones: Tombstone[];
}

/**
 * What an edit brings back of what was forgotten. Written after the forget it is meant, and the
 * tombstone is lifted; standing in a file that was open across the forget it is a leftover, and goes.
 */
export function liftOrDrop<T>({ before, after, stones, isForgotten, knownSince }: LiftQuestion<T>): Lifted<T> {
  const lifted: Lifted<T> = { kept: [], dropped: [], stones: [...stones] };
  for (const entry of after) {
    const against = before.includes(entry) ? [] : stones.filter((stone) => isForgotten(entry, [stone]));
    const isMeant = against.every((stone) => knownSince === 'all' || knownSince.some((other) => isSame(stone, other)));
    if (against.length > 0 && !isMeant) {
      lifted.dropped.push(entry);
      continue;
    }
    lifted.kept.push(entry);
    lifted.stones = lifted.stones.filter((stone) => !against.includes(stone));
  }
  return lifted;
}

const isSame = (a: Tombstone, b: Tombstone): boolean =>
  a.at === b.at && a.scope === b.scope && a.shingles.join() === b.shingles.join();
