import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../../../src/contracts/failure.ts';

type Json = Record<string, unknown>;

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'transcript-'));

export function temporaryFile(content: string | Uint8Array): string {
  const file = join(temporaryFolder(), 'rollout.jsonl');
  writeFileSync(file, content);
  return file;
}

export const asLines = (lines: readonly unknown[], lineEnd = '\n'): string =>
  lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}${lineEnd}`).join('');

/** Lines as Codex 0.169 writes them, numbered from `first`. */
export function paginated(payloads: readonly Json[], first = 0): Json[] {
  return payloads.map((line, index) => ({ timestamp: '2026-11-20T11:00:00.000Z', ordinal: first + index, ...line }));
}

export const meta = (more: Json = {}): Json => ({
  type: 'session_meta',
  payload: {
    id: 't1',
    session_id: 't1',
    cwd: '/home/alice/code/app',
    source: 'cli',
    history_mode: 'paginated',
    ...more,
  },
});

export const turnItem = (turnItemPayload: Json, turn = 'turn-1'): Json => ({
  type: 'event_msg',
  payload: { type: 'item_completed', thread_id: 't1', turn_id: turn, item: turnItemPayload },
});

export const says = (text: string, turn = 'turn-1'): Json =>
  turnItem({ type: 'UserMessage', id: 'u', content: [{ type: 'text', text }] }, turn);

export const answers = (text: string, turn = 'turn-1', phase?: string): Json =>
  turnItem({ type: 'AgentMessage', id: 'a', content: [{ type: 'Text', text }], ...(phase ? { phase } : {}) }, turn);

export const runs = (command: string, exitCode: number, output = '', turn = 'turn-1'): Json =>
  turnItem(
    {
      type: 'CommandExecution',
      id: 'call',
      command: ['/bin/bash', '-lc', command],
      status: exitCode === 0 ? 'completed' : 'failed',
      aggregated_output: output,
      exit_code: exitCode,
    },
    turn,
  );

export const responseMessage = (role: string, text: string, more: Json = {}): Json => ({
  type: 'response_item',
  payload: {
    type: 'message',
    role,
    content: [{ type: role === 'user' ? 'input_text' : 'output_text', text }],
    ...more,
  },
});

export const responseItem = (payload: Json): Json => ({ type: 'response_item', payload });
export const event = (payload: Json): Json => ({ type: 'event_msg', payload });

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`expected a value, got ${result.failure.reason}`);
  return result.value;
}
