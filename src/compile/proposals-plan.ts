import type { Envelope } from '../contracts/envelope.ts';
import type { Tombstone } from '../contracts/generation.ts';
import { isRecord, textOr } from '../contracts/json.ts';
import type { PlannedVerdict, Proposal, ReviewDecision, ShownChanges } from '../contracts/proposal.ts';
import type { StoredSuggestion } from '../contracts/suggestion.ts';
import { FORGOTTEN } from '../assets/scrub-text.ts';
import { FORGOTTEN_FAMILY, tombstoneOf } from '../assets/tombstone.ts';
import type { CompileAnswer, CompileTask, ItemVerdict } from '../backend/backend.ts';
import { mergeBatch } from '../backend/script.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { checkAnswer } from './check-answer.ts';
import { compareKnowledge } from './compare-knowledge.ts';
import type { KnowledgeChanges } from './compare-knowledge.ts';
import { isForgottenMemory, isForgottenRecall, isForgottenSkill, withoutForgotten } from './forgotten.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import { decisionKey } from './proposals.ts';
import type { Decisions } from './proposals.ts';
import { recallLookup } from './recall-lookup.ts';
import { recallRecords } from './recall-records.ts';

/** What the deterministic merge makes of some envelopes, decisions included. Repeatable, and at no cost. */
export interface ReviewPlan {
  answer: CompileAnswer;
  changes: KnowledgeChanges;
}

export interface PlanTask {
  bucket: BucketHandle;
  knowledge: OpenKnowledge;
  batch: readonly Envelope[];
  decisions: Decisions;
  at: string;
}

/** Plans with edited texts in place of the suggested ones, and without what was rejected. */
export function planWaiting(task: PlanTask): ReviewPlan {
  const { knowledge, batch, decisions } = task;
  return withCompileTask(task, (compile) => {
    const merged = mergeBatch(compile);
    const answer = { ...merged, verdicts: merged.verdicts.map((verdict) => asTold(verdict, batch, decisions)) };
    return { answer, changes: changesOf(knowledge, answer, compile.recall) };
  });
}

/** What an agent answered for this very batch and generation, if it still keeps the rules. */
export function keptAnswer(task: PlanTask, { answer, verdicts }: Proposal): CompileAnswer | undefined {
  if (!answer) return undefined;
  return withCompileTask(task, (compile) => {
    const { tokens, absorbed, ...content } = answer;
    const whole = {
      ...content,
      verdicts: verdicts.map(verdictOf),
      ...(tokens ? { tokens } : {}),
      ...(absorbed ? { absorbed } : {}),
    };
    const checked = checkAnswer(whole, compile);
    return checked.ok ? checked.value : undefined;
  });
}

function withCompileTask<T>({ bucket, knowledge, batch, decisions, at }: PlanTask, use: (task: CompileTask) => T): T {
  const recall = recallLookup(knowledge);
  try {
    return use({
      place: { root: bucket.root, layout: bucket.layout },
      memory: knowledge.memory,
      skills: knowledge.skills,
      recall,
      batch: batch.map((envelope) => asDecided(withoutForgotten(envelope, knowledge.tombstones), decisions)),
      handTouched: new Set(),
      tombstones: knowledge.tombstones,
      at,
    });
  } finally {
    recall.close();
  }
}

/** Absent keys are left out, as receipts want them. */
const verdictOf = ({ reason, detail, path, ...verdict }: PlannedVerdict): ItemVerdict => ({
  ...verdict,
  ...(reason === undefined ? {} : { reason }),
  ...(detail === undefined ? {} : { detail }),
  ...(path === undefined ? {} : { path }),
});

/** The difference that an answer makes; only recall records that it touches are looked at. */
export function changesOf(
  knowledge: OpenKnowledge,
  answer: Pick<CompileAnswer, 'memory' | 'skills' | 'recall'>,
  recall: CompileTask['recall'],
): KnowledgeChanges {
  const { added, replaced } = answer.recall;
  const before = replaced.flatMap((record) => recall.get(record.id) ?? []);
  return compareKnowledge(
    { memory: knowledge.memory, skills: knowledge.skills, recall: before },
    { memory: answer.memory, skills: answer.skills, recall: [...replaced, ...added] },
  );
}

/** What stands in the place of a rejected suggestion: of no family, so no merge does anything with it. */
const REJECTED: StoredSuggestion = { family: 'rejected', summary: '', details: {}, confidence: 1 };

/** The envelope as the person wants it; every suggestion keeps its place, since receipts count by places. */
const asDecided = (envelope: Envelope, decisions: Decisions): Envelope => ({
  ...envelope,
  suggestions: envelope.suggestions.map((suggestion, index) => {
    const said = decisions.get(decisionKey(envelope.suggestion_id, index));
    return said?.decision === 'rejected' ? REJECTED : edited(suggestion, said);
  }),
});

