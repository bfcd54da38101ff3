import { spawnSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { readUnsized, listNames } from './files.ts';
import { attempt, errorCode } from './disk-failure.ts';
import type { Environment } from './home.ts';
import { processStart } from './process.ts';

/** Names a run in the environment of its processes: one that has left the group is found by it (Linux). */
const RUN_MARK = 'CODEX_SELF_EVOLUTION_RUN';

/** How a program is started that is to lead a group of its own, whose processes carry the mark. */
export function inOwnGroup(env: Environment, mark: string) {
  const { [RUN_MARK]: _ofARunAroundUs, ...rest } = env;
  return {
    // First, since only the beginning of a long environment is looked at.
    env: { [RUN_MARK]: mark, ...rest },
    // Windows would open a console for a detached child.
    detached: process.platform !== 'win32',
    windowsHide: true,
  };
}

const POLL_MS = 20;
/** So long may a program clean up after SIGTERM. */
const GRACE_MS = 2_000;
/** A killed process vanishes at once; only one that nobody reaps stays visible. */
const GONE_WITHIN_MS = 1_000;

/** A started process that leads its own group, and the mark that its descendants carry. */
export interface Group {
  pid: number;
  mark: string;
  /** Clock ticks since boot; nothing is older than infinity where that is not known. */
  startedAt: number;
}

/** The group of a process that has just been started. */
export function groupOf(pid: number, mark: string): Group {
  const startedAt = Number(processStart(pid) ?? Number.POSITIVE_INFINITY);
  return { pid, mark, startedAt };
}

/** Ends everything of a group: SIGTERM, two seconds later SIGKILL, and waits until nothing of it is left. */
export async function endGroup(group: Group): Promise<void> {
  if (!isAnyAlive(group)) return;
  signalAll(group, 'SIGTERM');
  if (await isGoneWithin(group, GRACE_MS)) return;
  signalAll(group, 'SIGKILL');
  await isGoneWithin(group, GONE_WITHIN_MS);
}

/** For the last moment of our own process, in which nobody can wait. */
export const killGroupNow = (group: Group): void => signalAll(group, 'SIGKILL');

async function isGoneWithin(group: Group, ms: number): Promise<boolean> {
  for (let waited = 0; waited < ms; waited += POLL_MS) {
    if (!isAnyAlive(group)) return true;
    await pause(POLL_MS);
  }
  return !isAnyAlive(group);
}

function signalAll(group: Group, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    // Windows has no groups; /T takes the tree, and without /F a console program without a window stays.
    spawnSync('taskkill', ['/PID', String(group.pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  send(-group.pid, signal);
  for (const pid of strays(group)) send(pid, signal);
}

function isAnyAlive(group: Group): boolean {
  if (process.platform === 'win32') return send(group.pid, 0);
  if (send(-group.pid, 0) && isGroupAtWork(group.pid)) return true;
  return strays(group).length > 0 || isAnyStarting(group);
}

/** @returns whether there was anybody to send it to */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** A group of zombies only (in a container whose first process reaps nobody) counts as ended. */
function isGroupAtWork(group: number): boolean {
  const members = processIds().filter((pid) => statOf(pid)?.group === group);
  return members.length === 0 || members.some((pid) => statOf(pid)?.state !== 'Z');
}

/** Processes that carry the mark but have a group of their own; none where /proc is missing. */
function strays({ mark }: Group): number[] {
  const wanted = `${RUN_MARK}=${mark}`;
  return processIds().filter(
    (pid) => readProc(pid, 'environ')?.split('\0').includes(wanted) === true && statOf(pid)?.state !== 'Z',
  );
}

/** A process that is just being started shows no environment: whether it is ours is known a moment later. */
function isAnyStarting({ startedAt }: Group): boolean {
  return processIds().some((pid) => {
    const stat = readProc(pid, 'environ') === '' ? statOf(pid) : undefined;
    return stat !== undefined && stat.state !== 'Z' && stat.hasMemory && stat.startedAt >= startedAt;
  });
}

const processIds = (): number[] =>
  listNames('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map(Number);

interface ProcessStat {
  state: string;
  group: number;
  /** In the kernel's clock ticks since boot. */
  startedAt: number;
  /** Threads of the kernel have none. */
  hasMemory: boolean;
}

function statOf(pid: number): ProcessStat | undefined {
  const stat = readProc(pid, 'stat');
  // The name before the last parenthesis may hold blanks; fields 3, 5, 22 and 23 of proc(5).
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  const [state, , group] = fields;
  if (state === undefined || group === undefined) return undefined;
  return { state, group: Number(group), startedAt: Number(fields[19]), hasMemory: fields[20] !== '0' };
}

/** Undefined for a process that is not there, no longer there, or somebody else's. */
function readProc(pid: number, name: string): string | undefined {
  const text = attempt(() => readUnsized(`/proc/${pid}/${name}`));
  return text.ok ? text.value : undefined;
}
