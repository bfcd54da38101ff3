import * as v from 'valibot';
import { SkillId } from './ids.ts';
import { isRecord, textOr } from './json.ts';

/** On whose words a suggestion rests; tool output never becomes `user` scope. */
export const Basis = v.picklist(['user', 'assistant', 'tool', 'hand-edit']);
export type Basis = v.InferOutput<typeof Basis>;

export const Scope = v.picklist(['user', 'global']);
export type Scope = v.InferOutput<typeof Scope>;

const MemoryAction = v.picklist(['add', 'replace', 'remove']);
const SkillActionKind = v.picklist(['create', 'patch', 'edit', 'retire']);

/** A skill that a memory or recall suggestion proposes on the side. */
export const SkillCandidate = v.object({
  skill_id: SkillId,
  title: v.pipe(v.string(), v.minLength(1)),
  description: v.optional(v.string(), ''),
  content: v.optional(v.string(), ''),
  action: v.optional(SkillActionKind, 'create'),
});
export type SkillCandidate = v.InferOutput<typeof SkillCandidate>;

const Confidence = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 1);
const NonEmpty = v.pipe(v.string(), v.trim(), v.minLength(1));
const Paths = v.optional(v.array(v.string()), []);

/** A fact or wish that belongs in USER.md (scope user) or MEMORY.md (scope global). */
export const MemorySuggestion = v.object({
  family: v.literal('memory_updates'),
  summary: v.string(),
  confidence: Confidence,
  details: v.object({
    scope: v.optional(Scope, 'global'),
    action: v.optional(MemoryAction, 'add'),
    old_summary: v.optional(v.string()),
    content: v.string(),
    source_paths: Paths,
    skill_candidate: v.optional(SkillCandidate),
    basis: v.optional(Basis),
    /** Last turn that the review read; written by us when the envelope is sealed. */
    turn_id: v.optional(v.fallback(v.string(), '')),
  }),
});
export type MemorySuggestion = v.InferOutput<typeof MemorySuggestion>;

/** Something worth finding again, but not worth carrying in every session. */
export const RecallSuggestion = v.object({
  family: v.literal('recall_candidate'),
  summary: NonEmpty,
  confidence: Confidence,
  details: v.object({
    content: v.string(),
    source_paths: Paths,
    aliases: Paths,
    skill_candidate: v.optional(SkillCandidate),
    repo_fingerprint: v.optional(v.string()),
    cwd: v.optional(v.string()),
    thread_id: v.optional(v.string()),
    turn_id: v.optional(v.string()),
    source_updated_at: v.optional(v.string()),
    basis: v.optional(Basis),
  }),
});
export type RecallSuggestion = v.InferOutput<typeof RecallSuggestion>;

/** A change to a managed skill. */
export const SkillSuggestion = v.object({
  family: v.literal('skill_action'),
  summary: NonEmpty,
  confidence: Confidence,
  details: v.object({
    action: SkillActionKind,
    skill_id: SkillId,
    title: v.optional(v.string(), ''),
    description: v.optional(v.string(), ''),
    content: v.optional(v.string(), ''),
    basis: v.optional(Basis),
  }),
});
export type SkillSuggestion = v.InferOutput<typeof SkillSuggestion>;

/** One thing that a review proposes to keep, checked; `readSuggestion` makes it from a stored one. */
export const Suggestion = v.variant('family', [MemorySuggestion, RecallSuggestion, SkillSuggestion]);
export type Suggestion = v.InferOutput<typeof Suggestion>;

export const FAMILIES = ['memory_updates', 'recall_candidate', 'skill_action'] as const;
export type Family = (typeof FAMILIES)[number];

/**
 * A suggestion as it lies in an envelope. Checked loosely on purpose: an envelope of another version
 * or another hand may hold anything, and each item must end in a receipt, not take its neighbours
 * into a parse error. What is no object, or has a part of the wrong kind, keeps its place and says so.
 */
export const StoredSuggestion = v.pipe(
  v.unknown(),
  v.transform(
    (
      item,
    ): {
      family: string;
      summary: string;
      confidence: number;
      details: Record<string, unknown>;
      [key: string]: unknown;
    } => {
      if (!isRecord(item)) return { family: 'unreadable', summary: '', confidence: 1, details: {}, item };
      const { family, summary, confidence, details } = item;
      return {
        ...item,
        family: textOr(family, 'unreadable'),
        summary: textOr(summary, ''),
        confidence: typeof confidence === 'number' ? confidence : 1,
        details: isRecord(details) ? details : {},
      };
    },
  ),
);
export type StoredSuggestion = v.InferOutput<typeof StoredSuggestion>;

/** What a reviewer (a model) must answer; items are checked one by one (reviewer/read-answer.ts). */
export const ReviewerAnswer = v.strictObject({
  memory_updates: v.optional(v.array(v.unknown()), []),
  recall_candidate: v.optional(v.array(v.unknown()), []),
  skill_action: v.optional(v.array(v.unknown()), []),
});
export type ReviewerAnswer = v.InferOutput<typeof ReviewerAnswer>;

/** An item of an answer that was left out, and why; the rest of the answer counts. */
export const SkippedSuggestion = v.strictObject({
  family: v.string(),
  index: v.number(),
  reason: v.string(),
  item: v.unknown(),
});
export type SkippedSuggestion = v.InferOutput<typeof SkippedSuggestion>;
