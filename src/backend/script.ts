import type { Envelope } from '../contracts/envelope.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { isRecord, stringsIn } from '../contracts/json.ts';
import { readSuggestion } from '../contracts/read-suggestion.ts';
import type { StoredSuggestion, Suggestion } from '../contracts/suggestion.ts';
import { FORGOTTEN_FAMILY } from '../assets/tombstone.ts';
import { lintSuggestion } from '../safety/lint.ts';
import { redact, redactDeep } from '../safety/redact.ts';
import type { Backend, CompileAnswer, CompileTask, ItemVerdict, Verdict } from './backend.ts';
import { mergeMemory } from './merge-memory.ts';
import { mergeRecall } from './merge-recall.ts';
import { actionOfCandidate, mergeSkill } from './merge-skill.ts';
import { discarded, MAX_ENTRY_CHARACTERS, startMerge } from './merge-state.ts';
import type { MergeState } from './merge-state.ts';

/** Deterministic merge without a model: the same batch on the same knowledge gives the same answer. */
export const scriptBackend: Backend = {
  name: 'script',
  compile: async (task, signal) =>
    signal.aborted ? fail({ reason: 'aborted', what: 'The compile' }) : succeed(mergeBatch(task)),
};

/** Merges every suggestion of the batch, oldest envelope first, and says what became of each. */
export function mergeBatch(task: CompileTask): CompileAnswer {
  const state = startMerge(task);
  const verdicts = readBatch(task).flatMap((one) => mergeOne(state, one));
  return answerOf(state, verdicts);
}

/** What the merged state says, with a verdict for every suggestion. */
export const answerOf = (state: MergeState, verdicts: ItemVerdict[]): CompileAnswer => ({
  memory: state.memory,
  skills: [...state.skills.values()].toSorted((a, b) => (a.skill_id < b.skill_id ? -1 : 1)),
  recall: { added: [...state.recallAdded.values()], replaced: [...state.recallReplaced.values()] },
  verdicts,
});

/** One suggestion of the batch, redacted and checked; or why it counts for nothing. */
export interface ReadSuggestion {
  envelope: Envelope;
  index: number;
  family: string;
  reading: { ok: true; suggestion: Suggestion } | { ok: false; verdict: Verdict };
}

/** Every suggestion of the batch, oldest envelope first. */
export const readBatch = (task: CompileTask): ReadSuggestion[] =>
  task.batch.flatMap((envelope) =>
    envelope.suggestions.map((stored, index) => ({
      envelope,
      index,
      family: stored.family,
      reading: readStored(stored),
    })),
  );

const no = (verdict: Verdict): ReadSuggestion['reading'] => ({ ok: false, verdict });

function readStored(stored: StoredSuggestion): ReadSuggestion['reading'] {
  if (stored.family === FORGOTTEN_FAMILY) return no(discarded('tombstoned'));
  const reading = readSuggestion(stored.family, withoutSecrets(stored));
  if (!reading.ok) return no(discarded('unsupported_action', reading.reason));
  const { suggestion } = reading;
  const texts = [suggestion.summary, ...stringsIn(suggestion.details)];
  const longest = Math.max(...texts.map((text) => text.length));
  if (longest > MAX_ENTRY_CHARACTERS)
    return no(discarded('unsupported_action', `it is longer than ${MAX_ENTRY_CHARACTERS} characters`));
  const finding = lintSuggestion(texts);
  if (!finding.ok) return no(discarded('injection_suspected', `${finding.rule}: ${finding.detail}`));
  return { ok: true, suggestion: withoutToolWishes(suggestion) };
}

/** What a tool printed is nobody's wish, whoever wrote the envelope: it never touches USER.md. */
function withoutToolWishes(suggestion: Suggestion): Suggestion {
  if (suggestion.family !== 'memory_updates' || suggestion.details.basis !== 'tool') return suggestion;
  return { ...suggestion, details: { ...suggestion.details, scope: 'global' } };
}

/** @returns one verdict, or two for a suggestion that brings a skill along */
export function mergeOne(state: MergeState, { envelope, index, family, reading }: ReadSuggestion): ItemVerdict[] {
  const label = { suggestion_id: envelope.suggestion_id, index, family };
  if (!reading.ok) return [{ ...label, ...reading.verdict }];
  const { suggestion } = reading;
  const verdict = mergeByFamily(state, suggestion, envelope);
  const candidate = 'skill_candidate' in suggestion.details ? suggestion.details.skill_candidate : undefined;
  if (!candidate) return [{ ...label, ...verdict }];
  const skill = mergeSkill(state, actionOfCandidate(candidate), envelope);
  return [
    { ...label, ...verdict },
    { ...label, family: 'skill_action', ...skill },
  ];
}

function mergeByFamily(state: MergeState, suggestion: Suggestion, envelope: Envelope): Verdict {
  switch (suggestion.family) {
    case 'memory_updates':
      return mergeMemory(state, suggestion, envelope);
    case 'recall_candidate':
      return mergeRecall(state, suggestion, envelope);
    case 'skill_action':
      return mergeSkill(state, suggestion.details, envelope);
  }
}

/** An envelope may come from a program that redacts less: nothing is promoted that we would not have written. */
function withoutSecrets(stored: StoredSuggestion): StoredSuggestion {
  const { summary, details } = stored;
  const clean = redactDeep(details);
  return { ...stored, summary: redact(summary), details: isRecord(clean) ? clean : {} };
}
