import { bucketFolders } from '../bucket/list-buckets.ts';
import { causeOf } from '../kernel/diagnostics.ts';
import { listNames, modifiedMs } from '../kernel/files.ts';
import { queueFolder, refuseFileAsHome } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import { isQueueName } from './queue-name.ts';
import type { PassOptions } from './review-desk.ts';

/** What a pass over all queues did, in sessions: queued is the sum of the others. */
export interface QueuePass {
  queued: number;
  reviewed: number;
  deferred: number;
  failed: number;
}

/**
 * Works through the review queues of all buckets, one session after the other: what failed and is due
 * again, what has become quiet, what a dead worker left. A bucket or a session that fails costs the
 * others nothing.
 *
 * Outboxes need no search of their own: entries are removed last, so whatever has an outbox has an entry.
 * @throws DiskFailure when projects/ itself cannot be listed, or when the home is a file
 */
export async function reviewWaiting(world: World, options: PassOptions): Promise<QueuePass> {
  const pass: QueuePass = { queued: 0, reviewed: 0, deferred: 0, failed: 0 };
  refuseFileAsHome(world.home);
  for (const folder of bucketFolders(world.home)) {
    try {
      // Idle buckets are the rule; what reviews sessions is loaded for the first that is not.
      const queue = queueFolder(folder.stateDir);
      if (modifiedMs(queue) === 0 || !listNames(queue).some(isQueueName)) continue;
      const { reviewBucket } = await import('./review-bucket.ts');
      for (const outcome of await reviewBucket(world, folder, options)) {
        pass.queued += 1;
        pass[outcome === 'nothing' ? 'reviewed' : outcome] += 1;
      }
    } catch (error) {
      pass.failed += 1;
      pass.queued += 1;
      world.diagnostics.log('queue-failed', { bucket: folder.id, cause: causeOf(error) });
      options.report({
        type: 'problem',
        what: `the review queue of ${folder.id} cannot be worked off: ${causeOf(error)}`,
      });
    }
  }
  return pass;
}
