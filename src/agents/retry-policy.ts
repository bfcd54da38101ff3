/** The first pause where nobody configured another. */
const FIRST_PAUSE_MS = 1_000;
/** No pause that we choose ourselves is longer, except a first one that somebody configured. */
const LONGEST_PAUSE_MS = 20_000;
/**
 * A longer Retry-After is not waited for: asking earlier would be refused again, and the review
 * queue asks again later without anybody sitting there.
 */
export const LONGEST_RETRY_AFTER_MS = 60_000;

/** Statuses that do not answer the question and may do so a moment later: 408, 425, 429 and all of 5xx (529 is "overloaded"). */
export const isTransientStatus = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || (status >= 500 && status <= 599);

/**
 * Reads a Retry-After header (RFC 9110, section 10.2.3): seconds, or a date.
 * @returns milliseconds from `now`, never negative; undefined when there is none or it is neither
 */
export function retryAfterMs(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  // Date.parse takes nearly everything; every form of a HTTP date begins with a weekday.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/.test(text)) return undefined;
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}

/**
 * Milliseconds to wait before retry number `retry` (counted from 0): exponential with jitter, because
 * sessions that end together would otherwise come back together; at least what the provider asked for.
 * @param random a number from 0 (inclusive) to 1 (exclusive)
 * @param firstMs the full first pause; each further one is twice as long
 */
export function pauseBefore(retry: number, random: number, retryAfter = 0, firstMs = FIRST_PAUSE_MS): number {
  const full = Math.min(firstMs * 2 ** retry, Math.max(LONGEST_PAUSE_MS, firstMs));
  return Math.max(retryAfter, Math.round(full * (0.5 + random / 2)));
}
