import type { Result } from '../contracts/failure.ts';

/** One question to a model. */
export interface Question {
  /** Standing instructions. */
  system: string;
  /** The material. */
  prompt: string;
  /** JSON schema of the answer, for dialects that can enforce one. */
  schema?: Record<string, unknown>;
}

export interface ModelAnswer {
  text: string;
  tokens?: { input: number; output: number };
  /** The model stopped because it ran out of output tokens. */
  cut: boolean;
}

/**
 * A way to ask a model (an HTTP dialect, a command-line agent).
 *
 * Contract: has its own deadline and caps; whatever goes wrong outside is a Failure that says who
 * refused and why, without a byte of a key; nothing of it is left running when it returns.
 */
export type Ask = (question: Question, signal: AbortSignal) => Promise<Result<ModelAnswer>>;
