import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { plainBucketName } from '../../../src/bucket/bucket-id.ts';
import { findRepository } from '../../../src/bucket/identity.ts';
import { bucketFolders, inspectBucket, listBuckets, movedFrom } from '../../../src/bucket/list-buckets.ts';
import { openBucket } from '../../../src/bucket/open-bucket.ts';
import { file, folder, repository, temporaryFolder } from './git-lab.ts';

const clock = { now: () => new Date('2026-03-04T05:06:07Z') };
const env = { HOME: '/nowhere-in-particular' };
const open = (home: string, cwd: string) => openBucket(home, cwd, clock, env);

describe('the list of buckets', () => {
  test('is empty without a home, and where the home is a file', () => {
    const base = temporaryFolder();
    const nothing = { live: [], archived: [], leftOut: [] };
    expect(listBuckets(join(base, 'home'))).toEqual(nothing);
    expect(listBuckets(file(join(base, 'a-file'), ''))).toEqual(nothing);
  });

  test('has live and archived ones apart, sorted, and nothing foreign', () => {
    const base = temporaryFolder();
    const home = join(base, 'home');
    const b = open(home, folder(base, 'b'));
    const a = open(home, folder(base, 'a'));
    const old = open(home, folder(base, 'old'));
    const projects = join(home, 'projects');
    renameSync(old.layout.stateDir, `${old.layout.stateDir}.archived.20260101T000000`);
    for (const name of ['.new-1-x', 'node_modules', '.git']) mkdirSync(join(projects, name));
    for (const name of ['.DS_Store', '-a-file', 'README.md']) writeFileSync(join(projects, name), '');
    const list = listBuckets(home);
    expect(list.live.map(({ id, root, layout }) => ({ id, root, layout }))).toEqual([a, b]);
    expect(list.archived).toMatchObject([
      { id: old.id, archivedAt: '20260101T000000', name: `${old.id}.archived.20260101T000000` },
    ]);
    expect(list.leftOut).toEqual([]);
  });

  test('keeps the good ones when others are bad, and says what is wrong with those', () => {
    const base = temporaryFolder();
    const home = join(base, 'home');
    const good = open(home, folder(base, 'good'));
    const newer = open(home, folder(base, 'newer'));
    writeFileSync(newer.layout.facts, '{"version": 7}');
    const damaged = open(home, folder(base, 'damaged'));
    writeFileSync(damaged.layout.facts, '{');
    const projects = join(home, 'projects');
    const copy = `${good.id} (conflicted copy 2026-01-01)`;
    file(join(projects, copy, 'bucket.json'), JSON.stringify({ version: 1, root: good.root }));
    symlinkSync(good.layout.stateDir, join(projects, '-link'));
    const list = listBuckets(home);
    expect(list.live.map(({ id, root }) => [id, root])).toEqual([
      [damaged.id, null],
      [good.id, good.root],
    ]);
    expect(list.leftOut).toEqual(
      [
        { name: '-link', reason: expect.stringContaining('symbolic link') },
        { name: copy, reason: expect.stringContaining('another name') },
        { name: newer.id, reason: expect.stringContaining('version 7') },
      ].toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    );
  });

  test('has the ones of the Python plugin, with the root where it is known', () => {
    const base = temporaryFolder();
    const home = join(base, 'home');
    folder(home, 'projects', '-Users-a-repo', 'suggestions', 'pending');
    file(join(home, 'projects', '-Users-b-repo', '.canonical_cwd'), '/Users/b/repo\n');
    expect(listBuckets(home).live.map(({ id, root }) => [id, root])).toEqual([
      ['-Users-a-repo', null],
      ['-Users-b-repo', '/Users/b/repo'],
    ]);
  });
});

describe('a repository that was moved', () => {
  test('is traced to the bucket that it had', () => {
    const base = temporaryFolder();
    const home = join(base, 'home');
    const before = open(home, repository(join(base, 'before')));
    open(home, repository(join(base, 'bystander')));
    renameSync(join(base, 'before'), join(base, 'after'));
    const { root, identity } = findRepository(join(base, 'after'), env);
    expect(movedFrom(home, root, identity)).toEqual(before);
    expect(before.id).toBe(plainBucketName(join(base, 'before')));
  });

  test('is traced even when another one lies at the old place', () => {
    const base = temporaryFolder();
    const home = join(base, 'home');
    const before = open(home, repository(join(base, 'before')));
    renameSync(join(base, 'before'), join(base, 'after'));
    repository(join(base, 'before'));
    const { root, identity } = findRepository(join(base, 'after'), env);
    expect(movedFrom(home, root, identity)).toEqual(before);
  });

  test('is not guessed at when nothing was moved', () => {
    const base = temporaryFolder();
    const home = join(base, 'home');
    const bucket = open(home, repository(join(base, 'repo')));
    const { root, identity } = findRepository(join(base, 'repo'), env);
    expect(movedFrom(home, root, identity)).toBeUndefined();
    // The same folder under a second path (a bind mount) is no move either.
    expect(movedFrom(home, '/mnt/repo', identity)).toBeUndefined();
    expect(movedFrom(home, '/gone', null)).toBeUndefined();
    expect(bucket.root).toBe(root);
  });
});

test('a scan tells bucket folders by their names, and looks into one only when it asks', () => {
  const base = temporaryFolder();
  const home = join(base, 'home');
  const bucket = open(home, folder(base, 'a'));
  writeFileSync(join(home, 'projects', '-a-file'), '');
  mkdirSync(join(home, 'projects', '-old.archived.20260101T000000'));
  const folders = bucketFolders(home);
  expect(folders.map(({ id }) => id).toSorted()).toEqual(['-a-file', bucket.id].toSorted());
  const inspections = Object.fromEntries(folders.map((one) => [one.id, inspectBucket(one)]));
  expect(inspections['-a-file']).toEqual({ kind: 'foreign' });
  expect(inspections[bucket.id]).toMatchObject({ kind: 'live', bucket });
});
