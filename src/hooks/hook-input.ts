import type { SessionStartInput, StopInput, UserPromptSubmitInput } from '../contracts/hook.ts';
import { isRecord, textOr } from '../contracts/json.ts';

/**
 * What Codex wrote to a hook's stdin, checked by hand: the shapes are those of contracts/hook.ts,
 * but loading a schema library would cost more than the hook does. Lenient where nothing is lost by
 * it: unknown keys and sources are Codex's business.
 */

type Json = Record<string, unknown>;

export type InputReading<T> = { ok: true; value: T } | { ok: false; problem: string };

/** Where the payload lacks a cwd, the hook's own working folder stands in: Codex starts hooks there. */
export interface InputDefaults {
  cwd: () => string;
}

const SOURCES = ['startup', 'resume', 'clear', 'compact', 'fork'] as const;

export function readSessionStartInput(bytes: Buffer, defaults: InputDefaults): InputReading<SessionStartInput> {
  return read(bytes, 'SessionStart', (payload) => ({
    ...common(payload, defaults),
    hook_event_name: 'SessionStart',
    source: SOURCES.find((source) => source === payload['source']) ?? 'startup',
  }));
}

export function readStopInput(bytes: Buffer, defaults: InputDefaults): InputReading<StopInput> {
  return read(bytes, 'Stop', (payload) => ({
    ...common(payload, defaults),
    hook_event_name: 'Stop',
    turn_id: textOr(payload['turn_id'], ''),
    stop_hook_active: payload['stop_hook_active'] === true,
    last_assistant_message: textOrNull(payload['last_assistant_message']),
    ...agentOf(payload),
  }));
}

export function readPromptInput(bytes: Buffer, defaults: InputDefaults): InputReading<UserPromptSubmitInput> {
  return read(bytes, 'UserPromptSubmit', (payload) => ({
    ...common(payload, defaults),
    hook_event_name: 'UserPromptSubmit',
    turn_id: textOr(payload['turn_id'], ''),
    prompt: textOr(payload['prompt'], ''),
    ...agentOf(payload),
  }));
}

function read<T>(bytes: Buffer, event: string, shape: (payload: Json) => T): InputReading<T> {
  const payload = parsed(bytes);
  if (payload === undefined) return { ok: false, problem: `${bytes.length} bytes on stdin are no JSON object` };
  const name = payload['hook_event_name'];
  // A payload without the name is a person who tries the hook; another event's payload is a wrong hooks.json.
  if (name !== undefined && name !== event)
    return { ok: false, problem: `the payload is one of ${textOr(name, 'no event').slice(0, 40)}, not of ${event}` };
  return { ok: true, value: shape(payload) };
}

function parsed(bytes: Buffer): Json | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const common = (payload: Json, defaults: InputDefaults) => ({
  session_id: textOr(payload['session_id'], ''),
  transcript_path: textOrNull(payload['transcript_path']),
  cwd: pathOr(payload['cwd'], defaults.cwd),
});

/** A subagent's events carry them, under its parent's session. */
const agentOf = (payload: Json): { agent_id?: string; agent_type?: string } => ({
  ...(typeof payload['agent_id'] === 'string' ? { agent_id: payload['agent_id'] } : {}),
  ...(typeof payload['agent_type'] === 'string' ? { agent_type: payload['agent_type'] } : {}),
});

const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** No file system takes a NUL; an empty path would be the working folder by accident. */
const pathOr = (value: unknown, fallback: () => string): string =>
  typeof value === 'string' && value !== '' && !value.includes('\u0000') ? value : fallback();
