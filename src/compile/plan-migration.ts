import path from 'node:path';
import { listBuckets, movedFrom } from '../bucket/list-buckets.ts';
import { plainBucketName } from '../bucket/bucket-id.ts';
import { identityOf, repositoryRoot } from '../bucket/identity.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { isFolder, listNames, readText } from '../kernel/files.ts';
import type { World } from '../kernel/world.ts';

/** What `migrate-worktrees` finds out about one bucket, and what is to be done about it. */
export interface MigrationItem {
  bucket: string;
  state_dir: string;
  /** Where the bucket's sessions worked; null: nothing says so. */
  root: string | null;
  /** Canonical root of that repository; null when it is the same, or cannot be told. */
  canonical_root: string | null;
  /**
   * merge: a linked worktree's (or a subfolder's), made by name of its folder; moved: its repository lies
   * elsewhere now, which a person has to confirm; leave: not to be touched.
   */
  action: 'merge' | 'moved' | 'leave';
  reason: string;
}

type ListedBucket = ReturnType<typeof listBuckets>['live'][number];

/** Buckets that are not where they belong; the others are not mentioned. Changes nothing. */
export function planMigration(world: World): MigrationItem[] {
  const { live, leftOut } = listBuckets(world.home);
  const worktrees = knownWorktrees(world, live);
  const items = live.flatMap((bucket): MigrationItem[] => {
    const root = bucket.root ?? rootOfName(bucket.id, worktrees);
    const item = { bucket: bucket.id, state_dir: bucket.stateDir, root, canonical_root: null };
    if (root === null) return [{ ...item, action: 'leave', reason: 'nothing says whose it is' }];
    const canonical = isFolder(root) ? repositoryRoot(root, world.env) : (worktrees.get(root) ?? root);
    if (canonical !== root)
      return [{ ...item, canonical_root: canonical, action: 'merge', reason: 'it belongs to the repository above' }];
    return moved(world, bucket, root);
  });
  const projects = path.join(world.home, 'projects');
  const unusable = leftOut.map(({ name, reason }): MigrationItem => ({
    bucket: name,
    state_dir: path.join(projects, name),
    root: null,
    canonical_root: null,
    action: 'leave',
    reason,
  }));
  return [...items, ...unusable];
}

/** The bucket that this repository had at its old place: suggested, since a number of a removed folder is used again. */
function moved(world: World, bucket: ListedBucket, root: string): MigrationItem[] {
  const old = movedFrom(world.home, root, identityOf(root));
  if (!old || old.id === bucket.id) return [];
  const item = { bucket: old.id, state_dir: old.layout.stateDir, root: old.root, canonical_root: root };
  return [{ ...item, action: 'moved', reason: 'its repository seems to have moved there' }];
}

/** Folders of linked worktrees → canonical root, as the repositories of the home know them; also of folders that are gone. */
function knownWorktrees(world: World, buckets: readonly ListedBucket[]): Map<string, string> {
  const roots = new Set(
    buckets.flatMap(({ root }) => (root !== null && isFolder(root) ? [repositoryRoot(root, world.env)] : [])),
  );
  const worktrees = new Map<string, string>();
  for (const root of roots) {
    for (const folder of ['.git', '.bare']) {
      const list = path.join(root, folder, 'worktrees');
      for (const name of attemptList(list)) {
        const text = attempt(() => readText(path.join(list, name, 'gitdir')));
        const dotGit = text.ok ? text.value?.split(/\r?\n/, 1)[0] : undefined;
        if (dotGit) worktrees.set(path.dirname(path.resolve(list, name, dotGit)), root);
      }
    }
  }
  return worktrees;
}

function attemptList(folder: string): string[] {
  const names = attempt(() => listNames(folder));
  return names.ok ? names.value : [];
}

/** A bucket without facts, named by the folder of a worktree that is known. */
const rootOfName = (id: string, worktrees: ReadonlyMap<string, string>): string | null =>
  [...worktrees.keys()].find((folder) => plainBucketName(folder) === id) ?? null;
