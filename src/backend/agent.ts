import type { Ask } from '../agents/ask.ts';
import { usedBy } from '../agents/ask.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { agentBrief } from './agent-payload.ts';
import { compileQuestion } from './agent-prompt.ts';
import { applyAgentAnswer } from './apply-agent-answer.ts';
import type { Backend, CompileAnswer } from './backend.ts';
import { readAgentAnswer } from './read-agent-answer.ts';
import { sortOut } from './sort-out.ts';

/**
 * Some 150,000 tokens: what today's windows of 200,000 take together with the answer. A larger batch is
 * not sent in part: nobody could tell then what the agent knew when it decided.
 */
export const MAX_PAYLOAD_BYTES = 600_000;

/** What may be spent on models in a day, reviews and compiles together. */
export interface Purse {
  /** Books one call before it is made. @returns false when the day's budget is used up */
  bookCall(): boolean;
  bookTokens(use: { input: number; output: number }): void;
}

export interface AgentParts {
  /** As receipts name it. */
  name: string;
  ask: Ask;
  purse: Purse;
  /** 8 to 64 letters, figures or hyphens that nobody can guess; one per question. */
  nonce: () => string;
}

/** A backend that has a model decide what the deterministic merge cannot settle by itself. */
export const agentBackend = (parts: AgentParts): Backend => ({
  name: parts.name,
  compile: async (task, signal) => {
    if (signal.aborted) return aborted;
    const sorted = sortOut(task);
    // Known already, or refused whoever decides: that costs no tokens.
    if (sorted.open.length === 0) return succeed(sorted.script);
    const brief = agentBrief(task, sorted);
    if (brief.bytes > MAX_PAYLOAD_BYTES) return tooLarge(parts.name, brief.bytes);
    const answer = await askWithin(parts, brief.payload, signal);
    if (!answer.ok) return answer;
    const read = readAgentAnswer(answer.value.text);
    if (!read.ok) return read;
    const applied = applyAgentAnswer({ task, sorted, sent: brief.sent }, read.value);
    const { tokens } = answer.value;
    return applied.ok && tokens ? succeed({ ...applied.value, tokens }) : applied;
  },
});

const aborted: Result<CompileAnswer> = fail({ reason: 'aborted', what: 'The compile' });

const tooLarge = (agent: string, bytes: number): Result<never> =>
  fail({
    reason: 'agent-failed',
    agent,
    detail: `the batch needs ${bytes} bytes and an agent is sent ${MAX_PAYLOAD_BYTES} at most; a smaller --batch-size sends less at a time`,
  });

async function askWithin(
  { name, ask, purse, nonce }: AgentParts,
  payload: string,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<Ask>>> {
  if (!purse.bookCall()) return fail({ reason: 'budget-used-up', what: name });
  const question = compileQuestion(payload, nonce());
  const answer = await ask(question, signal);
  if (signal.aborted) return fail({ reason: 'aborted', what: 'The compile' });
  if (!answer.ok) return answer;
  const { text, cut, tokens } = answer.value;
  purse.bookTokens(usedBy(question, text, tokens));
  if (!cut) return answer;
  const detail = 'the answer was cut off at the limit of output tokens; a smaller --batch-size needs a shorter one';
  return fail({ reason: 'answer-unparsable', detail, raw: text.slice(0, 10_000) });
}
