import { isRecord } from '../contracts/json.ts';
import { countOf, eventsOf, textAt } from './event-lines.ts';
import type { AgentReading } from './subprocess.ts';

/**
 * Reads what `codex exec --json` writes (measured on 0.169.0): success is a `turn.completed`; the answer is the
 * last `agent_message`. An `error` event alone is a retry that Codex tells about.
 */
export function readCodexEvents(stream: string): AgentReading {
  const events = eventsOf(stream);
  const messages = events.filter((event) => textAt(event, 'item', 'type') === 'agent_message');
  const text =
    textAt(
      messages.findLast(({ type }) => type === 'item.completed'),
      'item',
      'text',
    ) ?? '';
  const completed = events.findLast(({ type }) => type === 'turn.completed');
  if (!completed) return notCompleted(events, text);
  if (text.trim() === '') return { kind: 'empty' };
  const tokens = tokensOf(completed['usage']);
  return { kind: 'answered', answer: { text, cut: false, ...(tokens ? { tokens } : {}) } };
}

function notCompleted(events: readonly Record<string, unknown>[], text: string): AgentReading {
  const complaint =
    events.findLast(({ type }) => type === 'turn.failed') ?? events.findLast(({ type }) => type === 'error');
  const detail = textAt(complaint, 'error', 'message') ?? textAt(complaint, 'message');
  if (detail === undefined) return { kind: 'failed' };
  if (/max_output_tokens/.test(detail)) return { kind: 'answered', answer: { text, cut: true } };
  const status = /\bstatus (\d{3})\b/.exec(detail)?.[1];
  return { kind: 'failed', detail, ...(status === undefined ? {} : { status: Number(status) }) };
}

function tokensOf(usage: unknown): { input: number; output: number } | undefined {
  if (!isRecord(usage)) return undefined;
  // Cached tokens are part of the input, reasoning is part of the output.
  return { input: countOf(usage['input_tokens']), output: countOf(usage['output_tokens']) };
}
