import type { Ask } from '../agents/ask.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Settings } from '../contracts/settings.ts';
import { randomId } from '../kernel/digest.ts';
import type { World } from '../kernel/world.ts';
import type { Backend } from './backend.ts';

/** What backends are made with. */
export interface BackendDesk {
  world: World;
  /** Asked for only by backends that are configured. */
  settings: () => Promise<Settings>;
}

type Load = (desk: BackendDesk) => Promise<Backend>;

const script = async (): Promise<Backend> => (await import('./script.ts')).scriptBackend;

const opencode: Load = async (desk) => {
  const settings = await desk.settings();
  const { askOpencode } = await import('../agents/opencode-run.ts');
  const { timeoutSeconds, ...given } = settings.compile.opencode;
  const ask = askOpencode({ ...given, timeoutMs: timeoutSeconds * 1_000 }, desk.world);
  return agent(desk, settings, { name: 'agent:opencode', ask });
};

const codex: Load = async (desk) => {
  const settings = await desk.settings();
  const { askCodexExec } = await import('../agents/codex-exec.ts');
  const { timeoutSeconds, ...given } = settings.compile.codex;
  const ask = askCodexExec({ ...given, timeoutMs: timeoutSeconds * 1_000 }, desk.world);
  return agent(desk, settings, { name: 'agent:codex', ask });
};

async function agent({ world }: BackendDesk, settings: Settings, asked: { name: string; ask: Ask }): Promise<Backend> {
  const { bookCall, bookTokens, dailyLimits } = await import('../agents/budget.ts');
  const { agentBackend } = await import('./agent.ts');
  const limits = dailyLimits(settings);
  const purse = {
    bookCall: () => bookCall(world, limits),
    bookTokens: (use: { input: number; output: number }) => bookTokens(world, use),
  };
  return agentBackend({ ...asked, purse, nonce: randomId });
}

/** Loaded when they are needed: an idle scan needs none. */
const backends: Record<string, Load> = { script, 'agent:opencode': opencode, 'agent:codex': codex };

/** Names of all backends, for help texts and settings. */
export const BACKENDS: readonly string[] = Object.keys(backends);

/** What does the work when another backend fails. */
export const fallbackBackend = script;

/** How to get the backend of that name; a name that nobody knows is wrong usage. */
export function chooseBackend(name: string, desk: BackendDesk): Result<() => Promise<Backend>> {
  const load = Object.hasOwn(backends, name) ? backends[name] : undefined;
  if (load) return succeed(() => load(desk));
  return fail({ reason: 'usage', detail: `There is no backend of that name; known: ${BACKENDS.join(', ')}` });
}
