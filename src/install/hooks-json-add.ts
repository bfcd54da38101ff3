import { eventsOf, groupsOf } from './hooks-json.ts';
import type { HooksDocument } from './hooks-json.ts';
import type { JsonNode } from './json-spans.ts';

/** A group of ours, for the end of an event's list. */
export interface NewGroup {
  event: string;
  group: Record<string, unknown>;
}

/** One insertion into a text. */
export interface Insertion {
  at: number;
  text: string;
}

/**
 * The text with one more group at the end of its event's list; every byte that was there stays, in its
 * order. Indentation and line ends are those of the text.
 */
export function withGroup(document: HooksDocument, { event, group }: NewGroup): string {
  const { text } = document;
  const insertion = insertionOf(document, event, group);
  return text.slice(0, insertion.at) + insertion.text + text.slice(insertion.at);
}

function insertionOf(document: HooksDocument, event: string, group: Record<string, unknown>): Insertion {
  const groups = groupsOf(document, event);
  if (groups) return appended(document, { node: groups, depth: 2, key: undefined }, group);
  const events = eventsOf(document);
  if (events) return appended(document, { node: events, depth: 1, key: event }, [group]);
  return appended(document, { node: document.root, depth: 0, key: 'hooks' }, { [event]: [group] });
}

interface Container {
  node: JsonNode;
  /** Levels around it. */
  depth: number;
  /** Of the new member; undefined in a list. */
  key: string | undefined;
}

function appended(document: HooksDocument, { node, depth, key }: Container, value: unknown): Insertion {
  const { text } = document;
  const style = styleOf(document);
  const last = lastStart(node);
  const name = key === undefined ? '' : `${JSON.stringify(key)}:${style.afterColon}`;
  if (last !== undefined) {
    const { between, isBroken } = gapBefore(text, last.start);
    const margin = isBroken ? between.slice(between.lastIndexOf('\n') + 1) : '';
    const rendered = isBroken ? indented(value, style, margin) : compact(value, style);
    return { at: last.end, text: `,${between}${name}${rendered}` };
  }
  // What little space there is between the brackets is left in front of what is put in.
  const inside = text.slice(node.start + 1, node.end - 1);
  if (style.unit === undefined) return { at: node.end - 1, text: `${name}${compact(value, style)}` };
  const outer = inside.includes('\n') ? inside.slice(inside.lastIndexOf('\n') + 1) : style.unit.repeat(depth);
  const margin = outer + style.unit;
  const lead = inside.includes('\n') ? style.unit : `${style.lineEnd}${margin}`;
  return { at: node.end - 1, text: `${lead}${name}${indented(value, style, margin)}${style.lineEnd}${outer}` };
}

function lastStart(node: JsonNode): { start: number; end: number } | undefined {
  if (node.kind === 'array') return node.items.at(-1);
  const member = node.kind === 'object' ? node.members.at(-1) : undefined;
  return member && { start: member.start, end: member.value.end };
}

/** The blanks in front of an element: what separates it from the one before, or from the bracket. */
function gapBefore(text: string, start: number): { between: string; isBroken: boolean } {
  const between = /[ \t\r\n]*$/.exec(text.slice(0, start))?.[0] ?? '';
  return { between, isBroken: between.includes('\n') };
}

interface Style {
  /** One step of indentation; undefined: all on one line. */
  unit: string | undefined;
  lineEnd: string;
  afterColon: string;
}

/** How the text is written, by its first indented line and its first colon. */
function styleOf({ text, root }: HooksDocument): Style {
  const isBroken = /[{[]\s*\n/.test(text) || root.members.length === 0;
  const [first] = root.members;
  const afterColon = first ? (/:([ \t]*)$/.exec(text.slice(first.start, first.value.start))?.[1] ?? ' ') : ' ';
  return {
    unit: isBroken ? (/\n([ \t]+)\S/.exec(text)?.[1] ?? '  ') : undefined,
    lineEnd: text.includes('\r\n') ? '\r\n' : '\n',
    afterColon,
  };
}

const indented = (value: unknown, { unit = '  ', lineEnd, afterColon }: Style, margin: string): string =>
  tightened(JSON.stringify(value, null, unit), afterColon).replaceAll('\n', `${lineEnd}${margin}`);

/** `"key": value` at the beginning of a line only: no text of JSON.stringify begins a line otherwise. */
const tightened = (json: string, afterColon: string): string =>
  afterColon === ' ' ? json : json.replaceAll(/^(\s*"(?:[^"\\]|\\.)*"): /gm, '$1:');

const compact = (value: unknown, { afterColon }: Style): string =>
  afterColon === '' ? JSON.stringify(value) : spaced(value);

/** `{ "a": 1, "b": [2] }` on one line, as people and some formatters write it. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${spaced(member)}`);
  return `{${members.join(', ')}}`;
}
