import pluginHooks from '../../hooks/hooks.json' with { type: 'json' };
import { OUR_EVENTS } from './hook-events.ts';
import type { OurEvent } from './hook-events.ts';
import { cmdWord, shellWord } from './shell-word.ts';

/** One hook of ours as hooks.json has it. */
export interface OurHook {
  type: 'command';
  command: string;
  commandWindows?: string;
  timeout: number;
  additionalContextLimit?: number;
}

const SUBCOMMANDS: Record<OurEvent, string> = {
  SessionStart: 'session-start',
  UserPromptSubmit: 'prompt-recall',
  Stop: 'stop-review',
};

/**
 * The groups that `install` puts into hooks.json: limits as the plugin has them, and the launcher as the
 * program. Where the launcher is gone the shell's complaint must not become the hook's.
 *
 * @param launcher absolute path
 * @param platform of `process.platform`
 */
export function ourGroups(launcher: string, platform: string): { event: OurEvent; group: { hooks: OurHook[] } }[] {
  return OUR_EVENTS.map((event) => {
    const call = `${SUBCOMMANDS[event]} --from-stdin`;
    const limits = limitsOf(event);
    const command = `${shellWord(launcher)} ${call} || exit 0`;
    const windows = platform === 'win32' ? { commandWindows: `${cmdWord(launcher)} ${call}` } : {};
    return { event, group: { hooks: [{ type: 'command', command, ...windows, ...limits }] } };
  });
}

function limitsOf(event: OurEvent): { timeout: number; additionalContextLimit?: number } {
  const [group] = pluginHooks.hooks[event];
  const [hook] = group?.hooks ?? [];
  const limit = hook && 'additionalContextLimit' in hook ? hook.additionalContextLimit : undefined;
  return { timeout: hook?.timeout ?? 10, ...(typeof limit === 'number' ? { additionalContextLimit: limit } : {}) };
}
