import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { randomId } from './digest.ts';
import { endGroup, groupOf, killGroupNow, inOwnGroup } from './end-group.ts';
import type { Environment } from './home.ts';
import { beforeTheEnd } from './last-words.ts';

export interface TalkRequest {
  /** Program and arguments; no shell sees them. */
  argv: readonly string[];
  cwd: string;
  env: Environment;
  /** For the whole talk. */
  deadlineMs: number;
}

export interface Talk {
  say(line: string): void;
  /** The next line that the test accepts, among those not yet seen; undefined when the program ended or the time is up. */
  hear(isWanted: (line: string) => boolean): Promise<string | undefined>;
}

/**
 * Talks with a program in lines over its standard streams, as long as `use` runs; then nothing of its
 * process group is left. A program that cannot be started says nothing.
 */
export async function talkInLines<T>(request: TalkRequest, use: (talk: Talk) => Promise<T>): Promise<T> {
  const mark = randomId();
  const child = start(request, mark);
  if (!child) return await use({ say: () => undefined, hear: async () => undefined });
  const lines: string[] = [];
  let isOver = false;
  let wake: (() => void) | undefined;
  const end = (): void => {
    isOver = true;
    wake?.();
  };
  child.on('error', end);
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout })
    .on('line', (line) => {
      lines.push(line);
      wake?.();
    })
    .on('close', end);
  const deadline = setTimeout(end, request.deadlineMs);
  const hear = async (isWanted: (line: string) => boolean): Promise<string | undefined> => {
    for (;;) {
      const line = lines.shift();
      if (line !== undefined && isWanted(line)) return line;
      if (line === undefined && isOver) return undefined;
      if (line === undefined) await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const group = child.pid === undefined ? undefined : groupOf(child.pid, mark);
  const takeBack = group ? beforeTheEnd(() => killGroupNow(group)) : undefined;
  try {
    return await use({ say: (line) => void child.stdin.write(`${line}\n`), hear });
  } finally {
    clearTimeout(deadline);
    const isRunning = child.exitCode === null && child.signalCode === null;
    const closed = isRunning && group ? once(child, 'exit') : undefined;
    child.stdin.end();
    if (group) await endGroup(group);
    await closed;
    takeBack?.();
  }
}

/** @returns undefined when the system refuses at once (a PATH through a file, arguments that are too long) */
function start(
  { argv, cwd, env }: TalkRequest,
  mark: string,
): ChildProcessByStdio<Writable, Readable, null> | undefined {
  const [program = '', ...args] = argv;
  try {
    return spawn(program, args, {
      cwd,
      ...inOwnGroup(env, mark),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
}
