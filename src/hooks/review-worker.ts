import { runWorker } from '../capture/worker.ts';
import { systemWorld } from '../kernel/world.ts';
import { flagOf } from './hook-arguments.ts';
import type { HookCall } from './hook-types.ts';

/** `worker --home H --state-dir D --session S`: what the Stop hook starts, in a process of its own. */
export async function runReviewWorker(call: HookCall): Promise<void> {
  const world = systemWorld(call.env, flagOf(call.argv, 'home'));
  const stateDir = flagOf(call.argv, 'state-dir');
  const session = flagOf(call.argv, 'session');
  if (stateDir && session) await runWorker(world, { stateDir, session });
  else world.diagnostics.log('hook.worker', { problem: 'a worker needs --state-dir and --session' });
}
