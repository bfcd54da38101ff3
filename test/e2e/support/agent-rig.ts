import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { installOpencode } from '../../../scripts/install-opencode.mjs';
import { type AgentModel, startAgentModel } from './agent-model.ts';
import { processesWith } from './child.ts';
import { codexConfig } from '../../../scripts/mock-model.mjs';

/** Key that only the login file of the user's opencode holds. */
export const LOGIN_KEY = 'login-of-the-user-4711';
/** What a file beside the user's opencode configuration holds, for a header. */
export const TEAM = 'team-blue';

/** A person with a Codex and an opencode that talk to a mock, and a home of ours. */
export interface AgentRig {
  root: string;
  home: string;
  userHome: string;
  codexHome: string;
  env: Record<string, string>;
  model: AgentModel;
  /** What an MCP server of the user's would write; it does not exist as long as none was started. */
  mcpWasStarted: string;
  /** Processes that belong to this rig, however they came about. */
  processes: () => number[];
}

/** Gives `use` a person's machine in a temporary folder and removes it; fails when a process of it is left. */
export async function withAgents(use: (rig: AgentRig) => Promise<void>): Promise<void> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'csep-agents-e2e-')));
  const model = await startAgentModel();
  const rig = layOut(root, model);
  try {
    await use(rig);
    const left = rig.processes();
    if (left.length > 0) throw new Error(`processes are left: ${left.join(', ')}`);
  } finally {
    for (const pid of rig.processes()) end(pid);
    await model.close();
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  }
}

function layOut(root: string, model: AgentModel): AgentRig {
  const userHome = join(root, 'user');
  const codexHome = join(userHome, '.codex');
  const mcpWasStarted = join(root, 'mcp-was-started');
  const mcp = ['/bin/sh', '-c', `echo yes >> ${mcpWasStarted}; exec sleep 60`];
  write(
    join(codexHome, 'config.toml'),
    `${codexConfig(model.baseUrl)}\n[mcp_servers.search]\ncommand = ${JSON.stringify(mcp[0])}\nargs = ${JSON.stringify(mcp.slice(1))}\n`,
  );
  const opencode = join(userHome, '.config', 'opencode');
  write(join(opencode, 'opencode.jsonc'), opencodeConfig(model.baseUrl, mcp));
  write(join(opencode, 'team.txt'), TEAM);
  write(join(opencode, 'AGENTS.md'), 'GLOBAL INSTRUCTIONS FOR OPENCODE');
  write(
    join(userHome, '.local', 'share', 'opencode', 'auth.json'),
    JSON.stringify({ mock: { type: 'api', key: LOGIN_KEY } }),
  );
  return {
    root,
    home: join(root, 'self-evolution'),
    userHome,
    codexHome,
    env: {
      PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
      SHELL: '/bin/sh',
      HOME: userHome,
      CODEX_HOME: codexHome,
      MOCK_KEY: 'no-key',
      CODEX_SELF_EVOLUTION_HOME: join(root, 'self-evolution'),
    },
    model,
    mcpWasStarted,
    processes: () => processesWith('CODEX_SELF_EVOLUTION_HOME', join(root, 'self-evolution')),
  };
}

/** As a person writes it: comments, a trailing comma, an MCP server, an agent with tools, a file for a header. */
const opencodeConfig = (baseUrl: string, mcp: readonly string[]): string => `// where my models are
{
  "provider": {
    "mock": {
      "npm": "@ai-sdk/openai-compatible",
      "options": { "baseURL": "${baseUrl}", "headers": { "x-team": "{file:./team.txt}" } },
      /* no names needed */
      "models": { "good": {}, },
    },
  },
  "mcp": { "search": { "type": "local", "command": ${JSON.stringify(mcp)}, "enabled": true } },
  "agent": { "terse": { "mode": "subagent", "prompt": "You are TERSE.", "permission": { "bash": "allow", "*": "ask" } } },
}
`;

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}

let opencode: string | undefined;

/** The pinned opencode; installed by the first test that needs it, since most do not. */
export function opencodeProgram(): string {
  opencode ??= installOpencode(process.env);
  return opencode;
}
