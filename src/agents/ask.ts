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

/** What a model says it read and wrote. */
export interface TokenUse {
  input: number;
  output: number;
}

export interface ModelAnswer {
  text: string;
  tokens?: TokenUse;
  /** The model stopped because it ran out of output tokens. */
  cut: boolean;
}

/** What an answer has used, as told; a model that does not say it has used something all the same. Good enough for a budget. */
export function usedBy({ system, prompt }: Question, answer: string, told: TokenUse | undefined): TokenUse {
  if (told && told.input + told.output > 0) return told;
  return { input: tokensOf(system + prompt), output: tokensOf(answer) };
}

const tokensOf = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4);

/**
 * A way to ask a model (an HTTP dialect, a command-line agent).
 *
 * Contract: has its own deadline and caps; whatever goes wrong outside is a Failure that says who
 * refused and why, without a byte of a key; nothing of it is left running when it returns.
 */
export type Ask = (question: Question, signal: AbortSignal) => Promise<Result<ModelAnswer>>;
