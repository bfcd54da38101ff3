import * as v from 'valibot';
import { jsonInText } from '../agents/json-in-text.ts';
import { withoutThoughts } from '../agents/without-thoughts.ts';
import { AgentAnswer } from '../contracts/agent-answer.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { isRecord } from '../contracts/json.ts';

/** The memory that is sent, given back twice over, is less. */
const MAX_CHARACTERS = 1_000_000;

/**
 * Reads what a compile agent answered: the JSON object alone, in a code fence, or with prose around it.
 * Keys that we do not know are ignored, parts of the wrong kind are not.
 *
 * @returns Failure `answer-unparsable` with the beginning of the answer as `raw`
 */
export function readAgentAnswer(text: string): Result<AgentAnswer> {
  const unparsable = (detail: string): Result<never> =>
    fail({ reason: 'answer-unparsable', detail, raw: text.slice(0, 10_000) });
  if (text.trim() === '') return unparsable('the answer is empty');
  if (text.length > MAX_CHARACTERS)
    return unparsable(`the answer has ${text.length} characters; ${MAX_CHARACTERS} are allowed`);
  const found = jsonInText(withoutThoughts(text));
  if (!found.ok) return unparsable(found.detail);
  if (!isRecord(found.value)) return unparsable('the answer is not a JSON object');
  const parsed = v.safeParse(AgentAnswer, found.value);
  if (parsed.success) return succeed(parsed.output);
  const issue = parsed.issues[0];
  return unparsable(`${v.getDotPath(issue) ?? 'the answer'}: ${issue.message}`);
}
