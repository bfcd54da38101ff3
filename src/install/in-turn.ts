import { setTimeout as wait } from 'node:timers/promises';
import { takeLeaseOn } from '../capture/lease.ts';
import type { Lease } from '../capture/lease.ts';
import type { Result } from '../contracts/failure.ts';
import { fail } from '../contracts/failure.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { appLayout } from '../kernel/home.ts';
import { removeEmptyFolder } from '../kernel/move-files.ts';
import type { World } from '../kernel/world.ts';

/** Codex takes seconds to add a plugin, and several may be in front of us. */
const LONGEST_WAIT_MS = 60_000;
const POLL_MS = 50;

/** Of app/: present while somebody installs or uninstalls. */
export const TURNS = 'installing';
/** Any 16 hex digits; there is one turn below a home. */
const KEY = '0123456789abcdef';

/**
 * One installation or removal of a home at a time. Two at once would each plan on what the other is about to
 * change: one note of how the files were before would bury the other's, and one program be removed under the other.
 *
 * @returns what the work returned; Failure `install-conflict` when the turn did not come
 */
export async function inTurn<T>(world: World, work: () => Promise<Result<T>>): Promise<Result<T>> {
  const turn = await waitForTurn(world);
  if (turn === 'never came') return fail(OTHERS);
  try {
    return await work();
  } finally {
    attempt(() => turn?.release());
    sweep(world.home);
  }
}

const OTHERS = {
  reason: 'install-conflict',
  what: 'Another install or uninstall is at work, and goes on for more than a minute',
  fix: 'Run this one again when that is done.',
} as const;

/** Undefined where no lease can be written: whoever changes the files there says what is wrong with the disk. */
async function waitForTurn(world: World): Promise<Lease | undefined | 'never came'> {
  const folder = appLayout(world.home).at(TURNS);
  for (let waited = 0; waited < LONGEST_WAIT_MS; waited += POLL_MS) {
    const taken = attempt(() => takeLeaseOn(world, { folder, key: KEY, facts: {}, sync: false }));
    // Whoever was in front has removed the empty folder under us.
    const isGone = !taken.ok && taken.failure.reason === 'disk-failed' && taken.failure.code === 'ENOENT';
    if (!taken.ok && !isGone) return undefined;
    if (taken.ok && taken.value) return taken.value;
    await wait(POLL_MS);
  }
  return 'never came';
}

/** A home that an uninstall has emptied, or in which nothing came to be. */
function sweep(home: string): void {
  const { at, folder } = appLayout(home);
  for (const empty of [at(TURNS), folder, home]) attempt(() => removeEmptyFolder(empty));
}
