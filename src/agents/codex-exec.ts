import path from 'node:path';
import { mcpServerNames } from '../config/codex-mcp-servers.ts';
import { attempt, attemptAsync } from '../kernel/disk-failure.ts';
import { readText } from '../kernel/files.ts';
import { makeFolder, writeNew } from '../kernel/write-files.ts';
import type { Environment } from '../kernel/home.ts';
import { codexHome, homeLayout } from '../kernel/home.ts';
import { realPath } from '../kernel/move-files.ts';
import { withRunFolder } from '../kernel/run-folder.ts';
import type { Ask } from './ask.ts';
import { readCodexEvents } from './codex-events.ts';
import type { AgentWorld } from './subprocess.ts';
import { asOneText, callAgent } from './subprocess.ts';

export interface CodexSettings {
  /** The program and what must stand before its own arguments: `['codex']`. */
  command: readonly string[];
  /** Null: the one that the user's Codex takes. */
  model: string | null;
  timeoutMs: number;
}

/**
 * What Codex could do besides answering (0.169.0). Off, a model is offered two tools, `request_user_input` and
 * `apply_patch`, which have no effect without a person and in a read-only sandbox. A name that another version
 * does not know is a warning there.
 */
const FEATURES_OFF = [
  'shell_tool',
  'unified_exec',
  'shell_snapshot',
  'multi_agent',
  'goals',
  'apps',
  'plugins',
  'view_image',
  'tool_suggest',
  'skill_search',
  'sleep_tool',
  'browser_use',
  'computer_use',
  'image_generation',
  'memories',
];

/**
 * Asks the user's own Codex (its login, its providers) with `codex exec`: no tools, hooks, plugins or MCP servers,
 * no rollout and no database of the user's, in an empty folder, the question on standard input.
 */
export function askCodexExec(settings: CodexSettings, world: AgentWorld): Ask {
  return (question, signal) =>
    attemptAsync(() =>
      withRunFolder(homeLayout(world.home).agentRuns, async (folder) => {
        const at = (name: string): string => path.join(folder, name);
        for (const name of ['workspace', 'tmp', 'state']) makeFolder(at(name));
        if (question.schema) writeNew(at('schema.json'), JSON.stringify(question.schema), { sync: false });
        const temporary = at('tmp');
        const call = {
          name: 'codex',
          argv: codexArguments(settings, world.env, {
            state: at('state'),
            schema: question.schema && at('schema.json'),
          }),
          cwd: at('workspace'),
          env: { PWD: at('workspace'), TMPDIR: temporary, TEMP: temporary, TMP: temporary },
          stdin: asOneText(question),
          timeoutMs: settings.timeoutMs,
          isStep: (line: string) => line.startsWith('{"type":"item.started"'),
          read: readCodexEvents,
        };
        return callAgent(call, world.env, signal);
      }),
    );
}

interface Places {
  /** For Codex's databases and logs. */
  state: string;
  schema: string | undefined;
}

function codexArguments({ command, model }: CodexSettings, env: Environment, { state, schema }: Places): string[] {
  const settings = {
    approval_policy: 'never',
    web_search: 'disabled',
    project_doc_max_bytes: 0,
    include_permissions_instructions: false,
    include_environment_context: false,
    'skills.include_instructions': false,
    sqlite_home: state,
    log_dir: state,
    ...Object.fromEntries(FEATURES_OFF.map((feature) => [`features.${feature}`, false])),
    ...Object.fromEntries(mcpServers(env).map((server) => [`mcp_servers.${server}.enabled`, false])),
  };
  return [
    ...command,
    'exec',
    '--json',
    '--ephemeral',
    '--skip-git-repo-check',
    '--sandbox=read-only',
    // By its own flag: should a version not know it, that is an error, and not a review of our own reviews.
    '--disable=hooks',
    // What TOML and JSON write alike: strings, numbers, booleans.
    ...Object.entries(settings).flatMap(([key, value]) => ['--config', `${key}=${JSON.stringify(value)}`]),
    ...(model === null ? [] : ['--model', model]),
    ...(schema === undefined ? [] : ['--output-schema', schema]),
    '-',
  ];
}

/** Codex adds tables of the command line to those of the file, so each server is switched off by its name. */
function mcpServers(env: Environment): string[] {
  const config = attempt(() => readText(realPath(path.join(codexHome(env), 'config.toml'))));
  const names = config.ok && config.value !== undefined ? mcpServerNames(config.value) : [];
  return names.filter((name) => /^[\w-]+$/.test(name));
}
