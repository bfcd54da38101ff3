import { isRecord } from '../contracts/json.ts';
import { countOf, eventsOf, textAt } from './event-lines.ts';
import type { AgentReading, Complaint } from './subprocess.ts';

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

/** opencode says this when it hides the reason, which is then in its log only. */
const HIDDEN = /^Unexpected server error/;

function readError(event: Record<string, unknown>): AgentReading {
  const { error } = event;
  const detail = textAt(error, 'data', 'message') ?? textAt(error, 'message') ?? textAt(error, 'name');
  const status = isRecord(error) && isRecord(error['data']) ? countOf(error['data']['statusCode']) : 0;
  const told = detail === undefined || HIDDEN.test(detail) ? {} : { detail };
  return { kind: 'failed', ...told, ...(status === 0 ? {} : { status }) };
}

/** Reads its standard error with `--print-logs`: refusals that it repeats in silence, and an agent that nobody asked for. */
export function readOpencodeStderr(stderr: string): Complaint {
  const fault = /agent "[^"\n]*" (?:not found|is a subagent)[^\n]*Falling back[^\n]*/.exec(stderr)?.[0];
  const errors = [...stderr.matchAll(/ level=ERROR .*? error(?:\.error)?="((?:[^"\\]|\\.)*)"/g)];
  const lastError = errors.at(-1)?.[1];
  return { ...(fault === undefined ? {} : { fault }), ...(lastError === undefined ? {} : { lastError }) };
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
