import path from 'node:path';
import { attempt } from '../kernel/disk-failure.ts';
import { readForeignFile, removeForeignFile } from '../kernel/foreign-file.ts';
import type { Environment } from '../kernel/home.ts';
import { userFolder } from '../kernel/home.ts';
import { runProgram, userId } from '../kernel/run-program.ts';
import type { World } from '../kernel/world.ts';
import { keepBackup } from './backups.ts';
import { PLUGIN } from './codex-files.ts';
import type { CodexHooks, HookTrust } from './trust-status.ts';

/** The Python plugin, as far as it is installed: it writes the same home, so only one of us may run. */
export interface PythonPlugin {
  hooks: HookTrust[];
  /** `name@marketplace` where it is a plugin of Codex. */
  pluginIds: string[];
  /** launchd's job of it. */
  launchdJob: string | null;
}

const LABEL = 'com.codex-self-evolution.preflight';

/** Where launchd looks for jobs of the user. */
const jobFile = (env: Environment): string => path.join(userFolder(env), 'Library', 'LaunchAgents', `${LABEL}.plist`);

/** @returns undefined when nothing of it is there */
export function findPythonPlugin(codexHooks: CodexHooks, env: Environment): PythonPlugin | undefined {
  const own = codexHooks.hooks.filter(({ owner }) => owner === 'python');
  const hooks = own.filter(({ source }) => source !== 'plugin');
  const pluginIds = [...new Set(own.flatMap(({ pluginId }) => pluginId ?? []))];
  const launchdJob = pythonJob(env);
  if (hooks.length === 0 && pluginIds.length === 0 && launchdJob === null) return undefined;
  return { hooks, pluginIds, launchdJob };
}

function pythonJob(env: Environment): string | null {
  const file = jobFile(env);
  const text = attempt(() => readForeignFile(file)?.text ?? '');
  return text.ok && /python|uvx|\buv\b/i.test(text.value) ? file : null;
}

/** How launchd is told to forget a job of the user's. */
export const stopJobCommand = (): string[] => ['launchctl', 'bootout', `gui/${userId() ?? 0}/${LABEL}`];

/** Stops launchd's job of it and takes its file away, with a backup: it would go on writing the same home. */
export function removePythonJob(world: World, file: string): void {
  const text = readForeignFile(file)?.text;
  if (text === undefined) return;
  keepBackup(world, file, text);
  // A job that is not loaded is refused, and is as good as stopped.
  runProgram({ argv: stopJobCommand(), env: world.env });
  removeForeignFile(file);
}

/** What of it is there, for people. */
export function describePython({ hooks, pluginIds, launchdJob }: PythonPlugin): string {
  const parts = [
    ...(hooks.length > 0
      ? [`${hooks.length} of its hooks in ${[...new Set(hooks.map(({ file }) => file))].join(', ')}`]
      : []),
    ...pluginIds.map((id) => `the plugin ${id}`),
    ...(launchdJob === null ? [] : [`its job ${launchdJob}`]),
  ];
  return `The Python version of ${PLUGIN} is installed (${parts.join('; ')})`;
}
