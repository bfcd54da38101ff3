/** The name that was probably meant: at most two slips of the finger away, and not another word altogether. */
export function nearName(typed: string, names: readonly string[]): string | undefined {
  const allowed = Math.min(2, Math.floor(typed.length / 2));
  const [best] = names
    .map((name) => ({ name, slips: distance(typed.toLowerCase(), name) }))
    .filter(({ slips }) => slips <= allowed)
    .toSorted((left, right) => left.slips - right.slips);
  return best?.name;
}

/** Levenshtein's distance, row by row. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let index = 0; index < left.length; index++) {
    const next = [index + 1];
    for (let column = 1; column <= right.length; column++) {
      const change = (row[column - 1] ?? 0) + (left[index] === right[column - 1] ? 0 : 1);
      next.push(Math.min(change, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
