import { isRecord } from '../contracts/json.ts';
import type { RecallRecord } from '../contracts/recall.ts';

/**
 * Reads one line of `recall-<k>.jsonl` without the schema library, which the query path does not load.
 * @returns undefined when the line is no record
 */
export function readRecordLine(line: string): RecallRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { id, summary, content, aliases, created_at, ...rest } = value;
  if (typeof id !== 'string' || typeof summary !== 'string' || typeof content !== 'string') return undefined;
  return {
    ...rest,
    id,
    summary,
    content,
    source_paths: textsOf(rest['source_paths']),
    repo_fingerprint: textOf(rest['repo_fingerprint']),
    cwd: textOf(rest['cwd']),
    thread_id: textOf(rest['thread_id']),
    turn_id: textOf(rest['turn_id']),
    source_updated_at: textOf(rest['source_updated_at']),
    ...(Array.isArray(aliases) ? { aliases: textsOf(aliases) } : {}),
    ...(typeof created_at === 'string' ? { created_at } : {}),
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
