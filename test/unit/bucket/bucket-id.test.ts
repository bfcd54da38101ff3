import { describe, expect } from 'vitest';
import { fc, test } from '@fast-check/vitest';
import {
  archivedFrom,
  bucketNames,
  isBucketName,
  isNameOf,
  nameKey,
  plainBucketName,
} from '../../../src/bucket/bucket-id.ts';

describe('the plain name', () => {
  test.each([
    ['/Users/alice/code/myrepo', '-Users-alice-code-myrepo'],
    ['/', '-'],
    ['/srv/thing.git', '-srv-thing.git'],
    ['/home/a/ä b/日本', '-home-a-ä b-日本'],
    ['C:\\Users\\x', 'C--Users-x'],
    ['C:\\', 'C--'],
    ['\\\\server\\share\\x', '--server-share-x'],
    ['\\\\?\\C:\\x', '--?-C--x'],
  ])('of %s is %s', (root, name) => {
    expect(plainBucketName(root)).toBe(name);
  });

  test.each([
    ['/a/line\nbreak\u0007', '-a-line-break-'],
    ['/a/dots...', '-a-dots---'],
    ['/a/blank ', '-a-blank-'],
    ['/a/lone\ud800', '-a-lone-'],
    ['', '-'],
    ['.hidden', '-.hidden'],
    ['nul', '-nul'],
    ['COM1.txt', '-COM1.txt'],
    ['console', 'console'],
  ])('takes out what some file system would refuse or change: %j', (root, name) => {
    expect(plainBucketName(root)).toBe(name);
  });

  test('never looks like an archived bucket', () => {
    const name = plainBucketName('/srv/x.archived.20260101T000000');
    expect(archivedFrom(name)).toBeUndefined();
    expect(name).toMatch(/^-srv-x\.archived\.20260101T000000-[0-9a-f]{8}$/);
  });

  test('of a very long root is cut at a character and hashed, so that two long roots differ', () => {
    const long = `/${'日本語'.repeat(60)}`;
    const name = plainBucketName(long);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^-[日本語]+-[0-9a-f]{8}$/);
    expect(plainBucketName(`${long}/x`)).not.toBe(name);
  });

  test('of 200 bytes is kept as it is', () => {
    const root = `/${'x'.repeat(199)}`;
    expect(plainBucketName(root)).toBe(`-${'x'.repeat(199)}`);
    expect(plainBucketName(`${root}x`)).toMatch(/^-x{190}-[0-9a-f]{8}$/);
  });
});

describe('the names that are tried', () => {
  test('begin with the plain one and go on with suffixes that depend on the root', () => {
    const names = [...bucketNames('/a/b-c')];
    expect(names[0]).toBe('-a-b-c');
    expect(names[1]).toMatch(/^-a-b-c-[0-9a-f]{8}$/);
    expect(new Set(names).size).toBe(names.length);
    expect([...bucketNames('/a-b/c')][0]).toBe('-a-b-c');
    expect([...bucketNames('/a-b/c')][1]).not.toBe(names[1]);
  });

  test('stay the same from version to version', () => {
    expect([...bucketNames('/a/b-c')].slice(0, 3)).toEqual(['-a-b-c', '-a-b-c-9a6615fe', '-a-b-c-001260f4']);
  });

  test('of a long root do not repeat the plain one', () => {
    const names = [...bucketNames(`/${'x'.repeat(300)}`)];
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
  });

  const root = fc
    .array(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.constantFrom('.', ' ', 'nul', 'a.archived.20260101T000000', 'é', '日'.repeat(50)),
      ),
    )
    .map((parts) => `/${parts.join('/')}`);

  test.prop([root])('are names of live buckets that every file system takes and keeps', (path) => {
    for (const name of bucketNames(path)) {
      expect(isBucketName(name)).toBe(true);
      expect(name).not.toMatch(/[/\\:\p{Cc}\p{Cs}]|[. ]$/u);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
      expect(isNameOf(name, path)).toBe(true);
    }
    expect(isNameOf('-some-other', path)).toBe(false);
  });
});

describe('the key of a name', () => {
  test.each([
    ['-Users-Alice-Repo', '-users-alice-repo'],
    ['-caf\u00e9', '-cafe\u0301'],
    ['-STRASSE', '-straße'],
    ['-ΣΑΣ', '-σας'],
    ['-\u212B', '-å'],
  ])('is one for %s and %s', (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other));
  });

  test('differs for names that no disk takes for the same', () => {
    expect(nameKey('-a-b')).not.toBe(nameKey('-a_b'));
    expect(nameKey('-cafe')).not.toBe(nameKey('-café'));
  });
});

describe('names in projects/', () => {
  test('tell live, archived and foreign ones apart', () => {
    expect(isBucketName('-Users-a')).toBe(true);
    expect(isBucketName('C--Users-a')).toBe(true);
    for (const name of ['.new-1-x', '.DS_Store', 'README.md', 'node_modules', '-a.archived.20260101T000000', '']) {
      expect(isBucketName(name)).toBe(false);
    }
    expect(archivedFrom('-a-b.archived.20260131T235959')).toEqual({ id: '-a-b', archivedAt: '20260131T235959' });
    expect(archivedFrom('-a-b.archived.2026')).toBeUndefined();
    expect(archivedFrom('.archived.20260131T235959')).toBeUndefined();
  });
});
