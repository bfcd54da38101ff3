import type { Tombstone } from '../contracts/generation.ts';
import { sha256 } from '../kernel/digest.ts';
import { normalContent, shingles } from './similarity.ts';

export type TombstoneScope = Tombstone['scope'];

/** Share of a forgotten text's fingerprint that makes another text its return. */
const MIN_SHARE = 0.8;

/** Fingerprint of a forgotten text: hashes of its shingles, so that the text itself is gone. */
export function tombstoneOf(text: string, scope: TombstoneScope, at: string): Tombstone {
  return { at, scope, shingles: fingerprint(text) };
}

/** Whether a text brings back what was forgotten in that scope. */
export function isTombstoned(text: string, scope: TombstoneScope, tombstones: readonly Tombstone[]): boolean {
  const relevant = tombstones.filter((stone) => stone.scope === 'all' || scope === 'all' || stone.scope === scope);
  if (relevant.length === 0) return false;
  const found = new Set(fingerprint(text));
  return relevant.some((stone) => {
    const shared = stone.shingles.filter((hash) => found.has(hash)).length;
    return stone.shingles.length > 0 && shared / stone.shingles.length >= MIN_SHARE;
  });
}

function fingerprint(text: string): string[] {
  const runs = [...shingles(text)];
  // A text of stop words only has no shingles; it is its own fingerprint then.
  return (runs.length > 0 ? runs : [normalContent(text)]).map((run) => sha256(run).slice(0, 16)).toSorted();
}

/** Family of a suggestion whose text was forgotten: what is left of it in its envelope. */
export const FORGOTTEN_FAMILY = 'forgotten';
