import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import { ownerOf } from './hook-owner.ts';
import { withGroup } from './hooks-json-add.ts';
import { withHookReplaced, withoutHooks } from './hooks-json-remove.ts';
import { EMPTY_HOOKS, readHooksDocument } from './hooks-json.ts';
import type { FoundHook, HooksDocument } from './hooks-json.ts';
import type { ourGroups } from './our-hooks.ts';

export interface HooksPlan {
  /** Undefined: no file is needed. */
  text: string | undefined;
  /** In the planned text. */
  hooks: FoundHook[];
}

/** What is to become of a hooks file. */
export interface HooksWish {
  /** None: ours go. */
  groups: ReturnType<typeof ourGroups>;
  /** Those of the Python plugin go, too. */
  replacePython: boolean;
}

/**
 * Plans a hooks file: our hooks once each, as they should be; every other stays where it is.
 * @param text undefined when there is no file
 * @returns Failure `file-invalid` with the place for a file that Codex would reject
 */
export function planHooksFile(file: string, text: string | undefined, wish: HooksWish): Result<HooksPlan> {
  const read = readHooksDocument(file, text ?? `${EMPTY_HOOKS}\n`);
  if (!read.ok) return read;
  let document = read.value;
  const change = (next: string): void => {
    // What we have written ourselves is readable.
    const again = readHooksDocument(file, next);
    if (again.ok) document = again.value;
  };
  if (wish.replacePython) change(withoutHooks(document, ({ command }) => ownerOf(command) === 'python'));
  change(withoutHooks(document, (hook) => isOurs(hook) && !isFirst(document, hook, wish)));
  for (const { event, group } of wish.groups) {
    const [wanted] = group.hooks;
    const present = document.hooks.find((hook) => hook.event === event && isOurs(hook));
    if (!present) change(withGroup(document, { event, group: { ...group } }));
    else if (wanted && !isAsWanted(present, wanted)) change(withHookReplaced(document, present, { ...wanted }));
  }
  if (text === undefined && document.hooks.length === 0) return succeed({ text: undefined, hooks: [] });
  return succeed({ text: document.text, hooks: document.hooks });
}

const isOurs = ({ command }: FoundHook): boolean => ownerOf(command) === 'ours';

/** Of several for one event the first stays: its number is the one that trust may hang on. */
function isFirst(document: HooksDocument, hook: FoundHook, { groups }: HooksWish): boolean {
  if (!groups.some(({ event }) => event === hook.event)) return false;
  return document.hooks.find((other) => other.event === hook.event && isOurs(other)) === hook;
}

type OurHook = ReturnType<typeof ourGroups>[number]['group']['hooks'][number];

function isAsWanted(present: FoundHook, wanted: OurHook): boolean {
  return (
    present.command === wanted.command &&
    present.timeout === wanted.timeout &&
    present.additionalContextLimit === wanted.additionalContextLimit &&
    present.async !== true &&
    present.statusMessage === undefined &&
    (present.matcher ?? '') === ''
  );
}
