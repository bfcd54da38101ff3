import { setTimeout as wait } from 'node:timers/promises';
import type { Envelope } from '../contracts/envelope.ts';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import type { Generation, KeptKeys, Ledger, Tombstone } from '../contracts/generation.ts';
import type { Memory } from '../contracts/memory.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { Receipt } from '../contracts/receipt.ts';
import type { Skill } from '../contracts/skills.ts';
import type { CompileAnswer, ItemVerdict } from '../backend/backend.ts';
import { moveEnvelope } from '../bucket/move-envelope.ts';
import { timestamp } from '../kernel/clock.ts';
import { randomId } from '../kernel/digest.ts';
import { attempt, attemptAsync } from '../kernel/disk-failure.ts';
import { writeJson } from '../kernel/json-file.ts';
import { acquireLock } from '../kernel/lock.ts';
import type { HeldLock } from '../kernel/lock.ts';
import { removeFile } from '../kernel/move-files.ts';
import { adoptEdits } from './adopt-edits.ts';
import type { AdoptedEdits } from './adopted-edits.ts';
import { openKnowledge } from './open-knowledge.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import { planPromotion } from './plan-promotion.ts';
import type { Settlement } from './plan-promotion.ts';
import { DEFAULT_RETENTION } from './plan-retention.ts';
import { promote } from './promote.ts';
import { recover } from './recover.ts';
import { refreshMirrors } from './refresh-mirrors.ts';
import { removeSettled } from './retention.ts';
import { publish, showGeneration } from './show-generation.ts';
import type { BucketWork } from './show-generation.ts';
import { stageGeneration } from './stage-generation.ts';

/** What a person's command makes of the knowledge: everything that the next generation holds. */
export interface Change {
  memory: Memory;
  skills: Skill[];
  ledger: Ledger;
  tombstones: Tombstone[];
  recallAdded?: RecallRecord[];
  recallReplaced?: RecallRecord[];
  recallRemoved?: ReadonlySet<string>;
  /** The generation whose recall records are kept; without it the current one's. */
  recallFrom?: { facts: Generation; folder: string };
  /** Keys of the mirrors that are not ours; without it they stay as they are. */
  keptKeys?: KeptKeys;
  /** Number of the generation that comes back. */
  restored?: number;
  /** Envelopes that are applied by it, with what became of each suggestion and who merged. */
  applies?: AppliedBatch;
  /** Skills that are no part of the knowledge any more and must go from Codex's folders. */
  withdrawn?: Skill[];
}

export interface AppliedBatch {
  batch: readonly Envelope[];
  verdicts: ItemVerdict[];
  backend: string;
  tokens?: { input: number; output: number };
}

export interface ChangeRequest extends BucketWork {
  /** compile: suggestions that a person has decided on. */
  cause: Generation['cause'];
  /** Hand edits get a generation of their own first, so that the change does not bury them. */
  editsFirst: boolean;
  /** Asked again whenever somebody else promotes in between. Null: there is nothing to change. */
  decide: (knowledge: OpenKnowledge) => Result<Change | null>;
  /** Last step before the commit; what it leaves behind tells how to go on when we die right after it. */
  beforeCommit?: (commit: { generation: number; run: string }) => void;
  /** First step after the commit and its mirrors, still under the lock if there is one. */
  afterCommit?: (changed: Changed) => void;
  /** Longest wait for a compile that is at work, ms. */
  patienceMs?: number;
}

export interface Changed {
  generation: number;
  from: number | null;
  /** False: a compile was at work, and loses the race now. */
  locked: boolean;
}

/** DESIGN section 4: a person does not wait for an agent that compiles for a quarter of an hour. */
const PATIENCE_MS = 5_000;
const POLL_MS = 100;
/** Each round is lost only to somebody who promoted meanwhile. */
const MAX_ROUNDS = 10;

/**
 * Promotes what a command decided, under the lock if it can be had within five seconds, otherwise by
 * the same numbered rename: the compile that holds the lock loses the race and gives back.
 * @returns null when there was nothing to change
 */
export async function promoteChange(request: ChangeRequest): Promise<Result<Changed | null>> {
  const run = randomId();
  return await attemptAsync(async () => {
    const { bucket, world, patienceMs = PATIENCE_MS } = request;
    const lock = await acquireLock({ layout: bucket.layout, clock: world.clock, run, patienceMs });
    if (!lock.ok && lock.failure.reason !== 'bucket-locked') return lock;
    try {
      return await promoteRounds(request, lock.ok ? lock.value : undefined, run);
    } finally {
      if (lock.ok) await lock.value.release();
    }
  });
}

async function promoteRounds(
  request: ChangeRequest,
  lock: HeldLock | undefined,
  run: string,
): Promise<Result<Changed | null>> {
  const lost = lock?.lost ?? new AbortController().signal;
  let round = promoteOnce(request, { lost, locked: lock !== undefined, run });
  for (let count = 1; isBeaten(round) && count < MAX_ROUNDS; count++) {
    if (!round.ok) await wait(POLL_MS);
    round = promoteOnce(request, { lost, locked: lock !== undefined, run });
  }
  return round.ok && round.value === 'edits-promoted'
    ? succeed(null)
    : round.ok
      ? succeed(plainly(round.value))
      : round;
}

type Round = Result<Changed | 'edits-promoted' | null>;

