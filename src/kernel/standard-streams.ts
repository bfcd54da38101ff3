import fs from 'node:fs';
import { isRecord } from '../contracts/json.ts';
import { monotonicMs } from './clock.ts';
import { errorCode } from './disk-failure.ts';
import { innerNode } from './inner-node.ts';
import { pause } from './pause.ts';

/** What arrived on standard input. */
export interface StandardInput {
  bytes: Buffer;
  /** Why it stopped: at its end, at the limit, or because nothing more came in time. */
  stopped: 'end' | 'limit' | 'deadline';
}

export interface InputBounds {
  /** Bytes; what lies beyond is left unread. */
  limit: number;
  deadlineMs: number;
}

const STDIN = 0;
const STDOUT = 1;
const PIECE = 64 * 1024;
const POLL_MS = 2;
/** A reader that has gone to sleep gets this long to make room in the pipe. */
const WRITE_PATIENCE_MS = 2_000;

/**
 * Reads all of standard input, for hooks. Files, Linux pipes and sockets are read without Node's stream
 * classes, which cost a quarter of what a hook may; everything else goes through them, because a
 * plain read of a terminal could not be given up.
 */
export async function readStandardInput(bounds: InputBounds): Promise<StandardInput> {
  const kind = inputKind();
  if (kind === 'absent') return { bytes: Buffer.alloc(0), stopped: 'end' };
  if (kind === 'file') return readDescriptor(STDIN, bounds);
  const opened = kind === 'pipe' ? reopenedPipe() : kind === 'socket' ? takenSocket() : undefined;
  if (opened === undefined) return readStream(bounds);
  try {
    return readDescriptor(opened.fd, bounds);
  } finally {
    opened.close();
  }
}

/** A descriptor that answers EAGAIN instead of waiting. */
interface Unblocked {
  fd: number;
  close: () => void;
}

function inputKind(): 'file' | 'pipe' | 'socket' | 'other' | 'absent' {
  try {
    const stat = fs.fstatSync(STDIN);
    if (stat.isFile()) return 'file';
    if (stat.isFIFO()) return 'pipe';
    if (stat.isSocket()) return 'socket';
    // A folder as standard input is a mistake of the caller's that Node itself would throw about.
    return stat.isDirectory() ? 'absent' : 'other';
  } catch {
    return 'absent';
  }
}

/** Through /proc the pipe gets a second description of its own, so the writer's end stays as it is. */
function reopenedPipe(): Unblocked | undefined {
  try {
    const fd = fs.openSync('/proc/self/fd/0', fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    return { fd, close: () => fs.closeSync(fd) };
  } catch {
    return undefined;
  }
}

/**
 * A socket (what a parent that is Node gives its children) cannot be opened again, and Node sets no flag
 * of a descriptor but by taking it over. An inner part of Node is the way to that without its stream
 * classes; where a Node no longer has it, or has another one, they do the work.
 */
function takenSocket(): Unblocked | undefined {
  try {
    const pipes = innerNode('pipe_wrap');
    if (!isRecord(pipes) || typeof pipes['Pipe'] !== 'function') return undefined;
    const handle: unknown = Reflect.construct(pipes['Pipe'], [PLAIN_SOCKET]);
    if (!isHandle(handle) || handle.open(STDIN) !== 0) return undefined;
    return { fd: STDIN, close: () => handle.close() };
  } catch {
    return undefined;
  }
}

/** `constants.SOCKET` of pipe_wrap: neither a server nor one that passes descriptors on. */
const PLAIN_SOCKET = 0;

interface Handle {
  open: (fd: number) => unknown;
  close: () => void;
}

const isHandle = (value: unknown): value is Handle =>
  typeof value === 'object' &&
  value !== null &&
  typeof Reflect.get(value, 'open') === 'function' &&
  typeof Reflect.get(value, 'close') === 'function';

function readDescriptor(fd: number, bounds: InputBounds): StandardInput {
  const pieces: Buffer[] = [];
  const giveUpAt = monotonicMs() + bounds.deadlineMs;
  let room = bounds.limit;
  while (room > 0) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE, room));
    const count = readOrWait(fd, piece);
    if (count === 0) return { bytes: Buffer.concat(pieces), stopped: 'end' };
    if (count === undefined) {
      if (monotonicMs() > giveUpAt) return { bytes: Buffer.concat(pieces), stopped: 'deadline' };
      pause(POLL_MS);
      continue;
    }
    pieces.push(piece.subarray(0, count));
    room -= count;
  }
  return { bytes: Buffer.concat(pieces), stopped: 'limit' };
}

/** @returns undefined when nothing has come yet, 0 at the end */
function readOrWait(fd: number, piece: Buffer): number | undefined {
  try {
    return fs.readSync(fd, piece);
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') return undefined;
    // Windows reports the end of a pipe this way.
    if (errorCode(error) === 'EOF') return 0;
    throw error;
  }
}

async function readStream(bounds: InputBounds): Promise<StandardInput> {
  const { stdin } = process;
  const pieces: Buffer[] = [];
  let room = bounds.limit;
  const stopped = await new Promise<StandardInput['stopped']>((resolve) => {
    const timer = setTimeout(() => resolve('deadline'), bounds.deadlineMs);
    const settle = (reason: StandardInput['stopped']): void => {
      clearTimeout(timer);
      resolve(reason);
    };
    stdin.on('data', (piece: Buffer) => {
      pieces.push(piece.subarray(0, room));
      room -= piece.length;
      if (room <= 0) settle('limit');
    });
    for (const event of ['end', 'close', 'error']) stdin.on(event, () => settle('end'));
  });
  // An open handle would keep the hook, and with it Codex, waiting.
  stdin.destroy();
  return { bytes: Buffer.concat(pieces), stopped };
}

/** Writes all of a text to standard output. A reader that is gone, or never reads, is no error. */
export function writeStandardOutput(text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  const giveUpAt = monotonicMs() + WRITE_PATIENCE_MS;
  let written = 0;
  while (written < bytes.length) {
    try {
      written += fs.writeSync(STDOUT, bytes, written);
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN' || monotonicMs() > giveUpAt) return;
      pause(POLL_MS);
    }
  }
}
