/**
 * Text that a harness put into a user message. Today's rollouts name it (`content_item_kinds`);
 * older ones only have these tags and first lines.
 */

const TAGS = [
  'environment_context',
  'user_instructions',
  'INSTRUCTIONS',
  'turn_context',
  'ide_context',
  'app-context',
  'hook_prompt',
  'subagent_notification',
  'skills_instructions',
  'skill',
  'permissions instructions',
  'tools',
  'turn_aborted',
  'user_shell_command',
  'user_action',
  'recommended_plugins',
  'plugins_instructions',
  'apps_instructions',
  'collaboration_mode',
  'personality_spec',
  'model_switch',
  'project_context',
  'system-reminder',
];

const BLOCK = new RegExp(`<(${TAGS.join('|')})(?:\\s[^>]*)?>[\\s\\S]*?</\\1>`, 'giu');

/** A block that was cut off: everything from the tag on. Only at the beginning, where a harness puts it. */
const OPEN_BLOCK = new RegExp(`^\\s*<(?:${TAGS.join('|')})(?:\\s[^>]*)?>[\\s\\S]*$`, 'iu');

/** First words of messages that a program wrote from beginning to end. */
const MACHINE_MESSAGES = [
  '# AGENTS.md instructions',
  'Another language model started to solve this problem',
  'You were originally given instructions from a user over one or more turns',
  'Warning: apply_patch was requested via',
];

/** An editor's extension puts its state in front of what the user typed. */
const IDE_PREFIX = '# Context from my IDE setup';
const IDE_REQUEST = /^## My request for Codex:?[^\n]*\n/mu;

/** The user's own words in a user message; empty when there are none. */
export function userWords(text: string): string {
  const own = afterIdeContext(text).replaceAll(BLOCK, '').replace(OPEN_BLOCK, '').trim();
  return MACHINE_MESSAGES.some((start) => own.startsWith(start)) ? '' : own;
}

function afterIdeContext(text: string): string {
  if (!text.trimStart().startsWith(IDE_PREFIX)) return text;
  const request = IDE_REQUEST.exec(text);
  return request ? text.slice(request.index + request[0].length) : '';
}
