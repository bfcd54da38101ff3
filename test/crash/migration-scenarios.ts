import fs from 'node:fs';
import path from 'node:path';
import { scriptBackend } from '../../src/backend/script.ts';
import { plainBucketName } from '../../src/bucket/bucket-id.ts';
import { deposit } from '../../src/bucket/deposit.ts';
import { bucketAt } from '../../src/bucket/open-bucket.ts';
import type { BucketHandle } from '../../src/bucket/open-bucket.ts';
import { compileBucket } from '../../src/compile/compile.ts';
import { migrateWorktrees } from '../../src/compile/migrate-worktrees.ts';
import { describe as inWords } from '../../src/commands/describe.ts';
import { anEnvelope, memory, note, skill } from '../support/temp-bucket.ts';
import { pythonBucket } from '../support/python-home.ts';
import type { Lab } from './lab.ts';
import type { Scenario } from './scenario.ts';

/** A linked worktree of the lab's repository, laid as git lays it. */
function addWorktree(lab: Lab): string {
  const tree = path.join(lab.folder, 'tree');
  const facts = path.join(lab.repo, '.git', 'worktrees', 'tree');
  for (const folder of [facts, tree]) fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(facts, 'HEAD'), 'ref: refs/heads/other\n');
  fs.writeFileSync(path.join(facts, 'commondir'), '../..\n');
  fs.writeFileSync(path.join(facts, 'gitdir'), `${path.join(tree, '.git')}\n`);
  fs.writeFileSync(path.join(tree, '.git'), `gitdir: ${facts}\n`);
  return tree;
}

/** A bucket that was made by name of the worktree's folder, and that this program has worked in since. */
async function treeBucket(lab: Lab, tree: string): Promise<BucketHandle> {
  const stateDir = path.join(lab.home, 'projects', plainBucketName(tree));
  fs.mkdirSync(stateDir, { recursive: true });
  fs.writeFileSync(path.join(stateDir, '.canonical_cwd'), tree);
  const bucket = bucketAt(stateDir, tree);
  deposit(
    bucket.layout,
    anEnvelope('tree-1', [
      memory('Use bazel here', 'The worktree is built with bazel alone.'),
      note('Tree note', 'The importer needs four gigabytes of memory.'),
      skill('run-the-importer'),
    ]),
  );
  await compileBucket(lab.world, bucket, { ...lab.options, backend: scriptBackend });
  const file = bucket.layout.memoryMd;
  const edit = '## Written by hand\n\nThe release notes are written by hand.\n';
  fs.writeFileSync(file, `${fs.readFileSync(file, 'utf8')}\n${edit}`);
  deposit(bucket.layout, anEnvelope('tree-2', [memory('Answer in German', 'Answers are to be written in German.')]));
  return bucket;
}

const waiting = [memory('Use pnpm', 'The package manager of this repository is pnpm.')];

const report = (): void => undefined;

/** @returns what went wrong with the first bucket that was not merged */
async function migrate(lab: Lab): Promise<unknown> {
  const results = await migrateWorktrees({ world: lab.world, apply: true, report, describe: inWords });
  return results.find((result) => result.status === 'failed')?.error ?? undefined;
}

/** A person who sees that it did not end runs it again. */
async function again(lab: Lab): Promise<void> {
  const failed = await migrate(lab);
  if (failed !== undefined) throw new Error(`the migration failed again: ${JSON.stringify(failed)}`);
}

export const migrationScenarios: readonly Scenario[] = [
  {
    name: 'migration of a worktree into a new bucket',
    prepare: async (lab) => {
      await treeBucket(lab, addWorktree(lab));
    },
    run: migrate,
    // The repository's bucket is there, and nothing is in it yet.
    between: async (lab) => await Promise.resolve(lab.bucket),
    next: again,
    facts: ['bazel alone', 'four gigabytes', 'run-the-importer', 'written by hand', 'in German'],
  },
  {
    name: 'migration of a worktree, and the scheduler comes first',
    prepare: async (lab) => {
      lab.deposit('old-1', [memory('Use make verify', 'Run make verify before every commit.')]);
      await lab.compile();
      lab.deposit('new-1', waiting);
      await treeBucket(lab, addWorktree(lab));
    },
    run: migrate,
    next: async (lab) => {
      await lab.scan();
      await again(lab);
    },
    facts: ['make verify', 'package manager', 'bazel alone', 'four gigabytes', 'written by hand', 'in German'],
  },
  {
    name: 'migration of an older worktree',
    // One envelope comes with a failure of its own.
    died: true,
    prepare: async (lab) => {
      lab.deposit('old-1', [memory('Use make verify', 'Run make verify before every commit.')]);
      await lab.compile();
      lab.deposit('new-1', waiting);
      pythonBucket(lab.home, addWorktree(lab), 'beta');
    },
    run: migrate,
    next: again,
    facts: [
      'make verify',
      'package manager',
      'beta says about user',
      'beta says about global',
      'beta service listens',
      'beta-pending.md',
      'beta-processing.md',
      'beta-failed.md',
    ],
  },
];
