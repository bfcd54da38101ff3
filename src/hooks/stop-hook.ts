import { enqueueStop } from '../capture/enqueue-stop.ts';
import { readStopInput } from './hook-input.ts';
import type { HookAnswer, HookRun } from './hook-types.ts';

/** Stop: notes the turn for review and starts the worker; never says anything (Codex would take text for a failure). */
export async function stopHook(run: HookRun): Promise<HookAnswer> {
  const input = readStopInput(run.input, { cwd: run.call.workingFolder });
  if (!input.ok) return { facts: { problem: input.problem } };
  const stateDir = run.flag('state-dir');
  await enqueueStop(run.world, input.value, {
    programFolder: run.call.programFolder,
    ...(stateDir === undefined ? {} : { stateDir }),
  });
  return { facts: { session: input.value.session_id, turn: input.value.turn_id } };
}
