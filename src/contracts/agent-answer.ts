import * as v from 'valibot';

/** Longer ones are no heading. */
const MAX_SUMMARY = 500;
/** As for every entry (backend/merge-state.ts). */
const MAX_TEXT = 20_000;
const MAX_LIST = 5_000;

const Text = v.pipe(
  v.nullish(v.string(), ''),
  v.transform((text) => text ?? ''),
  v.maxLength(MAX_TEXT),
);
const Summary = v.pipe(v.string(), v.maxLength(MAX_SUMMARY));

/** Which suggestion an entry says it rests on; believed only as far as the words agree. */
const Claim = v.object({ suggestion_id: v.string(), index: v.nullish(v.number()) });
export type Claim = v.InferOutput<typeof Claim>;

/** Older agents put other things there; those claim nothing. */
const Claims = v.fallback(v.array(Claim), []);

const Entry = v.object({ summary: Summary, content: Text, provenance: Claims });
export type AgentEntry = v.InferOutput<typeof Entry>;

const AgentSkill = v.object({
  skill_id: v.string(),
  title: Text,
  description: Text,
  content: Text,
  action: v.nullish(v.string(), 'edit'),
});
export type AgentSkill = v.InferOutput<typeof AgentSkill>;

const Discarded = v.object({
  suggestion_id: v.nullish(v.string()),
  index: v.nullish(v.number()),
  reason: v.fallback(v.string(), ''),
  detail: v.fallback(v.string(), ''),
});
export type AgentDiscard = v.InferOutput<typeof Discarded>;

const listOf = <T extends v.GenericSchema>(item: T) => v.pipe(v.array(item), v.maxLength(MAX_LIST));

/**
 * What a compile agent answers: memory whole, recall and skills as far as they are new or changed, and
 * what it left out. A proposal: `backend/apply-agent-answer.ts` says what becomes of it.
 */
export const AgentAnswer = v.object({
  memory_records: v.object({ user: listOf(Entry), global: listOf(Entry) }),
  recall_records: v.optional(listOf(Entry), []),
  compiled_skills: v.optional(listOf(AgentSkill), []),
  /** Accepted and ignored: the manifest is made here. */
  manifest_entries: v.optional(v.unknown()),
  discarded_items: v.optional(listOf(Discarded), []),
});
export type AgentAnswer = v.InferOutput<typeof AgentAnswer>;
