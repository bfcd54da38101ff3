import { diffLines } from '../assets/line-diff.ts';

/** What is to become of one file. */
export interface FileChange {
  path: string;
  /** Undefined: there is none. */
  before: string | undefined;
  /** Undefined: it goes. */
  after: string | undefined;
  /** What stands in it must not be shown. */
  secret?: boolean;
}

export const isChange = ({ before, after }: FileChange): boolean => before !== after;

/** What a person is told about a change. */
export interface ToldChange {
  path: string;
  action: 'created' | 'changed' | 'removed';
  /** Lines that come and go, with two around them. */
  diff: string;
}

export function tell(change: FileChange): ToldChange {
  const { path, before, after } = change;
  const action = before === undefined ? 'created' : after === undefined ? 'removed' : 'changed';
  return { path, action, diff: change.secret ? '(not shown)' : diffText(before ?? '', after ?? '') };
}

const CONTEXT = 2;

function diffText(before: string, after: string): string {
  const lines = diffLines(linesOf(before), linesOf(after));
  const isNear = (index: number): boolean =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ mark }) => mark !== ' ');
  const shown: string[] = [];
  let wasLast = true;
  for (const [index, { mark, line }] of lines.entries()) {
    if (!isNear(index)) {
      wasLast = false;
      continue;
    }
    if (!wasLast) shown.push('  …');
    wasLast = true;
    shown.push(`${mark} ${line}`);
  }
  return shown.join('\n');
}

/** Of a file that is not there, or empty: none. */
const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
