import path from 'node:path';
import { attemptAsync } from '../kernel/disk-failure.ts';
import { makeFolder, writeNew } from '../kernel/write-files.ts';
import { homeLayout } from '../kernel/home.ts';
import { withRunFolder } from '../kernel/run-folder.ts';
import type { Ask, Question } from './ask.ts';
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
 * Asks the user's own Codex (its login, its providers) with `codex exec`: no tools, no hooks, no rollout, in an
 * empty folder, the question on standard input.
 */
export function askCodexExec(settings: CodexSettings, world: AgentWorld): Ask {
  return (question, signal) =>
    attemptAsync(() =>
      withRunFolder(homeLayout(world.home).agentRuns, async (folder) => {
        const workspace = path.join(folder, 'workspace');
        const temporary = path.join(folder, 'tmp');
        makeFolder(workspace);
        makeFolder(temporary);
        return callAgent(
          {
            name: 'codex',
            argv: codexArguments(settings, question, folder),
            cwd: workspace,
            env: { PWD: workspace, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
            stdin: asOneText(question),
            timeoutMs: settings.timeoutMs,
            isStep: (line) => line.includes('"type":"item.started"'),
            read: readCodexEvents,
          },
          world.env,
          signal,
        );
      }),
    );
}

function codexArguments({ command, model }: CodexSettings, { schema }: Question, folder: string): string[] {
  const schemaFile = path.join(folder, 'schema.json');
  if (schema) writeNew(schemaFile, JSON.stringify(schema), { sync: false });
  return [
    ...command,
    'exec',
    '--json',
    '--ephemeral',
    '--skip-git-repo-check',
    '--sandbox=read-only',
    '--config=approval_policy="never"',
    '--disable=hooks',
    ...(model === null ? [] : ['--model', model]),
    ...(schema ? ['--output-schema', schemaFile] : []),
    '-',
  ];
}
