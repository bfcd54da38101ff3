import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { isHookEvent } from './hook-events.ts';
import { placeOf, readJsonSpans } from './json-spans.ts';
import type { JsonMember, JsonNode } from './json-spans.ts';
import type { HookIdentity } from './trust-hash.ts';

/** One hook of a hooks file, with the place that its trust is bound to. */
export interface FoundHook extends HookIdentity {
  /** Index of its group among those of the event. */
  group: number;
  /** Index in the group. */
  place: number;
}

/** A hooks file that Codex would accept. */
export interface HooksDocument {
  text: string;
  root: JsonNode & { kind: 'object' };
  hooks: FoundHook[];
}

type ObjectNode = JsonNode & { kind: 'object' };
type ArrayNode = JsonNode & { kind: 'array' };

/** Codex rejects a file with any other key at its top, and with any other type of hook (0.169). */
const TOP_KEYS = ['description', 'hooks'];
const HOOK_TYPES = ['command', 'mcp_tool', 'prompt', 'agent'];

/** A hooks file that holds nothing: what is read where there is none. */
export const EMPTY_HOOKS = '{}';

/**
 * Reads hooks.json as strictly as Codex does: what Codex would reject as a whole is refused with its place.
 * @returns Failure `file-invalid` with line and column
 */
export function readHooksDocument(file: string, text: string): Result<HooksDocument> {
  const reading = readJsonSpans(text);
  if (!reading.ok) return invalid(file, text, reading.at, reading.problem);
  const { root } = reading;
  const wrong = whatCodexRejects(root);
  if (wrong) return invalid(file, text, wrong.at, wrong.problem);
  if (root.kind !== 'object') return invalid(file, text, root.start, NO_OBJECT);
  return succeed({ text, root, hooks: hooksIn(root) });
}

const NO_OBJECT = 'a hooks file is an object';

function invalid(file: string, text: string, at: number, problem: string): Result<never> {
  const { line, column } = placeOf(text, at);
  return fail({ reason: 'file-invalid', path: file, detail: `line ${line}, column ${column}: ${problem}` });
}

interface Wrong {
  at: number;
  problem: string;
}

function whatCodexRejects(root: JsonNode): Wrong | undefined {
  if (root.kind !== 'object') return { at: root.start, problem: NO_OBJECT };
  const stranger = root.members.find(({ key }) => !TOP_KEYS.includes(key));
  if (stranger) return { at: stranger.start, problem: `Codex rejects a hooks file with the key "${stranger.key}"` };
  const hooks = memberOf(root, 'hooks')?.value;
  if (!hooks) return undefined;
  if (hooks.kind !== 'object') return { at: hooks.start, problem: '"hooks" is an object of events' };
  return firstWrong(hooks.members, wrongEvent);
}

function wrongEvent({ key, value }: JsonMember): Wrong | undefined {
  if (!isHookEvent(key)) return undefined;
  if (value.kind !== 'array') return { at: value.start, problem: `"${key}" is a list of groups` };
  return firstWrong(value.items, wrongGroup);
}

function wrongGroup(group: JsonNode): Wrong | undefined {
  if (group.kind !== 'object') return { at: group.start, problem: 'a group of hooks is an object' };
  const hooks = memberOf(group, 'hooks')?.value;
  if (!hooks) return undefined;
  if (hooks.kind !== 'array') return { at: hooks.start, problem: '"hooks" of a group is a list' };
  return firstWrong(hooks.items, wrongHook);
}

function wrongHook(hook: JsonNode): Wrong | undefined {
  if (hook.kind !== 'object') return { at: hook.start, problem: 'a hook is an object' };
  const type = textOf(hook, 'type');
  if (type === undefined || !HOOK_TYPES.includes(type))
    return { at: hook.start, problem: `a hook has a type of ${HOOK_TYPES.join(', ')}` };
  const timeout = memberOf(hook, 'timeout')?.value;
  if (timeout && !(timeout.kind === 'plain' && Number.isInteger(timeout.value) && Number(timeout.value) >= 0))
    return { at: timeout.start, problem: 'a timeout is a whole number of seconds' };
  return undefined;
}

function firstWrong<T>(entries: readonly T[], wrongOf: (entry: T) => Wrong | undefined): Wrong | undefined {
  for (const entry of entries) {
    const wrong = wrongOf(entry);
    if (wrong) return wrong;
  }
  return undefined;
}

const memberOf = (node: ObjectNode, key: string): JsonMember | undefined =>
  node.members.find((member) => member.key === key);

/** The object of events, if the file has one. */
export function eventsOf(document: HooksDocument): ObjectNode | undefined {
  const hooks = memberOf(document.root, 'hooks')?.value;
  return hooks?.kind === 'object' ? hooks : undefined;
}

/** The list of an event's groups, if the file has one. */
export function groupsOf(document: HooksDocument, event: string): ArrayNode | undefined {
  const events = eventsOf(document);
  const groups = events && memberOf(events, event)?.value;
  return groups?.kind === 'array' ? groups : undefined;
}

/** The list of a group's hooks, if it has one. */
export function hooksOfGroup(group: JsonNode): ArrayNode | undefined {
  const hooks = group.kind === 'object' ? memberOf(group, 'hooks')?.value : undefined;
  return hooks?.kind === 'array' ? hooks : undefined;
}

function hooksIn(root: ObjectNode): FoundHook[] {
  const events = memberOf(root, 'hooks')?.value;
  if (events?.kind !== 'object') return [];
  return events.members.flatMap(({ key, value }) =>
    isHookEvent(key) && value.kind === 'array' ? value.items.flatMap((group, index) => hooksOf(key, group, index)) : [],
  );
}

function hooksOf(event: string, group: JsonNode, index: number): FoundHook[] {
  if (group.kind !== 'object') return [];
  const matcher = textOf(group, 'matcher');
  return (hooksOfGroup(group)?.items ?? []).flatMap((hook, place) => {
    if (hook.kind !== 'object' || textOf(hook, 'type') !== 'command') return [];
    const command = textOf(hook, 'command') ?? '';
    // Codex skips what has no command, and counts it all the same.
    if (command.trim() === '') return [];
    return [
      {
        event,
        matcher,
        group: index,
        place,
        command,
        timeout: numberOf(hook, 'timeout'),
        async: plainOf(hook, 'async') === true,
        statusMessage: textOf(hook, 'statusMessage'),
        additionalContextLimit: numberOf(hook, 'additionalContextLimit'),
      },
    ];
  });
}

function plainOf(node: ObjectNode, key: string): unknown {
  const value = memberOf(node, key)?.value;
  return value?.kind === 'plain' ? value.value : undefined;
}

function textOf(node: ObjectNode, key: string): string | undefined {
  const value = plainOf(node, key);
  return typeof value === 'string' ? value : undefined;
}

function numberOf(node: ObjectNode, key: string): number | undefined {
  const value = plainOf(node, key);
  return typeof value === 'number' ? value : undefined;
}
