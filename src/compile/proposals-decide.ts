import type { Envelope } from '../contracts/envelope.ts';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import type { Proposal, ReviewDecision } from '../contracts/proposal.ts';
import type { ItemVerdict } from '../backend/backend.ts';
import { timestamp } from '../kernel/clock.ts';
import { redact } from '../safety/redact.ts';
import type { KnowledgeChanges } from './compare-knowledge.ts';
import { openKnowledge } from './open-knowledge.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import { promoteChange } from './promote-change.ts';
import type { Change } from './promote-change.ts';
import {
  decidedEnvelopes,
  decisionKey,
  isDecided,
  listProposals,
  readDecisions,
  readWaiting,
  sweepProposals,
  writeDecision,
  writeProposal,
} from './proposals.ts';
import type { Decisions } from './proposals.ts';
import { differs, keptAnswer, planWaiting, stonesOf } from './proposals-plan.ts';
import type { BucketWork } from './show-generation.ts';

export interface ReviewWork extends BucketWork {
  /** Longest wait for a compile that is at work, ms (default 5,000). */
  patienceMs?: number;
}

/** One suggestion of a waiting envelope. */
export interface Target {
  id: string;
  index: number;
}

export interface DecideRequest {
  targets: readonly Target[];
  decision: 'accepted' | 'rejected';
  /** Rejected for this once: no tombstone keeps the text from being suggested again. */
  once?: boolean;
  /** Also when more has been promoted since and the outcome is another than the one that was shown. */
  anyway?: boolean;
}

export interface DecideOutcome {
  /** noted: others of the same envelopes are still open; differs: nothing was done, look again. */
  status: 'promoted' | 'noted' | 'differs' | 'nothing_waits';
  /** The last generation that was promoted. */
  generation: number | null;
  /** What became of each suggestion of the envelopes that are settled now. */
  verdicts: ItemVerdict[];
  /** Suggestions of the same envelopes that nobody has decided on. */
  open: Target[];
  /** With `differs`: what it would change now. */
  changes: KnowledgeChanges | null;
}

/**
 * Writes a person's yes or no down, and promotes every envelope whose last suggestion was decided by
 * it. A crash after the writing loses nothing: the next compile promotes what is decided.
 */
export async function decideWaiting(work: ReviewWork, request: DecideRequest): Promise<Result<DecideOutcome>> {
  const { layout } = work.bucket;
  const opened = openKnowledge(layout);
  if (!opened.ok) return opened;
  const targets = request.targets.filter(({ id }) => !(id in opened.value.ledger) && readWaiting(layout, id));
  const nothing = { generation: null, verdicts: [], open: [], changes: null };
  if (targets.length === 0) return succeed({ status: 'nothing_waits', ...nothing });
  if (request.decision === 'accepted' && !request.anyway) {
    const changes = shownAgain(work, opened.value, targets);
    if (changes) return succeed({ status: 'differs', ...nothing, changes });
  }
  for (const target of targets) noteDecision(work, target, request);
  const ids = [...new Set(targets.map(({ id }) => id))];
  const open = openTargets(work, ids);
  const promoted = await promoteDecided(
    work,
    ids.filter((id) => !open.some((target) => target.id === id)),
  );
  if (!promoted.ok) return promoted;
  const { generation, verdicts } = promoted.value;
  return succeed({ status: generation === null ? 'noted' : 'promoted', generation, verdicts, open, changes: null });
}

/** Changes a suggestion's words before anything is promoted; the text counts as written by hand from then on. */
export function editWaiting(work: ReviewWork, target: Target, words: { summary?: string; content?: string }): boolean {
  const { layout } = work.bucket;
  const envelope = readWaiting(layout, target.id);
  if (!envelope?.suggestions[target.index]) return false;
  const before = readDecisions(layout).get(decisionKey(target.id, target.index));
  const { summary = before?.edited?.summary, content = before?.edited?.content } = words;
  writeDecision(layout, {
    ...blank(envelope, target, timestamp(work.world.clock)),
    edited: {
      ...(summary === undefined ? {} : { summary: redact(summary) }),
      ...(content === undefined ? {} : { content: redact(content) }),
    },
  });
  return true;
}

const blank = (envelope: Envelope, { index }: Target, at: string): ReviewDecision => ({
  schema_version: 1,
  suggestion_id: envelope.suggestion_id,
  index,
  decision: null,
  at,
});

function noteDecision(work: ReviewWork, target: Target, { decision, once }: DecideRequest): void {
  const { layout } = work.bucket;
  const envelope = readWaiting(layout, target.id);
  if (!envelope) return;
  const edited = readDecisions(layout).get(decisionKey(target.id, target.index))?.edited;
  writeDecision(layout, {
    ...blank(envelope, target, timestamp(work.world.clock)),
    decision,
    ...(once ? { once } : {}),
    ...(edited ? { edited } : {}),
  });
}

function openTargets({ bucket }: ReviewWork, ids: readonly string[]): Target[] {
  const decisions = readDecisions(bucket.layout);
  return ids.flatMap((id) => {
    const envelope = readWaiting(bucket.layout, id);
    if (!envelope || isDecided(envelope, decisions)) return [];
    const open = envelope.suggestions.map((_, index) => ({ id, index }));
    return open.filter(({ index }) => !decisions.get(decisionKey(id, index))?.decision);
  });
}

/**
 * Plans that were made from an older generation are made again; when that does something else than a
 * person was shown, it is what will be shown from now on.
 * @returns what differs now; undefined: nothing does
 */
