import type { Envelope } from '../contracts/envelope.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { textOr } from '../contracts/json.ts';
import type { Proposal, ReviewDecision, ShownChanges } from '../contracts/proposal.ts';
import type { Outcome } from '../contracts/receipt.ts';
import { FORGOTTEN_FAMILY } from '../assets/tombstone.ts';
import type { ItemVerdict } from '../backend/backend.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { timestamp } from '../kernel/clock.ts';
import type { World } from '../kernel/world.ts';
import { showGenerationChanges } from './history.ts';
import type { GenerationReport } from './history.ts';
import { openKnowledge } from './open-knowledge.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import { decisionKey, listProposals, listWaiting, readDecisions } from './proposals.ts';
import type { Decisions } from './proposals.ts';
import type { Target } from './proposals-decide.ts';
import { edited, planWaiting, skillOfSuggestion, textOfSuggestion } from './proposals-plan.ts';

/** A suggestion that waits, as a person decides on it. */
export interface WaitingSuggestion {
  /** `<envelope>#<index>`; what accept, reject and edit take. */
  id: string;
  family: string;
  action: string;
  /** Of memory: user or global. */
  scope: string | null;
  skill_id: string | null;
  summary: string;
  content: string;
  /** What it replaces or removes. */
  old_summary: string | null;
  edited: boolean;
  decision: ReviewDecision['decision'];
  /** Plan of a compile that names it; null: no compile has planned it yet. */
  proposal: string | null;
  session: string;
  reviewed_at: string;
  /** What a yes would do. */
  would: { outcome: Outcome; reason?: string; detail?: string } | null;
}

export interface WaitingProposal extends Pick<Proposal, 'id' | 'created_at' | 'from' | 'backend' | 'envelopes'> {
  /** More has been promoted since: it is planned again when it is accepted. */
  stale: boolean;
  changes: ShownChanges;
}

/** What `review list` prints. */
export interface ReviewList {
  suggestions: WaitingSuggestion[];
  proposals: WaitingProposal[];
  /** The last generation and what it changed; null: nothing was promoted yet. */
  last: GenerationReport | null;
}

/** Everything that waits for a yes or will be compiled, and what the last promotion changed. Changes nothing. */
export function listReview(world: World, bucket: BucketHandle): Result<ReviewList> {
  const { layout } = bucket;
  const opened = openKnowledge(layout);
  if (!opened.ok) return opened;
  const knowledge = opened.value;
  const proposals = listProposals(layout).filter(({ envelopes }) => envelopes.some((id) => !(id in knowledge.ledger)));
  const last = knowledge.highest === null ? undefined : showGenerationChanges(layout, knowledge.highest);
  return succeed({
    suggestions: suggestionsOf(world, bucket, { knowledge, proposals }),
    proposals: proposals.map(({ id, created_at: at, from, backend, envelopes, changes }) => ({
      id,
      created_at: at,
      from,
      backend,
      envelopes,
      changes,
      stale: from !== knowledge.highest,
    })),
    last: last?.ok ? last.value : null,
  });
}

interface Planned {
  knowledge: OpenKnowledge;
  proposals: readonly Proposal[];
}

function suggestionsOf(world: World, bucket: BucketHandle, { knowledge, proposals }: Planned): WaitingSuggestion[] {
  const waiting = listWaiting(bucket.layout).filter((envelope) => !(envelope.suggestion_id in knowledge.ledger));
  const decisions = readDecisions(bucket.layout);
  const at = timestamp(world.clock);
  const { verdicts } = planWaiting({ bucket, knowledge, batch: waiting, decisions, at }).answer;
  const planOf = (id: string): Proposal | undefined =>
    proposals.find((proposal) => proposal.envelopes.some((other) => other === id));
  return waiting.flatMap((envelope) => {
    const id = envelope.suggestion_id;
    const proposal = planOf(id);
    const isCurrent = proposal?.from === knowledge.highest;
    const outcomes = isCurrent && proposal.answer ? proposal.verdicts : verdicts;
    return suggestionsIn(envelope, { decisions, outcomes, proposal: proposal?.id ?? null });
  });
}

interface Looked {
  decisions: Decisions;
  outcomes: readonly (Pick<ItemVerdict, 'suggestion_id' | 'index' | 'outcome'> & {
    reason?: string | undefined;
    detail?: string | undefined;
  })[];
  proposal: string | null;
}

/** A stub of what was forgotten is nothing to decide on. */
function suggestionsIn(envelope: Envelope, { decisions, outcomes, proposal }: Looked): WaitingSuggestion[] {
  const id = envelope.suggestion_id;
  return envelope.suggestions.flatMap((stored, index): WaitingSuggestion[] => {
    if (stored.family === FORGOTTEN_FAMILY) return [];
    const said = decisions.get(decisionKey(id, index));
    const suggestion = edited(stored, said);
    const { action, scope, old_summary: oldSummary } = suggestion.details;
    const verdict = outcomes.find((one) => one.suggestion_id === id && one.index === index);
    return [
      {
        id: `${id}#${index}`,
        family: suggestion.family,
        action: textOr(action, suggestion.family === 'skill_action' ? '' : 'add'),
        scope: suggestion.family === 'memory_updates' ? textOr(scope, 'global') : null,
        skill_id: skillOfSuggestion(suggestion) ?? null,
        summary: suggestion.summary,
        content: textOfSuggestion(suggestion),
        old_summary: typeof oldSummary === 'string' ? oldSummary : null,
        edited: said?.edited !== undefined,
        decision: said?.decision ?? null,
        proposal,
        session: envelope.thread_id,
        reviewed_at: envelope.reviewer_timestamp,
        would: verdict ? wouldOf(verdict) : null,
      },
    ];
  });
}

const wouldOf = ({ outcome, reason, detail }: Looked['outcomes'][number]): WaitingSuggestion['would'] => ({
  outcome,
  ...(reason === undefined ? {} : { reason }),
  ...(detail === undefined ? {} : { detail }),
});

/**
 * The suggestions that a person names: `<envelope>#<index>`, an envelope, a plan, or a beginning of one
 * of them that is no other's.
 * @returns `usage` for what names nothing or several
 */
export function findTargets(list: ReviewList, named: string): Result<Target[]> {
  const [, head = named, index] = /^(.+?)(?:#(\d+))?$/.exec(named) ?? [];
  const names = new Set([
    ...list.suggestions.map(({ id }) => targetOf(id).id),
    ...(index === undefined ? list.proposals.map(({ id }) => id) : []),
  ]);
  const matching = names.has(head) ? [head] : [...names].filter((name) => name.startsWith(head));
  const [name, second] = matching;
  if (name === undefined)
    return fail({ reason: 'usage', detail: `nothing that waits is called "${named}"; see \`csep review list\`` });
  if (second !== undefined)
    return fail({ reason: 'usage', detail: `"${named}" is the beginning of several: ${matching.join(', ')}` });
  const envelopes: readonly string[] = list.proposals.find(({ id }) => id === name)?.envelopes ?? [name];
  const targets = list.suggestions
    .map(({ id }) => targetOf(id))
    .filter((target) => envelopes.includes(target.id) && (index === undefined || target.index === Number(index)));
  return targets.length > 0
    ? succeed(targets)
    : fail({ reason: 'usage', detail: `"${named}" has nothing that waits; see \`csep review list\`` });
}

export function targetOf(id: string): Target {
  const at = id.lastIndexOf('#');
  return { id: id.slice(0, at), index: Number(id.slice(at + 1)) };
}
