import { isRecord, textOr } from '../contracts/json.ts';
import type { SessionFacts } from './turn.ts';

/** What the first line of a rollout tells; `nested` is settled by the reader, which sees the first prompt. */
export interface RolloutHead {
  session: SessionFacts | null;
  /** A fork repeats its parent's history below this ordinal; 0 for everything else. */
  ownFrom: number;
}

/** Reads the first line of a rollout, in today's shape or in the oldest one (no wrapper). */
export function readHead(line: Record<string, unknown> | undefined): RolloutHead {
  if (!line) return { session: null, ownFrom: 0 };
  const meta = line['type'] === 'session_meta' && isRecord(line['payload']) ? line['payload'] : line;
  const threadId = textOr(meta['id'] ?? meta['session_id'], '');
  const isMeta = meta !== line || ('id' in line && !('type' in line));
  if (!isMeta || threadId === '') return { session: null, ownFrom: 0 };
  const session: SessionFacts = {
    threadId,
    sessionId: textOr(meta['session_id'], threadId),
    cwd: textOr(meta['cwd'], ''),
    subagent: isSubagent(meta),
    nested: false,
  };
  return { session, ownFrom: forkedAt(meta) };
}

function isSubagent(meta: Record<string, unknown>): boolean {
  const { source } = meta;
  return (isRecord(source) && 'subagent' in source) || meta['thread_source'] === 'subagent';
}

function forkedAt(meta: Record<string, unknown>): number {
  const ordinal = meta['forked_from_ordinal_exclusive'];
  return typeof ordinal === 'number' && Number.isSafeInteger(ordinal) && ordinal > 0 ? ordinal : 0;
}
