import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Cursor, QueueEntry } from '../contracts/review.ts';
import { sha256 } from '../kernel/digest.ts';
import { exists } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { codexHome } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import { openingFence } from '../safety/fence.ts';
import { readTranscript } from '../transcript/read-transcript.ts';
import type { TranscriptSlice, TurnItem } from '../transcript/turn.ts';
import type { QueuedStop } from './read-queue.ts';
import { reviewedChains } from './session-record.ts';

/** What one review looks at, not yet redacted. */
export interface SessionMaterial {
  items: TurnItem[];
  sessionId: string;
  threadId: string;
  turnId: string;
  cwd: string;
  /** Where it begins: with the thread, the identity of the review. It does not move when the session grows. */
  start: string;
  /** The cursor after this review. */
  end: Cursor | null;
  source: 'transcript_path' | 'hook_payload';
  /** Where the transcript was found; null for a lonely message. */
  transcriptPath: string | null;
  /** When the newest turn stopped. */
  queuedAt: string;
  /** A subagent's session, or one that we started ourselves: never reviewed, so without items. */
  ours: boolean;
}

/**
 * The part of a session that is new since the cursor, from the newest entry's transcript.
 * @param stops entries of one session, oldest first, at least one
 */
export function readMaterial(
  world: World,
  layout: BucketLayout,
  batch: { stops: readonly QueuedStop[]; cursor: Cursor | null },
): Result<SessionMaterial> {
  const newest = batch.stops.at(-1);
  if (!newest) return fail({ reason: 'usage', detail: 'no entry to review' });
  const message = messageOf(newest);
  if (message !== undefined) return succeed(lonelyMessage(newest, message));
  const found = findTranscript(world, newest);
  if (!found.ok) return found;
  const slice = readNew(layout, found.value, batch.cursor);
  if (!slice.ok) return slice;
  const { truncated, skippedLines } = slice.value;
  if (truncated || skippedLines > 0) {
    world.diagnostics.log('transcript-read-in-part', { session: newest.entry.session_id, truncated, skippedLines });
  }
  return succeed({ ...fromSlice(newest, slice.value, batch.cursor), transcriptPath: found.value });
}

/** How the prompts of our own reviewer and compiler begin their material: a session that opens with it is one of ours. */
const OUR_FENCE = openingFence('');

/** Other sessions' chains are looked up only where the cursor does not tell what is new: they are one file each. */
function readNew(layout: BucketLayout, file: string, cursor: Cursor | null): Result<TranscriptSlice> {
  const slice = cursor === null ? undefined : readTranscript(file, cursor, { nestedMark: OUR_FENCE });
  if (slice && (!slice.ok || !slice.value.rewritten)) return slice;
  return readTranscript(file, cursor, { reviewedChains: reviewedChains(layout), nestedMark: OUR_FENCE });
}

/** A session without a transcript (codex exec --ephemeral) leaves its last message in the entry. */
export const messageOf = (stop: QueuedStop): string | undefined =>
  stop.entry.transcript_path === null ? (stop.entry.last_assistant_message ?? '') : undefined;

/** Each such message is a review of its own: there is no cursor that could tell them apart. */
function lonelyMessage({ entry }: QueuedStop, text: string): SessionMaterial {
  return {
    items: text.trim() === '' ? [] : [{ kind: 'assistant', text, at: entry.queued_at, turnId: entry.turn_id }],
    ...idsOf(entry),
    transcriptPath: null,
    start: `turn ${entry.turn_id} ${sha256(text)}`,
    end: null,
    source: 'hook_payload',
    ours: false,
  };
}

function fromSlice(
  { entry }: QueuedStop,
  slice: TranscriptSlice,
  cursor: Cursor | null,
): Omit<SessionMaterial, 'transcriptPath'> {
  const ours = slice.session?.subagent === true || slice.session?.nested === true;
  const lastTurn = slice.items.findLast((turnItem) => turnItem.turnId !== '')?.turnId;
  return {
    ...idsOf(entry),
    items: ours ? [] : slice.items,
    threadId: slice.session?.threadId || entry.session_id,
    turnId: lastTurn ?? entry.turn_id,
    start: startOf(slice, cursor),
    end: slice.end,
    source: 'transcript_path',
    ours,
  };
}

const idsOf = (entry: QueueEntry) => ({
  sessionId: entry.session_id,
  threadId: entry.session_id,
  turnId: entry.turn_id,
  cwd: entry.cwd,
  queuedAt: entry.queued_at,
});

/** A rewritten file begins at ordinals that earlier reviews have begun at; what it replaced tells them apart. */
const startOf = (slice: TranscriptSlice, cursor: Cursor | null): string =>
  slice.rewritten && cursor ? `${slice.startOrdinal} after ${cursor.digest}` : `${slice.startOrdinal}`;

function findTranscript(world: World, { entry }: QueuedStop): Result<string> {
  const given = entry.transcript_path ?? '';
  const problem = problemWith(world, given);
  if (problem !== undefined) return fail({ reason: 'file-unreadable', path: given, detail: problem });
  if (exists(given)) return succeed(given);
  // `codex archive` moves rollouts flat into one folder.
  const archived = path.join(entry.codex_home ?? codexHome(world.env), 'archived_sessions', path.basename(given));
  return exists(archived) ? succeed(archived) : fail({ reason: 'file-missing', path: given });
}

/** A path from outside is read only when it looks like a rollout and is none of our own files. */
export function problemWith(world: World, transcript: string): string | undefined {
  if (transcript.includes('\0')) return 'not a path';
  if (!path.isAbsolute(transcript)) return 'not an absolute path';
  if (!transcript.endsWith('.jsonl')) return 'not a .jsonl file';
  const fromHome = path.relative(world.home, path.resolve(transcript));
  const isOutside = fromHome === '..' || fromHome.startsWith(`..${path.sep}`) || path.isAbsolute(fromHome);
  return isOutside ? undefined : 'it lies in our own home';
}
