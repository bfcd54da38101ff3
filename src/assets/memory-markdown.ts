import type { MemoryRecord } from '../contracts/memory.ts';
import type { Scope } from '../contracts/suggestion.ts';

/** One entry of USER.md or MEMORY.md: what a person sees and edits of a MemoryRecord. */
export interface MemoryEntry {
  summary: string;
  content: string;
}

const TITLES = { user: '# USER', global: '# MEMORY' } satisfies Record<Scope, string>;
const EMPTY = '_No entries yet._';
const GENERATION_COMMENT = /^<!-- csep generation (\d+) -->$/;
/** A line of a content that would read as a heading, a title or our comment, with any backslashes before it. */
const NEEDS_ESCAPE = /^\\*(?:## |<!-- csep )/;
const ESCAPED = /^\\+(?:## |<!-- csep )/;

/** The text of USER.md or MEMORY.md. The comment at the end names the generation that an edit starts from. */
export function renderMemoryMarkdown(scope: Scope, records: readonly MemoryRecord[], generation: number): string {
  const comment = `<!-- csep generation ${generation} -->\n`;
  if (records.length === 0) return `${TITLES[scope]}\n\n${EMPTY}\n\n${comment}`;
  const entries = records.map((record) => {
    const { summary, content } = normalEntry(record);
    return `## ${summary}\n\n${content.split('\n').map(escapeLine).join('\n')}\n\n`;
  });
  return `${TITLES[scope]}\n\n${entries.join('')}${comment}`;
}

/** An entry as it survives being written and read: one-line summary, no blank lines around the content, `\n` only. */
export function normalEntry(entry: MemoryEntry): MemoryEntry {
  return {
    summary: entry.summary.replaceAll(/\s+/g, ' ').trim(),
    content: trimBlankLines(
      entry.content
        .replaceAll(/\r\n?/g, '\n')
        .split('\n')
        .map((line) => line.trimEnd()),
    ).join('\n'),
  };
}

/** What `parseMemoryMarkdown` found. */
export interface ParsedMemory {
  entries: MemoryEntry[];
  /** Generation that the text was written from; null when the comment is gone. */
  generation: number | null;
}

/**
 * Reads USER.md or MEMORY.md as people, editors and formatters leave them: CRLF, a byte-order mark,
 * missing blank lines, text before the first heading (ignored when it is the title or the
 * placeholder, otherwise an entry of its own).
 *
 * @returns undefined when the text is none of ours to understand (binary)
 */
export function parseMemoryMarkdown(text: string): ParsedMemory | undefined {
  if (text.includes('\u0000')) return undefined;
  let generation: number | null = null;
  const entries: MemoryEntry[] = [];
  let summary: string | undefined;
  let lines: string[] = [];
  const close = (): void => {
    const content = trimBlankLines(lines).map(unescapeLine).join('\n');
    if (summary !== undefined) entries.push({ summary, content });
    else if (content !== '') entries.push({ summary: firstWords(content), content });
    lines = [];
  };
  for (const raw of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const line = raw.trimEnd();
    const comment = GENERATION_COMMENT.exec(line);
    if (comment) generation = Number(comment[1]);
    else if (line.startsWith('## ')) {
      close();
      summary = line.slice(3).replaceAll(/\s+/g, ' ').trim();
    } else if (summary !== undefined || !isFurniture(line)) lines.push(line);
  }
  close();
  return { entries: entries.filter((entry) => entry.summary !== '' || entry.content !== ''), generation };
}

/** What we print around the entries. */
const isFurniture = (line: string): boolean => line === TITLES.user || line === TITLES.global || line === EMPTY;

const escapeLine = (line: string): string => (NEEDS_ESCAPE.test(line) ? `\\${line}` : line);
const unescapeLine = (line: string): string => (ESCAPED.test(line) ? line.slice(1) : line);

const isBlank = (line: string | undefined): boolean => line !== undefined && line.trim() === '';

function trimBlankLines(lines: string[]): string[] {
  let start = 0;
  let end = lines.length;
  while (start < end && isBlank(lines[start])) start++;
  while (end > start && isBlank(lines[end - 1])) end--;
  return lines.slice(start, end);
}

const firstWords = (content: string): string => content.split('\n', 1)[0]?.slice(0, 80).trim() ?? '';
