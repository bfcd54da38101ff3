import { isRecord, textOr } from '../contracts/json.ts';
import { modifiedMs, readText } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';

/** Use of recall in one bucket within the window. */
export interface Use {
  /** Records put beside prompts. */
  injected: number;
  /** Records that somebody asked for and was given. */
  shown: number;
  asked: number;
  /** Asked, and nothing was found. */
  in_vain: number;
}

export const NO_USE: Use = { injected: 0, shown: 0, asked: 0, in_vain: 0 };
export const WINDOW_MS = 24 * 3_600_000;
/** Twice what usage.jsonl grows to before it is put away. */
const LARGEST = 1_000_000;

/** Sums up the last 24 hours of usage.jsonl; a bucket that was not used since costs one look. */
export function readUse(layout: Pick<BucketLayout, 'usage'>, now: Date): Use {
  const since = now.getTime() - WINDOW_MS;
  const files = [`${layout.usage}.1`, layout.usage].filter((file) => modifiedMs(file) >= since);
  const use = { ...NO_USE };
  for (const file of files) {
    for (const line of (readText(file, LARGEST) ?? '').split('\n')) add(use, line, since);
  }
  return use;
}

function add(use: Use, line: string, since: number): void {
  const entry = parsed(line);
  // Negated, so that a line without a time counts as old.
  if (!isRecord(entry) || !(Date.parse(textOr(entry['at'], '')) >= since)) return;
  const ids = Array.isArray(entry['ids']) ? entry['ids'].length : 0;
  if (entry['by'] === 'prompt-recall') {
    use.injected += ids;
    return;
  }
  use.asked += 1;
  use.shown += ids;
  if (ids === 0) use.in_vain += 1;
}

function parsed(line: string): unknown {
  if (line === '') return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
