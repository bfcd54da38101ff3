import type { HookAnswer, HookRun } from './run-hook.ts';

export function promptRecallHook(_run: HookRun): HookAnswer {
  return { facts: {} };
}
