import { isRecord } from '../contracts/json.ts';
import { countOf, eventsOf, textAt } from './event-lines.ts';
import type { AgentReading } from './subprocess.ts';

/**
 * Reads what `opencode run --format json` writes (measured on 1.14 and 1.18): there is no last event, and the exit code
 * says little. Success is no `error` event, a last `step_finish` with the reason `stop`, and text in that message.
 */
export function readOpencodeEvents(stream: string): AgentReading {
  const events = eventsOf(stream);
  // The first one is the provider's; a later one only says that there was one.
  const error = events.find(({ type }) => type === 'error');
  if (error) return readError(error);
  const last = events.findLast(({ type }) => type === 'step_finish');
  if (!last) return { kind: 'failed' };
  const text = textOf(events, textAt(last, 'part', 'messageID'));
  const reason = textAt(last, 'part', 'reason') ?? '';
  if (reason !== 'stop' && reason !== 'length')
    return { kind: 'failed', detail: `the answer ended for the reason ${JSON.stringify(reason)}` };
  const cut = reason === 'length';
  if (!cut && text.trim() === '') return { kind: 'empty' };
  return { kind: 'answered', answer: { text, cut, tokens: tokensOf(events) } };
}

function readError(event: Record<string, unknown>): AgentReading {
  const { error } = event;
  const detail =
    textAt(error, 'data', 'message') ?? textAt(error, 'message') ?? textAt(error, 'name') ?? 'an error without words';
  const status = isRecord(error) && isRecord(error['data']) ? countOf(error['data']['statusCode']) : 0;
  return { kind: 'failed', detail, ...(status === 0 ? {} : { status }) };
}

/** All text parts of one message; what was said before a tool was called belongs to another one. */
const textOf = (events: readonly Record<string, unknown>[], message: string | undefined): string =>
  events
    .filter((event) => event['type'] === 'text' && textAt(event, 'part', 'messageID') === message)
    .map((event) => textAt(event, 'part', 'text') ?? '')
    .join('');

/** Of all steps: each of them was a request that somebody pays for. */
function tokensOf(events: readonly Record<string, unknown>[]): { input: number; output: number } {
  const sum = { input: 0, output: 0 };
  for (const { type, part } of events) {
    if (type !== 'step_finish' || !isRecord(part) || !isRecord(part['tokens'])) continue;
    const { input, output, reasoning, cache } = part['tokens'];
    const { read, write } = isRecord(cache) ? cache : {};
    sum.input += countOf(input) + countOf(read) + countOf(write);
    sum.output += countOf(output) + countOf(reasoning);
  }
  return sum;
}
