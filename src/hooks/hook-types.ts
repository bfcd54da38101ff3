import type { Environment } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';

/** How Codex (or the detached worker's parent) called us: all that a hook takes from its surroundings. */
export interface HookCall {
  /** Arguments behind the program's name. */
  argv: readonly string[];
  env: Environment;
  /** Asked only when needed, and inside of what fails open: a folder that is gone makes Node throw. */
  workingFolder: () => string;
  /** Folder of the installed bundles: csep.js lies there. */
  programFolder: string;
  /** Ends the program with exit code 0, whatever still runs. */
  leave: () => void;
}

/** What one hook is given. */
export interface HookRun {
  world: World;
  call: HookCall;
  /** What arrived on stdin, at most `INPUT_BYTES`. */
  input: Buffer;
  /** `--name value` or `--name=value`; undefined when it is not there. */
  flag(name: string): string | undefined;
}

/** What one hook answers. */
export interface HookAnswer {
  /** Context for the model; absent: print nothing (an empty one would be an empty developer message). */
  context?: { event: 'SessionStart' | 'UserPromptSubmit'; text: string };
  /** Shown to the user, never sent to the model. */
  notice?: string | undefined;
  /** For the line in the log. */
  facts: Record<string, unknown>;
  /** What is done once the answer is written; its facts are for the line in the log, too. */
  after?: (() => Promise<Record<string, unknown>>) | undefined;
}
