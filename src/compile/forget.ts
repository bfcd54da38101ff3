import type { Report } from '../contracts/event.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { ForgetOrder } from '../contracts/forget-order.ts';
import { KeptKeys } from '../contracts/generation.ts';
import { needlesOf, scrubJson } from '../assets/scrub-text.ts';
import { listBuckets } from '../bucket/list-buckets.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { timestamp } from '../kernel/clock.ts';
import { randomId } from '../kernel/digest.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { bucketLayout } from '../kernel/home.ts';
import { acquireLock } from '../kernel/lock.ts';
import type { World } from '../kernel/world.ts';
import * as v from 'valibot';
import { waitingEntries } from './waiting-entries.ts';
import { allEntries, findEntries, idOf, summaryOf } from './find-entries.ts';
import type { Finding, ForgetScope, FoundEntry } from './find-entries.ts';
import { goesOfMemory, goesOfSkills } from './forgotten.ts';
import { draftOrder, goneEntries } from './forget-order.ts';
import type { Draft } from './forget-order.ts';
import { openKnowledge } from './open-knowledge.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import { promoteChange } from './promote-change.ts';
import type { Change, Changed } from './promote-change.ts';
import { purge, purgeArchived, purgeHome, removeOrder, writeOrder } from './purge.ts';

export interface ForgetTask {
  world: World;
  bucket: BucketHandle;
  report: Report;
  /** An id, a summary or a part of one, or words. */
  query: string;
  scope: ForgetScope;
  dryRun: boolean;
  /** Leaves older generations as they are; a rollback to them is still bound by the tombstones. */
  keepHistory: boolean;
  /** All matches are meant. */
  yes: boolean;
  /** Longest wait for a compile that is at work, ms (default 5,000). */
  patienceMs?: number;
}

/** An entry as `forget` names it. */
export interface NamedEntry {
  bucket: string;
  kind: FoundEntry['kind'];
  /** Recall and skill id; empty for memory. */
  id: string;
  summary: string;
}

/** What `forget` prints. */
export interface ForgetSummary {
  status: 'forgotten' | 'dry_run' | 'ambiguous' | 'no_match';
  /** What was forgotten (would be, could be meant), in every bucket of the home. */
  entries: NamedEntry[];
  /** The new generation of the bucket. */
  generation: number | null;
  /** A compile is at work on these buckets: it removes the rest of the text when it gives back. */
  purge_waits_in: string[];
}

/**
 * Removes entries from the knowledge, leaves tombstones, and purges their text from everything under
 * the home. The text goes from other buckets too when they know the very same thing.
 */
export async function forget(task: ForgetTask): Promise<Result<ForgetSummary>> {
  const opened = openKnowledge(task.bucket.layout);
  if (!opened.ok) return opened;
  const finding = find(task, opened.value);
  const asked = answerBefore(task, opened.value, finding);
  if (asked) return succeed(asked);
  const summary: ForgetSummary = { status: 'forgotten', entries: [], generation: null, purge_waits_in: [] };
  // Here comes last: when we die before, the entry is still there to be forgotten again.
  await forgetElsewhere(task, draftOf(task, opened.value, finding), summary);
  const here = await forgetHere(task);
  if (!here.ok) return here;
  const { draft, changed, gone } = here.value;
  purgeHome(task.world.home, draft.texts);
  summary.entries.unshift(...gone);
  summary.generation = changed.generation;
  if (!changed.locked) summary.purge_waits_in.unshift(task.bucket.id);
  return succeed(summary);
}

/** What is known comes first; only a query that means nothing of it may mean what still waits. */
function find({ bucket, query, scope }: ForgetTask, knowledge: OpenKnowledge): Finding {
  const known = findEntries(allEntries(knowledge), query, scope);
  return known.entries.length > 0 ? known : findEntries(waitingEntries(bucket.layout), query, scope);
}

/** Waiting suggestions go by the purge, not by the promotion. */
function goneHere(knowledge: OpenKnowledge, draft: Draft, finding: Finding): FoundEntry[] {
  const gone = goneEntries(knowledge, draft);
  return gone.length > 0 ? gone : finding.entries;
}

