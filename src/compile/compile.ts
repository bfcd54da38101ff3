import type { Envelope } from '../contracts/envelope.ts';
import type { Report } from '../contracts/event.ts';
import type { Failure, Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Preflight } from '../contracts/lock.ts';
import type { Settings } from '../contracts/settings.ts';
import { Receipt as ReceiptSchema } from '../contracts/receipt.ts';
import { currentGeneration } from '../assets/generation-folder.ts';
import type { Backend } from '../backend/backend.ts';
import type { BackendRun } from '../backend/run-backend.ts';
import { runBackend } from '../backend/run-backend.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { claim } from '../bucket/claim.ts';
import type { Batch } from '../bucket/claim.ts';
import { giveBack, giveBackReason, settle } from '../bucket/settle.ts';
import type { GiveBackReason } from '../bucket/settle.ts';
import { timestamp } from '../kernel/clock.ts';
import { randomId } from '../kernel/digest.ts';
import { attempt, attemptAsync } from '../kernel/disk-failure.ts';
import { writeJson } from '../kernel/json-file.ts';
import { refuseSymlink } from '../kernel/files.ts';
import { refuseLinksIn } from '../kernel/links.ts';
import { acquireLock } from '../kernel/lock.ts';
import { removeFile } from '../kernel/move-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import { adoptEdits } from './adopt-edits.ts';
import type { AdoptedEdits } from './adopted-edits.ts';
import { checkAnswer } from './check-answer.ts';
import { withoutForgotten } from './forgotten.ts';
import { openKnowledge } from './open-knowledge.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import { alreadyApplied, planPromotion } from './plan-promotion.ts';
import type { PromotionPlan, Settlement } from './plan-promotion.ts';
import { DEFAULT_RETENTION } from './plan-retention.ts';
import type { RetentionSettings } from './plan-retention.ts';
import { preflight } from './preflight.ts';
import { promote } from './promote.ts';
import { heldEnvelopes } from './proposals.ts';
import { finishDecided } from './proposals-decide.ts';
import { proposeBatch } from './proposals-write.ts';
import type { PlannedBatch } from './proposals-write.ts';
import { finishForgetting } from './purge.ts';
import { recallLookup } from './recall-lookup.ts';
import { recover } from './recover.ts';
import { refreshMirrors } from './refresh-mirrors.ts';
import { retain } from './retention.ts';
import { publish, showGeneration } from './show-generation.ts';
import type { BucketWork } from './show-generation.ts';
import { stageGeneration } from './stage-generation.ts';
import type { StagedGeneration } from './stage-generation.ts';
import { emptySummary, fallbackReason, reasonOf, summaryOf } from './summary.ts';
import type { CompileSummary } from './summary.ts';

export interface CompileOptions {
  backend: Backend;
  /** Used when the backend fails; null: fail instead, and give the envelopes back. */
  fallback: Backend | null;
  batchSize: number;
  /** review: plans wait in proposals/ for a person's yes (default auto). */
  mode?: Settings['compile']['mode'];
  /** Without it the defaults. */
  retention?: RetentionSettings;
  report: Report;
  /** Ends the backend, and gives the envelopes back. */
  end?: AbortSignal | undefined;
}

interface Run {
  world: World;
  bucket: BucketHandle;
  options: CompileOptions;
  id: string;
  lost: AbortSignal;
  startedAt: string;
}

/**
 * One promotion pass over one bucket: recover → preflight → claim → backend → check → plan → stage →
 * commit → mirrors → published skills → settle. Whatever fails before the commit gives the
 * envelopes back; whatever fails after it is repeated by the next pass.
 */
export async function compileBucket(
  world: World,
  bucket: BucketHandle,
  options: CompileOptions,
): Promise<Result<CompileSummary>> {
  for (const folder of [bucket.layout.stateDir, bucket.layout.suggestions]) refuseLinksIn(folder);
  // Beside it lies a mirror, and a link in the place of a mirror stops nobody.
  refuseSymlink(bucket.layout.managedSkills);
  const before = preflight(bucket.layout, world.clock);
  // Told before the lock is taken: a skipped pass touches no file.
  if (before.status !== 'run') return succeed(skipped(before.status, options));
  const decided = await finishDecided({ world, bucket, report: options.report });
  if (!decided.ok) return decided;
  const run = { world, bucket, options, id: randomId(), startedAt: timestamp(world.clock) };
  const lock = await acquireLock({ layout: bucket.layout, clock: world.clock, run: run.id });
  if (!lock.ok) return lock.failure.reason === 'bucket-locked' ? succeed(skipped('skip_locked', options)) : lock;
  try {
    return await attemptAsync(() => compileLocked({ ...run, lost: endOf(lock.value.lost, options.end) }));
  } finally {
    await lock.value.release();
  }
}

