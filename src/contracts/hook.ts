import * as v from 'valibot';

const nullableText = v.nullable(v.string());
const common = { session_id: v.string(), transcript_path: v.optional(nullableText, null), cwd: v.string() };

/**
 * What Codex 0.169 writes to a hook's stdin (measured; unknown keys are its business, not ours).
 * Hooks themselves check by hand (hooks/hook-input.ts): loading a schema library would cost more
 * than the hook does.
 */
export const SessionStartInput = v.looseObject({
  ...common,
  hook_event_name: v.literal('SessionStart'),
  source: v.optional(v.picklist(['startup', 'resume', 'clear', 'compact', 'fork']), 'startup'),
  model: v.optional(v.string()),
  permission_mode: v.optional(v.string()),
});
export type SessionStartInput = v.InferOutput<typeof SessionStartInput>;

export const StopInput = v.looseObject({
  ...common,
  hook_event_name: v.literal('Stop'),
  turn_id: v.optional(v.string(), ''),
  stop_hook_active: v.optional(v.boolean(), false),
  last_assistant_message: v.optional(nullableText, null),
  agent_id: v.optional(v.string()),
  model: v.optional(v.string()),
  permission_mode: v.optional(v.string()),
});
export type StopInput = v.InferOutput<typeof StopInput>;

export const UserPromptSubmitInput = v.looseObject({
  ...common,
  hook_event_name: v.literal('UserPromptSubmit'),
  turn_id: v.optional(v.string(), ''),
  prompt: v.string(),
  agent_id: v.optional(v.string()),
  agent_type: v.optional(v.string()),
});
export type UserPromptSubmitInput = v.InferOutput<typeof UserPromptSubmitInput>;

/** The only thing that a hook of ours ever prints. Absent context means: print nothing at all. */
export const HookOutput = v.strictObject({
  hookSpecificOutput: v.optional(
    v.strictObject({
      hookEventName: v.picklist(['SessionStart', 'UserPromptSubmit']),
      additionalContext: v.pipe(v.string(), v.minLength(1)),
    }),
  ),
  systemMessage: v.optional(v.string()),
});
export type HookOutput = v.InferOutput<typeof HookOutput>;

/** Payload file of `stop-review --hook-payload`. */
export const StopPayload = v.looseObject({
  thread_id: v.optional(v.string()),
  turn_id: v.optional(v.string()),
  session_id: v.optional(v.string()),
  cwd: v.optional(v.string()),
  transcript: v.optional(v.unknown()),
  transcript_path: v.optional(nullableText),
  thread_read_output: v.optional(v.unknown()),
  thread_read_path: v.optional(nullableText),
  last_assistant_message: v.optional(nullableText),
  triggered_at: v.optional(v.string()),
  reviewer_provider: v.optional(nullableText),
  provider_stub_response: v.optional(v.unknown()),
});
export type StopPayload = v.InferOutput<typeof StopPayload>;
