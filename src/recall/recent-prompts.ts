import { isRecord } from '../contracts/json.ts';
import { closeFile, fileSize, openForReading, readAt } from '../kernel/files.ts';
import { readLine } from '../transcript/read-line.ts';

/** Enough for a few turns; a longer turn pushes the prompts before it out of sight, which is no loss worth more. */
const TAIL_BYTES = 256 * 1024;
const MOST_PROMPTS = 2;
const LONGEST = 500;
/** Lines that cannot hold a prompt are not worth being parsed. */
const MAY_HOLD_PROMPT = /"(?:UserMessage|user_message)"/;

/**
 * The last things that the user said in this session, newest first, read from the end of its
 * transcript: nothing of them is kept by us.
 */
export function recentPrompts(transcript: string): string[] {
  let lines: string[];
  try {
    lines = tailOf(transcript).split('\n');
  } catch {
    // Without the transcript a follow-up is only less well understood.
    return [];
  }
  const prompts: string[] = [];
  for (const line of lines.toReversed()) {
    if (!MAY_HOLD_PROMPT.test(line)) continue;
    const text = promptIn(line);
    if (text !== undefined && !prompts.includes(text)) prompts.push(text);
    if (prompts.length === MOST_PROMPTS) break;
  }
  return prompts;
}

function promptIn(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const said = isRecord(value) ? readLine(value) : undefined;
    return said?.content.kind === 'user' ? said.content.text.slice(0, LONGEST) : undefined;
  } catch {
    return undefined;
  }
}

function tailOf(file: string): string {
  const fd = openForReading(file);
  try {
    const size = fileSize(fd);
    const from = Math.max(0, size - TAIL_BYTES);
    return readAt(fd, from, size - from).toString('utf8');
  } finally {
    closeFile(fd);
  }
}
