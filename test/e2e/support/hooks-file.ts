import { createHash } from 'node:crypto';
import * as v from 'valibot';

/** hooks.json as Codex 0.169 reads it; one more key at the top and it rejects the whole file. */
export const HooksFile = v.strictObject({
  description: v.optional(v.string()),
  hooks: v.record(
    v.string(),
    v.array(
      v.strictObject({
        matcher: v.optional(v.string()),
        hooks: v.array(
          v.strictObject({
            type: v.literal('command'),
            command: v.string(),
            commandWindows: v.optional(v.string()),
            timeout: v.optional(v.pipe(v.number(), v.integer())),
            async: v.optional(v.boolean()),
            statusMessage: v.optional(v.string()),
            additionalContextLimit: v.optional(v.number()),
          }),
        ),
      }),
    ),
  ),
});
export type HooksFile = v.InferOutput<typeof HooksFile>;
type Hook = HooksFile['hooks'][string][number]['hooks'][number];

const DEFAULT_TIMEOUT_SECONDS = 600;
const DEFAULT_CONTEXT_LIMIT = 2500;
const WITHOUT_MATCHER = new Set(['UserPromptSubmit', 'Stop', 'Interrupt', 'PreModelRequest', 'PostModelRequest']);
const WITH_CONTEXT = new Set(['SessionStart', 'UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'SubagentStart']);

/**
 * The tables that make Codex trust every hook of a file, for config.toml: what a person does with
 * `/hooks`. `keyPrefix` is the file's absolute path.
 */
export function trustTables(file: HooksFile, keyPrefix: string): string {
  return Object.entries(file.hooks)
    .flatMap(([event, groups]) =>
      groups.flatMap(({ matcher, hooks }, group) =>
        hooks.map((hook, place) => {
          const key = `${keyPrefix}:${snakeCase(event)}:${group}:${place}`;
          const hash = trustedHash(event, matcher, hook);
          return `\n[hooks.state.${JSON.stringify(key)}]\ntrusted_hash = "${hash}"\n`;
        }),
      ),
    )
    .join('');
}

/**
 * Measured on 0.169: sha256 of one hook as compact JSON with sorted keys, the default timeout filled
 * in, but the default limit left out even where the file has it.
 */
function trustedHash(event: string, matcher: string | undefined, hook: Hook): string {
  const identity = {
    event_name: snakeCase(event),
    matcher: WITHOUT_MATCHER.has(event) ? undefined : matcher,
    hooks: [
      {
        type: hook.type,
        command: hook.command,
        timeout: hook.timeout ?? DEFAULT_TIMEOUT_SECONDS,
        async: hook.async ?? false,
        statusMessage: hook.statusMessage,
        additionalContextLimit: limitCounts(event, hook) ? hook.additionalContextLimit : undefined,
      },
    ],
  };
  return `sha256:${createHash('sha256').update(sortedJson(identity)).digest('hex')}`;
}

function limitCounts(event: string, hook: Hook): boolean {
  return WITH_CONTEXT.has(event) && hook.additionalContextLimit !== DEFAULT_CONTEXT_LIMIT;
}

function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function snakeCase(event: string): string {
  return event.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
}
