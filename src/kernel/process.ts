import { readUnsized } from './files.ts';
import { errorCode } from './disk-failure.ts';

/** Set for every child that may start Codex; our hooks then do nothing. */
export const NESTED_FLAG = 'CODEX_SELF_EVOLUTION_NESTED';

/** Whether a process of that id runs on this host (also when it belongs to somebody else). */
export function isProcessAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/**
 * When a process started, in the kernel's own unit (Linux: clock ticks since boot), as an opaque
 * text: with the pid it tells a process from a later one of the same number. Null where it cannot be read.
 */
export function processStart(pid: number): string | null {
  const stat = readUnsized(`/proc/${pid}/stat`);
  // The second field is the name in parentheses and may hold blanks; field 22 counts from after it.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields?.[19] ?? null;
}

/** Changes with every boot of the host; null where there is no such thing. */
export const bootId = (): string | null => readUnsized('/proc/sys/kernel/random/boot_id')?.trim() ?? null;

/** Loaded here and not above: hooks ask only when they meet a lease. */
export const hostName = (): string => process.getBuiltinModule('node:os').hostname();

/** Gives way to whatever else runs, as far as the system lets us. Children inherit it. */
export function lowerPriority(): void {
  try {
    process.getBuiltinModule('node:os').setPriority(10);
  } catch {
    // A courtesy; somebody has lowered it already, or it is not ours to set.
  }
}
