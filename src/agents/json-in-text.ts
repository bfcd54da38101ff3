/** Deeper than any answer; much deeper ones exist only to exhaust the stack of whoever writes them out again. */
const MAX_DEPTH = 64;

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export type JsonFound = { ok: true; value: unknown } | { ok: false; detail: string };

/**
 * Finds the JSON that a model was asked for: the whole text, or the first balanced object in it
 * (strings respected) when a code fence or prose surrounds it. Only that first one counts: a later
 * one may be an example that the model discusses.
 */
export function jsonInText(text: string): JsonFound {
  const whole = parseJson(text);
  const found = whole === undefined ? firstObject(text) : text;
  if (found === undefined)
    return { ok: false, detail: text.includes('{') ? 'the JSON object breaks off' : 'there is no JSON object' };
  if (depthOf(found) > MAX_DEPTH) return { ok: false, detail: `the JSON is nested more than ${MAX_DEPTH} levels deep` };
  const value = whole ?? parseJson(found);
  return value === undefined ? { ok: false, detail: 'the first object is no valid JSON' } : { ok: true, value };
}

/** A bracket, or a whole string (so that brackets inside do not count), or a string that never ends. */
const STRUCTURE = /[{}[\]]|"(?:[^"\\]+|\\.)*"?/gs;

function firstObject(text: string): string | undefined {
  const start = text.indexOf('{');
  if (start === -1) return undefined;
  let depth = 0;
  for (const { 0: part, index } of text.slice(start).matchAll(STRUCTURE)) {
    if (part === '{') depth++;
    else if (part === '}') depth--;
    if (depth === 0) return text.slice(start, start + index + 1);
  }
  return undefined;
}

function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [part] of json.matchAll(STRUCTURE)) {
    if (part === '{' || part === '[') deepest = Math.max(deepest, ++depth);
    else if (part === '}' || part === ']') depth--;
  }
  return deepest;
}
