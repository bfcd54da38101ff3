import type { Finding } from './finding.ts';

const ARMOUR = /-----(BEGIN|END) ([A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-{0,5}/g;
/** No private key is longer; a text that never closes its armour must not be swallowed whole. */
const LONGEST_KEY = 20_000;
const BETWEEN = /^[A-Za-z0-9+/=\s\\:,.;()<>@"'|│┃▏→#*>-]*$/;

/** What programs print before a line: its number, a rule. */
const GUTTER = /^[ \t]{0,8}\d{0,6}[ \t]{0,8}[│┃▏|→:\t][ \t]?/;
/** Ends of lines with the next one's gutter, written out, escaped once or escaped twice; a key pasted in one line has spaces instead. */
const LINE_END = /\\{1,4}[rn]|\s{1,8}\d{1,6}[ \t]{0,8}[│┃▏|→:\t][ \t]?|[\s"'|>│┃▏→]+/y;
const BODY_LINE = /[A-Za-z0-9+/=]{1,128}/y;
const HEADER_LINE = /(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset)[-\w]{0,16}: [^\n\\]{0,200}/y;
const SHORTEST_FULL_LINE = 32;

function matchAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** The line of base64 at this position: its length without an escaped line end that looks like its last letters. */
const bodyLineAt = (text: string, at: number): number => matchAt(BODY_LINE, text, at);

/** Where the body of a key without its END line stops: after the last line that can only be base64. */
function endOfCutKey(text: string, from: number): number {
  let end = from;
  let at = from;
  while (at < text.length && at - from < LONGEST_KEY) {
    at += matchAt(LINE_END, text, at);
    const header = matchAt(HEADER_LINE, text, at);
    const line = header > 0 ? header : bodyLineAt(text, at);
    if (line === 0) break;
    const lastLine = header === 0 && line < SHORTEST_FULL_LINE;
    if (lastLine && (end === from || /^[a-z]*$/i.test(text.slice(at, at + line)))) break;
    at += line;
    end = at;
    if (lastLine) break;
  }
  return end;
}

/** Where the body of a key without its BEGIN line starts. */
function startOfCutKey(text: string, end: number): number {
  const before = text.slice(Math.max(0, end - LONGEST_KEY), end);
  const lines = before.split('\n');
  let start = end;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const line = (lines[index] ?? '').replace(GUTTER, '').trim();
    const last = index === lines.length - 1 || index === lines.length - 2;
    if (!/^[A-Za-z0-9+/=]*$/.test(line) || (line.length < SHORTEST_FULL_LINE && !last)) break;
    start -= (lines[index] ?? '').length + (index === lines.length - 1 ? 0 : 1);
  }
  return Math.max(0, start);
}

/** PEM and PGP private keys, whole, cut at either end, escaped into one line or not. */
export function findPrivateKeys(text: string): Finding[] {
  const found: Finding[] = [];
  let open: { start: number; bodyStart: number } | undefined;
  const close = (): void => {
    if (open !== undefined)
      found.push({ start: open.start, end: endOfCutKey(text, open.bodyStart), kind: 'private-key' });
    open = undefined;
  };
  let lastEnd = 0;
  for (const match of text.matchAll(ARMOUR)) {
    const end = match.index + match[0].length;
    if (match[1] === 'BEGIN') {
      close();
      open = { start: match.index, bodyStart: end };
    } else if (open === undefined) {
      const start = Math.max(lastEnd, startOfCutKey(text.slice(lastEnd, match.index), match.index - lastEnd) + lastEnd);
      if (start < match.index) found.push({ start, end, kind: 'private-key' });
    } else if (end - open.start > LONGEST_KEY || !BETWEEN.test(text.slice(open.bodyStart, match.index))) close();
    else {
      found.push({ start: open.start, end, kind: 'private-key' });
      open = undefined;
    }
    lastEnd = end;
  }
  close();
  return found;
}

const PUTTY = /Private-Lines: \d{1,3}\r?\n(?:[A-Za-z0-9+/=]{1,80}\r?\n?){1,200}/g;

/** The private half of a PuTTY key file. */
export const findPuttyKeys = (text: string): Finding[] =>
  [...text.matchAll(PUTTY)].map((match) => ({
    start: match.index + match[0].indexOf('\n') + 1,
    end: match.index + match[0].trimEnd().length,
    kind: 'private-key',
  }));
