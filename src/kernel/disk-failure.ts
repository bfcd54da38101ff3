import type { Failure, Result } from '../contracts/failure.ts';
import { fail } from '../contracts/failure.ts';

/**
 * The one exception that crosses module borders on purpose: the disk refused. Every call can meet
 * it, so it travels as a throw and becomes a value again at a flow's edge (`attempt`).
 */
export class DiskFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.reason);
    this.name = 'DiskFailure';
    this.failure = failure;
  }
}

/** The system's code (`ENOSPC`, …) of anything that was thrown; empty when it has none. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return '';
}

/** Wraps what node:fs threw. */
export function diskFailure(operation: string, path: string, error: unknown): DiskFailure {
  if (error instanceof DiskFailure) return error;
  return new DiskFailure({ reason: 'disk-failed', operation, path, code: errorCode(error) || String(error) });
}

/** Runs a step and turns a refused disk into a Failure; anything else that is thrown is a bug and stays one. */
export function attempt<T>(step: () => T): Result<T> {
  try {
    return { ok: true, value: step() };
  } catch (error) {
    if (error instanceof DiskFailure) return fail(error.failure);
    throw error;
  }
}

/** As `attempt`, for a step that waits. */
export async function attemptAsync<T>(step: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof DiskFailure) return fail(error.failure);
    throw error;
  }
}
