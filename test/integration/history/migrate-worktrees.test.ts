import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { scriptBackend } from '../../../src/backend/script.ts';
import { openBucket } from '../../../src/bucket/open-bucket.ts';
import type { BucketHandle } from '../../../src/bucket/open-bucket.ts';
import { readKnowledge } from '../../../src/assets/read-memory.ts';
import { currentGeneration } from '../../../src/assets/generation-folder.ts';
import { openRecallStore } from '../../../src/assets/recall-store.ts';
import { migrateWorktrees } from '../../../src/compile/migrate-worktrees.ts';
import type { MigrationResult } from '../../../src/compile/migrate-worktrees.ts';
import { compileUntilEmpty } from '../../../src/compile/compile-until-empty.ts';
import { describe as inWords } from '../../../src/commands/describe.ts';
import { systemWorld } from '../../../src/kernel/world.ts';
import type { World } from '../../../src/kernel/world.ts';
import { git, repository } from '../bucket/git-lab.ts';
import { tempFolder } from '../../support/temp-bucket.ts';
import { pythonBucket } from '../../support/python-home.ts';

interface Lab {
  world: World;
  folder: string;
  main: string;
  worktree: string;
}

function lab(): Lab {
  const folder = tempFolder();
  const main = repository(path.join(folder, 'main'));
  const worktree = path.join(folder, 'tree');
  git(main, 'worktree', 'add', '-q', worktree);
  fs.mkdirSync(path.join(folder, 'codex'));
  const world = systemWorld(
    { HOME: path.join(folder, 'user'), CODEX_HOME: path.join(folder, 'codex') },
    path.join(folder, 'home'),
  );
  return { world, folder, main, worktree };
}

const report = (): void => undefined;
const migrate = async ({ world }: Lab, apply: boolean): Promise<MigrationResult[]> =>
  await migrateWorktrees({ world, apply, report, describe: inWords });
const projects = ({ world }: Lab): string[] => fs.readdirSync(path.join(world.home, 'projects')).toSorted();
const names = (folder: string): string[] => fs.readdirSync(folder).toSorted();
async function compileAll(world: World, bucket: BucketHandle): Promise<void> {
  const compiled = await compileUntilEmpty(world, bucket, {
    backend: scriptBackend,
    fallback: null,
    batchSize: 100,
    report,
  });
  expect(compiled.ok).toEqual(true);
}
const summaries = (bucket: BucketHandle): string[] => {
  const { memory } = readKnowledge(bucket.layout);
  return [...memory.user, ...memory.global].map((record) => record.summary).toSorted();
};

const all = (word: string): string[] =>
  ['failed', 'global', 'pending', 'processing', 'user'].map((what) => `${word} ${what}`);

describe('a home of the Python plugin 0.7', () => {
  test('opens and compiles with envelopes in every state, a stale lock and archived buckets, and keeps every entry', async () => {
    const home = lab();
    const stateDir = pythonBucket(home.world.home, home.main, 'alpha');
    fs.cpSync(stateDir, `${stateDir}.archived.20260101T000000`, { recursive: true });
    const bucket = openBucket(home.world.home, home.main, home.world.clock, home.world.env);
    expect(bucket.layout.stateDir).toEqual(stateDir);
    await compileAll(home.world, bucket);
    expect(summaries(bucket)).toEqual([
      'alpha failed',
      'alpha global',
      'alpha pending',
      'alpha processing',
      'alpha user',
    ]);
    expect(names(bucket.layout.done)).toEqual([
      'alpha-done.json',
      'alpha-failed.json',
      'alpha-pending.json',
      'alpha-processing.json',
    ]);
    expect(names(bucket.layout.discarded)).toEqual(['alpha-discarded.json']);
    expect(fs.readFileSync(path.join(bucket.layout.done, 'alpha-pending.json'), 'utf8')).toContain('their_key');
    expect(fs.readFileSync(path.join(bucket.layout.managedSkills, 'alpha-skill.md'), 'utf8')).toContain(
      '2. Check what alpha',
    );
    expect(names(path.join(home.folder, 'codex', 'skills'))).toEqual([
      expect.stringMatching(/^csep-[0-9a-f]{6}-alpha-skill$/),
    ]);
    expect(fs.existsSync(bucket.layout.lockOwner)).toEqual(false);
    expect(projects(home)).toEqual([path.basename(stateDir), `${path.basename(stateDir)}.archived.20260101T000000`]);
  });
});

