import { EMPTY_HOOKS, eventsOf, groupsOf, hooksOfGroup } from './hooks-json.ts';
import type { FoundHook, HooksDocument } from './hooks-json.ts';
import type { JsonNode } from './json-spans.ts';

/** A piece of a text and what comes in its place. */
export interface Replacement {
  start: number;
  end: number;
  text: string;
}

/**
 * The text without the hooks that are named. Groups behind keep their index, to which their trust is
 * bound: a group that others follow stays as an empty one, and a hook that others follow as an empty
 * one of its group (Codex 0.169 counts both and runs neither; measured).
 *
 * @param isGone which hooks go
 */
export function withoutHooks(document: HooksDocument, isGone: (hook: FoundHook) => boolean): string {
  const events = eventsOf(document);
  if (!events) return document.text;
  const gone = document.hooks.filter(isGone);
  const names = new Set(gone.map(({ event }) => event));
  const emptied = [...names].filter((event) =>
    groupsOf(document, event)?.items.every((group, index) => isGoneWhole(gone, { event, group, index })),
  );
  if (emptied.length === events.members.length && emptied.length > 0) return withoutEvents(document);
  const replacements = [
    ...cutsOfMembers(events, emptied),
    ...[...names].filter((event) => !emptied.includes(event)).flatMap((event) => cutsOfGroups(document, gone, event)),
  ];
  return replaced(document.text, replacements);
}

interface Place {
  event: string;
  group: JsonNode;
  index: number;
}

/**
 * The text with one hook in the place of another, on one line. A group that holds only it loses its matcher;
 * it keeps its number.
 */
export function withHookReplaced(document: HooksDocument, hook: FoundHook, put: Record<string, unknown>): string {
  const group = groupsOf(document, hook.event)?.items[hook.group];
  const hooks = group && hooksOfGroup(group);
  const node = hooks?.items.length === 1 ? group : hooks?.items[hook.place];
  if (!node) return document.text;
  const text = JSON.stringify(node === group ? { hooks: [put] } : put);
  return replaced(document.text, [{ start: node.start, end: node.end, text }]);
}

/** Every hook of the group goes. */
function isGoneWhole(gone: readonly FoundHook[], { event, group, index }: Place): boolean {
  const count = hooksOfGroup(group)?.items.length ?? 0;
  return count > 0 && gone.filter((hook) => hook.event === event && hook.group === index).length === count;
}

/** Nothing in it runs, and what comes after it keeps its number. */
const INERT = '{"hooks": []}';

/** All that was in "hooks" was ours: the member goes, and with it a file that says nothing else. */
function withoutEvents(document: HooksDocument): string {
  const { root, text } = document;
  if (root.members.length === 1) return EMPTY_HOOKS + (/\s*$/.exec(text)?.[0] ?? '');
  const at = root.members.findIndex(({ key }) => key === 'hooks');
  return replaced(text, cutsOf(root, [at]));
}

const cutsOfMembers = (events: JsonNode & { kind: 'object' }, names: string[]): Replacement[] =>
  cutsOf(
    events,
    events.members.flatMap(({ key }, index) => (names.includes(key) ? [index] : [])),
  );

function cutsOfGroups(document: HooksDocument, gone: readonly FoundHook[], event: string): Replacement[] {
  const groups = groupsOf(document, event);
  if (!groups) return [];
  const whole = groups.items.flatMap((group, index) => (isGoneWhole(gone, { event, group, index }) ? [index] : []));
  const kept = groups.items.flatMap((_group, index) => (whole.includes(index) ? [] : [index]));
  const lastKept = kept.at(-1) ?? -1;
  const trailing = whole.filter((index) => index > lastKept);
  const inner = whole.filter((index) => index < lastKept);
  return [
    ...cutsOf(groups, trailing),
    ...inner.flatMap((index) => emptiedGroup(groups.items[index])),
    ...kept.flatMap((index) => cutsInGroup(document, gone, { event, index, group: groups.items[index] })),
  ];
}

const emptiedGroup = (group: JsonNode | undefined): Replacement[] =>
  group ? [{ start: group.start, end: group.end, text: INERT }] : [];

/** Hooks of a group that somebody else shares. */
function cutsInGroup(
  document: HooksDocument,
  gone: readonly FoundHook[],
  { event, index, group }: { event: string; index: number; group: JsonNode | undefined },
): Replacement[] {
  const hooks = group && hooksOfGroup(group);
  const places = gone.filter((hook) => hook.event === event && hook.group === index).map(({ place }) => place);
  if (!hooks || places.length === 0) return [];
  const lastKept = hooks.items.findLastIndex((_hook, place) => !places.includes(place));
  const inner = places.filter((place) => place < lastKept).flatMap((place) => hooks.items[place] ?? []);
  return [
    ...cutsOf(
      hooks,
      places.filter((place) => place > lastKept),
    ),
    ...inner.map(({ start, end }) => ({ start, end, text: '{"type": "command", "command": ""}' })),
  ];
}

/**
 * Cuts several children of one node, with the commas and blanks that came with them: those in front of
 * them, or, for the first ones, those behind.
 */
function cutsOf(node: JsonNode, indexes: readonly number[]): Replacement[] {
  const children = childrenOf(node);
  if (indexes.length === children.length) return [{ start: node.start + 1, end: node.end - 1, text: '' }];
  return runsOf(indexes).flatMap(({ first, last }) => {
    const [from, to] = [children[first], children[last]];
    const [before, next] = [children[first - 1], children[last + 1]];
    if (!from || !to) return [];
    if (before) return [{ start: before.end, end: to.end, text: '' }];
    return [{ start: from.start, end: next?.start ?? to.end, text: '' }];
  });
}

/** Neighbours are cut in one piece. */
function runsOf(indexes: readonly number[]): { first: number; last: number }[] {
  const runs: { first: number; last: number }[] = [];
  for (const index of indexes.toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run && run.last === index - 1) run.last = index;
    else runs.push({ first: index, last: index });
  }
  return runs;
}

function childrenOf(node: JsonNode): { start: number; end: number }[] {
  if (node.kind === 'array') return node.items;
  if (node.kind === 'plain') return [];
  return node.members.map(({ start, value }) => ({ start, end: value.end }));
}

function replaced(text: string, replacements: readonly Replacement[]): string {
  let result = text;
  for (const { start, end, text: put } of replacements.toSorted((a, b) => b.start - a.start))
    result = result.slice(0, start) + put + result.slice(end);
  return result;
}
