import { isRecord, textOr } from '../contracts/json.ts';
import { callOutput, calledCommand, commandLine, patchedPaths } from './command-text.ts';
import { userWords } from './injected-text.ts';
import type { EntryContent, LineContent, Phase } from './rollout-entry.ts';
import { response, shown } from './rollout-entry.ts';
import { shorten } from './shorten.ts';

type Json = Record<string, unknown>;

/** Longest texts that one item keeps, in characters. Essays and logs are no less clear for a hole in the middle. */
const LIMITS = { message: [12_000, 4_000], output: [600, 1_400], command: [2_000, 500] } as const;
const MAX_PATHS = 50;

/** What the shapes of all known Codex versions say in one line of a rollout; undefined: nothing for a reviewer. */
export function readLine(line: Json): LineContent | undefined {
  const { payload } = line;
  // The oldest rollouts have no wrapper: the line itself is the response item.
  if (!isRecord(payload)) return 'type' in line ? readResponseItem(line, line) : undefined;
  switch (line['type']) {
    case 'event_msg':
      return readEvent(payload);
    case 'response_item':
      return readResponseItem(payload, line);
    case 'turn_context':
      return shown({ kind: 'turn-start' });
    default:
      return undefined;
  }
}

function readEvent(payload: Json): LineContent | undefined {
  switch (payload['type']) {
    case 'item_completed':
      return isRecord(payload['item']) ? readTurnItem(payload['item']) : undefined;
    case 'user_message':
      return isPlainKind(payload['kind']) ? shownUser(textOr(payload['message'], '')) : undefined;
    case 'agent_message':
      return shownAssistant(textOr(payload['message'], ''), payload['phase']);
    case 'exec_command_end':
      return commandOf(payload);
    case 'patch_apply_end':
      return payload['success'] === false
        ? undefined
        : changedFiles(payload['changes'], textOr(payload['call_id'], ''));
    case 'task_started':
      return shown({ kind: 'turn-start' });
    default:
      return undefined;
  }
}

/** Before 2025-11 a user_message event could also carry the instructions and the environment. */
const isPlainKind = (kind: unknown): boolean => kind === undefined || kind === null || kind === 'plain';

function readTurnItem(item: Json): LineContent | undefined {
  switch (item['type']) {
    case 'UserMessage':
      return shownUser(joinedText(item['content']));
    case 'AgentMessage':
      return shownAssistant(joinedText(item['content']), item['phase']);
    case 'CommandExecution':
      return commandOf(item);
    case 'FileChange':
      return item['status'] === 'completed' ? changedFiles(item['changes'], textOr(item['id'], '')) : undefined;
    default:
      return undefined;
  }
}

function commandOf(source: Json): LineContent | undefined {
  const { command } = source;
  const line = Array.isArray(command) ? commandLine(command) : textOr(command, '').trim();
  const code = source['exit_code'];
  const exitCode = typeof code === 'number' ? code : null;
  const output =
    textOr(source['aggregated_output'], '') ||
    [source['stdout'], source['stderr']].map((text) => textOr(text, '')).join('');
  // An old exec_command_end may lack the command: then it is the output of a call.
  const content: EntryContent =
    line === '' ? { kind: 'call-output', exitCode, output: boundOutput(output) } : finished(line, exitCode, output);
  return shown(content, textOr(source['call_id'] ?? source['id'], ''));
}

const finished = (command: string, exitCode: number | null, output: string): EntryContent => ({
  kind: 'command',
  command: shorten(command, ...LIMITS.command),
  exitCode,
  output: boundOutput(output),
});

