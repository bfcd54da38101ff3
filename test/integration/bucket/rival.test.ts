import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openBucket } from '../../../src/bucket/open-bucket.ts';
import type * as files from '../../../src/kernel/files.ts';
import { temporaryFolder } from './git-lab.ts';

/** What a rival does at the moment at which the names of a folder are listed. */
const rival = vi.hoisted(() => ({ before: (): void => {}, after: (): void => {} }));

vi.mock('../../../src/kernel/files.ts', async (original) => {
  const real = await original<typeof files>();
  const listNames = (folder: string): string[] => {
    const { before, after } = rival;
    Object.assign(rival, { before: () => {}, after: () => {} });
    before();
    const names = real.listNames(folder);
    after();
    return names;
  };
  return { ...real, listNames };
});

test.each(['before', 'after'] as const)(
  'a rival who makes the bucket just %s the names are listed makes the one bucket',
  (moment) => {
    const base = temporaryFolder();
    const home = join(base, 'home');
    const clock = { now: () => new Date('2026-03-04T05:06:07Z') };
    const open = () => openBucket(home, base, clock, { HOME: '/nowhere-in-particular' });
    rival[moment] = () => void open();
    const bucket = open();
    expect(readdirSync(join(home, 'projects'))).toEqual([bucket.id]);
  },
);
