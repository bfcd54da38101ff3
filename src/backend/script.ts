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
import { discarded, startMerge } from './merge-state.ts';
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
  const verdicts = task.batch.flatMap((envelope) =>
    envelope.suggestions.flatMap((stored, index) => mergeOne(state, envelope, { stored, index })),
  );
  return {
    memory: state.memory,
    skills: [...state.skills.values()].toSorted((a, b) => (a.skill_id < b.skill_id ? -1 : 1)),
    recall: { added: [...state.recallAdded.values()], replaced: [...state.recallReplaced.values()] },
    verdicts,
  };
}

interface Numbered {
  stored: StoredSuggestion;
  index: number;
}

function mergeOne(state: MergeState, envelope: Envelope, { stored, index }: Numbered): ItemVerdict[] {
  const label = { suggestion_id: envelope.suggestion_id, index, family: stored.family };
  if (stored.family === FORGOTTEN_FAMILY) return [{ ...label, ...discarded('tombstoned') }];
  const reading = readSuggestion(stored.family, withoutSecrets(stored));
  if (!reading.ok) return [{ ...label, ...discarded('unsupported_action', reading.reason) }];
  const { suggestion } = reading;
  const finding = lintSuggestion([suggestion.summary, ...stringsIn(suggestion.details)]);
  if (!finding.ok) return [{ ...label, ...discarded('injection_suspected', `${finding.rule}: ${finding.detail}`) }];
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
