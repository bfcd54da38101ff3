import type { Envelope, EnvelopeState } from '../contracts/envelope.ts';
import type { Clock } from '../kernel/clock.ts';
import { timestamp } from '../kernel/clock.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { exists } from '../kernel/files.ts';
import { makeFolder, syncFolder, writeDurably } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { moveFile } from '../kernel/move-files.ts';
import { renderJson } from '../kernel/render-json.ts';
import { beyondReading, envelopeFile, readEnvelope } from './envelope-file.ts';
import { setAside } from './set-aside.ts';

export interface EnvelopeMove {
  id: string;
  from: EnvelopeState;
  to: EnvelopeState;
  reason: string | null;
  /** The envelope as claimed; without it the file is read. */
  envelope?: Envelope;
  /** What else changes about it. */
  changes?: Partial<Pick<Envelope, 'attempt_count' | 'failure_reason'>> & { crash_count?: number };
}

/** `gone`: somebody else moved it first. `set-aside`: it was unreadable, or its place was taken. */
export type MoveOutcome = 'moved' | 'gone' | 'set-aside';

/** Enough to see what happened; an envelope that is given back for ever must not grow for ever. */
const MAX_TRANSITIONS = 50;

/**
 * Moves an envelope to another folder and writes down that it did. Only for the holder of the
 * bucket's lock.
 *
 * The folder is the truth and the text only tells the story, so the order matters in one respect:
 * no text is ever written into pending/, where a claim may take the file between our look and our
 * write and we would bring it back from the dead. Hence the text is written before the file leaves
 * any other folder, and after it has left pending/. A text that cannot be written (a full disk)
 * does not stop the move.
 */
export function moveEnvelope(layout: BucketLayout, move: EnvelopeMove, clock: Clock): MoveOutcome {
  const source = envelopeFile(layout, move.from, move.id);
  const target = envelopeFile(layout, move.to, move.id);
  if (!exists(source)) return 'gone';
  if (exists(target)) return keepCopy(layout, source, `an envelope of this id lies in ${move.to}/ already`);
  makeFolder(layout[move.to]);
  const reading = move.envelope
    ? { ok: true as const, value: move.envelope }
    : readEnvelope(layout, move.from, move.id);
  if (!reading.ok) {
    const why = beyondReading(reading.failure);
    // What has been applied may lie in done/ in any shape; what is to be compiled again must be readable.
    if (why !== undefined && move.to === 'pending') return keepCopy(layout, source, why);
    return moveFile(source, target) ? 'moved' : 'gone';
  }
  return moveWithText(layout, move, { source, target, text: renderJson(moved(reading.value, move, clock)) });
}

interface Way {
  source: string;
  target: string;
  text: string;
}

function moveWithText(layout: BucketLayout, move: EnvelopeMove, { source, target, text }: Way): MoveOutcome {
  // Applied envelopes are in the ledger: a power cut may have their text, but not that of the others.
  const sync = move.to !== 'done' && move.to !== 'discarded';
  if (move.from === 'pending') {
    if (!moveFile(source, target)) return 'gone';
    attempt(() => writeDurably(target, text, { sync }));
    return 'moved';
  }
  attempt(() => writeDurably(source, text, { sync }));
  if (!moveFile(source, target)) return 'gone';
  if (sync) syncArrival(layout[move.to]);
  return 'moved';
}

/** Before the next envelope's text syncs the folder that this one has left: a power cut would find it in neither. */
const syncArrival = (folder: string): void => void attempt(() => syncFolder(folder));

const keepCopy = (layout: BucketLayout, file: string, reason: string): MoveOutcome =>
  setAside(layout, file, reason) ? 'set-aside' : 'gone';

/** The envelope as it reads after the move. */
export function moved(envelope: Envelope, move: EnvelopeMove, clock: Clock): Envelope {
  const { from, to, reason, changes = {} } = move;
  const entry = { at: timestamp(clock), from, to, reason };
  const log = [...envelope.transition_log, entry].slice(-MAX_TRANSITIONS);
  return { ...envelope, ...changes, state: to, transition_log: log };
}
