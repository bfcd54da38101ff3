import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { listBuckets } from '../../../src/bucket/list-buckets.ts';
import { findBucket, openBucket } from '../../../src/bucket/open-bucket.ts';
import { DiskFailure } from '../../../src/kernel/disk-failure.ts';
import type * as files from '../../../src/kernel/files.ts';
import { temporaryFolder } from './git-lab.ts';

/** Permissions do not stop root, so the disk that refuses is a made one. */
const broken = vi.hoisted(() => ({ file: '' }));

vi.mock('../../../src/kernel/files.ts', async (original) => {
  const real = await original<typeof files>();
  const readText: typeof real.readText = (file, limit) => {
    if (file !== broken.file) return real.readText(file, limit);
    throw new DiskFailure({ reason: 'disk-failed', operation: 'read', path: file, code: 'EIO' });
  };
  return { ...real, readText };
});

test('facts that the disk refuses to give are a failure, not damage, and stay where they are', () => {
  const base = temporaryFolder();
  const home = join(base, 'home');
  const clock = { now: () => new Date('2026-03-04T05:06:07Z') };
  const env = { HOME: '/nowhere-in-particular' };
  const { id, layout } = openBucket(home, base, clock, env);
  const before = readFileSync(layout.facts, 'utf8');
  broken.file = layout.facts;
  expect(() => openBucket(home, base, clock, env)).toThrow('disk-failed');
  expect(() => findBucket(home, base, env)).toThrow('disk-failed');
  expect(listBuckets(home)).toMatchObject({
    live: [],
    leftOut: [{ name: id, reason: expect.stringContaining('disk-failed') }],
  });
  expect(readFileSync(layout.facts, 'utf8')).toBe(before);
});
