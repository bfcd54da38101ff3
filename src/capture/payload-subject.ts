import path from 'node:path';
import type { SourceAuthority } from '../contracts/envelope.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { StopPayload } from '../contracts/hook.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { sha256 } from '../kernel/digest.ts';
import { readText } from '../kernel/files.ts';
import { renderJsonLine } from '../kernel/render-json.ts';
import type { World } from '../kernel/world.ts';
import { readPlain } from '../transcript/read-plain.ts';
import { readTranscript } from '../transcript/read-transcript.ts';
import type { TurnItem } from '../transcript/turn.ts';
import { problemWith } from './session-material.ts';

/** What a payload file gives to review, and where each part of it came from. */
export interface PayloadSubject {
  threadId: string;
  sessionId: string;
  turnId: string;
  items: TurnItem[];
  threadReadOutput: string;
  lastAssistantMessage: string;
  sources: SourceAuthority[];
  start: string;
}

/** Exports of a thread are text; a larger one is read by nobody. */
const LONGEST_THREAD_READ = 10 * 1024 * 1024;

/** Relative paths in a payload are the caller's: they count from the folder that the session works in. */
export function readSubject(world: World, payload: StopPayload, cwd: string): Result<PayloadSubject> {
  const transcript = readTranscriptOf(world, payload, cwd);
  if (!transcript.ok) return transcript;
  const thread = readThread(payload, cwd);
  if (!thread.ok) return thread;
  const message = payload.last_assistant_message ?? '';
  const { items } = transcript.value;
  const said = items.length > 0 ? items : readPlain(thread.value.text);
  const sessionId = payload.session_id || payload.thread_id || 'unknown';
  return succeed({
    sessionId,
    threadId: payload.thread_id || transcript.value.threadId || sessionId,
    turnId: payload.turn_id ?? '',
    items: withLastMessage(said, message),
    threadReadOutput: thread.value.text,
    lastAssistantMessage: message,
    sources: [...transcript.value.sources, ...thread.value.sources, 'hook_payload'],
    start: startOf(payload, transcript.value.items, thread.value.text),
  });
}

/**
 * A payload has no cursor: its identity is what it says, without the time of the call, and what was read
 * from the files that it names. The same payload a second time is the same review; a session that has grown
 * behind the same path is another one.
 */
function startOf(payload: StopPayload, items: readonly TurnItem[], thread: string): string {
  const { triggered_at: _at, reviewer_output: _fixture, ...said } = payload;
  const read = payload.transcript_path || payload.thread_read_path ? ` ${sha256(renderJsonLine([items, thread]))}` : '';
  return `payload ${payload.turn_id ?? ''} ${sha256(renderJsonLine(said))}${read}`;
}

interface Read {
  items: TurnItem[];
  threadId: string;
  sources: SourceAuthority[];
}

function readTranscriptOf(world: World, payload: StopPayload, cwd: string): Result<Read> {
  const { transcript, transcript_path: given } = payload;
  if (transcript !== undefined && transcript !== null) {
    const items = readPlain(transcript);
    return succeed({ items, threadId: '', sources: items.length > 0 ? ['transcript'] : [] });
  }
  if (!given) return succeed({ items: [], threadId: '', sources: [] });
  const file = path.resolve(cwd, given);
  const problem = problemWith(world, file);
  if (problem !== undefined) return fail({ reason: 'file-unreadable', path: given, detail: problem });
  const slice = readTranscript(file, null);
  if (!slice.ok) return slice;
  const { items, session } = slice.value;
  return succeed({ items, threadId: session?.threadId ?? '', sources: items.length > 0 ? ['transcript_path'] : [] });
}

function readThread(payload: StopPayload, cwd: string): Result<{ text: string; sources: SourceAuthority[] }> {
  const { thread_read_output: output, thread_read_path: given } = payload;
  if (output !== undefined && output !== null && output !== '') {
    const text = typeof output === 'string' ? output : JSON.stringify(output, null, 2);
    return succeed({ text, sources: ['thread_read_output'] });
  }
  if (!given) return succeed({ text: '', sources: [] });
  const file = path.resolve(cwd, given);
  const text = attempt(() => readText(file, LONGEST_THREAD_READ));
  if (!text.ok) return text;
  if (text.value === undefined) return fail({ reason: 'file-missing', path: file });
  return succeed({ text: text.value, sources: text.value === '' ? [] : ['thread_read_path'] });
}

/** The last message counts once, whether the transcript has it already or not. */
function withLastMessage(items: readonly TurnItem[], message: string): TurnItem[] {
  const text = message.trim();
  const known = items.some((turnItem) => turnItem.kind === 'assistant' && turnItem.text.trim() === text);
  return text === '' || known ? [...items] : [...items, { kind: 'assistant', text, at: '', turnId: '' }];
}
