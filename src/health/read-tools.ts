import pathModule from 'node:path';
import type { Tool } from '../contracts/status.ts';
import { findProgram } from '../kernel/find-program.ts';
import { NESTED_FLAG } from '../kernel/process.ts';
import { runChild } from '../kernel/run-child.ts';
import type { World } from '../kernel/world.ts';

export interface Tools {
  node: Tool;
  codex: Tool;
  opencode: Tool;
}

export interface ToolOptions {
  /** Programs are not started: only where they lie is said. */
  skipVersions?: boolean;
  /** First words of the commands that config.toml names. */
  codex?: string;
  opencode?: string;
}

/** A launcher that starts Node starts a binary: a second on a slow machine. */
const DEADLINE_MS = 5_000;

/** Node, Codex and opencode: where they lie and which version answers. Never fails, never waits long. */
export async function readTools(world: World, options: ToolOptions = {}): Promise<Tools> {
  const [codex, opencode] = await Promise.all([
    readTool(world, options.codex ?? 'codex', options),
    readTool(world, options.opencode ?? 'opencode', options),
  ]);
  const node = { available: true, path: process.execPath, version: process.versions.node, error: null };
  return { node, codex, opencode };
}

async function readTool(world: World, name: string, options: ToolOptions): Promise<Tool> {
  const path = name.includes('/') || name.includes('\\') ? name : findProgram(name, world.env);
  if (path === undefined) return { available: false, path: null, version: null, error: `no ${name} on the PATH` };
  if (options.skipVersions) return { available: true, path, version: null, error: null };
  const run = await runChild({
    name,
    argv: [path, '--version'],
    // The home may not be there yet, and programs read files of the folder that they start in.
    cwd: pathModule.parse(process.execPath).root,
    env: { ...world.env, [NESTED_FLAG]: '1' },
    stdin: '',
    timeoutMs: DEADLINE_MS,
    maxOutput: 64 * 1024,
    signal: AbortSignal.timeout(DEADLINE_MS * 2),
  });
  const broken = (error: string): Tool => ({ available: false, path, version: null, error });
  if (!run.ok) return broken('detail' in run.failure ? run.failure.detail : run.failure.reason);
  const { ending, exitCode, stdout } = run.value;
  if (ending.by !== 'exit') return broken(`${name} --version did not end within ${DEADLINE_MS / 1_000} s`);
  const [version] = /\d+\.\d+\.\d+[\w.-]*/.exec(stdout) ?? [];
  if (exitCode !== 0 || version === undefined) return broken(`${name} --version ended with ${exitCode ?? 'a signal'}`);
  return { available: true, path, version, error: null };
}
