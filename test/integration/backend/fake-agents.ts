import fs from 'node:fs';
import path from 'node:path';
import { chooseBackend } from '../../../src/backend/choose-backend.ts';
import type { Backend } from '../../../src/backend/backend.ts';
import type { Settings } from '../../../src/contracts/settings.ts';
import { DEFAULT_SETTINGS } from '../../../src/contracts/settings.ts';
import type { World } from '../../../src/kernel/world.ts';

const FAITHFUL = new URL('../../support/faithful-agent.mjs', import.meta.url).href;

/** How each program tells an answer. */
const TELL: Record<AgentName, string> = {
  'agent:opencode': `
    event({ type: 'step_start', part: { messageID: 'm' } });
    event({ type: 'text', part: { messageID: 'm', text } });
    event({ type: 'step_finish', part: { messageID: 'm', reason: 'stop', tokens: { input: 900, output: 30 } } });`,
  'agent:codex': `
    event({ type: 'item.completed', item: { type: 'agent_message', text } });
    event({ type: 'turn.completed', usage: { input_tokens: 900, output_tokens: 30 } });`,
};

export type AgentName = 'agent:opencode' | 'agent:codex';
export const AGENTS: readonly AgentName[] = ['agent:opencode', 'agent:codex'];

/**
 * Writes a stand-in for opencode or Codex.
 * @param spoil statements that change `text`, the answer of a faithful model, or do something else altogether
 */
export function fakeAgent(folder: string, name: AgentName, spoil = ''): string {
  const file = path.join(folder, `fake-${name.slice('agent:'.length)}.mjs`);
  const program = `#!${process.execPath}
    import fs from 'node:fs';
    import { faithfulAnswer, payloadIn } from ${JSON.stringify(FAITHFUL)};
    fs.appendFileSync(${JSON.stringify(`${file}.pids`)}, process.pid + '\\n');
    const event = (value) => console.log(JSON.stringify(value));
    const question = fs.readFileSync(0, 'utf8');
    const answer = faithfulAnswer(payloadIn(question));
    let text = JSON.stringify(answer);
    ${spoil}
    ${TELL[name]}`;
  fs.writeFileSync(file, program, { mode: 0o755 });
  return file;
}

/** Process ids of all runs of a stand-in so far. */
export const runsOf = (program: string): number[] =>
  fs.existsSync(`${program}.pids`) ? fs.readFileSync(`${program}.pids`, 'utf8').trim().split('\n').map(Number) : [];

export interface Asked {
  timeoutSeconds?: number;
  dailyCalls?: number;
}

/** Settings that ask the program in the place of both agents. */
export const settingsFor = (program: string, { timeoutSeconds = 60, dailyCalls = 200 }: Asked = {}): Settings => ({
  ...DEFAULT_SETTINGS,
  review: { ...DEFAULT_SETTINGS.review, dailyCalls },
  compile: {
    ...DEFAULT_SETTINGS.compile,
    opencode: { command: [program], model: 'mock/model', agent: null, timeoutSeconds },
    codex: { command: [program], model: null, timeoutSeconds },
  },
});

/** The backend as the commands make it. */
export async function backendOf(name: AgentName, world: World, settings: Settings): Promise<Backend> {
  const chosen = chooseBackend(name, { world, settings: async () => settings });
  if (!chosen.ok) throw new Error(JSON.stringify(chosen.failure));
  return await chosen.value();
}
