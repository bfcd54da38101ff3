import * as v from 'valibot';
import { Scope } from './suggestion.ts';

export const Outcome = v.picklist(['added', 'merged', 'replaced', 'removed', 'duplicate', 'discarded']);
export type Outcome = v.InferOutput<typeof Outcome>;

/** Closed list: every discarded suggestion has one of these reasons. */
const DISCARD_REASONS = [
  'unsupported_action',
  'missing_managed_skill',
  'ownership_violation',
  'missing_description',
  'missing_content',
  'low_signal',
  'ambiguous_match',
  'no_match',
  'hand_edit_wins',
  'tombstoned',
  'injection_suspected',
  'rejected_by_user',
  'opencode_unavailable',
  'agent_invoke_failed',
  'agent_output_invalid',
] as const;
export const DiscardReason = v.picklist(DISCARD_REASONS);
export type DiscardReason = v.InferOutput<typeof DiscardReason>;

/** What became of one suggestion. */
export const ItemReceipt = v.strictObject({
  suggestion_id: v.string(),
  index: v.optional(v.number()),
  family: v.optional(v.string()),
  outcome: Outcome,
  reason: v.optional(DiscardReason),
  detail: v.optional(v.pipe(v.string(), v.maxLength(400))),
  path: v.optional(v.string()),
  state: v.string(),
});
export type ItemReceipt = v.InferOutput<typeof ItemReceipt>;

export const DiscardedItem = v.looseObject({ reason: DiscardReason, detail: v.optional(v.string()) });
export type DiscardedItem = v.InferOutput<typeof DiscardedItem>;

export const MemoryActionStats = v.strictObject({
  total: v.number(),
  by_action: v.record(v.string(), v.number()),
  by_scope: v.record(v.string(), v.number()),
});
export type MemoryActionStats = v.InferOutput<typeof MemoryActionStats>;

/** What one compile did; it lies inside the generation that it vouches for. */
export const Receipt = v.strictObject({
  run_status: v.literal('success'),
  backend: v.string(),
  fallback_backend: v.nullable(v.string()),
  processed_count: v.number(),
  archived_count: v.number(),
  memory_records: v.number(),
  recall_records: v.number(),
  managed_skills: v.number(),
  item_receipts: v.array(ItemReceipt),
  discarded_items: v.array(DiscardedItem),
  skip_reason: v.nullable(v.string()),
  memory_action_stats: MemoryActionStats,
  generation: v.number(),
  from_generation: v.nullable(v.number()),
  envelopes: v.array(v.string()),
  started_at: v.string(),
  ended_at: v.string(),
  /** Entries that went because another one says the same; no suggestion had to name them. */
  absorbed: v.optional(v.array(v.strictObject({ scope: Scope, summary: v.string(), into: v.string() }))),
  tokens: v.optional(v.strictObject({ input: v.number(), output: v.number() })),
  gate: v.optional(v.unknown()),
});
export type Receipt = v.InferOutput<typeof Receipt>;
