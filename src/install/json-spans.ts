/**
 * A strict reader of JSON (RFC 8259) that knows where everything stands, so that a text can be
 * changed at one place and stay as it is at all others. What Codex's own reader refuses (comments,
 * trailing commas, keys that come twice) is refused here, too.
 */

export type JsonNode =
  | { kind: 'object'; start: number; end: number; members: JsonMember[] }
  | { kind: 'array'; start: number; end: number; items: JsonNode[] }
  | { kind: 'plain'; start: number; end: number; value: string | number | boolean | null };

export interface JsonMember {
  key: string;
  /** Of the key's opening quote. */
  start: number;
  value: JsonNode;
}

export interface JsonProblem {
  /** Of the text, in UTF-16 units. */
  at: number;
  problem: string;
}

export type JsonReading = { ok: true; root: JsonNode } | ({ ok: false } & JsonProblem);

/** Deeper than any file that a person or a program writes for Codex; the reader recurs. */
const MOST_LEVELS = 100;

/** Reads a whole text. */
export function readJsonSpans(text: string): JsonReading {
  const reader = new Reader(text);
  try {
    return { ok: true, root: reader.document() };
  } catch (error) {
    if (error instanceof NotJson) return { ok: false, at: error.at, problem: error.message };
    throw error;
  }
}

class NotJson extends Error {
  readonly at: number;

  constructor(at: number, problem: string) {
    super(problem);
    this.at = at;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    if (this.#text.codePointAt(0) === 0xfeff) throw new NotJson(0, 'it begins with a byte-order mark');
    const root = this.#value(0);
    this.#skipBlanks();
    if (this.#at < this.#text.length) throw this.#unexpected('after the end of the JSON text');
    return root;
  }

  #value(depth: number): JsonNode {
    if (depth > MOST_LEVELS) throw new NotJson(this.#at, `nested deeper than ${MOST_LEVELS} levels`);
    this.#skipBlanks();
    const start = this.#at;
    const mark = this.#text[start];
    if (mark === '{') return this.#object(depth);
    if (mark === '[') return this.#array(depth);
    if (mark === '"') return { kind: 'plain', start, value: this.#string(), end: this.#at };
    return this.#literal(start);
  }

  #object(depth: number): JsonNode {
    const start = this.#at++;
    const members: JsonMember[] = [];
    const keys = new Set<string>();
    this.#skipBlanks();
    if (this.#take('}')) return { kind: 'object', start, end: this.#at, members };
    do {
      this.#skipBlanks();
      const at = this.#at;
      if (this.#text[at] !== '"') throw this.#unexpected('where a key in double quotes should be');
      const key = this.#string();
      if (keys.has(key)) throw new NotJson(at, `the key "${key}" comes twice`);
      keys.add(key);
      this.#skipBlanks();
      if (!this.#take(':')) throw this.#unexpected('where a colon should be');
      members.push({ key, start: at, value: this.#value(depth + 1) });
      this.#skipBlanks();
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#unexpected('where a comma or } should be');
    return { kind: 'object', start, end: this.#at, members };
  }

  #array(depth: number): JsonNode {
    const start = this.#at++;
    const items: JsonNode[] = [];
    this.#skipBlanks();
    if (this.#take(']')) return { kind: 'array', start, end: this.#at, items };
    do {
      items.push(this.#value(depth + 1));
      this.#skipBlanks();
    } while (this.#take(','));
    if (!this.#take(']')) throw this.#unexpected('where a comma or ] should be');
    return { kind: 'array', start, end: this.#at, items };
  }

  #string(): string {
    const start = this.#at++;
    for (let piece = pieceAt(this.#text, this.#at); piece !== undefined; piece = pieceAt(this.#text, this.#at))
      this.#at += piece.length;
    if (!this.#take('"')) throw new NotJson(start, 'a text that does not end, or that holds what JSON forbids');
    return String(JSON.parse(this.#text.slice(start, this.#at)));
  }

  #literal(start: number): JsonNode {
    const word = LITERAL_AT(this.#text, start);
    if (word === undefined) throw this.#unexpected('where a value should be');
    this.#at += word.length;
    const value: unknown = JSON.parse(word);
    return { kind: 'plain', start, end: this.#at, value: typeof value === 'object' ? null : plainOf(value) };
  }

  #skipBlanks(): void {
    while (BLANKS.has(this.#text[this.#at] ?? '')) this.#at++;
  }

  #take(mark: string): boolean {
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #unexpected(where: string): NotJson {
    const mark = this.#text[this.#at];
    return new NotJson(this.#at, mark === undefined ? `it ends ${where}` : `${JSON.stringify(mark)} stands ${where}`);
  }
}

const BLANKS = new Set([' ', '\t', '\n', '\r']);

/** Sticky, so that nothing is searched beyond the place. */
function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Of the inside of a string; in pieces, since one match of megabytes is more than the stack of a RegExp holds. */
const pieceAt = (text: string, at: number): string | undefined =>
  matchAt(/(?:[^"\\\p{Cc}]|[\u{7f}-\u{9f}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})){1,4096}/uy, text, at);

const LITERAL_AT = (text: string, at: number): string | undefined =>
  matchAt(/(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y, text, at);

const plainOf = (value: unknown): string | number | boolean =>
  typeof value === 'number' || typeof value === 'boolean' ? value : String(value);

/** The value without its places. */
export function valueOf(node: JsonNode): unknown {
  if (node.kind === 'plain') return node.value;
  if (node.kind === 'array') return node.items.map(valueOf);
  // No prototype: a key may be called __proto__.
  return Object.assign(
    Object.create(null),
    Object.fromEntries(node.members.map(({ key, value }) => [key, valueOf(value)])),
  );
}

/** Line and column of a place, both from 1. */
export function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return { line, column: at - before.lastIndexOf('\n') };
}
