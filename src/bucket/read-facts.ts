import type { Failure } from '../contracts/failure.ts';
import { isRecord, textOr } from '../contracts/json.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { readText } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';

/**
 * What a bucket says about itself, read without the schema library: every hook asks.
 * The shape is contracts/bucket-facts.ts.
 */
export type FactsReading =
  /** Neither bucket.json nor the Python plugin's `.canonical_cwd`. */
  | { kind: 'none' }
  | { kind: 'facts'; root: string; identity: string | null; createdAt: string }
  /** Only the Python plugin's file: a path as text. */
  | { kind: 'older'; root: string }
  | { kind: 'newer'; version: number; path: string }
  /** bucket.json is damaged; the root is what the Python plugin's file says, if there is one. */
  | { kind: 'unreadable'; detail: string; root: string | null }
  /** The disk did not let us look; what bucket.json says is unknown. */
  | { kind: 'refused'; failure: Failure };

export const FACTS_VERSION = 1;
const MAX_BYTES = 64 * 1024;

export function readFacts(layout: Pick<BucketLayout, 'facts' | 'olderFacts'>): FactsReading {
  const text = attempt(() => readText(layout.facts, MAX_BYTES));
  if (!text.ok && text.failure.reason === 'disk-failed') return { kind: 'refused', failure: text.failure };
  if (text.ok && text.value !== undefined) return parseFacts(layout, text.value);
  const root = olderRoot(layout);
  if (!text.ok) return { kind: 'unreadable', detail: text.failure.reason, root };
  return root === null ? { kind: 'none' } : { kind: 'older', root };
}

/** Nobody but the Python plugin wrote that file; a damaged one says as little as none. */
function olderRoot(layout: Pick<BucketLayout, 'olderFacts'>): string | null {
  const text = attempt(() => readText(layout.olderFacts, MAX_BYTES));
  const root = text.ok ? text.value?.replace(/[\r\n]+$/, '') : undefined;
  return root || null;
}

function parseFacts(layout: Pick<BucketLayout, 'facts' | 'olderFacts'>, text: string): FactsReading {
  const unreadable = (detail: string): FactsReading => ({ kind: 'unreadable', detail, root: olderRoot(layout) });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return unreadable('not JSON');
  }
  if (!isRecord(value)) return unreadable('not an object');
  const { version, root, identity } = value;
  if (typeof version === 'number' && version > FACTS_VERSION) return { kind: 'newer', version, path: layout.facts };
  if (version !== FACTS_VERSION) return unreadable('no version');
  if (typeof root !== 'string' || root === '') return unreadable('no root');
  return {
    kind: 'facts',
    root,
    identity: typeof identity === 'string' ? identity : null,
    createdAt: textOr(value['created_at'], ''),
  };
}
