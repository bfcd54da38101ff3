import * as v from 'valibot';
import { SuggestionId, Timestamp } from './ids.ts';
import { StoredSuggestion } from './suggestion.ts';

/** Folder in which an envelope lies. */
export const EnvelopeState = v.picklist(['pending', 'processing', 'done', 'failed', 'discarded']);
export type EnvelopeState = v.InferOutput<typeof EnvelopeState>;

/** What a review really read, in this order. */
export const SOURCE_AUTHORITY = [
  'thread_read_output',
  'thread_read_path',
  'transcript',
  'transcript_path',
  'memory_files',
  'managed_skills_manifest',
  'hook_payload',
] as const;
export const SourceAuthority = v.picklist(SOURCE_AUTHORITY);
export type SourceAuthority = v.InferOutput<typeof SourceAuthority>;

const Transition = v.looseObject({
  at: v.optional(v.string(), ''),
  from: v.optional(v.nullable(v.string()), null),
  to: v.optional(v.string(), ''),
  reason: v.optional(v.nullable(v.string()), null),
});

/**
 * SuggestionEnvelope: what one review of one session proposes, on its way through the bucket.
 * Unknown keys are kept: the Python plugin 0.7 and later versions write this file too.
 */
export const Envelope = v.looseObject({
  schema_version: v.literal(1),
  suggestion_id: SuggestionId,
  idempotency_key: v.string(),
  thread_id: v.optional(v.string(), ''),
  cwd: v.optional(v.string(), ''),
  repo_fingerprint: v.optional(v.string(), ''),
  reviewer_timestamp: v.optional(v.union([Timestamp, v.string()]), ''),
  suggestions: v.array(StoredSuggestion),
  source_authority: v.optional(v.array(v.string()), []),
  state: v.optional(EnvelopeState, 'pending'),
  attempt_count: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  review_snapshot_path: v.optional(v.nullable(v.string()), null),
  failure_reason: v.optional(v.nullable(v.string()), null),
  transition_log: v.optional(v.array(Transition), []),
  origin: v.optional(v.unknown()),
  evidence: v.optional(v.unknown()),
});
export type Envelope = v.InferOutput<typeof Envelope>;
