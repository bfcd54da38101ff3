import type { Failure } from '../contracts/failure.ts';
import { DiskFailure } from '../kernel/disk-failure.ts';
import { renderJson } from '../kernel/render-json.ts';
import { writeStandardOutput } from '../kernel/standard-streams.ts';
import { describe } from './describe.ts';

/** How a command speaks: its result on stdout (JSON unless a person is looking), all else on stderr. */
export interface OutputOptions {
  json: boolean;
}

/** JSON when asked for or when stdout is no terminal. */
export const wantsJson = (options: OutputOptions): boolean => options.json || !process.stdout.isTTY;

/** Prints a result as JSON, or as the text for people. */
export function printResult(result: unknown, text: () => string, options: OutputOptions): void {
  print(wantsJson(options) ? renderJson(result) : `${text()}\n`);
}

/** Writes to stdout at once, whole, without loading Node's streams. */
export const print = writeStandardOutput;

/** Tells a failure on stderr and sets the exit code: 2 for wrong usage, 1 for everything else. */
export function printFailure(failure: Failure): void {
  process.stderr.write(`csep: ${describe(failure)}\n`);
  process.exitCode = failure.reason === 'usage' ? 2 : 1;
}

/** Tells what was thrown before a command could begin, if it is a failure that has words. @returns whether it is one */
export function tellThrown(error: unknown): boolean {
  if (!(error instanceof DiskFailure)) return false;
  printFailure(error.failure);
  return true;
}
