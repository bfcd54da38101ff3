import path from 'node:path';
import { isBucketName } from '../bucket/bucket-id.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { readFacts } from '../bucket/read-facts.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { factsOf, listNames, lookAt } from '../kernel/files.ts';
import { bucketLayout, homeLayout } from '../kernel/home.ts';
import { refuseLinksIn } from '../kernel/links.ts';

const MOST_OTHERS = 20;

/**
 * The buckets of other repositories that were promoted to most recently, at most 20. Of the rest
 * nothing but one stat is paid for.
 *
 * @param own root of the repository that is asked from
 */
export function otherBuckets(home: string, own: string | undefined): BucketHandle[] {
  const { projects } = homeLayout(home);
  const names = attempt(() => listNames(projects));
  if (!names.ok) return [];
  const found: BucketHandle[] = [];
  for (const { layout, name } of byRecency(projects, names.value)) {
    const facts = readFacts(layout);
    if (facts.kind === 'newer' || facts.kind === 'unreadable' || facts.kind === 'refused') continue;
    const root = facts.kind === 'none' ? '' : facts.root;
    // A copy that a sync program made of our own bucket is no other repository.
    if (own !== undefined && root === own) continue;
    if (leadsOut(layout.stateDir)) continue;
    found.push({ id: name, layout, root });
    if (found.length === MOST_OTHERS) break;
  }
  return found;
}

function byRecency(projects: string, names: readonly string[]) {
  return names
    .filter(isBucketName)
    .map((name) => {
      const layout = bucketLayout(path.join(projects, name));
      return { name, layout, at: changedAt(layout.generations) ?? changedAt(layout.recallFolder) ?? 0 };
    })
    .filter(({ at }) => at > 0)
    .toSorted((a, b) => b.at - a.at);
}

function changedAt(folder: string): number | undefined {
  const facts = attempt(() => factsOf(folder));
  return facts.ok && facts.value?.kind === 'folder' ? facts.value.modifiedMs : undefined;
}

/** A bucket that is a link, or has links for folders, is not ours to read. */
const leadsOut = (folder: string): boolean =>
  lookAt(folder)?.kind !== 'folder' || !attempt(() => refuseLinksIn(folder)).ok;
