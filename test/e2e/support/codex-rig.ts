import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { inject } from 'vitest';
import { type Call, withAppServer } from './app-server.ts';
import { type Ended, processesWith, run } from './child.ts';
import { codexConfig } from '../../../scripts/mock-model.mjs';
import { type HooksFile, trustTables } from './hooks-file.ts';
import type { ModelRequest } from './model-request.ts';
import { type ModelServer, startModelServer } from './model-server.ts';
import { waitFor } from './wait-for.ts';

const SESSION_DEADLINE_MS = 90_000;
const COMMAND_DEADLINE_MS = 60_000;
const WORKERS_END_WITHIN_MS = 30_000;

/** One ended `codex exec`. */
export interface Session extends Ended {
  /** What this run sent to the model, in order. */
  requests: ModelRequest[];
}

interface SessionOptions {
  /** More arguments for `codex exec`, before the prompt. */
  args?: readonly string[];
  env?: Record<string, string>;
}

/** A Codex of its own: nothing of the machine's Codex is read or written. */
export interface CodexRig {
  codexHome: string;
  /** CODEX_SELF_EVOLUTION_HOME; it does not exist before our program makes it. */
  home: string;
  /** A git repository with one commit, the sessions' cwd. */
  repo: string;
  /** The sessions' TMPDIR; a test may put things there too. */
  temporary: string;
  env: Record<string, string>;
  model: ModelServer;
  /** `codex exec PROMPT` with a closed stdin. */
  exec: (prompt: string, options?: SessionOptions) => Promise<Session>;
  /** `codex exec resume --last PROMPT`: the session before goes on. */
  resume: (prompt: string, options?: SessionOptions) => Promise<Session>;
  /** Any other Codex command; throws when it fails. */
  codex: (...args: string[]) => Promise<string>;
  appServer: <T>(use: (call: Call) => Promise<T>) => Promise<T>;
  /** Runs `codex-self-evolution` in the repository and reads the JSON that it prints; throws when it fails. */
  program: (args: readonly string[], options?: { env?: Record<string, string> }) => Promise<unknown>;
  /** Writes `$CODEX_HOME/hooks.json`; trust is a separate decision, as it is for a person. */
  writeHooks: (file: HooksFile) => void;
  trustHooks: (file: HooksFile) => void;
  /** Resolves when no process of this rig is left (a worker outlives the session that started it). */
  quiet: (withinMs?: number) => Promise<void>;
}

/**
 * Gives `use` a fresh Codex in a temporary folder, and removes all of it. Fails when a process is
 * still there half a minute later (and kills it), or when Codex asked the mock for something unknown.
 */
export async function withCodex(use: (rig: CodexRig) => Promise<void>, codexHomeName = 'codex-home'): Promise<void> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'csep-e2e-')));
  const model = await startModelServer();
  const rig = await layOut(root, model, codexHomeName);
  try {
    await use(rig);
    await rig.quiet();
    if (model.strangers.length > 0) throw new Error(`Codex asked for ${model.strangers.join(', ')}`);
  } finally {
    for (const pid of processesWith('CODEX_HOME', rig.codexHome)) endProcess(pid);
    await model.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function layOut(root: string, model: ModelServer, codexHomeName: string): Promise<CodexRig> {
  const folder = (name: string): string => {
    const path = join(root, name);
    mkdirSync(path);
    return path;
  };
  const codexHome = folder(codexHomeName);
  const repo = folder('repo');
  const temporary = folder('tmp');
  const home = join(root, 'self-evolution');
  const env = environment({
    HOME: folder('user-home'),
    TMPDIR: temporary,
    CODEX_HOME: codexHome,
    CODEX_SELF_EVOLUTION_HOME: home,
  });
  writeFileSync(join(codexHome, 'config.toml'), codexConfig(model.baseUrl));
  await firstCommit(repo, env);

  const launcher = inject('codexLauncher');
  const node = (args: readonly string[], more: Record<string, string>, deadlineMs: number): Promise<Ended> =>
    run(process.execPath, args, { cwd: repo, env: { ...env, ...more }, deadlineMs });
  const session = async (args: readonly string[], options: SessionOptions = {}): Promise<Session> => {
    const before = model.requests.length;
    const ended = await node([launcher, 'exec', ...args], options.env ?? {}, SESSION_DEADLINE_MS);
    return { ...ended, requests: model.requests.slice(before) };
  };
  const hooksPath = join(codexHome, 'hooks.json');
  return {
    codexHome,
    home,
    repo,
    temporary,
    env,
    model,
    exec: (prompt, options = {}) => session([...(options.args ?? []), prompt], options),
    resume: (prompt, options = {}) => session(['resume', '--last', ...(options.args ?? []), prompt], options),
    codex: async (...args) => succeeded(args, await node([launcher, ...args], {}, COMMAND_DEADLINE_MS)),
    appServer: (use) =>
      withAppServer(
        { command: process.execPath, args: [launcher, 'app-server'], cwd: repo, env, deadlineMs: COMMAND_DEADLINE_MS },
        use,
      ),
    program: async (args, options = {}) => {
      const cli = join(inject('pluginRoot'), 'dist', 'cli.js');
      const ended = await node([cli, ...args], options.env ?? {}, COMMAND_DEADLINE_MS);
      return jsonFrom(args, succeeded(args, ended));
    },
    writeHooks: (file) => writeFileSync(hooksPath, JSON.stringify(file, null, 2)),
    trustHooks: (file) => appendFileSync(join(codexHome, 'config.toml'), trustTables(file, hooksPath)),
    quiet: async (withinMs = WORKERS_END_WITHIN_MS) => {
      await waitFor('the last process of this Codex to end', () => nobodyLivesIn(codexHome), withinMs);
    },
  };
}

/** What the session asked the model first; throws when it asked nothing. */
export function firstRequest({ requests: [request], stderr }: Session): ModelRequest {
  if (request === undefined) throw new Error(`the session sent no request: ${stderr}`);
  return request;
}

/** Lines in which Codex tells of a hook that did not complete, or warns. */
export function complaints(session: Session): string[] {
  return session.stderr.split('\n').filter((line) => /^hook: .*(Failed|Blocked|Stopped)|^warning:/i.test(line));
}

/** Only what a shell needs: a key or a proxy of the machine must not reach Codex. */
function environment(own: Record<string, string>): Record<string, string> {
  return {
    PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
    SHELL: process.env['SHELL'] ?? '/bin/sh',
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
    MOCK_KEY: 'no-key',
    ...own,
  };
}

async function firstCommit(repo: string, env: Record<string, string>): Promise<void> {
  writeFileSync(join(repo, 'README.md'), 'scratch\n');
  const git = async (...args: string[]): Promise<void> => {
    const identity = ['-c', 'user.email=somebody@example.com', '-c', 'user.name=somebody'];
    succeeded(args, await run('git', [...identity, ...args], { cwd: repo, env, deadlineMs: COMMAND_DEADLINE_MS }));
  };
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'first');
}

function succeeded(args: readonly string[], ended: Ended): string {
  if (ended.exitCode === 0) return ended.stdout;
  throw new Error(`${args.join(' ')} ended with ${ended.exitCode ?? ended.signal}: ${ended.stderr || ended.stdout}`);
}

function jsonFrom(args: readonly string[], stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new Error(`${args.join(' ')} printed no JSON but ${JSON.stringify(stdout)}`, { cause });
  }
}

function nobodyLivesIn(codexHome: string): boolean {
  return processesWith('CODEX_HOME', codexHome).length === 0;
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}