async function forgetElsewhere(task: ForgetTask, draft: Draft, summary: ForgetSummary): Promise<void> {
  for (const bucket of otherBuckets(task)) await forgetThere(task, bucket, { draft: elsewhere(draft), summary });
  const order = orderOf(elsewhere(draft), { generation: NEVER, run: randomId() });
  for (const archived of listBuckets(task.world.home).archived) {
    const purged = attempt(() => purgeArchived(bucketLayout(archived.stateDir), order));
    if (!purged.ok)
      task.report({ type: 'problem', what: `${archived.name} keeps the text (${purged.failure.reason})` });
  }
}

/** What can be said before anything is changed; undefined: go on. */
function answerBefore(task: ForgetTask, knowledge: OpenKnowledge, finding: Finding): ForgetSummary | undefined {
  const nothingDone = { generation: null, purge_waits_in: [] };
  if (finding.entries.length === 0) return { status: 'no_match', entries: [], ...nothingDone };
  if (finding.entries.length > 1 && !task.yes)
    return {
      status: 'ambiguous',
      entries: finding.entries.map((entry) => named(task.bucket.id, entry)),
      ...nothingDone,
    };
  if (!task.dryRun) return undefined;
  const draft = draftOf(task, knowledge, finding);
  const there = otherBuckets(task).flatMap((bucket) => {
    const other = openKnowledge(bucket.layout);
    return other.ok ? namedAll(bucket.id, goneEntries(other.value, elsewhere(draft))) : [];
  });
  const entries = [...namedAll(task.bucket.id, goneHere(knowledge, draft, finding)), ...there];
  return { status: 'dry_run', entries, ...nothingDone };
}

const named = (bucket: string, entry: FoundEntry): NamedEntry => ({
  bucket,
  kind: entry.kind,
  id: idOf(entry),
  summary: summaryOf(entry),
});

const namedAll = (bucket: string, entries: readonly FoundEntry[]): NamedEntry[] =>
  entries.map((entry) => named(bucket, entry));

const draftOf = (task: ForgetTask, knowledge: OpenKnowledge, finding: Finding): Draft =>
  draftOrder({
    layout: task.bucket.layout,
    knowledge,
    entries: finding.entries,
    scope: task.scope,
    at: timestamp(task.world.clock),
    keepHistory: task.keepHistory,
  });

const orderOf = (draft: Draft, commit: { generation: number; run: string }): ForgetOrder => ({
  schema_version: 1,
  ...draft,
  ...commit,
});

interface ForgottenHere {
  draft: Draft;
  changed: Changed;
  gone: NamedEntry[];
}

async function forgetHere(task: ForgetTask): Promise<Result<ForgottenHere>> {
  let draft: Draft | undefined;
  let gone: NamedEntry[] = [];
  const changed = await promoteForgetting(task, task.bucket, (knowledge) => {
    // Found again: hand edits were adopted since, and somebody may have promoted.
    const finding = find(task, knowledge);
    if (finding.entries.length > 1 && !task.yes)
      return fail({ reason: 'usage', detail: 'more entries match now than before; run it again with --dry-run' });
    if (finding.entries.length === 0) return fail({ reason: 'aborted', what: 'The forget' });
    draft = draftOf(task, knowledge, finding);
    gone = namedAll(task.bucket.id, goneHere(knowledge, draft, finding));
    return succeed(draft);
  });
  if (!changed.ok) return changed;
  return changed.value && draft
    ? succeed({ draft, changed: changed.value, gone })
    : fail({ reason: 'aborted', what: 'The forget' });
}

type Decide = (knowledge: OpenKnowledge) => Result<Draft | null>;

