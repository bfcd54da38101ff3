/** `|`, `>-`, `|2`: the value is in the lines below. */
const HEAD = /[|>][-+0-9]{0,2}[ \t]{0,8}(?:#[^\n]{0,200})?\r?\n/y;
const LINE = /([ \t]*)([^\r\n]*)\r?(?:\n|$)/y;
/** No secret has more lines, and none more characters; longer blocks are files. */
const MOST_LINES = 80;
const LONGEST = 4096;

/** The inside of a block: from its first character to the last one that is no blank, and as one line. */
export interface Block {
  start: number;
  end: number;
  value: string;
}

const indentAt = (text: string, at: number): number => {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return line.length > LONGEST ? line.length : line.search(/[^ \t]|$/);
};

/** The lines of a block: where the first begins, where the last one ends, and what they say. */
function linesFrom(text: string, at: number, outside: number): { start: number; end: number; lines: string[] } {
  const lines: string[] = [];
  let [start, end] = [0, 0];
  LINE.lastIndex = at;
  for (let count = 0; count < MOST_LINES && LINE.lastIndex < text.length; count += 1) {
    const from = LINE.lastIndex;
    const [, indent = '', content = ''] = LINE.exec(text) ?? [];
    if (content === '') continue;
    if (indent.length <= outside) break;
    const said = content.trimEnd();
    if (lines.length === 0) start = from + indent.length;
    lines.push(said);
    end = from + indent.length + said.length;
    if (end - start > LONGEST) break;
  }
  return { start, end, lines };
}

/**
 * The block of a YAML value that begins at this position, undefined where none does. Its lines are indented deeper
 * than the line of the name. Lines that have no blanks inside are one value that was folded.
 */
export function blockAt(text: string, at: number): Block | undefined {
  HEAD.lastIndex = at;
  const head = HEAD.exec(text);
  if (head === null) return undefined;
  const { start, end, lines } = linesFrom(text, at + head[0].length, indentAt(text, at));
  if (lines.length === 0 || end - start > LONGEST) return undefined;
  return { start, end, value: lines.join(lines.some((line) => /\s/.test(line)) ? ' ' : '') };
}
