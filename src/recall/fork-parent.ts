import { isRecord, textOr } from '../contracts/json.ts';
import { closeFile, fileSize, openForReading, readAt } from '../kernel/files.ts';

/** The first line holds the base instructions, some 20 kB; a longer one is not worth a hook's time. */
const FIRST_LINE_BYTES = 256 * 1024;

/**
 * The session that a fork's history comes from, as the first line of its rollout tells
 * (`session_meta`, keys seen in Codex 0.169).
 *
 * @returns undefined when it is not told there
 */
export function forkParent(transcript: string): string | undefined {
  try {
    const meta: unknown = JSON.parse(firstLine(transcript));
    const payload = isRecord(meta) && isRecord(meta['payload']) ? meta['payload'] : {};
    const parent = textOr(payload['forked_from_id'], '') || textOr(payload['forked_from_thread_id'], '');
    return parent === '' ? undefined : parent;
  } catch {
    // A transcript that is gone or no rollout tells nothing: the fork is given everything.
    return undefined;
  }
}

function firstLine(file: string): string {
  const fd = openForReading(file);
  try {
    const head = readAt(fd, 0, Math.min(FIRST_LINE_BYTES, fileSize(fd)));
    const end = head.indexOf(0x0a);
    return head.toString('utf8', 0, end === -1 ? head.length : end);
  } finally {
    closeFile(fd);
  }
}
