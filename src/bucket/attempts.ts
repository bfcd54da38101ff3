import type { Envelope } from '../contracts/envelope.ts';

/**
 * Two counters, because a failure tells something about the envelope and a crash may not:
 * `attempt_count` counts answers that a backend failed to give, `crash_count` (a key of ours; the
 * Python plugin keeps it) counts the runs in a row that died while they held the envelope.
 */

/** Failures after which a failed envelope is not tried again. */
export const MAX_ATTEMPTS = 3;
/** Crashes in a row after which an envelope is compiled alone, so that it takes nobody else down. */
const CRASHES_UNTIL_ALONE = 3;
/** Crashes in a row after which it is set aside. */
export const MAX_CRASHES = 10;

export function crashCount(envelope: Envelope): number {
  const count = envelope['crash_count'];
  return typeof count === 'number' && Number.isInteger(count) && count > 0 ? count : 0;
}

/** Whether the envelope may be what makes a batch fail. */
export const mustGoAlone = (envelope: Envelope): boolean =>
  envelope.attempt_count > 0 || crashCount(envelope) >= CRASHES_UNTIL_ALONE;

export const isRetryable = (envelope: Envelope): boolean => envelope.attempt_count < MAX_ATTEMPTS;
