import path from 'node:path';
import type { EnvelopeState } from '../contracts/envelope.ts';
import { ForgetOrder } from '../contracts/forget-order.ts';
import { isRecord } from '../contracts/json.ts';
import { SessionReview } from '../contracts/review.ts';
import { listGenerations } from '../assets/generation-folder.ts';
import { readFacts } from '../assets/read-generation.ts';
import { needlesOf, scrubJson } from '../assets/scrub-text.ts';
import type { Needles } from '../assets/scrub-text.ts';
import { envelopeFile, envelopeIds, readEnvelope, STATES } from '../bucket/envelope-file.ts';
import { systemClock } from '../kernel/clock.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { exists, isFile, listNames, lookAt, readText } from '../kernel/files.ts';
import { makeFolder, syncFolder, writeDurably } from '../kernel/write-files.ts';
import { homeLayout } from '../kernel/home.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { readJson, writeJson } from '../kernel/json-file.ts';
import { removeFile } from '../kernel/move-files.ts';
import { sweepTemporaries } from '../kernel/sweep-temporaries.ts';
import { renderJson, renderJsonLine } from '../kernel/render-json.ts';
import { withoutForgotten } from './forgotten.ts';
import { writtenFolders } from './written-folders.ts';
import { finishSwaps, purgeGeneration } from './purge-generation.ts';

/**
 * Removes what was forgotten from everything that lies in a bucket. Each step may be repeated; the
 * order file stays until the last one is done.
 */
export interface Purge {
  layout: BucketLayout;
  order: ForgetOrder;
  /** Whether we hold the lock: what a compile may be moving is left to it otherwise. */
  locked: boolean;
}

/** Folders that a compile moves envelopes through. */
const MOVING: readonly EnvelopeState[] = ['pending', 'processing', 'failed'];

export function purge({ layout, order, locked }: Purge): void {
  const needles = needlesOf(order.texts);
  removeSnapshots(layout, order);
  for (const state of STATES) {
    if (locked || !MOVING.includes(state)) scrubEnvelopes(layout, state, { order, needles });
  }
  scrubSessions(layout, order, needles);
  if (!order.keep_history) {
    finishSwaps(layout);
    for (const folder of listGenerations(layout)) {
      if (folder.number < order.generation) purgeGeneration({ layout, order, needles }, folder);
    }
    scrubFolder(layout.keptReceipts, needles);
  }
  for (const folder of scrubbedFolders(layout)) scrubFolder(folder, needles);
  const files = [layout.lastReceipt, layout.usage, `${layout.usage}.1`, layout.linted, layout.olderManifest];
  for (const file of files) scrubFile(file, needles);
  sweepTemporaries(writtenFolders(layout), systemClock, DEAD_AFTER_MS);
  dropLaggingMirrors(layout, needles);
}

const scrubbedFolders = (layout: BucketLayout): string[] => [
  layout.snapshots,
  layout.failedReviews,
  layout.queue,
  layout.sessions,
  layout.edits,
  layout.trash,
  layout.setAside,
  layout.proposals,
];

/** Files of the home that belong to no bucket and may hold words of one. */
export function purgeHome(home: string, texts: readonly string[]): void {
  const needles = needlesOf(texts);
  const { log, workers, report } = homeLayout(home);
  scrubFolder(path.dirname(log), needles);
  scrubFolder(workers, needles);
  // The page holds every text in several forms, and the next `report` makes it anew.
  removeFile(report);
}

/** Purges a bucket that is no longer compiled (an archived one), without an order of its own. */
export function purgeArchived(layout: BucketLayout, order: ForgetOrder): void {
  purge({ layout, order, locked: true });
  const needles = needlesOf(order.texts);
  for (const folder of [layout.memoryFolder, layout.recallFolder, layout.skillsFolder]) scrubFolder(folder, needles);
}

/** What the reviews that brought the entry were shown: the words are in it in their first form. */
function removeSnapshots(layout: BucketLayout, { envelopes }: ForgetOrder): void {
  for (const id of envelopes) {
    for (const state of STATES) {
      const envelope = readEnvelope(layout, state, id);
      const shown = envelope.ok ? envelope.value.review_snapshot_path : null;
      if (shown) removeFile(path.join(layout.snapshots, path.basename(shown)));
    }
  }
}

interface Words {
  order: ForgetOrder;
  needles: Needles;
}

function scrubEnvelopes(layout: BucketLayout, state: EnvelopeState, { order, needles }: Words): void {
  for (const id of envelopeIds(layout, state)) {
    const file = envelopeFile(layout, state, id);
    const envelope = readEnvelope(layout, state, id);
    // What cannot be read as an envelope is still text.
    if (!envelope.ok) {
      scrubFile(file, needles);
      continue;
    }
    const kept = withoutForgotten(envelope.value, order.tombstones, needles);
    const scrubbed = scrubJson(kept, needles);
    if (scrubbed !== envelope.value && exists(file)) writeDurably(file, renderJson(scrubbed));
  }
}

