import type { Cursor } from '../contracts/review.ts';

/** One thing that happened in a session and is worth a reviewer's eyes. Injected context is none of them. */
export type TurnItem =
  | { kind: 'user'; text: string; at: string; turnId: string }
  | { kind: 'assistant'; text: string; at: string; turnId: string }
  | { kind: 'command'; command: string; exitCode: number | null; output: string; at: string; turnId: string }
  | { kind: 'files'; paths: string[]; at: string; turnId: string };

/** Facts from the first line of a rollout. */
export interface SessionFacts {
  /** Id of this thread; subagents share their parent's session id. */
  threadId: string;
  sessionId: string;
  cwd: string;
  /** A subagent's own rollout: never reviewed. */
  subagent: boolean;
  /** A session that our own reviewer or compiler started: never reviewed. */
  nested: boolean;
}

/** The part of a transcript that has not been reviewed yet. */
export interface TranscriptSlice {
  session: SessionFacts | null;
  items: TurnItem[];
  /** Ordinal of the first item; where the review starts (idempotency). */
  startOrdinal: number;
  /** Position after the last complete line; null when the file had none. */
  end: Cursor | null;
  /** Older items were left out, because the unread part is larger than the limit. */
  truncated: boolean;
  /** Lines that could not be read (binary, cut, larger than a line may be). */
  skippedLines: number;
}
