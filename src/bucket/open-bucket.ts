import path from 'node:path';
import type { Clock } from '../kernel/clock.ts';
import { timestamp } from '../kernel/clock.ts';
import { attempt, DiskFailure } from '../kernel/disk-failure.ts';
import { exists, factsOf, listNames, lookAt } from '../kernel/files.ts';
import { makeFolder, makeFolderExclusively, syncFolder, writeDurably, writeNew } from '../kernel/write-files.ts';
import type { BucketLayout, Environment } from '../kernel/home.ts';
import { bucketLayout, homeLayout } from '../kernel/home.ts';
import { moveFolderExclusively, realPath, removeFolder } from '../kernel/move-files.ts';
import { renderJson } from '../kernel/render-json.ts';
import { bucketNames, nameKey } from './bucket-id.ts';
import type { Repository } from './identity.ts';
import { refuseLinksIn } from '../kernel/links.ts';
import { findRepository, identityOf, nearestRealPath, repositoryRoot } from './identity.ts';
import type { FactsReading } from './read-facts.ts';
import { FACTS_VERSION, readFacts } from './read-facts.ts';
import { setAside } from './set-aside.ts';

/** The folder in which everything about one repository lies. */
export interface BucketHandle {
  /** Its name in projects/; for a `--state-dir` the name of that folder. */
  id: string;
  layout: BucketLayout;
  /** Canonical root of the repository. */
  root: string;
}

/**
 * The bucket of the repository that `cwd` belongs to, if it has one. Changes nothing.
 * @throws DiskFailure `symlink-refused`, `newer-schema`
 */
export function findBucket(home: string, cwd: string, env?: Environment): BucketHandle | undefined {
  const root = repositoryRoot(cwd, env);
  const place = locate(homeLayout(home).projects, root);
  return place && handleOf(place.folder, root);
}

/**
 * As `findBucket`, but makes the bucket when there is none and signs one that an older program made.
 * A bucket that is there already costs one read and no change.
 * @throws DiskFailure; nothing that was there before has changed then
 */
export function openBucket(home: string, cwd: string, clock: Clock, env?: Environment): BucketHandle {
  const root = repositoryRoot(cwd, env);
  const { projects } = homeLayout(home);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    // Listed before we look: a name that somebody takes after our look still counts as free, and the rename
    // says that it is not. The other way round, our own bucket, just made by a rival, would count as another's.
    const names = round === 0 ? undefined : listNames(projects);
    const place = locate(projects, root);
    if (place?.claim === 'ours') return handleOf(place.folder, root);
    const repository = { root, identity: identityOf(root) };
    if (place) sign(bucketLayout(place.folder), repository, clock);
    else if (names) create(projects, names, repository, clock);
  }
  throw nothingFree(projects);
}

const nothingFree = (projects: string): DiskFailure =>
  new DiskFailure({ reason: 'disk-failed', operation: 'make a bucket in', path: projects, code: 'EEXIST' });

/** Each round is lost only to somebody who signed or made a bucket meanwhile, and then the next finds it. */
const MAX_ROUNDS = 10;

/**
 * `--state-dir DIR`: that folder itself is the bucket, whatever its name. Changes nothing.
 * What the folder says about its repository counts for more than `cwd`.
 */
export function bucketAt(stateDir: string, cwd: string, env?: Environment): BucketHandle {
  // The person who names a folder may name it by a link.
  const folder = nearestRealPath(stateDir);
  const facts = readFacts(bucketLayout(folder));
  if (facts.kind === 'newer' || facts.kind === 'refused') throw unusable(facts);
  const known = facts.kind === 'none' ? null : facts.root;
  return handleOf(folder, known ?? repositoryRoot(cwd, env));
}

/**
 * As `bucketAt`, and makes the folder and signs it when nobody has.
 * @throws DiskFailure
 */
export function openBucketAt(stateDir: string, cwd: string, clock: Clock, env?: Environment): BucketHandle {
  const handle = bucketAt(stateDir, cwd, env);
  if (readFacts(handle.layout).kind !== 'facts') sign(handle.layout, findRepository(cwd, env), clock);
  return bucketAt(stateDir, cwd, env);
}

/** A folder of the bucket that is a link would lead out of it. */
function handleOf(folder: string, root: string): BucketHandle {
  refuseLinksIn(folder);
  return { id: path.basename(folder), layout: bucketLayout(folder), root };
}

/** A folder that is this root's bucket, or (`unsigned`) may become it because nobody has signed it. */
interface Place {
  folder: string;
  claim: 'ours' | 'unsigned';
}

type Claim = Place['claim'] | 'free' | 'others';

function locate(projects: string, root: string): Place | undefined {
  let unsigned: Place | undefined;
  let isPlain = true;
  for (const name of bucketNames(root)) {
    const folder = path.join(projects, name);
    const claim = claimOn(folder, root);
    if (claim === 'ours') return { folder, claim };
    if (claim === 'unsigned') unsigned ??= { folder, claim };
    // A suffix is only ever given when the names before it are taken. The plain name may have become
    // free since (its bucket was archived), so it alone does not end the search.
    if (claim === 'free' && !isPlain) break;
    isPlain = false;
  }
  return unsigned;
}

