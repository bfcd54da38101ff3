import { sha256 } from '../kernel/digest.ts';
import { eventInKey, ignoresMatcher, takesContext, timeoutOf } from './hook-events.ts';

/** What of one hook goes into its hash. */
export interface HookIdentity {
  event: string;
  /** Of the group; undefined when it has none. */
  matcher: string | undefined;
  command: string;
  timeout?: number | undefined;
  async?: boolean | undefined;
  statusMessage?: string | undefined;
  additionalContextLimit?: number | undefined;
}

/** Codex leaves the limit out of the hash where it is the default. */
const DEFAULT_CONTEXT_LIMIT = 2_500;

/**
 * What Codex 0.169 compares with `trusted_hash` (measured): sha256 of one hook as compact JSON with
 * sorted keys, its defaults filled in and what is absent left out.
 */
export function trustedHash(hook: HookIdentity): string {
  const limit = hook.additionalContextLimit;
  const limitCounts = takesContext(hook.event) && limit !== DEFAULT_CONTEXT_LIMIT;
  const identity = {
    event_name: eventInKey(hook.event),
    hooks: [
      {
        additionalContextLimit: limitCounts ? limit : undefined,
        async: hook.async ?? false,
        command: hook.command,
        statusMessage: hook.statusMessage,
        timeout: timeoutOf(hook.event, hook.timeout),
        type: 'command',
      },
    ],
    matcher: ignoresMatcher(hook.event) ? undefined : hook.matcher,
  };
  // The keys above stand in the order of the alphabet, and undefined ones are left out.
  return `sha256:${sha256(JSON.stringify(identity))}`;
}

/** Key of one hook in `[hooks.state]`. `source` is the file's path, or `plugin@marketplace:hooks/hooks.json`. */
export const trustKey = (source: string, event: string, group: number, place: number): string =>
  `${source}:${eventInKey(event)}:${group}:${place}`;
