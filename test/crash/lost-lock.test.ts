import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { scriptBackend } from '../../src/backend/script.ts';
import type { Backend } from '../../src/backend/backend.ts';
import { compileBucket } from '../../src/compile/compile.ts';
import { acquireLock, lockStatus } from '../../src/kernel/lock.ts';
import { note, tempBucket } from '../support/temp-bucket.ts';
import type { TempBucket } from '../support/temp-bucket.ts';

const MINUTE = 60_000;

/** The lock as it looks when its holder has not been heard of for so long. */
function age(bucket: TempBucket, ms: number, owner: Record<string, unknown> = {}): void {
  const { lockOwner, lockFolder } = bucket.bucket.layout;
  const then = new Date(Date.now() - ms);
  const facts = JSON.parse(fs.readFileSync(lockOwner, 'utf8'));
  fs.writeFileSync(lockOwner, JSON.stringify({ ...facts, created_at: then.toISOString(), ...owner }));
  fs.utimesSync(lockFolder, then, then);
}

const later = (bucket: TempBucket, ms: number) => ({
  layout: bucket.bucket.layout,
  clock: { now: () => new Date(Date.now() + ms) },
  run: 'another-run',
});

const entries = (bucket: TempBucket): string[] => {
  const folder = path.join(bucket.bucket.layout.generations, bucket.list('generations').at(-1) ?? '');
  return fs.readFileSync(path.join(folder, 'recall-1.jsonl'), 'utf8').trim().split('\n');
};

describe('a lock whose holder was not heard of for half an hour', () => {
  test.each([
    ['lives and sleeps', {}],
    ['is on a host that cannot be asked', { host: 'another host' }],
  ])('is taken over when its holder %s', async (_name, owner) => {
    const bucket = tempBucket();
    const held = await acquireLock({ ...later(bucket, 0), run: 'the-first' });
    expect(held.ok).toBe(true);
    age(bucket, 31 * MINUTE, owner);
    const taken = await acquireLock(later(bucket, 0));
    expect(taken.ok).toBe(true);
    expect(JSON.parse(fs.readFileSync(bucket.bucket.layout.lockOwner, 'utf8')).run).toBe('another-run');
    if (taken.ok) await taken.value.release();
  });

  test('is not taken over before', async () => {
    const bucket = tempBucket();
    const held = await acquireLock({ ...later(bucket, 0), run: 'the-first' });
    age(bucket, 29 * MINUTE);
    expect((await acquireLock(later(bucket, 0))).ok).toBe(false);
    if (held.ok) await held.value.release();
  });
});

test('a clock that steps back a minute, or forward by less than the limit, steals nothing', async () => {
  const bucket = tempBucket();
  const held = await acquireLock({ ...later(bucket, 0), run: 'the-first' });
  for (const step of [-MINUTE + 2_000, -1_000, 1_000, 29 * MINUTE]) {
    expect(lockStatus(bucket.bucket.layout, later(bucket, step).clock)).toMatchObject({ locked: true, stale: false });
    expect((await acquireLock(later(bucket, step))).ok).toBe(false);
  }
  if (held.ok) await held.value.release();
  expect(fs.existsSync(bucket.bucket.layout.lockOwner)).toBe(false);
});

/** A compile that, while its backend works, is taken for dead and overtaken by another one. */
async function overtaken(bucket: TempBucket, meanwhile: () => Promise<void>) {
  const slow: Backend = {
    ...scriptBackend,
    compile: async (task, signal) => {
      age(bucket, 31 * MINUTE);
      await meanwhile();
      return await scriptBackend.compile(task, signal);
    },
  };
  const options = { backend: slow, fallback: null, batchSize: 100, report: () => undefined };
  return await compileBucket(bucket.world, bucket.bucket, options);
}

describe('two compiles that both believe that they own the lock', () => {
  test('promote what both have read once: the one that wakes up late loses the race and changes nothing', async () => {
    const bucket = tempBucket();
    bucket.deposit('a', [note('One', 'The first note is about the gateway on port 8080.')]);
    const late = await overtaken(bucket, async () => void (await bucket.compile()));
    expect(late).toMatchObject({ ok: false, failure: { reason: 'race-lost' } });
    expect(entries(bucket)).toHaveLength(1);
    expect(bucket.list('suggestions/done')).toEqual(['a.json']);
    expect([...bucket.list('suggestions/pending'), ...bucket.list('trash')]).toEqual([]);
  });

  test('lose nothing that came in between', async () => {
    const bucket = tempBucket();
    bucket.deposit('a', [note('One', 'The first note is about the gateway on port 8080.')]);
    await overtaken(bucket, async () => {
      bucket.deposit('b', [note('Two', 'The importer needs four gigabytes of memory at night.')]);
      await bucket.compile();
    });
    await bucket.compile();
    expect(entries(bucket)).toHaveLength(2);
    expect(bucket.list('suggestions/done')).toEqual(['a.json', 'b.json']);
  });
});
