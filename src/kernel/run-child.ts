import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams as Child } from 'node:child_process';
import { once } from 'node:events';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as pause } from 'node:timers/promises';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { randomId } from './digest.ts';
import { errorCode } from './disk-failure.ts';
import { endGroup, groupOf, killGroupNow, inOwnGroup } from './end-group.ts';
import type { Group } from './end-group.ts';
import type { Environment } from './home.ts';
import { beforeTheEnd } from './last-words.ts';

/** One run of a program. */
export interface ChildRequest {
  /** Who it is, for failures: `opencode`, `codex`. */
  name: string;
  /** Program and arguments; no shell sees them. */
  argv: readonly string[];
  cwd: string;
  /** The whole environment of the child. */
  env: Environment;
  /** Written to its standard input, which then ends: an open one keeps such programs waiting for ever. */
  stdin: string;
  /** Wall clock. */
  timeoutMs: number;
  /** Bytes of standard output; whoever writes more is stopped. */
  maxOutput: number;
  /** Sees each whole line of standard output (split on LF only); an answer ends the run for that reason. */
  onLine?: (line: string) => string | undefined;
  /** The same for standard error. */
  onErrorLine?: (line: string) => string | undefined;
  signal: AbortSignal;
}

/** Why a run ended; `exit` is its own wish. */
export type ChildEnding =
  | { by: 'exit' }
  | { by: 'deadline' }
  | { by: 'output' }
  | { by: 'abort' }
  | { by: 'line'; why: string };

export interface EndedChild {
  ending: ChildEnding;
  /** Null when a signal ended it. */
  exitCode: number | null;
  signal: string | null;
  /** What it wrote, at most `maxOutput` bytes. */
  stdout: string;
  /** The last 8 kB of its standard error. */
  stderr: string;
}

const STDERR_TAIL = 8_192;
/** Of a line that does not end, so much is kept: nobody looks further. */
const LONGEST_LINE = 1_000_000;
/** What a dead program has written arrives at once; a stream that somebody unknown holds open is given up. */
const STREAMS_CLOSE_WITHIN_MS = 1_000;

/**
 * Runs a program within bounds, in a process group of its own. When this returns, nothing of the group is left,
 * whether the program ended by itself or was stopped; on Linux that includes children that left the group.
 *
 * @returns Failure `agent-unavailable` when it cannot be started
 */
export async function runChild(request: ChildRequest): Promise<Result<EndedChild>> {
  if (request.signal.aborted) return fail({ reason: 'aborted', what: request.name });
  const mark = randomId();
  const child = start(request, mark);
  if (typeof child === 'string') return unavailable(request, child);
  if (child.pid === undefined) return unavailable(request, await errorOf(child));
  const group = groupOf(child.pid, mark);
  const takeBack = beforeTheEnd(() => killGroupNow(group));
  try {
    return succeed(await follow(child, request, group));
  } finally {
    takeBack();
  }
}

/** @returns what the system said instead, where it refuses at once: `E2BIG`, `ENOTDIR`, … */
function start({ argv, cwd, env }: ChildRequest, mark: string): Child | string {
  const [program = '', ...args] = argv;
  try {
    return spawn(program, args, {
      cwd,
      ...inOwnGroup(env, mark),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  } catch (error) {
    return errorCode(error) || String(error);
  }
}

async function errorOf(child: Child): Promise<string> {
  const [error]: unknown[] = await once(child, 'error');
  return errorCode(error) || String(error);
}

function unavailable({ name, argv }: ChildRequest, code: string): Result<never> {
  const program = argv[0] ?? '';
  const detail =
    code === 'ENOENT'
      ? `there is no program ${JSON.stringify(program)} on the PATH`
      : `${program} cannot be started (${code})`;
  return fail({ reason: 'agent-unavailable', agent: name, detail });
}

type Stop = (ending: ChildEnding) => void;

async function follow(child: Child, request: ChildRequest, group: Group): Promise<EndedChild> {
  const closed = once(child, 'close');
  let stopped: ChildEnding | undefined;
  const over = new AbortController();
  const stop: Stop = (ending) => {
    stopped ??= ending;
    over.abort();
  };
  const stdout = collectOutput(child, request, stop);
  const stderr = collectTail(child, request, stop);
  feed(child, request.stdin);
  await untilOver(child, request, { stop, over: over.signal });
  await endGroup(group);
  // Output that was written before the end is still read, and may still say why not to believe it.
  await Promise.race([closed, pause(STREAMS_CLOSE_WITHIN_MS, undefined, { ref: false })]);
  for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
  const { exitCode, signalCode } = child;
  return { ending: stopped ?? { by: 'exit' }, exitCode, signal: signalCode, stdout: stdout(), stderr: stderr() };
}

function feed(child: Child, text: string): void {
  // A program that ends before it has read everything is judged by how it ends.
  child.stdin.on('error', () => undefined);
  child.stdin.end(text);
}

/** Until the program exits or something says stop. */
async function untilOver(
  child: Child,
  request: ChildRequest,
  { stop, over }: { stop: Stop; over: AbortSignal },
): Promise<void> {
  const deadline = setTimeout(() => stop({ by: 'deadline' }), request.timeoutMs);
  const onAbort = (): void => stop({ by: 'abort' });
  request.signal.addEventListener('abort', onAbort);
  try {
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      over.addEventListener('abort', () => resolve());
      if (over.aborted || child.exitCode !== null || child.signalCode !== null) resolve();
    });
  } finally {
    clearTimeout(deadline);
    request.signal.removeEventListener('abort', onAbort);
  }
}

/** Keeps what the program writes, up to the limit, and shows it line by line. */
function collectOutput(child: Child, { maxOutput, onLine }: ChildRequest, stop: Stop): () => string {
  const kept: Buffer[] = [];
  let bytes = 0;
  const show = lineByLine(onLine, stop);
  child.stdout.on('data', (chunk: Buffer) => {
    const room = maxOutput - bytes;
    bytes += chunk.length;
    if (bytes > maxOutput) stop({ by: 'output' });
    if (room <= 0) return;
    kept.push(chunk.subarray(0, room));
    show(chunk.subarray(0, room));
  });
  child.stdout.on('error', () => undefined);
  return () => Buffer.concat(kept).toString('utf8');
}

/** Not by readline: it also splits at U+2028, which JSON texts may hold as it is. */
function lineByLine(onLine: ChildRequest['onLine'], stop: Stop): (chunk: Buffer) => void {
  if (!onLine) return () => undefined;
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return (chunk) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = (lines.pop() ?? '').slice(0, LONGEST_LINE);
    for (const line of lines) {
      const why = onLine(line);
      if (why !== undefined) stop({ by: 'line', why });
    }
  };
}

function collectTail(child: Child, { onErrorLine }: ChildRequest, stop: Stop): () => string {
  const show = lineByLine(onErrorLine, stop);
  let tail = Buffer.alloc(0);
  child.stderr.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-STDERR_TAIL);
    show(chunk);
  });
  child.stderr.on('error', () => undefined);
  return () => tail.toString('utf8');
}
