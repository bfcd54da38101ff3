import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';

export interface Ended {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** The deadline passed and the whole process group was killed. */
  timedOut: boolean;
}

export interface RunOptions {
  cwd: string;
  env: Record<string, string>;
  deadlineMs: number;
}

/** Runs a command with a closed stdin in a process group of its own; at the deadline the group is killed. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  let timedOut = false;
  const deadline = setTimeout(() => {
    timedOut = true;
    killGroup(child);
  }, options.deadlineMs);
  try {
    await once(child, 'close');
  } finally {
    clearTimeout(deadline);
  }
  return { exitCode: child.exitCode, signal: child.signalCode, stdout: stdout(), stderr: stderr(), timedOut };
}

/** Kills a child that was started with `detached: true`, and everything that stayed in its group. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

/**
 * Processes that carry `name=value` in their environment, this one excepted. Reads /proc, so it
 * finds none on systems without it.
 */
export function processesWith(name: string, value: string): number[] {
  return numericEntries('/proc').filter(
    (pid) => pid !== process.pid && environmentOf(pid).includes(`${name}=${value}`),
  );
}

function numericEntries(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return []; // It ended meanwhile.
  }
}

function collect(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}
