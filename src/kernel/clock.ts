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
