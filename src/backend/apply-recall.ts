import type { AgentEntry } from '../contracts/agent-answer.ts';
import type { RecallSuggestion } from '../contracts/suggestion.ts';
import { normalContent } from '../assets/similarity.ts';
import { recallId } from '../kernel/digest.ts';
import type { AgentState, Outcome } from './agent-state.ts';
import { claimed, cleanLine, cleanText, fine, judgeAll, refuse, sourcesOf, suspicion } from './agent-state.ts';
import { mergeRecall } from './merge-recall.ts';
import type { OpenPart } from './sort-out.ts';
import { inventedPart, readingOf } from './text-overlap.ts';

const PATH = 'recall/index.json';

/**
 * Takes over the new recall records of an answer. Records that exist stay whether the answer has them
 * or not. A memory suggestion may end here as well: found when asked for instead of carried always.
 */
export function applyRecall(state: AgentState): Outcome {
  for (const entry of state.answer.recall_records) {
    const applied = applyRecord(state, entry);
    if (!applied.ok) return applied;
  }
  return fine;
}

function applyRecord(state: AgentState, entry: AgentEntry): Outcome {
  const summary = cleanLine(entry.summary);
  const content = cleanText(entry.content);
  if (content === '') return fine;
  const reading = readingOf(`${summary}\n${content}`);
  const parts = state.open.filter((part) => part.family !== 'skill_action');
  const own = parts.filter((part) => part.family === 'recall_candidate');
  if (isStored(state, content)) {
    judgeAll(state, claimed(own, entry.provenance, reading), { outcome: 'duplicate', path: PATH });
    return fine;
  }
  const named = claimed(parts, entry.provenance, reading);
  const sources = [...new Set([...sourcesOf(own, [], reading), ...named])];
  const [first] = sources;
  if (!first) return refuse('restsOnTheBatch', `the recall record "${summary.slice(0, 80)}" rests on no suggestion`);
  const suspicious = suspicion([summary, content]);
  if (suspicious) {
    judgeAll(state, sources, suspicious);
    return fine;
  }
  const invented = inventedPart(
    reading,
    sources.map((part) => part.reading),
  );
  if (invented !== undefined)
    return refuse('restsOnTheBatch', `the recall record "${summary.slice(0, 80)}": ${invented}`);
  judgeAll(state, sources, mergeRecall(state.merge, suggestionOf({ summary, content }, sources), first.envelope));
  return fine;
}

function isStored(state: AgentState, content: string): boolean {
  if (state.task.recall.has(recallId(content))) return true;
  const normal = normalContent(content);
  return state.sent.recall.some((shown) => normalContent(shown.content) === normal);
}

/** The record's words are the agent's; where they come from is told by the suggestions. */
function suggestionOf(
  { summary, content }: { summary: string; content: string },
  sources: readonly OpenPart[],
): RecallSuggestion {
  const all = sources.map(({ suggestion }) => suggestion);
  const recall = all.find((suggestion) => suggestion.family === 'recall_candidate');
  const { skill_candidate: _skill, ...origin } = recall?.details ?? {};
  return {
    family: 'recall_candidate',
    summary: summary || content.slice(0, 80),
    confidence: Math.max(...all.map((suggestion) => suggestion.confidence)),
    details: {
      ...origin,
      content,
      source_paths: [...new Set(all.flatMap(({ details }) => ('source_paths' in details ? details.source_paths : [])))],
      aliases: [...new Set(all.flatMap(({ details }) => ('aliases' in details ? details.aliases : [])))],
    },
  };
}
