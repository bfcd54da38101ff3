/** What one line of a rollout says, before the lines of a turn are put together. */
export type EntryContent =
  | { kind: 'user'; text: string }
  | { kind: 'assistant'; text: string; phase: Phase }
  | { kind: 'command'; command: string; exitCode: number | null; output: string }
  | { kind: 'files'; paths: string[] }
  /** A call whose output comes on a later line. */
  | { kind: 'call'; command: string }
  | { kind: 'call-output'; exitCode: number | null; output: string }
  /** A new turn begins here. */
  | { kind: 'turn-start' };

/** Codex's own word for an assistant message: work in progress, the answer, or nothing said. */
export type Phase = 'commentary' | 'final' | 'unknown';

/**
 * Who wrote the line. Codex writes one message up to twice: as what the model saw (`response`) and
 * as what the user saw (`shown`). The latter has no injected context in it, so it wins.
 */
type EntrySource = 'shown' | 'response';

export interface Entry {
  source: EntrySource;
  content: EntryContent;
  /** Ties calls to their outputs; empty when the line has none. */
  callId: string;
  turnId: string;
  at: string;
  ordinal: number;
}

/** What a line parser yields; the reader adds time, turn and ordinal. */
export interface LineContent {
  source: EntrySource;
  content: EntryContent;
  callId: string;
}

export const shown = (content: EntryContent, callId = ''): LineContent => ({ source: 'shown', content, callId });
export const response = (content: EntryContent, callId = ''): LineContent => ({ source: 'response', content, callId });
