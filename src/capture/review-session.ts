import { deposit, isRepeat } from '../bucket/deposit.ts';
import { repoFingerprint } from '../bucket/repo-fingerprint.ts';
import type { Envelope } from '../contracts/envelope.ts';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import type { SessionReview } from '../contracts/review.ts';
import { timestamp } from '../kernel/clock.ts';
import { askReviewer, patience } from './ask-reviewer.ts';
import { checkSuggestions } from './check-suggestions.ts';
import { chooseForSession } from './choose-for-session.ts';
import type { ChosenReviewer } from './choose-for-session.ts';
import type { Lease } from './lease.ts';
import { prepareReview } from './prepare-review.ts';
import { readStops, removeStops, syncStops } from './read-queue.ts';
import type { QueuedStop } from './read-queue.ts';
import type { ReviewDesk, Round } from './review-desk.ts';
import { defer, leaveAlone, noMaterial, passOver, putOff, reviewFailed, switchedOff } from './review-later.ts';
import { rekeyed, sealEnvelope } from './seal-envelope.ts';
import { messageOf, readMaterial } from './session-material.ts';
import type { SessionMaterial } from './session-material.ts';
import { loadRecord, saveRecord, withChain } from './session-record.ts';
import { isDue, whyItWaits } from './when-to-review.ts';

/**
 * Reviews what is new in one session, as far as its queue entries lead. The caller holds the lease.
 *
 * The order is the guarantee: entries are read (and synced) before the transcript; the record with the
 * new cursor and the envelope is the one commit; the deposit after it can be repeated with the same id
 * and bytes; entries go last, and only those that were read. Dying anywhere leaves a state from which
 * the next round finishes, once.
 *
 * @throws DiskFailure; everything is then as the last completed step left it
 */
export async function reviewSession(desk: ReviewDesk, session: string, lease: Lease): Promise<Round> {
  const { layout } = desk.bucket;
  const stops = readStops(desk.world, layout, session);
  syncStops(layout, stops);
  const loaded = loadRecord(layout, session);
  if (!loaded.ok) return leaveAlone(desk, stops, loaded.failure);
  const record = flushOutbox(desk, loaded.value);
  const batch = nextBatch(stops);
  if (batch.length === 0) return { outcome: 'nothing', more: false };
  const work = { record, stops, batch };
  const nowMs = desk.world.clock.now().getTime();
  if (!isDue(record, nowMs, desk.occasion)) return putOff(desk, work, whyItWaits(record, nowMs));

  const material = readMaterial(desk.world, layout, { stops: batch, cursor: record.cursor });
  if (!material.ok) return noMaterial(desk, work, material.failure);
  if (material.value.items.length === 0) return passOver(desk, work, material.value);
  const choice = await chooseForSession(desk, work, material.value);
  if (!choice.ok) return reviewFailed(desk, work, choice.failure);
  if ('switchedOff' in choice.value) return switchedOff(desk, work, material.value);
  if (!('reviewer' in choice.value)) return defer(desk, work, choice.value);

  const envelope = await envelopeFor(desk, material.value, choice.value);
  if (!envelope.ok) return reviewFailed(desk, work, envelope.failure);
  // Whoever took us for dead has begun the same review: only one of the two may commit.
  if (!lease.isHeld()) return putOff(desk, work, 'another worker took over');
  flushOutbox(desk, commit(desk, record, { material: material.value, envelope: envelope.value }));
  removeStops(layout, batch);
  desk.report({ type: 'reviewed', session, suggestions: countOf(envelope.value), standIn: choice.value.standIn });
  return { outcome: 'reviewed', more: stops.length > batch.length };
}

const countOf = (envelope: Envelope | null): number => envelope?.suggestions.length ?? 0;

/** What is reviewed at once: a message without a transcript alone, everything else together. */
function nextBatch(stops: readonly QueuedStop[]): QueuedStop[] {
  const lonely = stops.find((stop) => messageOf(stop) !== undefined);
  return lonely ? [lonely] : [...stops];
}

/** Null when the review found nothing to keep: an empty envelope is never deposited. */
async function envelopeFor(
  desk: ReviewDesk,
  material: SessionMaterial,
  chosen: ChosenReviewer,
): Promise<Result<Envelope | null>> {
  const { root, layout } = desk.bucket;
  const { threadId, turnId, cwd, start, items, source } = material;
  const at = timestamp(desk.world.clock);
  const context = { session_id: material.sessionId, thread_id: threadId, turn_id: turnId, cwd, repo_root: root };
  const { task, snapshotPath } = prepareReview(layout, {
    context: { ...context, state_dir: layout.stateDir, triggered_at: material.queuedAt },
    start,
    items,
    threadReadOutput: '',
    lastAssistantMessage: items.findLast((turnItem) => turnItem.kind === 'assistant')?.text ?? '',
    payload: { session_id: material.sessionId, turn_id: turnId, cwd, transcript_path: material.transcriptPath },
    sources: [source],
    provider: chosen.name,
  });
  const review = await askReviewer(chosen.reviewer, task, patience(chosen.reviewer, desk));
  if (!review.ok) return review;
  const { kept, skipped } = checkSuggestions(review.value.suggestions);
  const leftOut = [...review.value.skipped, ...skipped].map(({ family, reason }) => `${family}: ${reason}`);
  if (leftOut.length > 0) desk.world.diagnostics.log('suggestions-left-out', { session: material.sessionId, leftOut });
  if (kept.length === 0) return succeed(null);
  return succeed(
    sealEnvelope({
      threadId,
      turnId,
      start,
      cwd,
      repoFingerprint: repoFingerprint(root),
      at,
      suggestions: kept,
      sourceAuthority: task.snapshot.source_authority,
      snapshotPath,
    }),
  );
}

/** THE commit of a review: one write. Before it nothing has happened, after it everything can be repeated. */
function commit(
  desk: ReviewDesk,
  record: SessionReview,
  reviewed: { material: SessionMaterial; envelope: Envelope | null },
): SessionReview {
  const { end } = reviewed.material;
  const committed: SessionReview = {
    ...record,
    cursor: end ?? record.cursor,
    chains: withChain(record.chains, end?.chain),
    outbox: reviewed.envelope,
    attempts: 0,
    next_attempt_at: null,
    last_error: null,
  };
  saveRecord(desk.bucket.layout, committed);
  return committed;
}

/** Deposits what a committed review left; the bucket absorbs a repeat. */
function flushOutbox(desk: ReviewDesk, record: SessionReview): SessionReview {
  if (record.outbox === null) return record;
  const { layout } = desk.bucket;
  const outcome = deposit(layout, record.outbox);
  // The same start of a transcript with other words: this session's record was lost and the review began
  // anew. A message without a transcript is known by its words alone; its repeat may well be answered differently.
  const fromTranscript = record.outbox.source_authority.includes('transcript_path');
  if (outcome === 'already-there' && fromTranscript && !isRepeat(layout, record.outbox))
    deposit(layout, rekeyed(record.outbox));
  const flushed = { ...record, outbox: null };
  saveRecord(desk.bucket.layout, flushed);
  return flushed;
}
