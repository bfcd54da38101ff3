import * as v from 'valibot';
import { SuggestionId } from './ids.ts';
import { Memory, Provenance } from './memory.ts';
import { DiscardReason, Outcome } from './receipt.ts';
import { RecallRecord } from './recall.ts';
import { Skill } from './skills.ts';
import { Scope } from './suggestion.ts';

const EntryChange = v.strictObject({
  kind: v.picklist(['user', 'global', 'recall', 'skill']),
  change: v.picklist(['added', 'changed', 'removed']),
  name: v.string(),
  id: v.optional(v.string()),
  before: v.optional(v.string()),
  after: v.optional(v.string()),
  diff: v.optional(v.array(v.string())),
  provenance: v.optional(v.array(Provenance)),
});

/** What a person is shown before the yes: the difference to the generation that the plan was made from. */
export const ShownChanges = v.strictObject({
  memory: v.array(EntryChange),
  recall: v.array(EntryChange),
  skills: v.array(EntryChange),
});
export type ShownChanges = v.InferOutput<typeof ShownChanges>;

/** What the plan makes of one suggestion. */
export const PlannedVerdict = v.strictObject({
  suggestion_id: v.string(),
  index: v.number(),
  family: v.string(),
  outcome: Outcome,
  reason: v.optional(DiscardReason),
  detail: v.optional(v.string()),
  path: v.optional(v.string()),
});
export type PlannedVerdict = v.InferOutput<typeof PlannedVerdict>;

/** What an agent answered: kept because asking again costs, and used only as long as nothing else was promoted. */
export const PlannedAnswer = v.strictObject({
  memory: Memory,
  skills: v.array(Skill),
  recall: v.strictObject({ added: v.array(RecallRecord), replaced: v.array(RecallRecord) }),
  /** Entries that went because another one says the same. */
  absorbed: v.optional(v.array(v.strictObject({ scope: Scope, summary: v.string(), into: v.string() }))),
  tokens: v.optional(v.strictObject({ input: v.number(), output: v.number() })),
});
export type PlannedAnswer = v.InferOutput<typeof PlannedAnswer>;

/** proposals/<id>/proposal.json: a plan of a compile in review mode; nothing of it is promoted. */
export const Proposal = v.strictObject({
  schema_version: v.literal(1),
  id: v.string(),
  created_at: v.string(),
  /** Generation that the plan was made from; null: there was none. */
  from: v.nullable(v.number()),
  backend: v.string(),
  fallback_backend: v.nullable(v.string()),
  envelopes: v.array(SuggestionId),
  verdicts: v.array(PlannedVerdict),
  changes: ShownChanges,
  /** Null: the deterministic merge, which is repeated at no cost. */
  answer: v.nullable(PlannedAnswer),
});
export type Proposal = v.InferOutput<typeof Proposal>;

/** proposals/<suggestion_id>.<index>.json: what a person has said of one suggestion so far. */
export const ReviewDecision = v.strictObject({
  schema_version: v.literal(1),
  suggestion_id: SuggestionId,
  index: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Null: only edited so far. */
  decision: v.nullable(v.picklist(['accepted', 'rejected'])),
  /** Rejected for this once: the same text may be suggested again. */
  once: v.optional(v.boolean()),
  edited: v.optional(v.strictObject({ summary: v.optional(v.string()), content: v.optional(v.string()) })),
  at: v.string(),
});
export type ReviewDecision = v.InferOutput<typeof ReviewDecision>;
