import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readKnowledge } from '../../../src/assets/read-memory.ts';
import { forget } from '../../../src/compile/forget.ts';
import { hasWork } from '../../../src/compile/has-work.ts';
import { memory, note, skill, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';

const MIRRORS = [
  'memory/USER.md',
  'memory/MEMORY.md',
  'memory/memory.json',
  'recall/index.json',
  'recall/compiled.md',
  'skills/manifest.json',
  'skills/managed/release-it.md',
];

async function compiledBucket(): Promise<TempBucket> {
  const bucket = tempBucket();
  bucket.deposit('a1', [
    memory('Use pnpm', 'Always use pnpm here.'),
    memory('Short answers', 'I like short answers.', { scope: 'user' }),
    note('Gateway', 'The gateway restarts every night at three.'),
    skill('release-it'),
  ]);
  await bucket.compile();
  return bucket;
}

const depositMore = (bucket: TempBucket): void =>
  bucket.deposit('b2', [
    memory('Run make verify', 'Run make verify before a commit.'),
    memory('Long nights', 'I work in the night.', { scope: 'user' }),
    note('Docker', 'The docker build needs four gigabytes of memory.'),
    skill('deploy-it'),
    skill('release-it', { action: 'edit', content: '1. Look twice.\n2. Run the script.\n3. Check it.' }),
  ]);

const placeOf = (bucket: TempBucket, name: string): string => path.join(bucket.bucket.layout.stateDir, name);

/** What lies outside and must be neither followed nor replaced. */
function layLink(bucket: TempBucket, name: string): void {
  const target = path.join(bucket.folder, 'dotfile');
  fs.writeFileSync(target, 'mine\n');
  fs.rmSync(placeOf(bucket, name));
  fs.symlinkSync(target, placeOf(bucket, name));
}

function layFolder(bucket: TempBucket, name: string): void {
  fs.rmSync(placeOf(bucket, name));
  fs.mkdirSync(placeOf(bucket, name));
  fs.writeFileSync(path.join(placeOf(bucket, name), 'mine'), 'mine\n');
}

const problems = (bucket: TempBucket): string[] =>
  bucket.events.flatMap((event) => (event.type === 'problem' ? [event.what] : []));

const OBSTACLES = [
  { kind: 'link', lay: layLink, mine: (bucket: TempBucket) => path.join(bucket.folder, 'dotfile') },
  {
    kind: 'folder',
    lay: layFolder,
    mine: (bucket: TempBucket, name: string) => path.join(placeOf(bucket, name), 'mine'),
  },
];

describe.each(OBSTACLES)('a $kind in the place of a mirror', ({ kind, lay, mine }) => {
  test.each(MIRRORS)('%s is left alone and told, and the bucket goes on', async (name) => {
    const bucket = await compiledBucket();
    lay(bucket, name);
    depositMore(bucket);
    expect(await bucket.compile()).toMatchObject({ status: 'success', generation: 2 });
    expect(problems(bucket)).toEqual([expect.stringContaining(`${placeOf(bucket, name)} is a ${kind}`)]);
    expect(fs.readFileSync(mine(bucket, name), 'utf8')).toEqual('mine\n');
    expect(bucket.readJson('mirrors.json')['generation']).toEqual(2);
    for (const other of MIRRORS.filter((mirror) => mirror !== name))
      expect(bucket.read(other)).toMatch(/make verify|Long nights|docker build|deploy-it|Look twice/);
    expect(readKnowledge(bucket.bucket.layout)).toMatchObject({
      generation: 2,
      memory: { user: { length: 2 }, global: { length: 2 } },
    });
    expect(hasWork(bucket.bucket.layout)).toEqual(false);
    expect(await bucket.compile()).toMatchObject({ status: 'skip_empty' });
  });

  test('is written over again by the next promotion after its owner has taken it away', async () => {
    const bucket = await compiledBucket();
    lay(bucket, 'memory/USER.md');
    depositMore(bucket);
    await bucket.compile();
    fs.rmSync(placeOf(bucket, 'memory/USER.md'), { recursive: true });
    bucket.deposit('c3', [memory('Keep it small', 'Keep every function small.')]);
    await bucket.compile();
    expect(bucket.read('memory/USER.md')).toContain('I work in the night.');
  });

  test('keeps no forget from its end', async () => {
    const bucket = await compiledBucket();
    lay(bucket, 'recall/index.json');
    lay(bucket, 'skills/managed/release-it.md');
    const task = { world: bucket.world, bucket: bucket.bucket, report: () => undefined, query: 'release-it' };
    const flags = { scope: 'all' as const, dryRun: false, keepHistory: false, yes: false };
    expect(await forget({ ...task, ...flags })).toMatchObject({ ok: true, value: { generation: 2 } });
    expect(fs.readFileSync(mine(bucket, 'skills/managed/release-it.md'), 'utf8')).toEqual('mine\n');
    expect(bucket.list('forgetting')).toEqual([]);
    bucket.deposit('b2', [memory('Run make verify', 'Run make verify before a commit.')]);
    expect(await bucket.compile()).toMatchObject({ status: 'success', generation: 3 });
  });
});

test('a link that was set aside by a run that died stops no later one', async () => {
  const bucket = await compiledBucket();
  const aside = path.join(bucket.bucket.layout.trash, 'mirror-1.memory~USER.md');
  fs.mkdirSync(bucket.bucket.layout.trash, { recursive: true });
  fs.symlinkSync('/nowhere', aside);
  expect(await bucket.compile()).toMatchObject({ status: 'skip_empty' });
  expect(bucket.list('trash')).toEqual([]);
  expect(bucket.list('edits')).toEqual([expect.stringMatching(/\.memory~USER\.md\.unreadable$/)]);
  expect(hasWork(bucket.bucket.layout)).toEqual(false);
});
