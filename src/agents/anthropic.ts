import * as v from 'valibot';
import type { Ask } from './ask.ts';
import type { AskWorld } from './ask-http.ts';
import { askHttp } from './ask-http.ts';
import { countOf } from './event-lines.ts';
import type { HttpDialect, HttpModel, Reading } from './http-dialect.ts';

const Block = v.object({ type: v.string(), text: v.nullish(v.string(), '') });
const Count = v.fallback(v.pipe(v.unknown(), v.transform(countOf)), 0);

/** What we read of a message; thinking blocks are passed over. */
const Message = v.object({
  content: v.array(Block),
  stop_reason: v.nullish(v.string()),
  usage: v.nullish(
    v.object({
      input_tokens: Count,
      output_tokens: Count,
      // Cached input is counted apart, and paid for all the same.
      cache_creation_input_tokens: Count,
      cache_read_input_tokens: Count,
    }),
  ),
});

/** The messages API of Anthropic; MiniMax speaks it too. */
export const anthropicDialect: HttpDialect = {
  headers: { 'anthropic-version': '2023-06-01' },
  body: (question, model) => ({
    model: model.model,
    max_tokens: model.maxTokens,
    system: question.system,
    messages: [{ role: 'user', content: question.prompt }],
  }),
  read: readMessage,
};

function readMessage(body: unknown): Reading {
  const parsed = v.safeParse(Message, body);
  if (!parsed.success) return { kind: 'broken', detail: 'not a message' };
  const { content, stop_reason: why, usage } = parsed.output;
  if (why === 'refusal') return { kind: 'refused', detail: 'the model declined to answer' };
  const tokens = usage ? { tokens: tokensOf(usage) } : {};
  const text = content
    .filter((block) => block.type === 'text')
    .map((block) => block.text)
    .join('');
  const cut = why === 'max_tokens' || why === 'model_context_window_exceeded';
  if (text.trim() === '' && !cut) return { kind: 'broken', detail: 'a message without text', ...tokens };
  return { kind: 'answered', answer: { text, cut, ...tokens } };
}

type Usage = NonNullable<v.InferOutput<typeof Message>['usage']>;

const tokensOf = (usage: Usage): { input: number; output: number } => ({
  input: usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens,
  output: usage.output_tokens,
});

/** Asks in Anthropic's dialect; failures, retries and deadlines as in `askHttp`. */
export const askAnthropic = (model: HttpModel, world: AskWorld): Ask => askHttp(anthropicDialect, model, world);
