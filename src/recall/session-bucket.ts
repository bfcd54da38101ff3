import { bucketAt, findBucket, openBucket, openBucketAt } from '../bucket/open-bucket.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { refuseFileAsHome } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';

/** Where to look: the bucket folder itself when it was named, otherwise the one of the folder's repository. */
export interface BucketPlace {
  /** Absolute. */
  cwd: string;
  stateDir?: string | undefined;
}

/**
 * The bucket as it is; undefined when there is none.
 * @throws DiskFailure when it is there and may not be used, or when the home is a file
 */
export function bucketOf(world: World, place: BucketPlace): BucketHandle | undefined {
  if (place.stateDir) return bucketAt(place.stateDir, place.cwd, world.env);
  const bucket = findBucket(world.home, place.cwd, world.env);
  if (!bucket) refuseFileAsHome(world.home);
  return bucket;
}

/** As `bucketOf`, made when it is missing. A home that cannot be written is read all the same. */
export function bucketFor(world: World, place: BucketPlace): BucketHandle | undefined {
  const { stateDir, cwd } = place;
  const opened = attempt(() =>
    stateDir
      ? openBucketAt(stateDir, cwd, world.clock, world.env)
      : openBucket(world.home, cwd, world.clock, world.env),
  );
  return opened.ok ? opened.value : bucketOf(world, place);
}
