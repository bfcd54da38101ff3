import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { hasWork } from '../../../src/compile/has-work.ts';
import { openIdleBuckets } from '../../../src/compile/idle-buckets.ts';
import { scanBuckets } from '../../../src/compile/scan.ts';
import { scriptBackend } from '../../../src/backend/script.ts';
import { homeLayout } from '../../../src/kernel/home.ts';
import type { World } from '../../../src/kernel/world.ts';
import { memory, note, skill, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';

/** An hour later: what has just changed is old enough to be trusted. */
function later({ world }: TempBucket): World {
  return { ...world, clock: { ...world.clock, now: () => new Date(Date.now() + 3_600_000) } };
}

async function scan(bucket: TempBucket): Promise<string | null | undefined> {
  const results = await scanBuckets(later(bucket), {
    backend: 'script',
    describe: ({ reason }) => reason,
    options: async () => ({ backend: scriptBackend, fallback: null, batchSize: 100, report: () => undefined }),
  });
  return results[0]?.compile_status;
}

const passesBy = (bucket: TempBucket): boolean => {
  const { id, layout } = bucket.bucket;
  const world = later(bucket);
  return openIdleBuckets(world.home, world.clock).isIdle(id, layout.stateDir);
};

async function idleBucket(): Promise<TempBucket> {
  const bucket = tempBucket();
  bucket.deposit('a1', [note('Gateway', 'The gateway restarts at three.'), skill('release-it'), memory('Use pnpm')]);
  await bucket.compile();
  expect([await scan(bucket), passesBy(bucket)]).toEqual(['skip_empty', true]);
  return bucket;
}

const edit = (bucket: TempBucket, name: string): void => bucket.write(name, `${bucket.read(name)}\nOne line more.\n`);
const published = ({ codexHome }: TempBucket): string => {
  const skills = path.join(codexHome, 'skills');
  return path.join(skills, fs.readdirSync(skills)[0] ?? '', 'SKILL.md');
};

test.each<[string, (bucket: TempBucket) => void]>([
  ['a new envelope', (bucket) => bucket.deposit('a2', [memory('Use make')])],
  ['an edit of USER.md', (bucket) => edit(bucket, 'memory/USER.md')],
  ['an edit of MEMORY.md', (bucket) => edit(bucket, 'memory/MEMORY.md')],
  ['an edit of recall/index.json', (bucket) => edit(bucket, 'recall/index.json')],
  ['an edit of a managed skill', (bucket) => edit(bucket, 'skills/managed/release-it.md')],
  ['an edit of a published skill', (bucket) => fs.appendFileSync(published(bucket), '\nOne line more.\n')],
  [
    'a managed skill that was removed',
    ({ bucket }) => fs.rmSync(path.join(bucket.layout.managedSkills, 'release-it.md')),
  ],
  ['a published skill that was removed', (bucket) => fs.rmSync(published(bucket))],
  ['a proposal', (bucket) => bucket.write('proposals/p1/accepted', '')],
  ['a kept edit', (bucket) => bucket.write('edits/1.memory-USER.md', '# USER\n')],
  ['a lock that somebody left', (bucket) => bucket.write('compiler/compile.lock', '{}')],
  ['a stage that somebody left', (bucket) => bucket.write('generations/.stage-x/receipt.json', '{}')],
])('an idle bucket is not passed by after %s', async (_, change) => {
  const bucket = await idleBucket();
  change(bucket);
  expect(passesBy(bucket)).toBe(false);
});

test('a scan takes over an edited and a removed skill of a bucket that was idle', async () => {
  const bucket = await idleBucket();
  edit(bucket, 'skills/managed/release-it.md');
  expect(await scan(bucket)).toBe('success');
  expect(bucket.read('skills/managed/release-it.md')).toContain('One line more.');
  expect([await scan(bucket), passesBy(bucket)]).toEqual(['skip_empty', true]);
  fs.rmSync(path.join(bucket.bucket.layout.managedSkills, 'release-it.md'));
  expect(await scan(bucket)).toBe('success');
  expect(bucket.readJson('skills/manifest.json')).toMatchObject({ skills: [{ status: 'retired' }] });
});

test.each<[string, (bucket: TempBucket) => void]>([
  ['an envelope of a newer version', (bucket) => bucket.write('suggestions/pending/b1.json', '{"schema_version": 99}')],
  [
    'an edit that cannot be read',
    ({ bucket }) => {
      fs.rmSync(bucket.layout.memoryMd);
      fs.mkdirSync(bucket.layout.memoryMd);
    },
  ],
])('a bucket whose compile came back with nothing because of %s is not passed by', async (_, change) => {
  const bucket = await idleBucket();
  change(bucket);
  await scan(bucket);
  await scan(bucket);
  expect([hasWork(bucket.bucket.layout), passesBy(bucket)]).toEqual([true, false]);
});

test('what changed a moment ago is looked at again', async () => {
  const bucket = tempBucket();
  const { world } = bucket;
  const { id, layout } = bucket.bucket;
  const idle = openIdleBuckets(world.home, world.clock);
  idle.note(id, layout);
  idle.save();
  expect(openIdleBuckets(world.home, world.clock).isIdle(id, layout.stateDir)).toBe(false);
});

test.each([
  ['of an older version', '{"version":1,"buckets":{}}'],
  ['that is damaged', '{"version":2,"buckets":{"'],
  ['with nonsense for a bucket', '{"version":2,"buckets":{"ID":[1,2]}}'],
  ['that knows nothing of the bucket', '{"version":2,"buckets":{"ID":{}}}'],
])('a list %s passes nothing by', async (_, text) => {
  const bucket = await idleBucket();
  const { id } = bucket.bucket;
  fs.writeFileSync(homeLayout(bucket.world.home).idleBuckets, text.replace('ID', id));
  expect(passesBy(bucket)).toBe(false);
});
