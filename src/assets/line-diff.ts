/** One line of a comparison: in both texts, only in the first, only in the second. */
export interface DiffLine {
  mark: ' ' | '-' | '+';
  line: string;
}

/** Lines beyond which the middle of two texts is shown as replaced whole: the table below grows with the product. */
const MOST_CELLS = 4_000_000;

/** Longest common subsequence of lines (Hunt and McIlroy's problem, by the plain table). */
export function diffLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  const head = commonLength(before, after);
  const tail = commonLength(before.slice(head).toReversed(), after.slice(head).toReversed());
  const left = before.slice(head, before.length - tail);
  const right = after.slice(head, after.length - tail);
  const end = before.slice(before.length - tail);
  return [...marked(before.slice(0, head), ' '), ...diffMiddle(left, right), ...marked(end, ' ')];
}

function commonLength(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

function diffMiddle(left: readonly string[], right: readonly string[]): DiffLine[] {
  if ((left.length + 1) * (right.length + 1) > MOST_CELLS) return [...marked(left, '-'), ...marked(right, '+')];
  const lengths = commonLengths(left, right);
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? 0;
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < left.length && column < right.length) {
    const [old = '', young = ''] = [left[row], right[column]];
    if (old === young) {
      lines.push({ mark: ' ', line: old });
      row++;
      column++;
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      lines.push({ mark: '-', line: old });
      row++;
    } else {
      lines.push({ mark: '+', line: young });
      column++;
    }
  }
  return [...lines, ...marked(left.slice(row), '-'), ...marked(right.slice(column), '+')];
}

const marked = (lines: readonly string[], mark: DiffLine['mark']): DiffLine[] => lines.map((line) => ({ mark, line }));

/** `[row][column]`: length of the longest common subsequence of what follows. */
function commonLengths(left: readonly string[], right: readonly string[]): Uint32Array[] {
  const rows = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1));
  for (let row = left.length - 1; row >= 0; row--) {
    const [here, below] = [rows[row], rows[row + 1]];
    if (!here || !below) continue;
    for (let column = right.length - 1; column >= 0; column--) {
      here[column] =
        left[row] === right[column]
          ? (below[column + 1] ?? 0) + 1
          : Math.max(below[column] ?? 0, here[column + 1] ?? 0);
    }
  }
  return rows;
}