const endOf = (lost: AbortSignal, end: AbortSignal | undefined): AbortSignal =>
  end ? AbortSignal.any([lost, end]) : lost;

async function compileLocked(run: Run): Promise<Result<CompileSummary>> {
  const { layout } = run.bucket;
  const { report } = run.options;
  const opened = openKnowledge(layout);
  if (!opened.ok) return opened;
  for (const what of opened.value.problems) report({ type: 'problem', what });
  recover({ layout, knowledge: opened.value, clock: run.world.clock, report });
  refreshMirrors({ layout, knowledge: opened.value, report });
  const edits = adoptEdits(workOf(run), opened.value);
  // What a person wrote needs nobody's yes, so it goes first, and alone.
  const isEditsOnly = run.options.mode === 'review' && edits.changed;
  const batch = isEditsOnly ? NO_BATCH : claim(layout, run.options.batchSize, run.world.clock, heldEnvelopes(layout));
  for (const kept of batch.setAside) report({ type: 'set-aside', path: kept.path, reason: kept.reason });
  for (const failure of batch.leftAlone) report({ type: 'problem', what: leftAloneText(failure) });
  const envelopes = withoutApplied(run, opened.value, batch.envelopes);
  if (envelopes.length === 0 && !edits.changed) {
    publish(workOf(run), opened.value.skills);
    dropConsumed(edits);
    return succeed(skipped('skip_empty', run.options));
  }
  if (envelopes.length > 0) report({ type: 'claimed', envelopes: envelopes.length });
  return await compileBatch(run, edits, envelopes);
}

const NO_BATCH: Batch = { envelopes: [], setAside: [], leftAlone: [], waiting: 0 };

const leftAloneText = (failure: Failure): string =>
  `an envelope stays in pending/ as it is (${failure.reason}${'path' in failure ? `: ${failure.path}` : ''})`;

/** A deposit may be repeated at any time, also since recovery looked: the ledger has the last word. */
function withoutApplied(run: Run, knowledge: OpenKnowledge, envelopes: readonly Envelope[]): Envelope[] {
  for (const settlement of alreadyApplied(envelopes, knowledge.ledger)) settleOne(run, settlement, envelopes);
  return envelopes
    .filter((envelope) => !(envelope.suggestion_id in knowledge.ledger))
    .map((envelope) => withoutForgotten(envelope, knowledge.tombstones));
}

function settleOne(run: Run, settlement: Settlement, envelopes: readonly Envelope[]): void {
  const { suggestion_id: id, outcome, reason } = settlement;
  const envelope = envelopes.find((candidate) => candidate.suggestion_id === id);
  settle(run.bucket.layout, { id, outcome, reason, ...(envelope && { envelope }) }, run.world.clock);
}

async function compileBatch(
  run: Run,
  edits: AdoptedEdits,
  batch: readonly Envelope[],
): Promise<Result<CompileSummary>> {
  const { layout } = run.bucket;
  const { knowledge } = edits;
  const recall = recallLookup(knowledge);
  try {
    const task = {
      place: { root: run.bucket.root, layout },
      memory: knowledge.memory,
      skills: knowledge.skills,
      recall,
      batch,
      handTouched: edits.handTouched,
      tombstones: knowledge.tombstones,
      at: timestamp(run.world.clock),
    };
    const answered = await runBackend({ ...run.options, check: checkAnswer }, task, run.lost);
    if (!answered.ok) return giveAllBack(run, batch, answered.failure);
    if (isOvertaken(layout, knowledge)) return giveAllBack(run, batch, raceLost(run, knowledge));
    if (run.options.mode === 'review' && batch.length > 0)
      return succeed(propose(run, { knowledge, batch, answered: answered.value, recall }));
    const plan = planOf(run, knowledge, { batch, answered: answered.value });
    const staged = stageGeneration(layout, plan, knowledge);
    if (!staged.ok) return giveAllBack(run, batch, staged.failure);
    const promoted = promote(layout, staged.value, run.lost);
    if (!promoted.ok) return giveAllBack(run, batch, promoted.failure);
    run.options.report({ type: 'promoted', generation: plan.generation, envelopes: batch.length });
    return succeed(finish(run, { edits, plan, staged: staged.value, batch }));
  } catch (error) {
    // Nothing was promoted, or the next pass finds out from the ledger that it was.
    for (const envelope of batch) giveBackQuietly(run, envelope, 'disk-failed');
    throw error;
  } finally {
    recall.close();
  }
}