function readResponseItem(item: Json, line: Json): LineContent | undefined {
  const callId = textOr(item['call_id'] ?? item['id'], '');
  switch (item['type']) {
    case 'message':
      return readMessage(item, line);
    case 'function_call':
      return callOf(calledCommand(textOr(item['name'], ''), item['arguments']), callId);
    case 'local_shell_call':
      return callOf(isRecord(item['action']) ? calledCommand('shell', item['action']) : undefined, callId);
    case 'function_call_output':
    case 'local_shell_call_output': {
      const { exitCode, output } = callOutput(item['output']);
      return response({ kind: 'call-output', exitCode, output: boundOutput(output) }, callId);
    }
    case 'custom_tool_call':
      return item['name'] === 'apply_patch' ? filesOf(patchedPaths(textOr(item['input'], '')), callId) : undefined;
    default:
      return undefined;
  }
}

function callOf(command: string | undefined, callId: string): LineContent | undefined {
  if (command === undefined) return undefined;
  return response({ kind: 'call', command: shorten(command, ...LIMITS.command) }, callId);
}

function filesOf(paths: string[], callId: string): LineContent | undefined {
  return paths.length === 0 ? undefined : response({ kind: 'files', paths: paths.slice(0, MAX_PATHS) }, callId);
}

function readMessage(item: Json, line: Json): LineContent | undefined {
  const { metadata } = line;
  // What compaction made of the conversation is not the conversation.
  if (isRecord(metadata) && metadata['compaction_output'] === true) return undefined;
  if (item['role'] === 'assistant') {
    const text = joinedText(item['content']).trim();
    return text === ''
      ? undefined
      : response({ kind: 'assistant', text: boundMessage(text), phase: phaseOf(item['phase']) });
  }
  if (item['role'] !== 'user') return undefined;
  const text = ownWords(joinedText(ownContent(item)));
  return text === '' ? undefined : response({ kind: 'user', text: boundMessage(text) });
}

/** The parts that `content_item_kinds` calls the user's; all parts where nothing is named. */
function ownContent(item: Json): unknown {
  const { content } = item;
  const meta = item['internal_chat_message_metadata_passthrough'];
  const kinds = isRecord(meta) ? meta['content_item_kinds'] : undefined;
  if (!Array.isArray(kinds) || !Array.isArray(content)) return content;
  return content.filter((_, index) => textOr(kinds[index], '').startsWith('user.'));
}

function shownUser(text: string): LineContent | undefined {
  const words = ownWords(text);
  return words === '' ? undefined : shown({ kind: 'user', text: boundMessage(words) });
}

function shownAssistant(text: string, phase: unknown): LineContent | undefined {
  const trimmed = text.trim();
  return trimmed === '' ? undefined : shown({ kind: 'assistant', text: boundMessage(trimmed), phase: phaseOf(phase) });
}

function phaseOf(phase: unknown): Phase {
  if (phase === 'commentary') return 'commentary';
  return phase === 'final_answer' || phase === 'final' ? 'final' : 'unknown';
}

function changedFiles(changes: unknown, callId: string): LineContent | undefined {
  const paths = isRecord(changes) ? Object.keys(changes) : [];
  return paths.length === 0 ? undefined : shown({ kind: 'files', paths: paths.slice(0, MAX_PATHS) }, callId);
}

/** Content is a text, or a list of parts of which only the texts count. */
function joinedText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const texts = content.map((part) => (isRecord(part) ? textOr(part['text'], '') : textOr(part, '')));
  return texts.filter((text) => text !== '').join('\n');
}

/** A megabyte of opening tags would take minutes to match. */
const ownWords = (text: string): string => userWords(shorten(text, 24_000, 8_000));
const boundMessage = (text: string): string => shorten(text, ...LIMITS.message);
const boundOutput = (text: string): string => shorten(text.trimEnd(), ...LIMITS.output);

/** The turn of a line; lines that name none belong to the turn of the line before them. */
export function turnOf(line: Json, previous: string): string {
  const { payload } = line;
  if (!isRecord(payload)) return previous;
  const meta = payload['internal_chat_message_metadata_passthrough'];
  const turnId = payload['turn_id'] ?? (isRecord(meta) ? meta['turn_id'] : undefined);
  return textOr(turnId, previous);
}
