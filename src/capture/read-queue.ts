import path from 'node:path';
import { setAside } from '../bucket/set-aside.ts';
import { QueueEntry } from '../contracts/review.ts';
import { listNames } from '../kernel/files.ts';
import { syncFile, syncFolder } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { readJson } from '../kernel/json-file.ts';
import { removeFile } from '../kernel/move-files.ts';
import type { World } from '../kernel/world.ts';
import { isQueueName, queuePrefix } from './queue-name.ts';

/** A queue entry together with its file name. */
export interface QueuedStop {
  name: string;
  entry: QueueEntry;
}

/** An entry has ids, two paths and one message. */
const LONGEST_ENTRY = 256 * 1024;

/** Names of all entries in a bucket's queue; other files in the folder are nothing to us. */
export const queueNames = (layout: BucketLayout): string[] => listNames(layout.queue).filter(isQueueName);

/** The entries of one session, oldest first. */
export function readStops(world: World, layout: BucketLayout, session: string): QueuedStop[] {
  const prefix = queuePrefix(session);
  return readNamed(
    world,
    layout,
    queueNames(layout).filter((name) => name.startsWith(prefix)),
  ).filter(({ entry }) => entry.session_id === session);
}

/** The entries of all sessions, oldest first. */
export const readAllStops = (world: World, layout: BucketLayout): QueuedStop[] =>
  readNamed(world, layout, queueNames(layout));

function readNamed(world: World, layout: BucketLayout, names: readonly string[]): QueuedStop[] {
  return names
    .flatMap((name) => readStop(world, layout, name) ?? [])
    .toSorted((a, b) => compare(a.entry.queued_at, b.entry.queued_at) || compare(a.name, b.name));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Undefined for a file that is no entry: damaged ones are set aside, those of a newer version stay. */
function readStop(world: World, layout: BucketLayout, name: string): QueuedStop | undefined {
  const file = path.join(layout.queue, name);
  const reading = readJson(file, QueueEntry, LONGEST_ENTRY);
  if (reading.ok) return { name, entry: reading.value };
  const { failure } = reading;
  // Gone: another worker finished it between our list and our look.
  if (failure.reason === 'file-missing') return undefined;
  world.diagnostics.log('queue-entry-unreadable', { ...failure });
  if (failure.reason !== 'newer-schema' && failure.reason !== 'disk-failed') setAside(layout, file, failure.reason);
  return undefined;
}

/** The hook does not sync; whoever is about to act on an entry makes it survive a power cut first. */
export function syncStops(layout: BucketLayout, stops: readonly QueuedStop[]): void {
  for (const { name } of stops) syncFile(path.join(layout.queue, name));
  if (stops.length > 0) syncFolder(layout.queue);
}

/** Removes exactly these entries; what came meanwhile stays. */
export function removeStops(layout: BucketLayout, stops: readonly QueuedStop[]): void {
  for (const { name } of stops) removeFile(path.join(layout.queue, name));
}

/** Keeps entries that can never be reviewed, out of the queue. */
export function setStopsAside(layout: BucketLayout, stops: readonly QueuedStop[], reason: string): void {
  for (const { name } of stops) setAside(layout, path.join(layout.queue, name), reason);
}
