import type { Envelope } from '../contracts/envelope.ts';
import type { SkillSuggestion, Suggestion } from '../contracts/suggestion.ts';
import type { CompileAnswer, CompileTask, ItemVerdict, Verdict } from './backend.ts';
import { actionOfCandidate } from './merge-skill.ts';
import { startMerge } from './merge-state.ts';
import { answerOf, mergeOne, readBatch } from './script.ts';
import type { ReadSuggestion } from './script.ts';
import { readingOf } from './text-overlap.ts';
import type { Reading } from './text-overlap.ts';

/** Something that an agent is to decide: a suggestion, or the skill that one brings along. */
export interface OpenPart {
  envelope: Envelope;
  index: number;
  family: string;
  suggestion: Suggestion;
  /** For the family skill_action. */
  skill: SkillSuggestion['details'] | undefined;
  reading: Reading;
  /** What the deterministic merge would do with it alone. */
  alone: Verdict;
}

export interface SortedBatch {
  /** Verdicts in the order of the batch; those that wait for an agent are parts. */
  parts: (ItemVerdict | OpenPart)[];
  open: OpenPart[];
  /** The deterministic merge of the whole batch. */
  script: CompileAnswer;
}

export const isOpen = (part: ItemVerdict | OpenPart): part is OpenPart => !('outcome' in part);

/**
 * Tells what needs a model from what does not: a suggestion that is unreadable, suspicious, forgotten,
 * too thin, not ours to decide or known already is settled without one, and never sent to one.
 */
export function sortOut(task: CompileTask): SortedBatch {
  const state = startMerge(task);
  const verdicts: ItemVerdict[] = [];
  const parts = readBatch(task).flatMap((one) => {
    const merged = mergeOne(state, one);
    verdicts.push(...merged);
    // An earlier suggestion of the batch may be the reason for either verdict; an agent may drop that one.
    const alone = mergeOne(startMerge(task, state.prints), one);
    return merged.map((verdict, number) => partOf(one, verdict, alone[number] ?? verdict));
  });
  return { parts, open: parts.filter(isOpen), script: answerOf(state, verdicts) };
}

function partOf(one: ReadSuggestion, merged: ItemVerdict, alone: ItemVerdict): ItemVerdict | OpenPart {
  const { envelope, index, reading } = one;
  if (!reading.ok || (isSettled(merged) && isSettled(alone))) return merged;
  const { suggestion } = reading;
  return {
    envelope,
    index,
    family: merged.family,
    suggestion,
    skill: merged.family === 'skill_action' ? skillOf(suggestion) : undefined,
    reading: readingOf(textOf(suggestion)),
    alone,
  };
}

function isSettled({ outcome, reason }: Verdict): boolean {
  if (outcome === 'duplicate') return true;
  // Which entry was meant is something that a model may find out.
  return outcome === 'discarded' && reason !== 'no_match' && reason !== 'ambiguous_match';
}

function skillOf(suggestion: Suggestion): SkillSuggestion['details'] | undefined {
  if (suggestion.family === 'skill_action') return suggestion.details;
  const candidate = suggestion.details.skill_candidate;
  return candidate ? actionOfCandidate(candidate) : undefined;
}

/** All words of a suggestion, those of the entry that it names among them. */
function textOf({ summary, details }: Suggestion): string {
  const lists = [
    'source_paths' in details ? details.source_paths : [],
    'aliases' in details ? details.aliases : [],
  ].flat();
  const candidate = 'skill_candidate' in details ? details.skill_candidate : undefined;
  const texts = [
    summary,
    details.content,
    'old_summary' in details ? details.old_summary : '',
    'title' in details ? `${details.title}\n${details.description}\n${details.skill_id}` : '',
    candidate ? `${candidate.title}\n${candidate.description}\n${candidate.content}\n${candidate.skill_id}` : '',
    ...lists,
  ];
  return texts.filter(Boolean).join('\n');
}
