import * as v from 'valibot';
import type { Ask } from './ask.ts';
import type { AskWorld } from './ask-http.ts';
import { askHttp } from './ask-http.ts';
import { countOf } from './event-lines.ts';
import type { HttpDialect, HttpModel, Reading } from './http-dialect.ts';

/** Gateways put parts without text beside those that have one. */
const TextPart = v.union([v.string(), v.object({ text: v.nullish(v.string(), '') })]);
const Message = v.object({
  content: v.nullish(v.union([v.string(), v.array(TextPart)]), ''),
  refusal: v.nullish(v.string()),
});
const Count = v.fallback(v.pipe(v.unknown(), v.transform(countOf)), 0);

/** What we read of a chat completion; gateways add and leave out much of the rest. */
const Completion = v.object({
  choices: v.array(v.object({ message: Message, finish_reason: v.nullish(v.string()) })),
  usage: v.nullish(v.object({ prompt_tokens: Count, completion_tokens: Count })),
});

/** The chat-completions API of OpenAI, and of the many that speak it too. */
export const openAiDialect: HttpDialect = {
  headers: {},
  body: (question, model) => ({
    model: model.model,
    max_tokens: model.maxTokens,
    response_format: { type: 'json_object' },
    messages: [
      { role: 'system', content: question.system },
      { role: 'user', content: question.prompt },
    ],
  }),
  read: readCompletion,
};

function readCompletion(body: unknown): Reading {
  const parsed = v.safeParse(Completion, body);
  if (!parsed.success) return { kind: 'broken', detail: 'not a chat completion' };
  const { choices, usage } = parsed.output;
  const tokens = usage ? { tokens: { input: usage.prompt_tokens, output: usage.completion_tokens } } : {};
  const [choice] = choices;
  if (!choice) return { kind: 'broken', detail: 'a chat completion without choices', ...tokens };
  const { message, finish_reason: why } = choice;
  if (message.refusal) return { kind: 'refused', detail: message.refusal };
  if (why === 'content_filter') return { kind: 'refused', detail: 'a content filter stopped the answer' };
  const content = message.content ?? '';
  const text =
    typeof content === 'string'
      ? content
      : content.map((part) => (typeof part === 'string' ? part : part.text)).join('');
  const cut = why === 'length';
  if (text.trim() === '' && !cut) return { kind: 'broken', detail: 'a chat completion without text', ...tokens };
  return { kind: 'answered', answer: { text, cut, ...tokens } };
}

/** Asks in OpenAI's dialect; failures, retries and deadlines as in `askHttp`. */
export const askOpenAiCompatible = (model: HttpModel, world: AskWorld): Ask => askHttp(openAiDialect, model, world);
