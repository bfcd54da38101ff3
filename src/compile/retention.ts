import path from 'node:path';
import type { Ledger } from '../contracts/generation.ts';
import { KeptReceipt } from '../contracts/kept-receipt.ts';
import { SessionReview } from '../contracts/review.ts';
import { listGenerations } from '../assets/generation-folder.ts';
import type { GenerationFolder } from '../assets/generation-folder.ts';
import { readFacts } from '../assets/read-generation.ts';
import { envelopeFile, envelopeIds, readEnvelope } from '../bucket/envelope-file.ts';
import { timestamp } from '../kernel/clock.ts';
import type { Clock } from '../kernel/clock.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { factsOf, listNames, readText } from '../kernel/files.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { readJson, writeJson } from '../kernel/json-file.ts';
import { removeFile } from '../kernel/move-files.ts';
import { keptReceiptFile, keptReceiptNumbers, sessionsOf } from './history.ts';
import { DAY_MS, DEFAULT_RETENTION, planFolder, planRetention } from './plan-retention.ts';
import type { DatedFile, FolderLimit, RetentionSettings } from './plan-retention.ts';
import { discardFolder } from './promote.ts';

export interface Retention {
  layout: BucketLayout;
  clock: Clock;
  /** As it was before this promotion, which may have dropped the oldest ids from it. */
  ledger: Ledger;
  settings?: RetentionSettings;
}

/**
 * Removes what is too old, at the end of a compile and under its lock. Names alone tell a young bucket
 * that there is nothing to do; folders of reviews are looked through once a day.
 */
export function retain({ layout, clock, ledger, settings = DEFAULT_RETENTION }: Retention): void {
  const task = { layout, settings, now: clock.now().getTime() };
  retainGenerations(task);
  removeSettled(task, ledger);
  if (!isDue(task)) return;
  for (const folder of tidiedFolders(layout, settings)) tidy(folder, task.now);
  writeDurably(marker(layout), `${timestamp(clock)}\n`, { sync: false });
}

export interface RetentionTask {
  layout: BucketLayout;
  settings: RetentionSettings;
  /** ms since 1970 */
  now: number;
}

function retainGenerations(task: RetentionTask): void {
  const { layout, settings, now } = task;
  const folders = listGenerations(layout);
  if (folders.length <= settings.lastGenerations) return;
  // Of the newest ones only the last is dated: it tells since when the next is superseded.
  const dated = folders.map((folder, index) => ({
    number: folder.number,
    createdAt: index < settings.lastGenerations - 1 ? now : createdAt(folder),
  }));
  for (const number of planRetention(dated, now, settings)) {
    const folder = folders.find((candidate) => candidate.number === number);
    if (folder) dropGeneration(layout, folder);
  }
  dropOldReceipts(task);
}

/** Taken from the text: parsing two hundred kilobytes of ledger for one date is not worth it. */
function createdAt(folder: GenerationFolder): number {
  const text = attempt(() => readText(path.join(folder.folder, 'generation.json')));
  const written = text.ok ? /^ {2}"created_at": "([^"]+)"/m.exec(text.value ?? '')?.[1] : undefined;
  return Date.parse(written ?? '');
}

/** The receipt is put down first; a generation that cannot be read stays for whoever can. */
function dropGeneration(layout: BucketLayout, folder: GenerationFolder): void {
  const facts = readFacts(folder);
  if (!facts.ok) return;
  const { schema_version, generation, from, cause, created_at, restored, mirrors, adopted, receipt } = facts.value;
  makeFolder(layout.keptReceipts);
  writeJson(keptReceiptFile(layout, generation), KeptReceipt, {
    schema_version,
    generation,
    from,
    cause,
    created_at,
    mirrors,
    adopted,
    receipt,
    ...(restored === undefined ? {} : { restored }),
    sessions: sessionsOf(layout, receipt.envelopes),
  });
  discardFolder(layout, folder.folder);
}

function dropOldReceipts({ layout, settings, now }: RetentionTask): void {
  for (const number of keptReceiptNumbers(layout).toSorted((a, b) => a - b)) {
    const file = keptReceiptFile(layout, number);
    const receipt = readJson(file, KeptReceipt);
    if (!receipt.ok) continue;
    // They are in the order of their numbers, so the first young one ends it.
    if (now - Date.parse(receipt.value.created_at) <= settings.receiptDays * DAY_MS) return;
    removeFile(file);
  }
}

/**
 * Removes old settled envelopes. Only ids that the ledger knows: what it does not know may have to be compiled again.
 * So every promotion does it, with the ledger as it was before: the next one may have dropped the oldest ids.
 */
export function removeSettled({ layout, settings, now }: RetentionTask, ledger: Ledger): void {
  for (const [id, { outcome, at }] of Object.entries(ledger)) {
    if (outcome !== 'failed' && now - Date.parse(at) > settings.envelopeDays * DAY_MS)
      removeFile(envelopeFile(layout, outcome, id));
  }
}

const marker = (layout: BucketLayout): string => path.join(layout.compiler, 'tidied');

function isDue({ layout, now }: RetentionTask): boolean {
  const last = Date.parse(readText(marker(layout))?.trim() ?? '');
  // A clock that was wrong once must not put it off for ever.
  return !(Math.abs(now - last) < DAY_MS);
}

interface TidiedFolder {
  folder: string;
  limit: FolderLimit;
  /** Names of files that something still refers to. */
  needed: (name: string) => boolean;
}

/** Queue, edits and pending work are not among them: nothing there is ever removed for its age. */
function tidiedFolders(layout: BucketLayout, settings: RetentionSettings): TidiedFolder[] {
  const shown = waitingSnapshots(layout);
  return [
    { folder: layout.snapshots, limit: settings.snapshots, needed: (name) => shown.has(name) },
    { folder: layout.failedReviews, limit: settings.failedReviews, needed: () => false },
    { folder: layout.setAside, limit: settings.setAside, needed: () => false },
    { folder: layout.sessions, limit: settings.sessions, needed: (name) => isUnfinished(layout, name) },
  ];
}

/** Snapshots of envelopes that are not settled yet. */
function waitingSnapshots(layout: BucketLayout): Set<string> {
  const names = new Set<string>();
  for (const state of ['pending', 'processing', 'failed'] as const) {
    for (const id of envelopeIds(layout, state)) {
      const envelope = readEnvelope(layout, state, id);
      const shown = envelope.ok ? envelope.value.review_snapshot_path : null;
      if (shown) names.add(path.basename(shown));
    }
  }
  return names;
}

/** A session whose outbox is full, that is to be tried again, or that cannot be read. */
function isUnfinished(layout: BucketLayout, name: string): boolean {
  if (!name.endsWith('.review.json')) return !name.endsWith('.injected.json');
  const session = readJson(path.join(layout.sessions, name), SessionReview);
  return !session.ok || session.value.outbox !== null || session.value.next_attempt_at !== null;
}

function tidy({ folder, limit, needed }: TidiedFolder, now: number): void {
  const files = listNames(folder).flatMap((name): DatedFile[] => {
    const facts = factsOf(path.join(folder, name));
    return facts?.kind === 'file'
      ? [{ name, modifiedMs: facts.modifiedMs, size: facts.size, needed: needed(name) }]
      : [];
  });
  for (const name of planFolder(files, now, limit)) removeFile(path.join(folder, name));
}
