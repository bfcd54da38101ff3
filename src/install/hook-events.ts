/** Codex's names of the events of hooks, as hooks.json has them and as the keys of trust have them (0.169). */
const HOOK_EVENTS = [
  'SessionStart',
  'SessionEnd',
  'UserPromptSubmit',
  'PreToolUse',
  'PermissionRequest',
  'PostToolUse',
  'PreCompact',
  'PostCompact',
  'SubagentStart',
  'SubagentStop',
  'Stop',
  'Interrupt',
  'PreModelRequest',
  'PostModelRequest',
] as const;

/** Codex passes over the groups of any other event. */
export const isHookEvent = (name: string): boolean => HOOK_EVENTS.some((event) => event === name);

/** `SessionStart` → `session_start`. */
export const eventInKey = (event: string): string => event.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();

/** The events at which our hooks run. */
export const OUR_EVENTS = ['SessionStart', 'UserPromptSubmit', 'Stop'] as const;
export type OurEvent = (typeof OUR_EVENTS)[number];

/** Ends at these may take a second, and three at most. */
const SHORT_EVENTS = ['SessionEnd', 'Interrupt'];
/** Where Codex ignores a matcher. */
const WITHOUT_MATCHER = ['UserPromptSubmit', 'Stop', 'Interrupt', 'PreModelRequest', 'PostModelRequest'];
/** Where a hook may add context. */
const WITH_CONTEXT = ['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'SubagentStart'];

export const ignoresMatcher = (event: string): boolean => WITHOUT_MATCHER.includes(event);
export const takesContext = (event: string): boolean => WITH_CONTEXT.includes(event);

/** Seconds that Codex gives a hook of that event, with what the file says about it. */
export function timeoutOf(event: string, given: number | undefined): number {
  const isShort = SHORT_EVENTS.includes(event);
  const seconds = Math.max(1, given ?? (isShort ? 1 : 600));
  return isShort ? Math.min(seconds, 3) : seconds;
}
