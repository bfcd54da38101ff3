import { diffLines } from './line-diff.ts';

/** Lines `start` to `end` (exclusive) of the base that one side has replaced. */
interface Hunk {
  start: number;
  end: number;
  lines: string[];
}

/**
 * Three-way merge of texts, line by line: what changed from `base` to `edited` is applied to `current`.
 * @returns undefined when both changed the same place in different ways
 */
export function mergeLines(base: string, edited: string, current: string): string | undefined {
  const ours = hunksOf(base, edited);
  const theirs = hunksOf(base, current).filter((hunk) => !ours.some((other) => isSame(hunk, other)));
  if (ours.some((hunk) => theirs.some((other) => touch(hunk, other)))) return undefined;
  const lines = base.split('\n');
  for (const hunk of [...ours, ...theirs].toSorted((a, b) => b.start - a.start || b.end - a.end))
    lines.splice(hunk.start, hunk.end - hunk.start, ...hunk.lines);
  return lines.join('\n');
}

function hunksOf(base: string, other: string): Hunk[] {
  const hunks: Hunk[] = [];
  let position = 0;
  let open: Hunk | undefined;
  for (const { mark, line } of diffLines(base.split('\n'), other.split('\n'))) {
    if (mark === ' ') {
      open = undefined;
      position++;
      continue;
    }
    if (!open) {
      open = { start: position, end: position, lines: [] };
      hunks.push(open);
    }
    if (mark === '+') open.lines.push(line);
    else open.end = ++position;
  }
  return hunks;
}

const isSame = (a: Hunk, b: Hunk): boolean =>
  a.start === b.start && a.end === b.end && a.lines.join('\n') === b.lines.join('\n');

/** Neighbours count as one place: which of the two comes first could only be guessed. */
const touch = (a: Hunk, b: Hunk): boolean => a.start <= b.end && b.start <= a.end;
