import { isDeepStrictEqual } from 'node:util';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { isRecord } from '../contracts/json.ts';
import { tomlPlaces } from '../config/toml-places.ts';
import type { TomlPlace } from '../config/toml-places.ts';
import { readTomlDocument, valueAt } from './toml-document.ts';
import type { TomlDocument } from './toml-document.ts';

/** Trust in one hook, as it is to stand in config.toml. */
export interface TrustEntry {
  key: string;
  hash: string;
}

const STATE = ['hooks', 'state'];

/** The hash that config.toml has for a key; undefined when it has none. */
export function trustedHashIn(values: Record<string, unknown>, key: string): string | undefined {
  const hash = valueAt(values, [...STATE, key, 'trusted_hash']);
  return typeof hash === 'string' ? hash : undefined;
}

/** Whether `enabled = false` switches the hook off. */
export const isSwitchedOff = (values: Record<string, unknown>, key: string): boolean =>
  valueAt(values, [...STATE, key, 'enabled']) === false;

/**
 * The text with trust in these hooks: a hash that is there is replaced where it stands, the rest comes
 * as tables to the end. All other bytes stay.
 *
 * @returns Failure `file-invalid` where the text keeps its trust in a form that cannot be added to
 */
export function withTrust(file: string, document: TomlDocument, entries: readonly TrustEntry[]): Result<string> {
  const missing = entries.filter(({ key, hash }) => trustedHashIn(document.values, key) !== hash);
  if (missing.length === 0) return succeed(document.text);
  let { text } = document;
  for (const entry of missing) text = withEntry(text, entry);
  const wanted = structuredClone(document.values);
  for (const { key, hash } of missing) setHash(wanted, key, hash);
  return checked(file, text, wanted);
}

function withEntry(text: string, { key, hash }: TrustEntry): string {
  const path = [...STATE, key, 'trusted_hash'];
  const places = tomlPlaces(text);
  const there = places.find((place) => place.kind === 'value' && samePath(place.path, path));
  const line = `trusted_hash = "${hash}"`;
  if (there) return `${text.slice(0, there.start)}"${hash}"${text.slice(there.end)}`;
  const lineEnd = lineEndOf(text);
  const table = places.find((place) => place.kind === 'table' && samePath(place.path, path.slice(0, -1)));
  if (table) {
    const rest = text.slice(table.end);
    const length = /^[^\r\n]*/.exec(rest)?.[0].length ?? 0;
    const at = table.end + length;
    return `${text.slice(0, at)}${lineEnd}${line}${text.slice(at)}`;
  }
  const gap = text === '' ? '' : text.endsWith('\n') ? lineEnd : lineEnd + lineEnd;
  return `${text}${gap}[hooks.state.${tomlString(key)}]${lineEnd}${line}${lineEnd}`;
}

/**
 * The text without the tables of these keys, and without the empty line in front of each.
 * @returns Failure `file-invalid` where trust is written in a form that cannot be cut out
 */
export function withoutTrust(file: string, document: TomlDocument, keys: readonly string[]): Result<string> {
  const present = keys.filter((key) => valueAt(document.values, [...STATE, key]) !== undefined);
  if (present.length === 0) return succeed(document.text);
  let { text } = document;
  for (const key of present) text = withoutTable(text, [...STATE, key]);
  const wanted = structuredClone(document.values);
  const state = valueAt(wanted, STATE);
  if (isRecord(state)) for (const key of present) delete state[key];
  return checked(file, text, wanted);
}

function withoutTable(text: string, path: readonly string[]): string {
  const places = tomlPlaces(text);
  const index = places.findIndex((place) => place.kind === 'table' && samePath(place.path, path));
  const table = places[index];
  if (!table) return withoutKeys(text, path);
  const next = places.findIndex((place, at) => at > index && place.kind === 'table');
  const own = places.slice(index, next === -1 ? undefined : next);
  const start = beginOfLine(text, table);
  // Comments behind the last key belong to what follows.
  const end = endOfLine(text, own.at(-1)?.end ?? table.end);
  const before = text.slice(0, start).replace(/(^|\n)\r?\n$/, '$1');
  return before + text.slice(end);
}

/** Trust written as `hooks.state."…".trusted_hash = "…"`: a line for itself. */
function withoutKeys(text: string, path: readonly string[]): string {
  let result = text;
  const own = tomlPlaces(text).filter((place) => place.kind === 'value' && startsWith(place.path, path));
  for (const place of own.toReversed())
    result = result.slice(0, beginOfLine(result, place)) + result.slice(endOfLine(result, place.end));
  return result;
}

function beginOfLine(text: string, place: TomlPlace): number {
  let at = 0;
  for (let line = 1; line < place.line; line++) at = text.indexOf('\n', at) + 1;
  return at;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

/** The text is only taken when the parser finds in it what was meant, and nothing else. */
function checked(file: string, text: string, wanted: Record<string, unknown>): Result<string> {
  const read = readTomlDocument(file, text);
  if (read.ok && isDeepStrictEqual(withoutEmptyTrust(read.value.values), withoutEmptyTrust(wanted)))
    return succeed(text);
  return fail({
    reason: 'file-invalid',
    path: file,
    detail: 'it keeps the trust of hooks in a form that cannot be changed in place; use /hooks in Codex instead',
  });
}

/** Whether an empty `[hooks.state]` is said or not is nobody's concern. */
function withoutEmptyTrust(values: Record<string, unknown>): Record<string, unknown> {
  const copy = structuredClone(values);
  const hooks = copy['hooks'];
  if (!isRecord(hooks)) return copy;
  if (isRecord(hooks['state']) && Object.keys(hooks['state']).length === 0) delete hooks['state'];
  if (Object.keys(hooks).length === 0) delete copy['hooks'];
  return copy;
}

function setHash(values: Record<string, unknown>, key: string, hash: string): void {
  let table = values;
  for (const part of [...STATE, key]) {
    const next = table[part];
    if (isRecord(next)) table = next;
    else {
      const fresh: Record<string, unknown> = {};
      table[part] = fresh;
      table = fresh;
    }
  }
  table['trusted_hash'] = hash;
}

const samePath = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && startsWith(a, b);
const startsWith = (path: readonly string[], beginning: readonly string[]): boolean =>
  beginning.every((part, index) => path[index] === part);

const lineEndOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** A basic string; JSON's escapes are among TOML's. */
const tomlString = (text: string): string => JSON.stringify(text).replaceAll('\u007f', String.raw`\u007f`);
