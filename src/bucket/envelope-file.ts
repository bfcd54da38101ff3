import path from 'node:path';
import { Envelope } from '../contracts/envelope.ts';
import type { EnvelopeState } from '../contracts/envelope.ts';
import type { Failure, Result } from '../contracts/failure.ts';
import { fail } from '../contracts/failure.ts';
import { OUTSIDE_NAME } from '../contracts/outside-name.ts';
import { listNames } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { readJson } from '../kernel/json-file.ts';

/** The five folders an envelope can lie in, in the order of its way through the bucket. */
export const STATES: readonly EnvelopeState[] = ['pending', 'processing', 'failed', 'discarded', 'done'];

/** Larger than any review can make one. */
const MAX_ENVELOPE_BYTES = 10 * 1024 * 1024;

const EXTENSION = '.json';
/** Syncthing's copies are the only ones whose names look like ours. */
const SYNC_CONFLICT = /\.sync-conflict-\d/;

export const envelopeFile = (layout: BucketLayout, state: EnvelopeState, id: string): string =>
  path.join(layout[state], `${id}${EXTENSION}`);

/**
 * Ids of the envelopes in one folder, sorted, told by their names alone: temporary files and the
 * copies of sync programs are nothing.
 */
export function envelopeIds(layout: BucketLayout, state: EnvelopeState): string[] {
  return listNames(layout[state]).flatMap((name) => {
    const id = name.endsWith(EXTENSION) ? name.slice(0, -EXTENSION.length) : '';
    return OUTSIDE_NAME.test(id) && !SYNC_CONFLICT.test(id) ? [id] : [];
  });
}

/**
 * Reads an envelope. The folder is the truth about its state, so `state` is the folder's, whatever
 * the file says.
 */
export function readEnvelope(layout: BucketLayout, state: EnvelopeState, id: string): Result<Envelope> {
  const file = envelopeFile(layout, state, id);
  const envelope = readJson(file, Envelope, MAX_ENVELOPE_BYTES);
  if (!envelope.ok) return envelope;
  if (envelope.value.suggestion_id !== id) {
    return fail({ reason: 'file-invalid', path: file, detail: 'suggestion_id is not the name of the file' });
  }
  return { ok: true, value: { ...envelope.value, state } };
}

/**
 * Whether a file that could not be read will never be readable, and why: then it is set aside. A
 * newer version's file is left alone, and so is one that the disk would not give us this time.
 */
export function beyondReading(failure: Failure): string | undefined {
  const { reason } = failure;
  if (reason === 'file-invalid' || reason === 'file-unreadable') return failure.detail;
  if (reason === 'file-too-large') return `${failure.size} bytes are more than the limit of ${failure.limit}`;
  if (reason === 'symlink-refused') return 'it is a symbolic link';
  return undefined;
}
