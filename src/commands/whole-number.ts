import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';

/** A flag's value as a whole number from 1. */
export function wholeNumber(flag: string, text: string): Result<number> {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  return value >= 1 ? succeed(value) : fail({ reason: 'usage', detail: `${flag} takes a whole number from 1` });
}
