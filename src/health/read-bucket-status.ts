import type { BucketStatus } from '../contracts/status.ts';
import { isRecord, textOr } from '../contracts/json.ts';
import { listGenerations } from '../assets/generation-folder.ts';
import { countEnvelopes, retryableFailed } from '../bucket/pending.ts';
import { queueNames } from '../capture/read-queue.ts';
import { countAwaitingYes } from '../compile/proposals.ts';
import { DiskFailure } from '../kernel/disk-failure.ts';
import { factsOf, listNames, readText } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { bucketLayout } from '../kernel/home.ts';
import { lockStatus } from '../kernel/lock.ts';
import type { World } from '../kernel/world.ts';
import { unparsableEdits } from './unparsable-edits.ts';
import { NO_USE, readUse } from './read-use.ts';

/** Which folder is looked at, and what its name or bucket.json says of it. */
export interface BucketPlace {
  project: string;
  stateDir: string;
  root: string | null;
  archived: boolean;
}

const LARGEST_RECEIPT = 8 * 1024 * 1024;

/** Everything that `status` says of one bucket, read without changing anything; what cannot be read is told in its place. */
export function readBucketStatus(world: World, place: BucketPlace): BucketStatus {
  const layout = bucketLayout(place.stateDir);
  const problems: string[] = [];
  const orElse = <T>(otherwise: T, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof DiskFailure)) throw error;
      problems.push(problemText(error));
      return otherwise;
    }
  };
  const count = (read: () => readonly unknown[]): number => orElse<readonly unknown[]>([], read).length;
  const envelopes = orElse(NO_ENVELOPES, () => countEnvelopes(layout));
  const generations = orElse([], () => listGenerations(layout));
  const unparsable = orElse([], () => unparsableEdits(layout));
  const size = (file: string): number => orElse(0, () => factsOf(file)?.size ?? 0);
  return {
    project: place.project,
    state_dir: place.stateDir,
    root: place.root,
    archived: place.archived,
    counts: {
      ...envelopes,
      retryable_failed: count(() => (envelopes.failed > 0 ? retryableFailed(layout) : [])),
      queued: count(() => queueNames(layout)),
      generations: generations.length,
      set_aside: count(() => setAsideNames(layout)),
      unparsable_edits: unparsable.length,
      proposals: count(() => proposalNames(layout)),
      awaiting_yes: orElse(0, () => countAwaitingYes(layout)),
    },
    generation: generations[0]?.number ?? null,
    sizes: {
      user_md: size(layout.userMd),
      memory_md: size(layout.memoryMd),
      recall_index: size(layout.recallIndex),
      usage: size(layout.usage),
    },
    lock: orElse(null, () => lockStatus(layout, world.clock)),
    last_receipt: orElse(null, () => readReceipt(layout)),
    usage: orElse(NO_USE, () => readUse(layout, world.clock.now())),
    unparsable_edits: unparsable,
    problems,
  };
}

const NO_ENVELOPES = { pending: 0, processing: 0, done: 0, failed: 0, discarded: 0 };

/** What the disk refused, without the words of a failure that only commands have. */
function problemText({ failure }: DiskFailure): string {
  const place = 'path' in failure ? failure.path : '';
  const why = 'code' in failure ? failure.code : failure.reason;
  return `${place} cannot be read (${why})`;
}

/** Files in set-aside/, without the reasons beside them. */
const setAsideNames = (layout: BucketLayout): string[] =>
  listNames(layout.setAside).filter((name) => !name.endsWith('.reason.txt') && !name.startsWith('.'));

/** A plan is a folder; the files beside it are what was said of single suggestions. */
const proposalNames = (layout: BucketLayout): string[] =>
  listNames(layout.proposals).filter((name) => !name.startsWith('.') && !name.endsWith('.json'));

/** Leniently: a receipt of an older version, or a damaged one, must not hide the rest. */
function readReceipt(layout: BucketLayout): BucketStatus['last_receipt'] {
  const text = readText(layout.lastReceipt, LARGEST_RECEIPT);
  if (text === undefined) return null;
  const value = parsed(text);
  const empty = { generation: null, ended_at: null, backend: null, fallback_backend: null };
  const none = { ...empty, processed_count: 0, discarded_count: 0, path: layout.lastReceipt };
  if (!isRecord(value)) return { ...none, error: 'it is not a receipt' };
  return {
    generation: typeof value['generation'] === 'number' ? value['generation'] : null,
    ended_at: textOr(value['ended_at'], '') || null,
    backend: textOr(value['backend'], '') || null,
    fallback_backend: textOr(value['fallback_backend'], '') || null,
    processed_count: typeof value['processed_count'] === 'number' ? value['processed_count'] : 0,
    discarded_count: Array.isArray(value['discarded_items']) ? value['discarded_items'].length : 0,
    path: layout.lastReceipt,
    error: null,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