function shownAgain(
  work: ReviewWork,
  knowledge: OpenKnowledge,
  targets: readonly Target[],
): KnowledgeChanges | undefined {
  const { layout } = work.bucket;
  const decisions = readDecisions(layout);
  const at = timestamp(work.world.clock);
  let found: KnowledgeChanges | undefined;
  for (const proposal of listProposals(layout)) {
    const isMeant = proposal.envelopes.some((id) => targets.some((target) => target.id === id));
    if (!isMeant || proposal.from === knowledge.highest) continue;
    const batch = waitingOf(work, knowledge, proposal.envelopes);
    const plan = planWaiting({ bucket: work.bucket, knowledge, batch, decisions: onlyEdits(decisions), at });
    if (!differs(proposal, plan)) continue;
    const { verdicts } = plan.answer;
    const envelopes = batch.map((envelope) => envelope.suggestion_id);
    const again = { from: knowledge.highest, backend: 'script', fallback_backend: null, answer: null };
    writeProposal(layout, { ...proposal, ...again, envelopes, verdicts, changes: plan.changes });
    found = found
      ? {
          memory: [...found.memory, ...plan.changes.memory],
          recall: [...found.recall, ...plan.changes.recall],
          skills: [...found.skills, ...plan.changes.skills],
        }
      : plan.changes;
  }
  return found;
}

/** What is shown is what a yes to all would do. */
const onlyEdits = (decisions: Decisions): Decisions =>
  new Map([...decisions].map(([key, decision]) => [key, { ...decision, decision: null }]));

const waitingOf = ({ bucket }: ReviewWork, { ledger }: OpenKnowledge, ids: readonly string[]): Envelope[] =>
  ids.filter((id) => !(id in ledger)).flatMap((id) => readWaiting(bucket.layout, id) ?? []);

export interface PromotedDecisions {
  generation: number | null;
  verdicts: ItemVerdict[];
}

/** Promotes envelopes that are decided in all their parts, by the same numbered rename as everything else. */
async function promoteDecided(work: ReviewWork, ids: readonly string[]): Promise<Result<PromotedDecisions>> {
  const done: PromotedDecisions = { generation: null, verdicts: [] };
  if (ids.length === 0) return succeed(done);
  const intact = intactProposals(work, ids);
  const rest = ids.filter((id) => !intact.some((proposal) => proposal.envelopes.some((other) => other === id)));
  const groups = [
    ...intact.map((proposal) => ({ ids: proposal.envelopes, proposal })),
    { ids: rest, proposal: undefined },
  ];
  for (const group of groups.filter((one) => one.ids.length > 0)) {
    const promoted = await promoteGroup(work, group);
    if (!promoted.ok) return promoted;
    done.generation = promoted.value.generation ?? done.generation;
    done.verdicts.push(...promoted.value.verdicts);
  }
  return succeed(done);
}

/** What was decided in all its parts, and whose promotion died or was beaten: for whoever compiles next. */
export async function finishDecided(work: ReviewWork): Promise<Result<PromotedDecisions>> {
  return await promoteDecided(work, decidedEnvelopes(work.bucket.layout));
}

/** An agent's plans of which everything was accepted as it stands. */
function intactProposals({ bucket }: ReviewWork, ids: readonly string[]): Proposal[] {
  const decisions = readDecisions(bucket.layout);
  const isAsPlanned = (id: string): boolean =>
    ids.includes(id) &&
    [...decisions.values()].every(
      (said) => said.suggestion_id !== id || (said.decision === 'accepted' && said.edited === undefined),
    );
  return listProposals(bucket.layout).filter((proposal) => proposal.answer && proposal.envelopes.every(isAsPlanned));
}

interface Group {
  ids: readonly string[];
  proposal: Proposal | undefined;
}

async function promoteGroup(work: ReviewWork, group: Group): Promise<Result<PromotedDecisions>> {
  const { world, bucket } = work;
  let verdicts: ItemVerdict[] = [];
  const promoted = await promoteChange({
    ...work,
    cause: 'compile',
    editsFirst: true,
    decide: (knowledge) => {
      const batch = waitingOf(work, knowledge, group.ids);
      if (batch.length === 0) return succeed(null);
      const change = changeOf(work, knowledge, { batch, proposal: group.proposal });
      verdicts = change.applies?.verdicts ?? [];
      return succeed(change);
    },
    // A plan without its file may be one that a compile is writing: only the holder of the lock can tell.
    afterCommit: ({ locked }) => {
      if (locked) sweepProposals(bucket.layout, (id) => group.ids.includes(id));
    },
  });
  if (!promoted.ok) return promoted;
  world.diagnostics.log('reviewed-by-hand', { bucket: bucket.id, envelopes: group.ids.length });
  return succeed({ generation: promoted.value?.generation ?? null, verdicts: promoted.value ? verdicts : [] });
}

function changeOf(
  { bucket, world }: ReviewWork,
  knowledge: OpenKnowledge,
  { batch, proposal }: { batch: readonly Envelope[]; proposal: Proposal | undefined },
): Change {
  const task = {
    bucket,
    knowledge,
    batch,
    decisions: readDecisions(bucket.layout),
    at: timestamp(world.clock),
  };
  const isFresh = proposal?.from === knowledge.highest && proposal.envelopes.length === batch.length;
  const kept = isFresh ? keptAnswer(task, proposal) : undefined;
  const answer = kept ?? planWaiting(task).answer;
  const backend = kept ? (proposal?.fallback_backend ?? proposal?.backend ?? 'script') : 'script';
  return {
    memory: answer.memory,
    skills: answer.skills,
    ledger: knowledge.ledger,
    tombstones: [...knowledge.tombstones, ...stonesOf(task, answer)],
    recallAdded: answer.recall.added,
    recallReplaced: answer.recall.replaced,
    applies: { batch, verdicts: answer.verdicts, backend, ...(answer.tokens ? { tokens: answer.tokens } : {}) },
  };
}
