import type { RecallHit } from '../assets/recall-store.ts';

/** `RecallHit.relevance` (0..1) that is enough; the figures behind both are in docs/decisions/010-recall-ranking.md. */
const WORTH_SHOWING = 0.08;
const WORTH_INJECTING = 0.35;
/** One word in common is a coincidence. */
const FEWEST_MATCHED = 2;
/** With less than that the own repository knows little, and others are asked as well. */
const STRONG = 0.3;

/** Asked for: a weak match is still an answer, noise is not. */
export const isWorthShowing = (hit: RecallHit): boolean => hit.relevance >= WORTH_SHOWING;

/** Not asked for: a wrong note costs more than a missing one. */
export const isWorthInjecting = (hit: RecallHit): boolean =>
  hit.relevance >= WORTH_INJECTING && hit.matched >= FEWEST_MATCHED;

export const isStrong = (hit: RecallHit): boolean => hit.relevance >= STRONG;
