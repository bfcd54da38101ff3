/** Time as an argument, so that tests own it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** ISO 8601, UTC, whole seconds, `Z`: how every record of ours tells time. */
export const timestamp = (clock: Clock): string => isoSeconds(clock.now());

export const isoSeconds = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

/** `YYYYMMDDTHHMMSS` in UTC, for names of folders. */
export const compactTimestamp = (clock: Clock): string => isoSeconds(clock.now()).replaceAll(/[-:Z]/g, '');

/**
 * Milliseconds of a clock that is never set, for durations and deadlines. Not `performance.now()`: in a
 * process that has just started, touching that global loads a module for two milliseconds.
 */
export function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1e6;
}

const DAY_MS = 86_400_000;

/** Start of the next day (UTC), in ms: when the daily budget begins anew. */
export const nextDayMs = (nowMs: number): number => (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
