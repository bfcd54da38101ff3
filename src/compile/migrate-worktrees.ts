import path from 'node:path';
import type { Report } from '../contracts/event.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { envelopeFile, envelopeIds, STATES } from '../bucket/envelope-file.ts';
import { openBucket } from '../bucket/open-bucket.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { compactTimestamp } from '../kernel/clock.ts';
import { randomId } from '../kernel/digest.ts';
import { attemptAsync } from '../kernel/disk-failure.ts';
import { exists, listNames } from '../kernel/files.ts';
import { makeFolder, syncFolder } from '../kernel/write-files.ts';
import { bucketLayout } from '../kernel/home.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { acquireLock } from '../kernel/lock.ts';
import { moveFile, moveFolderExclusively } from '../kernel/move-files.ts';
import type { World } from '../kernel/world.ts';
import { adoptEdits } from './adopt-edits.ts';
import { mergeKnowledge } from './merge-knowledge.ts';
import type { MergedKnowledge } from './merge-knowledge.ts';
import { openKnowledge } from './open-knowledge.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import { planMigration } from './plan-migration.ts';
import type { MigrationItem } from './plan-migration.ts';
import { promoteChange } from './promote-change.ts';
import { publish } from './show-generation.ts';

export interface MigrationTask {
  world: World;
  /** Without it only what would be done is told. */
  apply: boolean;
  report: Report;
  describe: (failure: Extract<Result<never>, { ok: false }>['failure']) => string;
}

/** What became of one bucket. */
export interface MigrationResult extends MigrationItem {
  status: 'planned' | 'merged' | 'failed' | 'left_alone';
  target_bucket: string | null;
  generation: number | null;
  added: MergedKnowledge['added'] | null;
  /** Skills that both have; the target's text stays, the other lies in the archive. */
  skill_conflicts: string[];
  moved_envelopes: number;
  archived_as: string | null;
  error: string | null;
}

/** Merges buckets of linked worktrees into their repository's, and archives them. One that fails never stops the others. */
export async function migrateWorktrees(task: MigrationTask): Promise<MigrationResult[]> {
  const results: MigrationResult[] = [];
  for (const item of planMigration(task.world)) {
    if (item.action !== 'merge' || !task.apply) {
      results.push({ ...untouched(item), status: item.action === 'leave' ? 'left_alone' : 'planned' });
      continue;
    }
    const merged = await attemptAsync(() => mergeBucket(task, item));
    results.push(
      merged.ok ? merged.value : { ...untouched(item), status: 'failed', error: task.describe(merged.failure) },
    );
  }
  return results;
}

const untouched = (item: MigrationItem): Omit<MigrationResult, 'status'> => ({
  ...item,
  target_bucket: null,
  generation: null,
  added: null,
  skill_conflicts: [],
  moved_envelopes: 0,
  archived_as: null,
  error: null,
});

/** The source's lock is held all the while; nothing else writes there, since sessions use the repository's bucket now. */
async function mergeBucket(task: MigrationTask, item: MigrationItem): Promise<Result<MigrationResult>> {
  const { world } = task;
  const source = { id: item.bucket, layout: bucketLayout(item.state_dir), root: item.root ?? '' };
  const lock = await acquireLock({ layout: source.layout, clock: world.clock, run: randomId() });
  if (!lock.ok) return lock;
  let merged: Result<MigrationResult>;
  try {
    merged = await mergeLocked(task, item, source);
  } finally {
    await lock.value.release();
  }
  if (!merged.ok) return merged;
  const name = `${item.bucket}.archived.${compactTimestamp(world.clock)}`;
  const projects = path.dirname(item.state_dir);
  if (moveFolderExclusively(item.state_dir, path.join(projects, name)) === 'taken')
    return fail({ reason: 'disk-failed', operation: 'archive', path: item.state_dir, code: 'EEXIST' });
  syncFolder(projects);
  return succeed({ ...merged.value, archived_as: name });
}

async function mergeLocked(
  task: MigrationTask,
  item: MigrationItem,
  source: BucketHandle,
): Promise<Result<MigrationResult>> {
  const { world, report } = task;
  const opened = openKnowledge(source.layout);
  if (!opened.ok) return opened;
  const { knowledge } = adoptEdits({ world, bucket: source, report }, opened.value);
  const target = openBucket(world.home, item.canonical_root ?? '', world.clock, world.env);
  let merged: MergedKnowledge | undefined;
  const promoted = await promoteChange({
    world,
    bucket: target,
    report,
    cause: 'migrate',
    editsFirst: false,
    decide: (known) => {
      merged = mergeKnowledge(known, knowledge);
      return succeed(merged.change);
    },
  });
  if (!promoted.ok) return promoted;
  const moved = moveWork(source.layout, target.layout, knowledge);
  // Their names carry the source's; the target publishes its own.
  publish({ world, bucket: source, report }, knowledge.skills.map(withdrawn));
  return succeed({
    ...untouched(item),
    status: 'merged',
    target_bucket: target.id,
    generation: promoted.value?.generation ?? null,
    added: merged?.added ?? null,
    skill_conflicts: merged?.conflicts ?? [],
    moved_envelopes: moved,
  });
}

const withdrawn = (skill: OpenKnowledge['skills'][number]): typeof skill => ({
  ...skill,
  status: 'retired',
  content: '',
});

/** What still waits goes to the target: envelopes, queued turns, and how far sessions were reviewed. */
function moveWork(source: BucketLayout, target: BucketLayout, { ledger }: OpenKnowledge): number {
  let moved = 0;
  for (const from of ['pending', 'processing', 'failed'] as const) {
    const to = from === 'failed' ? 'failed' : 'pending';
    makeFolder(target[to]);
    for (const id of envelopeIds(source, from)) {
      const isKnown = id in ledger || STATES.some((state) => exists(envelopeFile(target, state, id)));
      // It stays in the archive: a second copy would be set aside there.
      if (!isKnown && moveFile(envelopeFile(source, from, id), envelopeFile(target, to, id))) moved++;
    }
    syncFolder(target[to]);
  }
  for (const folder of ['queue', 'sessions', 'snapshots'] as const) moveFiles(source[folder], target[folder]);
  return moved;
}

function moveFiles(from: string, to: string): void {
  makeFolder(to);
  for (const name of listNames(from)) {
    if (!exists(path.join(to, name))) moveFile(path.join(from, name), path.join(to, name));
  }
  syncFolder(to);
}
