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
  /**
   * Where the review starts (idempotency): one past the cursor when the cursor's line was found,
   * otherwise the ordinal of the first new item. It does not move when the transcript grows.
   */
  startOrdinal: number;
  /** Chain over everything before the first new item; empty at the beginning of a history. */
  startChain: string;
  /** The last complete line; `from` when there is no new one; null when the file never had one. */
  end: Cursor | null;
  /** Older items were left out, because the unread part is larger than the limit. */
  truncated: boolean;
  /** The cursor's line is not in the file any more: it was rewritten, or another file took its place. */
  rewritten: boolean;
  /** Lines that could not be read (binary, cut, larger than a line may be). */
  skippedLines: number;
}
