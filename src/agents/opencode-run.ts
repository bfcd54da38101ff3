import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { attemptAsync } from '../kernel/disk-failure.ts';
import { homeLayout } from '../kernel/home.ts';
import { withRunFolder } from '../kernel/run-folder.ts';
import type { Ask } from './ask.ts';
import type { AgentWorld } from './subprocess.ts';

export interface OpencodeSettings {
  /**
   * One word: the program, which gets our arguments. Several: the whole command, in which `<payload>` stands for
   * the path of a private file; without it the payload goes to standard input.
   */
  command: readonly string[];
  /** `provider/model`; null refuses, since opencode would send the payload to a provider of its own choice. */
  model: string | null;
  /** An agent that the user has defined; its tools are denied all the same. */
  agent: string | null;
  timeoutMs: number;
}

/**
 * Asks the user's own opencode (its providers, its login) with `opencode run`: one request, no tools, in an empty
 * folder, with a database of its own.
 *
 * @returns an Ask; its failure is `not-configured` when the settings cannot work (`checkOpencode` tells beforehand)
 */
export function askOpencode(settings: OpencodeSettings, world: AgentWorld): Ask {
  return async (_question, _signal) => {
    const checked = checkOpencode(settings);
    if (!checked.ok) return checked;
    return attemptAsync(() =>
      withRunFolder(homeLayout(world.home).agentRuns, async (folder) =>
        fail({ reason: 'agent-unavailable', agent: 'opencode', detail: path.basename(folder) }),
      ),
    );
  };
}

/** Whether opencode can be asked with these settings, without asking it. */
export function checkOpencode({ model }: OpencodeSettings): Result<void> {
  if (model !== null && /^[^/\s]+\/\S+$/.test(model)) return succeed(undefined);
  return fail({
    reason: 'not-configured',
    what: 'opencode',
    fix: 'Name the model as provider/model, as `opencode models` lists them: CODEX_SELF_EVOLUTION_OPENCODE_MODEL, or model in config.toml. Without it opencode would send the session to a hosted provider of its own choice.',
  });
}
