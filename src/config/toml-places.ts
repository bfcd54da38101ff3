/**
 * Where the keys of a TOML document stand: the parser tells values only. For documents that the parser
 * has accepted; of anything else the answer is of no use, but there is one.
 */
export interface TomlPlace {
  kind: 'table' | 'value';
  path: readonly string[];
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 units. */
  column: number;
  /** Of the value, or behind a table's header; offsets in the text. */
  start: number;
  /** Exclusive. */
  end: number;
}

/** Every table's header and every key with its value, in the order of the text; not the keys inside of inline tables. */
export function tomlPlaces(text: string): TomlPlace[] {
  const places: TomlPlace[] = [];
  const lineAndColumn = lineCounter(text);
  let table: string[] = [];
  let at = skipBlank(text, 0);
  while (at < text.length) {
    const isTable = text[at] === '[';
    const brackets = isTable ? (text[at + 1] === '[' ? 2 : 1) : 0;
    const key = readKey(text, at + brackets);
    const place = lineAndColumn(at);
    if (isTable) {
      table = key.path;
      const end = Math.min(text.length, key.end + brackets);
      places.push({ kind: 'table', path: table, ...place, start: end, end });
      at = skipBlank(text, end);
      continue;
    }
    const start = skipSpace(text, key.end + 1);
    const end = endOfValue(text, start);
    places.push({ kind: 'value', path: [...table, ...key.path], ...place, start, end });
    at = skipBlank(text, Math.max(end, at + 1));
  }
  return places;
}

/** The first place at or below a path. */
interface PlaceNode {
  first: TomlPlace | undefined;
  below: Map<string, PlaceNode>;
}

/** Finds the place of a path, or of the nearest thing around it; undefined for what the text does not mention. */
export function placeFinder(places: readonly TomlPlace[]): (path: readonly string[]) => TomlPlace | undefined {
  const root: PlaceNode = { first: undefined, below: new Map() };
  for (const place of places) enter(root, place);
  return (path) => {
    let node = root;
    for (const part of path) {
      const next = node.below.get(part);
      if (!next) break;
      node = next;
    }
    return node.first;
  };
}

function enter(root: PlaceNode, place: TomlPlace): void {
  let node = root;
  for (const part of place.path) {
    const next = node.below.get(part) ?? { first: place, below: new Map<string, PlaceNode>() };
    node.below.set(part, next);
    node = next;
  }
}

/** Tells line and column, both from 1, of offsets that grow from call to call. */
function lineCounter(text: string): (offset: number) => { line: number; column: number } {
  let [line, start, end] = [1, 0, text.indexOf('\n')];
  return (offset) => {
    while (end !== -1 && end < offset) {
      line += 1;
      start = end + 1;
      end = text.indexOf('\n', start);
    }
    return { line, column: offset - start + 1 };
  };
}

/** Over blanks, line ends and comments. */
function skipBlank(text: string, from: number): number {
  const blank = /(?:[ \t\r\n]|#[^\n]*)*/y;
  blank.lastIndex = from;
  return from + (blank.exec(text)?.[0].length ?? 0);
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

/** A dotted key; `end` is where its `=` or `]` stands. */
function readKey(text: string, from: number): { path: string[]; end: number } {
  const path: string[] = [];
  const part = /[ \t]*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s"'.=\]#]+)[ \t]*(\.?)/y;
  part.lastIndex = from;
  for (;;) {
    const [, word, dot] = part.exec(text) ?? [];
    if (word === undefined) return { path, end: from };
    path.push(unquoted(word));
    from = part.lastIndex;
    if (!dot) return { path, end: from };
  }
}

function unquoted(word: string): string {
  if (word.startsWith("'")) return word.slice(1, -1);
  if (!word.startsWith('"')) return word;
  try {
    const value: unknown = JSON.parse(word.replaceAll(/\\U([0-9a-fA-F]{8})/g, bigEscape));
    return typeof value === 'string' ? value : word;
  } catch {
    return word.slice(1, -1);
  }
}

const bigEscape = (_whole: string, hex: string): string => {
  const point = Number.parseInt(hex, 16);
  return point <= 0x10_ff_ff ? JSON.stringify(String.fromCodePoint(point)).slice(1, -1) : '';
};

/** A string of any kind, or a comment: what brackets mean nothing in. */
const OPAQUE = /"""(?:[^\\]|\\[^])*?"{3,5}|'''[^]*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*/y;

function endOfValue(text: string, from: number): number {
  const first = text[from];
  if (first === '[' || first === '{') return endOfBrackets(text, from);
  if (first === '"' || first === "'") return Math.max(from + 1, endOfOpaque(text, from));
  const bare = /[^\n\r#]*/y;
  bare.lastIndex = from;
  return from + (bare.exec(text)?.[0].trimEnd().length ?? 0);
}

function endOfOpaque(text: string, from: number): number {
  OPAQUE.lastIndex = from;
  return OPAQUE.test(text) ? OPAQUE.lastIndex : from;
}

function endOfBrackets(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const letter = text[at];
    if (letter === '[' || letter === '{') depth++;
    else if (letter === ']' || letter === '}') depth--;
    else if (letter === '"' || letter === "'" || letter === '#') at = Math.max(at, endOfOpaque(text, at) - 1);
    if (depth === 0) return at + 1;
  }
  return text.length;
}