describe('migrate-worktrees', () => {
  test('only tells what it would do, until it is told to', async () => {
    const home = lab();
    pythonBucket(home.world.home, home.main, 'alpha');
    const tree = pythonBucket(home.world.home, home.worktree, 'beta');
    const before = projects(home);
    expect(await migrate(home, false)).toMatchObject([
      { bucket: path.basename(tree), canonical_root: home.main, action: 'merge', status: 'planned' },
    ]);
    expect(projects(home)).toEqual(before);
    expect(fs.existsSync(path.join(tree, 'generations'))).toEqual(false);
  });

  test('merges a worktree’s memory, recall, skills and waiting envelopes into the repository’s bucket and archives it', async () => {
    const home = lab();
    pythonBucket(home.world.home, home.main, 'alpha');
    const tree = pythonBucket(home.world.home, home.worktree, 'beta');
    fs.mkdirSync(path.join(tree, 'sessions'), { recursive: true });
    fs.writeFileSync(path.join(tree, 'sessions', 's.review.json'), '{}');
    // Applied long ago, and back in pending/: it must not be compiled again.
    fs.copyFileSync(
      path.join(tree, 'suggestions', 'done', 'beta-done.json'),
      path.join(tree, 'suggestions', 'pending', 'beta-done.json'),
    );
    const [result] = await migrate(home, true);
    expect(result).toMatchObject({
      status: 'merged',
      added: { memory: 2, recall: 1, skills: 1 },
      moved_envelopes: 3,
      archived_as: expect.stringMatching(/\.archived\.\d{8}T\d{6}$/),
    });
    const bucket = openBucket(home.world.home, home.main, home.world.clock, home.world.env);
    expect(names(bucket.layout.sessions)).toEqual(['s.review.json']);
    const facts = fs.readFileSync(path.join(bucket.layout.generations, '1', 'generation.json'), 'utf8');
    expect(Object.keys(JSON.parse(facts).applied).toSorted()).toEqual([
      'alpha-discarded',
      'alpha-done',
      'beta-discarded',
      'beta-done',
    ]);
    await compileAll(home.world, bucket);
    expect(summaries(bucket)).toEqual([...all('alpha'), ...all('beta')]);
    const store = openRecallStore(currentGeneration(bucket.layout)?.folder ?? '');
    expect([store.count(), store.search('beta service port', { topK: 1 })[0]?.record.summary]).toEqual([
      2,
      'beta note',
    ]);
    store.close();
    expect(names(path.join(home.folder, 'codex', 'skills')).map((name) => name.slice(12))).toEqual([
      'alpha-skill',
      'beta-skill',
    ]);
    expect(projects(home)).toEqual([bucket.id, result?.archived_as ?? ''].toSorted());
    expect(await migrate(home, true)).toEqual([]);
  });

  test('may be repeated after it died between its promotion and the archive', async () => {
    const home = lab();
    const tree = pythonBucket(home.world.home, home.worktree, 'beta');
    const copy = path.join(home.folder, 'copy');
    fs.cpSync(tree, copy, { recursive: true });
    const [first] = await migrate(home, true);
    fs.rmSync(path.join(home.world.home, 'projects', first?.archived_as ?? 'nothing'), { recursive: true });
    fs.renameSync(copy, tree);
    const [again] = await migrate(home, true);
    expect(again).toMatchObject({
      status: 'merged',
      generation: null,
      added: { memory: 0, recall: 0, skills: 0 },
      moved_envelopes: 0,
    });
    const bucket = openBucket(home.world.home, home.main, home.world.clock, home.world.env);
    await compileAll(home.world, bucket);
    expect(summaries(bucket).length).toEqual(5);
  });

  test('recognises a worktree whose folder is gone by what the repository still knows of it', async () => {
    const home = lab();
    pythonBucket(home.world.home, home.main, 'alpha');
    const tree = pythonBucket(home.world.home, home.worktree, 'beta');
    fs.rmSync(home.worktree, { recursive: true });
    fs.rmSync(path.join(tree, '.canonical_cwd'));
    expect(await migrate(home, false)).toMatchObject([
      { bucket: path.basename(tree), canonical_root: home.main, action: 'merge' },
    ]);
  });

  test('suggests a bucket whose repository has moved, and moves nothing', async () => {
    const home = lab();
    const old = openBucket(home.world.home, home.main, home.world.clock, home.world.env);
    const elsewhere = path.join(home.folder, 'elsewhere');
    fs.renameSync(home.main, elsewhere);
    openBucket(home.world.home, elsewhere, home.world.clock, home.world.env);
    const before = projects(home);
    expect(await migrate(home, true)).toMatchObject([
      { bucket: old.id, canonical_root: elsewhere, action: 'moved', status: 'planned' },
    ]);
    expect(projects(home)).toEqual(before);
  });

  test('leaves what a newer version has written alone, and says so', async () => {
    const home = lab();
    const tree = pythonBucket(home.world.home, home.worktree, 'beta');
    fs.mkdirSync(path.join(tree, 'generations', '1'), { recursive: true });
    fs.writeFileSync(path.join(tree, 'generations', '1', 'generation.json'), JSON.stringify({ schema_version: 2 }));
    expect(await migrate(home, true)).toMatchObject([
      { status: 'failed', error: expect.stringContaining('newer version') },
    ]);
    fs.writeFileSync(path.join(tree, 'bucket.json'), JSON.stringify({ version: 2, root: home.worktree }));
    expect(await migrate(home, true)).toMatchObject([
      { status: 'left_alone', reason: expect.stringContaining('newer version') },
    ]);
    expect(names(path.join(tree, 'suggestions', 'pending'))).toEqual(['beta-pending.json']);
  });
});
