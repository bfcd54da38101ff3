import type { AgentAnswer, AgentDiscard } from '../contracts/agent-answer.ts';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import type { DiscardReason } from '../contracts/receipt.ts';
import { saysTheSame } from '../assets/similarity.ts';
import { redact } from '../safety/redact.ts';
import { AGENT_REASONS } from './agent-contract.ts';
import type { Sent } from './agent-payload.ts';
import type { AgentState } from './agent-state.ts';
import { refuse } from './agent-state.ts';
import { applyMemory } from './apply-memory.ts';
import { applyRecall } from './apply-recall.ts';
import { applySkills } from './apply-skills.ts';
import type { Absorbed, CompileAnswer, CompileTask, ItemVerdict, Verdict } from './backend.ts';
import { mergeMemory } from './merge-memory.ts';
import { mergeRecall } from './merge-recall.ts';
import { discarded, startMerge } from './merge-state.ts';
import { answerOf } from './script.ts';
import type { OpenPart, SortedBatch } from './sort-out.ts';
import { isOpen } from './sort-out.ts';

export interface AgentMaterial {
  task: CompileTask;
  sorted: SortedBatch;
  sent: Sent;
}

/**
 * Makes proposed knowledge of an agent's answer. What it may decide: the words of entries that rest on
 * suggestions of the batch, and which suggestions to leave out. Everything else is derived here: the
 * verdicts by comparing, provenance, confidence and paths from the suggestions, ids from the content.
 *
 * @returns Failure `answer-rejected` with the rule that the answer breaks
 */
export function applyAgentAnswer({ task, sorted, sent }: AgentMaterial, answer: AgentAnswer): Result<CompileAnswer> {
  const merge = startMerge(task);
  const state: AgentState = { task, sent, open: sorted.open, answer, merge, verdicts: new Map() };
  const absorbed: Absorbed[] = [];
  for (const scope of ['user', 'global'] as const) {
    const memory = applyMemory(state, scope);
    if (!memory.ok) return memory;
    absorbed.push(...(memory.absorbed ?? []));
  }
  for (const apply of [applySkills, applyRecall]) {
    const applied = apply(state);
    if (!applied.ok) return applied;
  }
  for (const part of sorted.open) if (!state.verdicts.has(part)) settleUnsaid(state, part);
  const silent = sorted.open.find((part) => !state.verdicts.has(part));
  if (silent)
    return refuse(
      'answersForEverySuggestion',
      `nothing says what became of suggestion ${silent.index} of ${silent.envelope.suggestion_id} (${silent.family})`,
    );
  return succeed({ ...answerOf(merge, verdictsOf(state, sorted)), ...(absorbed.length > 0 ? { absorbed } : {}) });
}

const verdictsOf = ({ verdicts }: AgentState, { parts }: SortedBatch): ItemVerdict[] =>
  parts.map((part) => {
    if (!isOpen(part)) return part;
    const label = { suggestion_id: part.envelope.suggestion_id, index: part.index, family: part.family };
    return { ...label, ...(verdicts.get(part) ?? part.alone) };
  });

/** A suggestion that no entry carries: left out with a reason, known already, or names nothing that there is. */
function settleUnsaid(state: AgentState, part: OpenPart): void {
  const verdict = leftOut(state.answer.discarded_items, part) ?? knownAlready(state, part) ?? nothingNamed(part);
  if (verdict) state.verdicts.set(part, verdict);
}

const isAgentReason = (reason: string): reason is (typeof AGENT_REASONS)[number] =>
  AGENT_REASONS.some((known) => known === reason);

function leftOut(items: readonly AgentDiscard[], part: OpenPart): Verdict | undefined {
  const own = items.filter((item) => item.suggestion_id === part.envelope.suggestion_id);
  const item = own.find((one) => one.index === part.index) ?? own.find((one) => (one.index ?? -1) < 0);
  if (!item) return undefined;
  const reason: DiscardReason = isAgentReason(item.reason) ? item.reason : 'low_signal';
  const detail = redact(item.detail.trim() || item.reason);
  return discarded(reason, `the agent left it out: ${detail}`.slice(0, 400));
}

/** The deterministic merge finds an entry that says the same: it is joined to that one. */
function knownAlready({ merge }: AgentState, part: OpenPart): Verdict | undefined {
  const { suggestion, envelope, alone } = part;
  if (suggestion.family === 'memory_updates' && part.family === suggestion.family) {
    const { action, scope, content } = suggestion.details;
    if (action !== 'add' || !merge.memory[scope].some((record) => saysTheSame(record.content, content)))
      return undefined;
    return mergeMemory(merge, suggestion, envelope);
  }
  const isStored = alone.outcome === 'duplicate' || alone.outcome === 'merged';
  if (suggestion.family === 'recall_candidate' && part.family === suggestion.family && isStored)
    return mergeRecall(merge, suggestion, envelope);
  return undefined;
}

function nothingNamed({ alone }: OpenPart): Verdict | undefined {
  return alone.reason === 'no_match' || alone.reason === 'ambiguous_match' ? alone : undefined;
}
