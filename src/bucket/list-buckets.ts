import path from 'node:path';
import { factsOf, listNames } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { bucketLayout, homeLayout } from '../kernel/home.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { archivedFrom, isBucketName, isNameOf } from './bucket-id.ts';
import type { FactsReading } from './read-facts.ts';
import { readFacts } from './read-facts.ts';
import { identityOf } from './identity.ts';
import type { BucketHandle } from './open-bucket.ts';

/** A bucket as found in the home; the Python plugin's may not say whose they are. */
interface ListedBucket {
  id: string;
  stateDir: string;
  /** Worked out on demand: the paths of a thousand idle buckets would be most of what a scan keeps in memory. */
  readonly layout: BucketLayout;
  root: string | null;
  identity: string | null;
}

interface ArchivedBucket {
  /** Name of its folder. */
  name: string;
  /** Name of the bucket when it was live. */
  id: string;
  /** `YYYYMMDDTHHMMSS` */
  archivedAt: string;
  stateDir: string;
}

export interface BucketList {
  /** Sorted by name. */
  live: ListedBucket[];
  archived: ArchivedBucket[];
  /** Folders that look like buckets and are not used, and why: for `status` and `scan`. */
  leftOut: { name: string; reason: string }[];
}

/** Something in projects/ that is named like a live bucket; `inspectBucket` says whether it is one. */
export interface BucketFolder {
  id: string;
  stateDir: string;
}

/**
 * What is named like a live bucket, sorted, told by the names alone: for a scan, which looks for work
 * first and inspects only where there is some.
 * @throws DiskFailure when projects/ itself cannot be listed
 */
export function bucketFolders(home: string): BucketFolder[] {
  const { projects } = homeLayout(home);
  return listNames(projects)
    .filter(isBucketName)
    .map((id) => ({ id, stateDir: path.join(projects, id) }));
}

export type Inspection =
  | { kind: 'live'; bucket: ListedBucket }
  /** Looks like a bucket and must not be used. */
  | { kind: 'left-out'; reason: string }
  /** A file or the like: nothing of ours. */
  | { kind: 'foreign' };

/** Whether a folder of `bucketFolders` is a bucket that can be used. */
export function inspectBucket(folder: BucketFolder): Inspection {
  const { id, stateDir } = folder;
  const kind = kindOf(stateDir);
  if (kind !== 'folder') return kind;
  const facts = readFacts(bucketLayout(stateDir));
  const reason = reasonToLeaveOut(id, facts);
  if (reason !== undefined) return { kind: 'left-out', reason };
  const root = 'root' in facts ? facts.root : null;
  const identity = facts.kind === 'facts' ? facts.identity : null;
  return {
    kind: 'live',
    bucket: {
      id,
      stateDir,
      root,
      identity,
      get layout() {
        return bucketLayout(stateDir);
      },
    },
  };
}

function kindOf(stateDir: string): 'folder' | Exclude<Inspection, { kind: 'live' }> {
  const facts = attempt(() => factsOf(stateDir));
  if (!facts.ok) return { kind: 'left-out', reason: `it cannot be looked at (${facts.failure.reason})` };
  if (facts.value?.kind === 'link') return { kind: 'left-out', reason: 'it is a symbolic link' };
  return facts.value?.kind === 'folder' ? 'folder' : { kind: 'foreign' };
}

/**
 * Everything in projects/. Foreign names, files and temporary folders are nothing; a bucket that
 * cannot be used is told and costs the others nothing.
 * @throws DiskFailure when projects/ itself cannot be listed
 */
export function listBuckets(home: string): BucketList {
  const list: BucketList = { live: [], archived: archivedBuckets(home), leftOut: [] };
  for (const folder of bucketFolders(home)) {
    const inspection = inspectBucket(folder);
    if (inspection.kind === 'live') list.live.push(inspection.bucket);
    if (inspection.kind === 'left-out') list.leftOut.push({ name: folder.id, reason: inspection.reason });
  }
  return list;
}

function archivedBuckets(home: string): ArchivedBucket[] {
  const { projects } = homeLayout(home);
  return listNames(projects).flatMap((name) => {
    const archived = archivedFrom(name);
    const stateDir = path.join(projects, name);
    return archived && kindOf(stateDir) === 'folder' ? [{ name, ...archived, stateDir }] : [];
  });
}

function reasonToLeaveOut(name: string, facts: FactsReading): string | undefined {
  if (facts.kind === 'newer') return `a newer version of this program wrote it (version ${facts.version})`;
  if (facts.kind === 'refused') return `bucket.json cannot be read (${facts.failure.reason})`;
  // A copy that a person or a sync program made says that it belongs to a root which has its own bucket.
  if (facts.kind === 'facts' && !isNameOf(name, facts.root)) {
    return `its bucket.json belongs to a bucket of another name (${facts.root})`;
  }
  return undefined;
}

/**
 * The bucket that a repository had before it was moved to `root`: same `dev:ino`, and what lies at
 * the old path (if anything) is another folder. A hint for a person, never more: numbers of
 * removed folders are used again.
 *
 * @param identity `dev:ino` of the root today
 */
export function movedFrom(home: string, root: string, identity: string | null): BucketHandle | undefined {
  if (identity === null) return undefined;
  for (const bucket of listBuckets(home).live) {
    if (bucket.root === null || bucket.root === root || bucket.identity !== identity) continue;
    if (identityOf(bucket.root) !== identity) return { id: bucket.id, layout: bucket.layout, root: bucket.root };
  }
  return undefined;
}
