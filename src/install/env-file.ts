/** A line of `.env.provider` that sets a variable. */
const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=/;

/** Names that a text sets, in order. */
export const namesIn = (text: string): string[] =>
  text.split(/\r\n|\n|\r/).flatMap((line) => ASSIGNMENT.exec(line)?.[1] ?? []);

/**
 * The text with a variable set: its last line is replaced where it stands, or one comes to the end.
 * @param value without line breaks
 */
export function withVariable(text: string, name: string, value: string): string {
  const assignment = `${name}=${quoted(value)}`;
  const lines = text.split('\n');
  const at = lines.findLastIndex((line) => ASSIGNMENT.exec(line)?.[1] === name);
  if (at !== -1) return lines.with(at, assignment).join('\n');
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${assignment}\n`;
}

/** The text without the lines that set a variable. */
export const withoutVariable = (text: string, name: string): string =>
  text
    .split('\n')
    .filter((line) => ASSIGNMENT.exec(line)?.[1] !== name)
    .join('\n');

const quoted = (value: string): string =>
  /^[\w.:/+@=-]*$/.test(value) ? value : `"${value.replaceAll(/["\\$`]/g, String.raw`\$&`)}"`;

/** Variables of `from` that `to` does not set, with their lines as they stand; and those that both set differently. */
export function mergedEnvironment(to: string, from: string): { text: string; left: string[] } {
  const known = namesIn(to);
  const kept = linesByName(to);
  const left: string[] = [];
  const added: string[] = [];
  for (const [name, line] of linesByName(from)) {
    if (!known.includes(name)) added.push(line);
    else if (kept.get(name)?.trim() !== line.trim()) left.push(name);
  }
  if (to === '') return { text: from.endsWith('\n') || from === '' ? from : `${from}\n`, left };
  if (added.length === 0) return { text: to, left };
  return { text: `${to}${to.endsWith('\n') ? '' : '\n'}${added.join('\n')}\n`, left };
}

function linesByName(text: string): Map<string, string> {
  const lines = new Map<string, string>();
  for (const line of text.split(/\r\n|\n|\r/)) {
    const name = ASSIGNMENT.exec(line)?.[1];
    if (name !== undefined) lines.set(name, line);
  }
  return lines;
}
