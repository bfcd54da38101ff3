import * as v from 'valibot';
import { Envelope } from '../contracts/envelope.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { exists, readText } from '../kernel/files.ts';
import { makeFolder } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { writeJson } from '../kernel/json-file.ts';
import { refuseLinksIn } from '../kernel/links.ts';
import { envelopeFile, envelopeIds, readEnvelope, STATES } from './envelope-file.ts';

export type DepositOutcome = 'deposited' | 'already-there';

/**
 * Puts an envelope into pending/, once: an envelope of the same id or the same idempotency key
 * that lies in any folder of the bucket, or whose id is in the ledger, makes it `already-there`.
 * Of several who deposit one envelope at the same time, one does.
 *
 * @param applied ids that the ledger has
 * @throws DiskFailure; nothing was deposited then
 */
export function deposit(layout: BucketLayout, envelope: Envelope, applied?: ReadonlySet<string>): DepositOutcome {
  // The id becomes a file name below, so it is checked before anything looks at the disk.
  const checked = v.parse(Envelope, { ...envelope, state: 'pending' });
  const id = checked.suggestion_id;
  refuseLinksIn(layout.suggestions);
  if (applied?.has(id) || liesSomewhere(layout, id)) return 'already-there';
  if (keyIsKnown(layout, checked.idempotency_key)) return 'already-there';
  makeFolder(layout.pending);
  const written = writeJson(envelopeFile(layout, 'pending', id), Envelope, checked, { exclusive: true });
  return written ? 'deposited' : 'already-there';
}

/**
 * Looks in the order of an envelope's way, so that one that moves on meanwhile is met further on;
 * one that is given back meanwhile is met by the exclusive write.
 */
const liesSomewhere = (layout: BucketLayout, id: string): boolean =>
  STATES.some((state) => exists(envelopeFile(layout, state, id)));

/** An empty key names nothing. */
function keyIsKnown(layout: BucketLayout, key: string): boolean {
  if (key === '') return false;
  // Keys are compared in the text first: parsing thousands of settled envelopes would take its time.
  const quoted = JSON.stringify(key);
  return STATES.some((state) =>
    envelopeIds(layout, state).some((id) => {
      const text = attempt(() => readText(envelopeFile(layout, state, id), MAX_SEARCHED_BYTES));
      if (!text.ok || !text.value?.includes(quoted)) return false;
      const reading = readEnvelope(layout, state, id);
      return reading.ok && reading.value.idempotency_key === key;
    }),
  );
}

const MAX_SEARCHED_BYTES = 10 * 1024 * 1024;

/** Whether the envelope of that id, wherever it lies, says the same: then a deposit was a mere repeat. */
export function isRepeat(layout: BucketLayout, envelope: Envelope): boolean {
  const words = JSON.stringify(envelope.suggestions);
  return STATES.some((state) => {
    const known = readEnvelope(layout, state, envelope.suggestion_id);
    return known.ok && JSON.stringify(known.value.suggestions) === words;
  });
}