const plainly = (value: Changed | 'edits-promoted' | null): Changed | null =>
  value === 'edits-promoted' ? null : value;

/** Another round is worth it: somebody else was first, or our own edits were. */
const isBeaten = (round: Round): boolean =>
  round.ok ? round.value === 'edits-promoted' : round.failure.reason === 'race-lost';

interface Turn {
  lost: AbortSignal;
  locked: boolean;
  run: string;
}

function promoteOnce(request: ChangeRequest, turn: Turn): Round {
  const { layout } = request.bucket;
  const opened = openKnowledge(layout);
  if (!opened.ok) return opened;
  for (const what of opened.value.problems) request.report({ type: 'problem', what });
  // Only the holder may judge what others have left behind.
  if (turn.locked) {
    recover({ layout, knowledge: opened.value, clock: request.world.clock, report: request.report });
    refreshMirrors({ layout, knowledge: opened.value, report: request.report });
  }
  const edits = adoptEdits(request, opened.value);
  if (edits.changed && request.editsFirst) return promoteEdits(request, turn, edits);
  const change = request.decide(edits.knowledge);
  if (!change.ok) return change;
  return change.value === null ? succeed(null) : commit(request, turn, { edits, change: change.value });
}

function promoteEdits(request: ChangeRequest, turn: Turn, edits: AdoptedEdits): Round {
  const { memory, skills, ledger, tombstones } = edits.knowledge;
  const promoted = commit(
    request,
    { ...turn, run: randomId() },
    { edits, change: { memory, skills, ledger, tombstones } },
  );
  return promoted.ok ? succeed('edits-promoted') : promoted;
}

interface Decided {
  edits: AdoptedEdits;
  change: Change;
}

function commit(request: ChangeRequest, turn: Turn, { edits, change }: Decided): Result<Changed> {
  const { layout } = request.bucket;
  const isEdits = request.editsFirst && edits.changed;
  const plan = planPromotion(
    answerOf(change),
    planRequest(request, { edits, change }, { run: turn.run, cause: isEdits ? 'compile' : request.cause }),
  );
  const staged = stageGeneration(layout, plan, keptKnowledge(edits.knowledge, change));
  if (!staged.ok) return staged;
  if (!isEdits) request.beforeCommit?.({ generation: plan.generation, run: turn.run });
  const promoted = promote(layout, staged.value, turn.lost);
  if (!promoted.ok) return promoted;
  request.report({ type: 'promoted', generation: plan.generation, envelopes: plan.receipt.envelopes.length });
  if (change.withdrawn) publish(request, change.withdrawn);
  showGeneration(request, staged.value, plan.skills);
  for (const settlement of plan.settlements) settleWaiting(request, settlement);
  for (const file of edits.consumed) removeFile(file);
  const task = { layout, settings: DEFAULT_RETENTION, now: request.world.clock.now().getTime() };
  // Leaving them costs space only.
  attempt(() => removeSettled(task, edits.knowledge.ledger));
  writeJson(layout.lastReceipt, Receipt, staged.value.facts.receipt);
  const changed = { generation: plan.generation, from: plan.from, locked: turn.locked };
  if (!isEdits) request.afterCommit?.(changed);
  return succeed(changed);
}

const answerOf = ({ memory, skills, recallAdded = [], recallReplaced = [], applies }: Change): CompileAnswer => ({
  memory,
  skills,
  recall: { added: recallAdded, replaced: recallReplaced },
  verdicts: applies?.verdicts ?? [],
  ...(applies?.tokens ? { tokens: applies.tokens } : {}),
});

/** Applied, so it waits no more; where a running compile has it in its hands, the ledger settles it. */
function settleWaiting({ bucket, world }: ChangeRequest, settlement: Settlement): void {
  const { suggestion_id: id, outcome, reason } = settlement;
  for (const from of ['pending', 'failed'] as const)
    moveEnvelope(bucket.layout, { id, from, to: outcome, reason }, world.clock);
}

function planRequest(
  request: ChangeRequest,
  { edits, change }: Decided,
  { run, cause }: { run: string; cause: Generation['cause'] },
) {
  const at = timestamp(request.world.clock);
  return {
    run,
    cause,
    highest: edits.knowledge.highest,
    ledger: change.ledger,
    tombstones: change.tombstones,
    adopted: edits.knowledge.adopted,
    // The stage counts what it really writes.
    recallBefore: 0,
    ...(change.recallRemoved ? { recallRemoved: change.recallRemoved } : {}),
    ...(change.restored === undefined ? {} : { restored: change.restored }),
    batch: change.applies?.batch ?? [],
    backend: change.applies?.backend ?? (cause === 'compile' ? 'hand-edit' : cause),
    fallback: null,
    startedAt: at,
    endedAt: at,
  };
}

/** What the stage builds on: the current records, or those of the generation that comes back. */
function keptKnowledge(before: OpenKnowledge, { recallFrom, keptKeys }: Change): OpenKnowledge {
  const knowledge = keptKeys ? { ...before, keptKeys } : before;
  if (!recallFrom) return knowledge;
  const { facts, folder } = recallFrom;
  const none = { added: new Map(), replaced: new Map(), removed: new Set<string>() };
  return {
    ...knowledge,
    facts,
    recallFolder: folder,
    recallChunks: facts.recall_chunks,
    imported: [],
    recallEdits: none,
  };
}