/** The plan waits for a yes, and the envelopes in pending/, held by it. */
function propose(run: Run, planned: Pick<PlannedBatch, 'knowledge' | 'batch' | 'answered' | 'recall'>): CompileSummary {
  const { bucket, id, options } = run;
  const { batch, answered } = planned;
  proposeBatch({ bucket, id, at: timestamp(run.world.clock), backend: options.backend.name, ...planned });
  for (const envelope of batch) giveBackQuietly(run, envelope, 'proposed');
  options.report({ type: 'proposed', proposal: id, envelopes: batch.length });
  const fallback = answered.fallback?.backend ?? null;
  const summary = emptySummary(options.backend.name);
  return {
    ...summary,
    status: 'success',
    fallback_backend: fallback,
    ...fallbackReason(reasonOf(answered.fallback?.discarded)),
    proposed_count: batch.length,
  };
}

function planOf(
  run: Run,
  knowledge: OpenKnowledge,
  { batch, answered }: { batch: readonly Envelope[]; answered: BackendRun },
): PromotionPlan {
  return planPromotion(answered.answer, {
    run: run.id,
    cause: 'compile',
    highest: knowledge.highest,
    ledger: knowledge.ledger,
    tombstones: knowledge.tombstones,
    adopted: knowledge.adopted,
    recallBefore: knowledge.recallChunks.reduce((sum, chunk) => sum + chunk.records, knowledge.imported.length),
    batch,
    backend: run.options.backend.name,
    fallback: answered.fallback,
    startedAt: run.startedAt,
    endedAt: timestamp(run.world.clock),
  });
}

interface Finished {
  edits: AdoptedEdits;
  plan: PromotionPlan;
  staged: StagedGeneration;
  batch: readonly Envelope[];
}

/** After the commit: copies of the truth, each safe to repeat. The receipt that people read comes last. */
function finish(run: Run, { edits, plan, staged, batch }: Finished): CompileSummary {
  const { layout } = run.bucket;
  showGeneration(workOf(run), staged, plan.skills);
  for (const settlement of plan.settlements) settleOne(run, settlement, batch);
  dropConsumed(edits);
  const { receipt } = staged.facts;
  writeJson(layout.lastReceipt, ReceiptSchema, receipt);
  const { retention: settings = DEFAULT_RETENTION } = run.options;
  const { ledger } = edits.knowledge;
  const retained = attempt(() => retain({ layout, clock: run.world.clock, ledger, settings }));
  if (!retained.ok) run.options.report({ type: 'problem', what: `Old files stay (${retained.failure.reason})` });
  return summaryOf(receipt, layout.lastReceipt);
}

const workOf = ({ world, bucket, options }: Run): BucketWork => ({ world, bucket, report: options.report });

function dropConsumed(edits: AdoptedEdits): void {
  for (const file of edits.consumed) removeFile(file);
}

function giveAllBack(run: Run, batch: readonly Envelope[], failure: Failure): Result<never> {
  for (const envelope of batch) giveBackQuietly(run, envelope, giveBackReason(failure));
  // Whoever was first may have been a `forget`, and what it is to purge was in our hands until now.
  if (failure.reason === 'race-lost') finishForgetting(run.bucket.layout);
  return fail(failure);
}

/** A rollback or a forget did not wait for us: no need to stage what cannot be promoted. */
const isOvertaken = (layout: BucketLayout, knowledge: OpenKnowledge): boolean =>
  (currentGeneration(layout)?.number ?? null) !== knowledge.highest;

const raceLost = (run: Run, knowledge: OpenKnowledge): Failure => ({
  reason: 'race-lost',
  bucket: run.bucket.id,
  generation: (knowledge.highest ?? 0) + 1,
});

function giveBackQuietly(run: Run, envelope: Envelope, reason: GiveBackReason): void {
  giveBack(run.bucket.layout, envelope.suggestion_id, reason, run.world.clock);
}

const skipped = (status: Preflight['status'], options: CompileOptions): CompileSummary => ({
  ...emptySummary(options.backend.name),
  status,
});
