import { spawn } from 'node:child_process';
import type { Environment } from './home.ts';

/**
 * Starts a child that outlives us: own process group, no stream of ours held open (a hook whose
 * stdout stays open keeps Codex waiting). In a file of its own: loading `node:child_process` is a
 * tenth of what a hook may cost, and most hooks start nothing.
 * @returns its pid, undefined when it could not be started
 */
export function startDetached(command: string, args: string[], env: Environment): number | undefined {
  const child = spawn(command, args, { detached: true, stdio: 'ignore', windowsHide: true, env });
  // Without a listener a missing binary would be an uncaught error event.
  child.on('error', () => undefined);
  child.unref();
  return child.pid;
}
