import type { World } from './world.ts';

/** What a signal does not stop in so long is stopped by the end of the process. */
const GRACE_MS = 60_000;

/**
 * Runs work within a wall clock: the signal fires when the time is up, and what has not come to its end a
 * minute later ends with the process. Children, private files and locks go with it (last-words.ts); leases
 * are those of a dead owner then, and what was claimed is given back by whoever comes next.
 */
export async function withinWallClock<T>(
  world: World,
  ms: number,
  work: (end: AbortSignal) => Promise<T>,
  graceMs: number = GRACE_MS,
): Promise<T> {
  const end = new AbortController();
  const soft = setTimeout(() => end.abort(), ms);
  const hard = setTimeout(() => {
    world.diagnostics.log('overdue', { afterMs: ms + graceMs });
    process.kill(process.pid, 'SIGTERM');
  }, ms + graceMs);
  // What is over early must not be kept alive by its own clock.
  for (const timer of [soft, hard]) timer.unref();
  try {
    return await work(end.signal);
  } finally {
    clearTimeout(soft);
    clearTimeout(hard);
  }
}
