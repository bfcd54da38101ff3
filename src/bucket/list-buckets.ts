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
export interface ListedBucket {
  id: string;
  layout: BucketLayout;
  root: string | null;
  identity: string | null;
}

export interface ArchivedBucket {
  /** Name of its folder. */
  name: string;
  /** Name of the bucket when it was live. */
  id: string;
  /** `YYYYMMDDTHHMMSS` */
  archivedAt: string;
  layout: BucketLayout;
}

export interface BucketList {
  /** Sorted by name. */
  live: ListedBucket[];
  archived: ArchivedBucket[];
  /** Folders that look like buckets and are not used, and why: for `status` and `scan`. */
  leftOut: { name: string; reason: string }[];
}

/**
 * Everything in projects/. Foreign names, files and temporary folders are nothing; a bucket that
 * cannot be used is told and costs the others nothing.
 * @throws DiskFailure when projects/ itself cannot be listed
 */
export function listBuckets(home: string): BucketList {
  const { projects } = homeLayout(home);
  const list: BucketList = { live: [], archived: [], leftOut: [] };
  for (const name of listNames(projects)) {
    const folder = path.join(projects, name);
    const archived = archivedFrom(name);
    if (!archived && !isBucketName(name)) continue;
    const facts = attempt(() => factsOf(folder));
    const kind = facts.ok ? facts.value?.kind : undefined;
    if (kind === 'link') list.leftOut.push({ name, reason: 'it is a symbolic link' });
    if (!facts.ok) list.leftOut.push({ name, reason: facts.failure.reason });
    if (kind !== 'folder') continue;
    if (archived) list.archived.push({ name, ...archived, layout: bucketLayout(folder) });
    else listLive(list, name, bucketLayout(folder));
  }
  return list;
}

function listLive(list: BucketList, name: string, layout: BucketLayout): void {
  const facts = readFacts(layout);
  const reason = reasonToLeaveOut(name, facts);
  if (reason !== undefined) {
    list.leftOut.push({ name, reason });
    return;
  }
  const root = 'root' in facts ? facts.root : null;
  list.live.push({ id: name, layout, root, identity: facts.kind === 'facts' ? facts.identity : null });
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