/** An envelope that waits in a session's outbox is deposited with these very bytes. */
function scrubSessions(layout: BucketLayout, order: ForgetOrder, needles: Needles): void {
  for (const name of listNames(layout.sessions).filter((entry) => entry.endsWith('.review.json'))) {
    const file = path.join(layout.sessions, name);
    const session = readJson(file, SessionReview);
    if (!session.ok || !session.value.outbox) continue;
    const outbox = withoutForgotten(session.value.outbox, order.tombstones, needles);
    if (outbox !== session.value.outbox) writeJson(file, SessionReview, { ...session.value, outbox });
  }
}

const MAX_SCRUBBED_BYTES = 256 * 1024 * 1024;

function scrubFolder(folder: string, needles: Needles): void {
  for (const name of listNames(folder)) {
    const file = path.join(folder, name);
    const kind = lookAt(file)?.kind;
    if (kind === 'folder') scrubFolder(file, needles);
    if (kind === 'file') scrubFile(file, needles);
  }
}

function scrubFile(file: string, needles: Needles): void {
  const text = attempt(() => readText(file, MAX_SCRUBBED_BYTES));
  if (!text.ok || text.value === undefined) return;
  const scrubbed = scrubContent(file, text.value, needles);
  if (scrubbed !== text.value) writeDurably(file, scrubbed);
}

function scrubContent(file: string, text: string, needles: Needles): string {
  if (file.endsWith('.json')) return scrubJsonText(text, needles, renderJson);
  return text.split('\n').some((line) => line.startsWith('{'))
    ? text
        .split('\n')
        .map((line) => scrubJsonText(line, needles, renderJsonLine))
        .join('\n')
    : needles.scrub(text);
}

function scrubJsonText(text: string, needles: Needles, render: (value: unknown) => string): string {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) && !Array.isArray(value)) return needles.scrub(text);
    const scrubbed = scrubJson(value, needles);
    return scrubbed === value ? text : render(scrubbed);
  } catch {
    return needles.scrub(text);
  }
}

/** The recall mirrors of a large store are not written at every promotion: they go until they are written again. */
function dropLaggingMirrors(layout: BucketLayout, needles: Needles): void {
  // A link or a folder in the place of a mirror holds nothing of ours.
  const files = [layout.recallIndex, layout.recallMd].filter(isFile);
  const lag = files.some((file) => needles.isIn(readText(file, MAX_SCRUBBED_BYTES) ?? ''));
  if (!lag) return;
  for (const file of files) removeFile(file);
  // Without it the next compile finds that the mirrors lag, and writes them.
  removeFile(layout.mirrors);
}

/** Whoever began a write longer ago is dead, and what it left, cut anywhere, is text like any other. */
const DEAD_AFTER_MS = 60_000;

const orderFile = (layout: BucketLayout, run: string): string => path.join(layout.forgetting, `${run}.json`);

export const removeOrder = (layout: BucketLayout, order: ForgetOrder): boolean =>
  removeFile(orderFile(layout, order.run));

/** Puts down what is to be purged; before the commit, so that a crash after it loses nothing of the order. */
export function writeOrder(layout: BucketLayout, order: ForgetOrder): void {
  makeFolder(layout.forgetting);
  // An order that a power cut takes away, and not the commit after it, would leave the text for ever.
  syncFolder(layout.stateDir);
  writeJson(orderFile(layout, order.run), ForgetOrder, order);
}

/**
 * Finishes what a `forget` has begun: for the holder of the lock.
 * @returns how many orders were carried out
 */
export function finishForgetting(layout: BucketLayout): number {
  finishSwaps(layout);
  let done = 0;
  for (const name of listNames(layout.forgetting).filter((entry) => entry.endsWith('.json'))) {
    const file = path.join(layout.forgetting, name);
    const order = readJson(file, ForgetOrder);
    if (!order.ok) {
      // It holds the text in any case; the tombstones bind without it.
      if (order.failure.reason === 'file-invalid') removeFile(file);
      continue;
    }
    if (wasCommitted(layout, order.value)) {
      purge({ layout, order: order.value, locked: true });
      done++;
    }
    removeFile(file);
  }
  return done;
}

function wasCommitted(layout: BucketLayout, order: ForgetOrder): boolean {
  const folder = listGenerations(layout).find((candidate) => candidate.number === order.generation);
  const facts = folder && readFacts(folder);
  return facts?.ok === true && facts.value.run === order.run;
}
