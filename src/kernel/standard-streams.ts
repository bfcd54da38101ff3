import fs from 'node:fs';
import { monotonicMs } from './clock.ts';
import { errorCode } from './disk-failure.ts';
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
 * Reads all of standard input, for hooks. Files and Linux pipes are read without Node's stream
 * classes, which cost more than the hook's own work; everything else goes through them, because a
 * plain read of a terminal or a socket could not be given up.
 */
export async function readStandardInput(bounds: InputBounds): Promise<StandardInput> {
  const kind = inputKind();
  if (kind === 'absent') return { bytes: Buffer.alloc(0), stopped: 'end' };
  if (kind === 'file') return readDescriptor(STDIN, bounds);
  const pipe = kind === 'pipe' ? reopenWithoutBlocking() : undefined;
  if (pipe === undefined) return readStream(bounds);
  try {
    return readDescriptor(pipe, bounds);
  } finally {
    fs.closeSync(pipe);
  }
}

function inputKind(): 'file' | 'pipe' | 'other' | 'absent' {
  try {
    const stat = fs.fstatSync(STDIN);
    if (stat.isFile()) return 'file';
    if (stat.isFIFO()) return 'pipe';
    // A folder as standard input is a mistake of the caller's that Node itself would throw about.
    return stat.isDirectory() ? 'absent' : 'other';
  } catch {
    return 'absent';
  }
}

/** Through /proc the pipe gets a second description of its own, so the writer's end stays as it is. */
function reopenWithoutBlocking(): number | undefined {
  try {
    return fs.openSync('/proc/self/fd/0', fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

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
