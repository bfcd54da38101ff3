import * as v from 'valibot';

const Message = v.looseObject({
  type: v.literal('message'),
  role: v.picklist(['user', 'developer', 'assistant', 'system']),
  content: v.array(v.looseObject({ type: v.string(), text: v.optional(v.string()) })),
});

/** The part of a Responses API request that the tests look at; the rest is kept as it came. */
export const ModelRequest = v.looseObject({
  model: v.string(),
  instructions: v.optional(v.string(), ''),
  input: v.array(v.union([Message, v.looseObject({ type: v.string() })])),
});
export type ModelRequest = v.InferOutput<typeof ModelRequest>;

export interface SpokenMessage {
  role: 'user' | 'developer' | 'assistant' | 'system';
  /** Place in the request's input: what stands before what. */
  position: number;
  text: string;
}

/** One entry per text part: Codex packs several texts into one message. */
export function messagesOf(request: ModelRequest): SpokenMessage[] {
  return request.input.flatMap((entry, position) => {
    const message = v.safeParse(Message, entry);
    if (!message.success) return [];
    const { role, content } = message.output;
    return content.flatMap(({ text }) => (text === undefined ? [] : [{ role, position, text }]));
  });
}

/** What stands after Codex's own preamble, which ends with the description of the environment. */
export function conversationOf(request: ModelRequest): SpokenMessage[] {
  const messages = messagesOf(request);
  const preamble = messages.findLastIndex(({ text }) => text.startsWith('<environment_context>'));
  return messages.slice(preamble + 1);
}

/** The list of skills that Codex gives to the model, or '' when it gives none. */
export function skillsList(request: ModelRequest): string {
  return messagesOf(request).find(({ text }) => text.startsWith('<skills_instructions>'))?.text ?? '';
}

/** Codex's own count, against which it cuts: four UTF-8 bytes are one token, a rest is one more. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text, 'utf8') / 4);
}
