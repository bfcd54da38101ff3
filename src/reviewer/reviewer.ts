import type { TokenUse } from '../agents/ask.ts';
import type { Result } from '../contracts/failure.ts';
import type { Snapshot } from '../contracts/snapshot.ts';
import type { SkippedSuggestion, Suggestion } from '../contracts/suggestion.ts';
import type { TurnItem } from '../transcript/turn.ts';

/** What a reviewer gets: everything is redacted already. */
export interface ReviewTask {
  snapshot: Snapshot;
  /** The same part of the session as `snapshot.turn_snapshot.transcript`, item by item. */
  items: TurnItem[];
  /** Unguessable, new for each task: fences the transcript off as data inside a prompt. */
  nonce: string;
}

/** What a review found. */
export interface Review {
  suggestions: Suggestion[];
  skipped: SkippedSuggestion[];
  /** What the model said, for review/failed/ and debugging; absent for reviewers without a model. */
  raw?: string;
  tokens?: TokenUse;
}

/**
 * Looks at what is new in a session and proposes what to keep.
 *
 * Contract: writes nothing; an aborted signal, a refusal, a time-out or an unparsable answer is a
 * Failure, never a throw; an answer is strict in structure and lenient item by item.
 */
export interface Reviewer {
  /** Costs money or a subscription: waits for a quiet session and counts against the budget. */
  readonly costs: boolean;
  /** Milliseconds that its own deadlines add up to; absent: it answers at once, or has none. */
  readonly longestMs?: number;
  review(task: ReviewTask, signal: AbortSignal): Promise<Result<Review>>;
}