/** Promotes a generation without the entries, and purges the text while we still hold the lock. */
async function promoteForgetting(
  task: ForgetTask,
  bucket: BucketHandle,
  decide: Decide,
): Promise<Result<Changed | null>> {
  const { world, report, patienceMs } = task;
  let draft: Draft | undefined;
  let order: ForgetOrder | undefined;
  return await promoteChange({
    world,
    bucket,
    report,
    cause: 'forget',
    editsFirst: false,
    ...(patienceMs === undefined ? {} : { patienceMs }),
    decide: (knowledge) => {
      const decided = decide(knowledge);
      if (!decided.ok || decided.value === null) return decided.ok ? succeed(null) : decided;
      draft = decided.value;
      return succeed(withoutEntries(knowledge, draft));
    },
    beforeCommit: (commit) => {
      if (!draft) return;
      order = orderOf(draft, commit);
      writeOrder(bucket.layout, order);
    },
    afterCommit: ({ locked }) => {
      if (!order) return;
      purge({ layout: bucket.layout, order, locked });
      if (locked) removeOrder(bucket.layout, order);
    },
  });
}

function withoutEntries(knowledge: OpenKnowledge, draft: Draft): Change {
  const { memory, skills, ledger, tombstones } = knowledge;
  const gone = goneEntries(knowledge, draft);
  return {
    memory: {
      ...memory,
      user: memory.user.filter((record) => !goesOfMemory(record, draft)),
      global: memory.global.filter((record) => !goesOfMemory(record, draft)),
    },
    skills: skills.filter((skill) => !goesOfSkills(skill, draft)),
    recallRemoved: new Set(gone.flatMap((entry) => (entry.kind === 'recall' ? [entry.record.id] : []))),
    ledger,
    keptKeys: v.parse(KeptKeys, scrubJson(knowledge.keptKeys, needlesOf(draft.texts))),
    tombstones: [...tombstones, ...draft.tombstones],
    // A retired skill without a text is what withdraws its published copy.
    withdrawn: skills
      .filter((skill) => goesOfSkills(skill, draft))
      .map((skill) => ({ ...skill, status: 'retired', content: '' })),
  };
}

const otherBuckets = (task: ForgetTask): BucketHandle[] =>
  listBuckets(task.world.home)
    .live.filter((bucket) => bucket.stateDir !== task.bucket.layout.stateDir)
    .map(({ id, layout, root }) => ({ id, layout, root: root ?? '' }));

/**
 * Another bucket's entries go when they say the same, not when they only have the same name: the id of a recall record
 * is the sum of its first text, and stays when a person makes another record of it.
 */
const elsewhere = (draft: Draft): Draft => ({ ...draft, memory: [], recall: [], skills: [], envelopes: [] });

interface There {
  draft: Draft;
  summary: ForgetSummary;
}

async function forgetThere(task: ForgetTask, bucket: BucketHandle, { draft: same, summary }: There): Promise<void> {
  let gone: NamedEntry[] = [];
  const changed = await promoteForgetting(task, bucket, (knowledge) => {
    gone = namedAll(bucket.id, goneEntries(knowledge, same));
    return succeed(gone.length > 0 ? same : null);
  });
  if (!changed.ok) {
    task.report({ type: 'problem', what: `${bucket.id} could not be searched (${changed.failure.reason})` });
  } else if (changed.value) {
    summary.entries.push(...gone);
    if (!changed.value.locked) summary.purge_waits_in.push(bucket.id);
  } else {
    await purgeOnly(task, bucket, { draft: same, summary });
  }
}

/** It knows nothing of the kind now; older generations, snapshots and the like may hold the text all the same. */
async function purgeOnly(task: ForgetTask, bucket: BucketHandle, { draft, summary }: There): Promise<void> {
  const run = randomId();
  const lock = await acquireLock({ layout: bucket.layout, clock: task.world.clock, run });
  try {
    const done = attempt(() =>
      purge({ layout: bucket.layout, order: orderOf(draft, { generation: NEVER, run }), locked: lock.ok }),
    );
    if (!lock.ok || !done.ok) summary.purge_waits_in.push(bucket.id);
  } finally {
    if (lock.ok) await lock.value.release();
  }
}

/** Above every number there is: all of its generations are older. */
const NEVER = Number.MAX_SAFE_INTEGER;
