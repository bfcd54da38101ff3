import { isRecord, textOr } from '../contracts/json.ts';
import { userWords } from './injected-text.ts';
import { asTurnItems, chainEntries } from './gather-turns.ts';
import { readLine, turnOf } from './read-line.ts';
import type { Entry } from './rollout-entry.ts';
import { shorten } from './shorten.ts';
import type { TurnItem } from './turn.ts';

/**
 * Reads the transcript of a payload file: the JSONL text of a rollout, a list of
 * `{role, content}` messages, or text in which `User:` and `Assistant:` (also `用户：`, `助手：`,
 * `ユーザー：`, `アシスタント：`) begin the turns. Text without any such mark is one user message.
 */
export function readPlain(transcript: unknown): TurnItem[] {
  if (Array.isArray(transcript)) return fromMessages(transcript);
  if (isRecord(transcript)) return fromMessages(messagesOf(transcript));
  const text = textOr(transcript, '')
    .replace(/^\uFEFF/u, '')
    .trim();
  if (text === '') return [];
  const whole = text.startsWith('[') || text.startsWith('{') ? parsed(text) : undefined;
  if (Array.isArray(whole)) return fromMessages(whole);
  const records = text.startsWith('{')
    ? text
        .split('\n')
        .map((line) => parsed(line))
        .filter(isRecord)
    : [];
  return records.length > 0 ? fromRecords(records) : fromMarkedText(text);
}

function messagesOf(record: Record<string, unknown>): unknown[] {
  const { messages } = record;
  return Array.isArray(messages) ? messages : [record];
}

const isRolloutLine = (record: Record<string, unknown>): boolean =>
  'payload' in record || textOr(record['type'], '') !== '';

function fromMessages(messages: readonly unknown[]): TurnItem[] {
  return fromRecords(messages.filter((message) => isRecord(message)));
}

function fromRecords(records: readonly Record<string, unknown>[]): TurnItem[] {
  const entries: Entry[] = [];
  let turnId = '';
  for (const [ordinal, record] of records.entries()) {
    const line = isRolloutLine(record) ? record : { type: 'message', ...record };
    const content = readLine(line);
    turnId = turnOf(line, turnId);
    if (content) entries.push({ ...content, ordinal, at: textOr(line['timestamp'], ''), turnId });
  }
  return asTurnItems(chainEntries(entries, { chain: '', continued: false }).map(({ entry }) => entry));
}

const ROLE_MARK =
  /^[ \t]*(?:[#*]+[ \t]*)?(?:\*\*)?(user|human|assistant|codex|ai|system|developer|tool|用户|使用者|我|助手|助理|系统|工具|ユーザー|アシスタント)(?:\*\*)?[ \t]*[:：](?:\*\*)?[ \t]*/iu;
const USER_ROLES = new Set(['user', 'human', '用户', '使用者', '我', 'ユーザー']);
/** Neither of the two talks. */
const SILENT_ROLES = new Set(['system', 'developer', 'tool', '系统', '工具']);
const FENCE = /^[ \t]*(?:```|~~~)/u;

function fromMarkedText(text: string): TurnItem[] {
  const turns: { role: string; lines: string[] }[] = [];
  let fenced = false;
  for (const line of text.split(/\r?\n/u)) {
    // A role in a code block is somebody's chat log, not a turn of this session.
    if (FENCE.test(line)) fenced = !fenced;
    const mark = fenced ? null : ROLE_MARK.exec(line);
    if (mark) turns.push({ role: (mark[1] ?? '').toLowerCase(), lines: [line.slice(mark[0].length)] });
    else if (turns.length === 0) turns.push({ role: 'user', lines: [line] });
    else turns.at(-1)?.lines.push(line);
  }
  return turns.flatMap(({ role, lines }) => plainTurn(role, lines.join('\n').trim()));
}

function plainTurn(role: string, text: string): TurnItem[] {
  if (SILENT_ROLES.has(role)) return [];
  const user = USER_ROLES.has(role);
  const words = user ? userWords(shorten(text, 24_000, 8_000)) : text;
  if (words === '') return [];
  return [{ kind: user ? 'user' : 'assistant', text: words, at: '', turnId: '' }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
