import path from 'node:path';
import * as v from 'valibot';
import { readSettings } from '../config/read-settings.ts';
import { deposit } from '../bucket/deposit.ts';
import { envelopeFile, STATES } from '../bucket/envelope-file.ts';
import { openBucket, openBucketAt } from '../bucket/open-bucket.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { repoFingerprint } from '../bucket/repo-fingerprint.ts';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import { StopPayload } from '../contracts/hook.ts';
import { isRecord } from '../contracts/json.ts';
import type { SkippedSuggestion, Suggestion } from '../contracts/suggestion.ts';
import { timestamp } from '../kernel/clock.ts';
import { attemptAsync } from '../kernel/disk-failure.ts';
import { exists } from '../kernel/files.ts';
import { readJson } from '../kernel/json-file.ts';
import type { World } from '../kernel/world.ts';
import { reviewerName } from '../reviewer/choose-reviewer.ts';
import { askReviewer, budgetedReviewer } from './ask-reviewer.ts';
import { checkSuggestions } from './check-suggestions.ts';
import { keepFailedAnswer } from './keep-failed-answer.ts';
import { readSubject } from './payload-subject.ts';
import type { PayloadSubject } from './payload-subject.ts';
import { prepareReview } from './prepare-review.ts';
import type { PreparedReview } from './prepare-review.ts';
import { sealEnvelope } from './seal-envelope.ts';

/** What `stop-review --hook-payload` prints (FORMATS, Stop payload file). */
export interface PayloadReview {
  hook: 'Stop';
  /** Null when nothing was suggested. */
  pending_suggestion_path: string | null;
  review_snapshot_path: string;
  reviewer_provider: string;
  suggestion_count: number;
  suggestion_families: Record<Suggestion['family'], number>;
  skipped_suggestion_count: number;
  skipped_suggestions: SkippedSuggestion[];
}

export interface PayloadRequest {
  /** The payload file. */
  file: string;
  /** The bucket's folder itself; without it the bucket of the payload's cwd. */
  stateDir?: string | undefined;
  /** Where the session works when the payload does not say. */
  cwd: string;
}

/** valibot takes a list for an object. */
const PayloadFile = v.pipe(
  v.unknown(),
  v.check((value) => isRecord(value), 'not an object'),
  StopPayload,
);

const LARGEST_PAYLOAD = 10 * 1024 * 1024;
const DEADLINE_MS = 10 * 60_000;

/**
 * Reviews a payload file now; a person waits for the answer, so no quiet time and no cursor count. The
 * same payload twice is deposited once.
 * @returns a Failure when the payload or its transcript cannot be used, or the reviewer fails; nothing is deposited then
 */
export const reviewPayload = (world: World, request: PayloadRequest): Promise<Result<PayloadReview>> =>
  attemptAsync(async () => {
    const payload = readJson(request.file, PayloadFile, LARGEST_PAYLOAD);
    if (!payload.ok) return payload;
    const cwd = path.resolve(request.cwd, payload.value.cwd ?? '');
    const subject = readSubject(world, payload.value, cwd);
    if (!subject.ok) return subject;
    const provider = reviewerName({
      payload: payload.value.reviewer_provider ?? undefined,
      env: world.env,
      asked: 'payload-file',
    });
    const settings = readSettings(world);
    if (!settings.ok) return settings;
    const reviewer = await budgetedReviewer(world, provider, settings.value);
    if (!reviewer.ok) return reviewer;

    const bucket = request.stateDir
      ? openBucketAt(request.stateDir, cwd, world.clock, world.env)
      : openBucket(world.home, cwd, world.clock, world.env);
    const call = { world, bucket, cwd, provider, payload: payload.value, subject: subject.value };
    const prepared = prepare(call);
    const deadline = AbortSignal.timeout(Math.max(DEADLINE_MS, reviewer.value.longestMs ?? 0));
    const review = await askReviewer(reviewer.value, prepared.task, deadline);
    if (!review.ok) {
      keepFailedAnswer(world, bucket.layout, { session: subject.value.sessionId, failure: review.failure });
      return review;
    }
    const { kept, skipped } = checkSuggestions(review.value.suggestions);
    return succeed({
      hook: 'Stop',
      pending_suggestion_path: depositKept(call, prepared, kept),
      review_snapshot_path: prepared.snapshotPath,
      reviewer_provider: provider,
      ...countsOf(kept, [...review.value.skipped, ...skipped]),
    });
  });

interface PayloadCall {
  world: World;
  bucket: BucketHandle;
  cwd: string;
  provider: string;
  payload: StopPayload;
  subject: PayloadSubject;
}

function prepare({ world, bucket, cwd, provider, payload, subject }: PayloadCall): PreparedReview {
  const { sessionId, threadId, turnId, ...parts } = subject;
  return prepareReview(bucket.layout, {
    ...parts,
    context: {
      session_id: sessionId,
      thread_id: threadId,
      turn_id: turnId,
      cwd,
      repo_root: bucket.root,
      state_dir: bucket.layout.stateDir,
      triggered_at: payload.triggered_at ?? timestamp(world.clock),
    },
    payload: excerptable(payload),
    ...(payload.provider_stub_response === undefined ? {} : { providerStub: payload.provider_stub_response }),
    provider,
  });
}

/** Parts that have a place of their own in the snapshot, and the fixture that counts for nothing. */
const SHOWN_ELSEWHERE = new Set([
  'transcript',
  'thread_read_output',
  'last_assistant_message',
  'provider_stub_response',
  'reviewer_output',
]);

const excerptable = (payload: StopPayload): Record<string, unknown> =>
  Object.fromEntries(Object.entries(payload).filter(([key]) => !SHOWN_ELSEWHERE.has(key)));

/** @returns where the envelope lies, null when there is nothing to keep */
function depositKept(call: PayloadCall, { task, snapshotPath }: PreparedReview, kept: Suggestion[]): string | null {
  if (kept.length === 0) return null;
  const { world, bucket, cwd, subject } = call;
  const { layout } = bucket;
  const envelope = sealEnvelope({
    threadId: subject.threadId,
    turnId: subject.turnId,
    start: subject.start,
    cwd,
    repoFingerprint: repoFingerprint(bucket.root),
    at: timestamp(world.clock),
    suggestions: kept,
    sourceAuthority: task.snapshot.source_authority,
    snapshotPath,
  });
  deposit(layout, envelope);
  // A repeated payload may find its envelope further on its way.
  const lies = STATES.find((state) => exists(envelopeFile(layout, state, envelope.suggestion_id)));
  return envelopeFile(layout, lies ?? 'pending', envelope.suggestion_id);
}

function countsOf(kept: readonly Suggestion[], skipped: SkippedSuggestion[]) {
  const families = { memory_updates: 0, recall_candidate: 0, skill_action: 0 };
  for (const { family } of kept) families[family] += 1;
  return {
    suggestion_count: kept.length,
    suggestion_families: families,
    skipped_suggestion_count: skipped.length,
    skipped_suggestions: skipped,
  };
}
