import * as v from 'valibot';
import { Envelope } from './envelope.ts';

/** review/queue/<session>.<turn>.json: a turn has stopped. Written by the Stop hook, never overwritten. */
export const QueueEntry = v.strictObject({
  schema_version: v.literal(1),
  session_id: v.string(),
  turn_id: v.string(),
  transcript_path: v.nullable(v.string()),
  cwd: v.string(),
  queued_at: v.string(),
  codex_home: v.optional(v.string()),
  /** Only without a transcript; redacted by the built-in rules. */
  last_assistant_message: v.optional(v.string()),
});
export type QueueEntry = v.InferOutput<typeof QueueEntry>;

/** How far a session's transcript has been reviewed: the raw ordinal of a line and that line's digest. */
export const Cursor = v.strictObject({
  ordinal: v.number(),
  digest: v.string(),
  /** Digest over all items up to here: recognises the same history in another file. */
  chain: v.string(),
});
export type Cursor = v.InferOutput<typeof Cursor>;

/** sessions/<id>.review.json: written in one piece; this write is what commits a review. */
export const SessionReview = v.strictObject({
  schema_version: v.literal(1),
  session_id: v.string(),
  cursor: v.nullable(Cursor),
  /** Chains at the ends of the last reviews, newest last: what forks and copies are compared with. */
  chains: v.array(v.string()),
  outbox: v.nullable(Envelope),
  attempts: v.number(),
  next_attempt_at: v.nullable(v.string()),
  last_error: v.optional(v.nullable(v.string()), null),
});
export type SessionReview = v.InferOutput<typeof SessionReview>;