/** A person's words count as a person's. */
export function edited(suggestion: StoredSuggestion, said: ReviewDecision | undefined): StoredSuggestion {
  if (!said?.edited) return suggestion;
  const { summary, content } = said.edited;
  // A forget has been through it since: nobody would want what is left.
  if ([summary, content].some((text) => text?.includes(FORGOTTEN)))
    return { ...suggestion, family: FORGOTTEN_FAMILY, summary: FORGOTTEN, details: {} };
  const isSkill = suggestion.family === 'skill_action';
  return {
    ...suggestion,
    ...(summary === undefined ? {} : { summary }),
    details: {
      ...suggestion.details,
      ...(content === undefined ? {} : { content }),
      ...(summary !== undefined && isSkill ? { title: summary } : {}),
      basis: 'hand-edit',
    },
  };
}

/** A rejected suggestion is told under its own family and with its own reason. */
function asTold(verdict: ItemVerdict, batch: readonly Envelope[], decisions: Decisions): ItemVerdict {
  const { suggestion_id: id, index } = verdict;
  if (decisions.get(decisionKey(id, index))?.decision !== 'rejected') return verdict;
  const family = batch.find((envelope) => envelope.suggestion_id === id)?.suggestions[index]?.family;
  return {
    suggestion_id: id,
    index,
    family: family ?? verdict.family,
    outcome: 'discarded',
    reason: 'rejected_by_user',
  };
}

/**
 * Tombstones that keep what was rejected from coming back by a later review. None for a text that the
 * knowledge has (the suggestion only repeated it), nor where the person rejected for this once.
 */
export function stonesOf(task: PlanTask, answer: CompileAnswer): Tombstone[] {
  const { batch, decisions, knowledge, at } = task;
  const stones = batch.flatMap((envelope) =>
    envelope.suggestions.flatMap((suggestion, index): Tombstone[] => {
      const said = decisions.get(decisionKey(envelope.suggestion_id, index));
      return said?.decision === 'rejected' && !said.once ? stoneOf(suggestion, at) : [];
    }),
  );
  if (stones.length === 0) return [];
  const records = [...recallRecords(knowledge), ...answer.recall.added];
  return stones.filter(
    (stone) =>
      ![...answer.memory.user, ...answer.memory.global].some((record) => isForgottenMemory(record, [stone])) &&
      !records.some((record) => isForgottenRecall(record, [stone])) &&
      !answer.skills.some((skill) => isForgottenSkill(skill, [stone])),
  );
}

function stoneOf({ family, summary, details }: StoredSuggestion, at: string): Tombstone[] {
  const { content, note, text, body, action, scope } = details;
  if (action === 'remove' || action === 'retire') return [];
  const said = textOr(content ?? note ?? text ?? body, summary);
  if (said.trim() === '') return [];
  switch (family) {
    case 'memory_updates':
      return [tombstoneOf(said, scope === 'user' ? 'user' : 'global', at)];
    case 'recall_candidate':
      return [tombstoneOf(said, 'recall', at)];
    case 'skill_action':
      return [tombstoneOf(said, 'skill', at)];
    default:
      return [];
  }
}

/**
 * Whether a plan does something that a person was not shown, or does not do what they were. What was
 * shown and is there already (another part of it was accepted before) is no difference.
 */
export function differs(shown: Pick<Proposal, 'changes' | 'verdicts'>, { answer, changes }: ReviewPlan): boolean {
  const known = new Set(sightsOf(shown.changes));
  const outcomes = new Map(shown.verdicts.map((verdict) => [verdictKey(verdict), verdict.outcome === 'discarded']));
  return (
    sightsOf(changes).some((sight) => !known.has(sight)) ||
    answer.verdicts.some((verdict) => outcomes.get(verdictKey(verdict)) !== (verdict.outcome === 'discarded'))
  );
}

const verdictKey = ({
  suggestion_id: id,
  index,
  family,
}: Pick<ItemVerdict, 'suggestion_id' | 'index' | 'family'>): string => `${id}.${index}.${family}`;

/** A change as a person sees it: kind, name and texts, no ids and times. */
const sightsOf = ({
  memory,
  recall,
  skills,
}: Pick<KnowledgeChanges, 'memory' | 'recall' | 'skills'> | ShownChanges): string[] =>
  [...memory, ...recall, ...skills].map(({ kind, change, name, before, after }) =>
    JSON.stringify([kind, change, name, before, after]),
  );

/** The text that a suggestion would make known. */
export const textOfSuggestion = ({ summary, details }: StoredSuggestion): string => {
  const { content, note, text, body } = details;
  return textOr(content ?? note ?? text ?? body, summary);
};

/** The skill that a suggestion is about, if it is about one. */
export function skillOfSuggestion({ details }: StoredSuggestion): string | undefined {
  const candidate = details['skill_candidate'];
  const id = details['skill_id'] ?? (isRecord(candidate) ? candidate['skill_id'] : undefined);
  return typeof id === 'string' ? id : undefined;
}
