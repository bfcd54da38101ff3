import * as v from 'valibot';
import { Envelope } from '../contracts/envelope.ts';
import type { SourceAuthority } from '../contracts/envelope.ts';
import type { StoredSuggestion, Suggestion } from '../contracts/suggestion.ts';
import { sha256, stableId } from '../kernel/digest.ts';

/** What an envelope is made of. */
export interface Sealing {
  threadId: string;
  turnId: string;
  /** Where the reviewed part begins; decides the envelope's identity together with the thread. */
  start: string;
  cwd: string;
  repoFingerprint: string;
  /** ISO 8601 UTC: when the review ended. */
  at: string;
  suggestions: readonly Suggestion[];
  sourceAuthority: readonly SourceAuthority[];
  snapshotPath: string | null;
}

/**
 * Identity of a review: thread and start position, never the end, the date or the answer. A worker
 * that repeats a review after a crash sees a longer session and gets another answer, and must still
 * end at the same key.
 */
export const idempotencyKey = (threadId: string, start: string): string => sha256(`${threadId}\n${start}`);

/** Puts suggestions into an envelope that lies in pending/ first. Pure: equal input gives equal bytes. */
export function sealEnvelope(sealing: Sealing): Envelope {
  const key = idempotencyKey(sealing.threadId, sealing.start);
  return v.parse(Envelope, {
    schema_version: 1,
    suggestion_id: stableId(key),
    idempotency_key: key,
    thread_id: sealing.threadId,
    cwd: sealing.cwd,
    repo_fingerprint: sealing.repoFingerprint,
    reviewer_timestamp: sealing.at,
    suggestions: sealing.suggestions.map((suggestion) => withOrigin(suggestion, sealing)),
    source_authority: [...sealing.sourceAuthority],
    state: 'pending',
    attempt_count: 0,
    review_snapshot_path: sealing.snapshotPath,
    failure_reason: null,
    transition_log: [{ at: sealing.at, from: null, to: 'pending', reason: 'reviewed' }],
  });
}

/**
 * A recall record says where it comes from, and an entry of memory in which turn, which the envelope has no
 * place for; the rest of its origin is the envelope's.
 */
function withOrigin(suggestion: Suggestion, sealing: Sealing): StoredSuggestion {
  const { family, summary, confidence } = suggestion;
  if (family === 'skill_action') return { family, summary, confidence, details: { ...suggestion.details } };
  if (family === 'memory_updates') {
    const { turn_id: _said, ...details } = suggestion.details;
    const turn = sealing.turnId === '' ? {} : { turn_id: sealing.turnId };
    return { family, summary, confidence, details: { ...details, ...turn } };
  }
  const origin = {
    repo_fingerprint: sealing.repoFingerprint,
    cwd: sealing.cwd,
    thread_id: sealing.threadId,
    turn_id: sealing.turnId,
    source_updated_at: sealing.at,
  };
  return { family, summary, confidence, details: { ...origin, ...suggestion.details } };
}

/** The envelope under an identity that its words decide: for one whose usual identity another has taken. */
export function rekeyed(envelope: Envelope): Envelope {
  const words = JSON.stringify(envelope.suggestions);
  const key = sha256(`${envelope.idempotency_key}\n${words}`);
  return v.parse(Envelope, { ...envelope, idempotency_key: key, suggestion_id: stableId(key) });
}
