/** A repeatable source of choices for generated corpora. */
export interface Dice {
  /** A whole number from 0 up to but not including the limit. */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
  chars(alphabet: string, length: number): string;
}

export const LOWER = 'abcdefghijklmnopqrstuvwxyz';
export const UPPER = LOWER.toUpperCase();
export const DIGITS = '0123456789';
export const HEX = `${DIGITS}abcdef`;
export const ALNUM = LOWER + UPPER + DIGITS;
export const URL64 = `${ALNUM}-_`;
export const STD64 = `${ALNUM}+/`;

/** The mulberry32 generator. */
export function dice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: (from) => {
      const chosen = from[below(from.length)];
      if (chosen === undefined) throw new Error('nothing to pick from');
      return chosen;
    },
    chars: (alphabet, length) => Array.from({ length }, () => alphabet[below(alphabet.length)] ?? '').join(''),
  };
}

/** The fixed half of every corpus is generated from this one, so it is the same in every run. */
export const FIXED_SEED = 20_260_101;

/** `CSEP_CORPUS_SEED` repeats a run; otherwise each run has its own, and prints it. */
export function runSeed(): number {
  const given = Number(process.env['CSEP_CORPUS_SEED']);
  return Number.isSafeInteger(given) && given > 0 ? given : (Date.now() ^ (process.pid << 12)) >>> 0;
}
