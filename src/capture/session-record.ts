import path from 'node:path';
import { setAside } from '../bucket/set-aside.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { SessionReview } from '../contracts/review.ts';
import { safeName } from '../kernel/digest.ts';
import { listNames } from '../kernel/files.ts';
import { makeFolder } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { readJson, writeJson } from '../kernel/json-file.ts';

/** sessions/<id>.review.json: how far a session was reviewed, and what is still to be deposited. */

const SUFFIX = '.review.json';

/** Ends of earlier reviews that are remembered per session, newest last. */
const MOST_CHAINS = 20;

/** Sessions of a bucket whose chains a new session's transcript is compared with. */
const MOST_SESSIONS = 1_000;

const recordFile = (layout: BucketLayout, session: string): string =>
  path.join(layout.sessions, `${safeName(session)}${SUFFIX}`);

/**
 * Reads a session's record; a session that was never reviewed has an empty one. A damaged record is
 * set aside: the review begins again, and what it finds twice the ledger absorbs.
 */
export function loadRecord(layout: BucketLayout, session: string): Result<SessionReview> {
  const file = recordFile(layout, session);
  const reading = readJson(file, SessionReview);
  if (reading.ok) return succeed(reading.value);
  const { failure } = reading;
  if (failure.reason === 'file-missing') return succeed(emptyRecord(session));
  // A newer version's record, or one that the disk refuses, must not be replaced.
  if (failure.reason !== 'file-invalid') return fail(failure);
  setAside(layout, file, failure.detail);
  return succeed(emptyRecord(session));
}

const emptyRecord = (session: string): SessionReview => ({
  schema_version: 1,
  session_id: session,
  cursor: null,
  chains: [],
  outbox: null,
  attempts: 0,
  next_attempt_at: null,
  last_error: null,
});

/** Writes the record in one piece; with a new cursor and an outbox in it, this is the commit of a review. */
export function saveRecord(layout: BucketLayout, record: SessionReview): void {
  makeFolder(layout.sessions);
  writeJson(recordFile(layout, record.session_id), SessionReview, record);
}

/** The chains with one more end at their end; the oldest go first. */
export const withChain = (chains: readonly string[], chain: string | undefined): string[] =>
  chain === undefined || chain === '' || chains.includes(chain) ? [...chains] : [...chains, chain].slice(-MOST_CHAINS);

/** Chains at which reviews of this bucket ended, whatever session they were of: forks repeat their parent's history. */
export function reviewedChains(layout: BucketLayout): Set<string> {
  const chains = new Set<string>();
  const names = listNames(layout.sessions).filter((name) => name.endsWith(SUFFIX) && !name.startsWith('.'));
  for (const name of names.slice(-MOST_SESSIONS)) {
    const reading = readJson(path.join(layout.sessions, name), SessionReview);
    if (reading.ok) for (const chain of reading.value.chains) chains.add(chain);
  }
  return chains;
}
