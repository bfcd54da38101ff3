import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { randomId } from './digest.ts';
import { endGroup, groupOf, killGroupNow, RUN_MARK } from './end-group.ts';
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
  const [program = '', ...args] = request.argv;
  const child = spawn(program, args, {
    cwd: request.cwd,
    env: { ...request.env, [RUN_MARK]: mark },
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
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
    const closed = child.exitCode === null && group ? once(child, 'exit') : undefined;
    child.stdin.end();
    if (group) await endGroup(group);
    await closed;
    takeBack?.();
  }
}