function claimOn(folder: string, root: string): Claim {
  const kind = lookAt(folder)?.kind;
  if (kind === undefined) return 'free';
  if (kind === 'link') throw new DiskFailure({ reason: 'symlink-refused', path: folder });
  return kind === 'folder' ? claimOfFacts(readFacts(bucketLayout(folder)), root) : 'others';
}

function claimOfFacts(facts: FactsReading, root: string): Claim {
  switch (facts.kind) {
    case 'facts':
      return facts.root === root ? 'ours' : 'others';
    case 'none':
      return 'unsigned';
    case 'older':
    case 'unreadable':
      return facts.root === null || facts.root === root || realPath(facts.root) === root ? 'unsigned' : 'others';
    case 'newer':
    case 'refused':
      throw unusable(facts);
  }
}

/** A bucket that must be left as it is. */
function unusable(facts: Extract<FactsReading, { kind: 'newer' | 'refused' }>): DiskFailure {
  if (facts.kind === 'refused') return new DiskFailure(facts.failure);
  return new DiskFailure({ reason: 'newer-schema', path: facts.path, version: facts.version });
}

const factsFor = (repository: Repository, clock: Clock): string =>
  renderJson({ version: FACTS_VERSION, ...repository, created_at: timestamp(clock) });

/** Makes a folder that nobody has signed this repository's; of two who try, one does. */
function sign(layout: BucketLayout, repository: Repository, clock: Clock): void {
  makeFolder(layout.stateDir);
  const facts = readFacts(layout);
  if (facts.kind === 'unreadable') setAside(layout, layout.facts, `not the facts of a bucket: ${facts.detail}`);
  makeFolders(layout);
  writeDurably(layout.facts, factsFor(repository, clock), { exclusive: true });
}

/** Makes the bucket aside and renames it into place, so that nobody ever sees half of one. */
function create(projects: string, names: readonly string[], repository: Repository, clock: Clock): void {
  makeProjects(projects);
  sweepAbandoned(projects, names, clock);
  const name = freeName(names, repository.root);
  if (name === undefined) throw nothingFree(projects);
  const aside = folderAside(projects);
  try {
    const layout = bucketLayout(aside);
    makeFolders(layout);
    writeNew(layout.facts, factsFor(repository, clock));
    syncFolder(aside);
    if (moveFolderExclusively(aside, path.join(projects, name)) === 'moved') syncFolder(projects);
    else removeFolder(aside);
  } catch (error) {
    removeQuietly(aside);
    throw error;
  }
}

/** A first bucket comes with the home: a power cut must not take them away below the knowledge of later hours. */
function makeProjects(projects: string): void {
  const isFirst = !exists(projects);
  makeFolder(projects);
  if (!isFirst) return;
  const home = path.dirname(projects);
  syncFolder(home);
  // The folder above is not ours, and may not let us.
  attempt(() => syncFolder(path.dirname(home)));
}

function freeName(names: readonly string[], root: string): string | undefined {
  const taken = new Set(names.map(nameKey));
  for (const name of bucketNames(root)) if (!taken.has(nameKey(name))) return name;
  return undefined;
}

const ASIDE = '.new-';

function folderAside(projects: string): string {
  for (;;) {
    const unique = `${process.pid.toString(36)}-${Math.random().toString(36).slice(2)}`;
    const folder = path.join(projects, `${ASIDE}${unique}`);
    if (makeFolderExclusively(folder)) return folder;
  }
}

const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

/** Folders of programs that died between making a bucket and renaming it; they never held anything. */
function sweepAbandoned(projects: string, names: readonly string[], clock: Clock): void {
  for (const name of names) {
    if (!name.startsWith(ASIDE)) continue;
    const folder = path.join(projects, name);
    const facts = factsOf(folder);
    if (facts && clock.now().getTime() - facts.modifiedMs > ABANDONED_AFTER_MS) removeQuietly(folder);
  }
}

function removeQuietly(folder: string): void {
  try {
    removeFolder(folder);
  } catch {
    // A leftover of that name is nothing to every reader; what made us clean up is what counts.
  }
}

/**
 * The documented folders; later steps make theirs again when somebody removed one. Those within
 * others are synced there: what is deposited later syncs only the folder that it lies in.
 */
function makeFolders(layout: BucketLayout): void {
  for (const folder of [
    layout.pending,
    layout.processing,
    layout.done,
    layout.failed,
    layout.discarded,
    layout.memoryFolder,
    layout.recallFolder,
    layout.managedSkills,
    layout.compiler,
    layout.queue,
    layout.snapshots,
    layout.failedReviews,
    layout.sessions,
  ]) {
    makeFolder(folder);
  }
  for (const folder of [layout.suggestions, layout.skillsFolder, path.dirname(layout.queue)]) {
    syncFolder(folder);
  }
}
