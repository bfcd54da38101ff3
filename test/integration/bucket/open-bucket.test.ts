import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { plainBucketName } from '../../../src/bucket/bucket-id.ts';
import { bucketAt, findBucket, openBucket, openBucketAt } from '../../../src/bucket/open-bucket.ts';
import { BucketFacts } from '../../../src/contracts/bucket-facts.ts';
import { DiskFailure } from '../../../src/kernel/disk-failure.ts';
import { parse } from 'valibot';
import { raced } from './bundled.ts';
import { file, folder, repository, temporaryFolder } from './git-lab.ts';

const clock = { now: () => new Date('2026-03-04T05:06:07.890Z') };
const env = { HOME: '/nowhere-in-particular' };

interface Place {
  home: string;
  base: string;
}
function place(): Place {
  const base = temporaryFolder();
  return { base, home: join(base, 'home') };
}

const open = (home: string, cwd: string) => openBucket(home, cwd, clock, env);
const find = (home: string, cwd: string) => findBucket(home, cwd, env);
const facts = (bucket: string) => parse(BucketFacts, JSON.parse(readFileSync(join(bucket, 'bucket.json'), 'utf8')));

/** Every path below a folder with what tells whether it was touched. */
function snapshot(top: string): Record<string, string> {
  const names = readdirSync(top, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    names.toSorted().map((name) => {
      const stat = lstatSync(join(top, name), { bigint: true });
      return [name, `${stat.ino} ${stat.mtimeNs} ${stat.size}`];
    }),
  );
}

function failureOf(step: () => unknown): unknown {
  try {
    step();
  } catch (error) {
    if (error instanceof DiskFailure) return error.failure;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('a new bucket', () => {
  test('is named after the root and says whose it is', () => {
    const { home, base } = place();
    const repo = repository(join(base, 'repo'));
    const bucket = open(home, folder(repo, 'src'));
    expect(bucket.id).toBe(plainBucketName(repo));
    expect(bucket.root).toBe(repo);
    expect(bucket.layout.stateDir).toBe(join(home, 'projects', bucket.id));
    const { dev, ino } = statSync(repo, { bigint: true });
    expect(facts(bucket.layout.stateDir)).toEqual({
      version: 1,
      root: repo,
      identity: `${dev}:${ino}`,
      created_at: '2026-03-04T05:06:07Z',
    });
  });

  test('has the documented folders, for nobody else to read', () => {
    const { home, base } = place();
    const bucket = open(home, base);
    const folders = [
      'suggestions/pending',
      'suggestions/processing',
      'suggestions/done',
      'suggestions/failed',
      'suggestions/discarded',
      'memory',
      'recall',
      'skills/managed',
      'compiler',
      'review/queue',
      'review/snapshots',
      'review/failed',
      'sessions',
    ];
    for (const name of folders) expect(statSync(join(bucket.layout.stateDir, name)).mode & 0o777).toBe(0o700);
    for (const top of [home, join(home, 'projects'), bucket.layout.stateDir])
      expect(statSync(top).mode & 0o777).toBe(0o700);
    expect(statSync(bucket.layout.facts).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(home, 'projects'))).toEqual([bucket.id]);
  });

  test('is not made by looking for it', () => {
    const { home, base } = place();
    expect(find(home, base)).toBeUndefined();
    expect(existsSync(home)).toBe(false);
  });

  test('serves all folders and worktrees of its repository', () => {
    const { home, base } = place();
    const repo = repository(join(base, 'repo'));
    const bucket = open(home, repo);
    expect(open(home, folder(repo, 'deep', 'down'))).toEqual(bucket);
    expect(find(home, join(repo, '.git'))).toEqual(bucket);
  });
});

test('opening a bucket that is there changes nothing, not even a time', () => {
  const { home, base } = place();
  open(home, base);
  const before = snapshot(home);
  open(home, base);
  find(home, base);
  expect(snapshot(home)).toEqual(before);
});

describe('roots that share a plain name', () => {
  test('get buckets of their own, and keep them', () => {
    const { home, base } = place();
    const one = folder(base, 'a', 'b-c');
    const two = folder(base, 'a-b', 'c');
    const first = open(home, one);
    expect(find(home, two)).toBeUndefined();
    const second = open(home, two);
    expect(second.id).toMatch(new RegExp(`^${first.id}-[0-9a-f]{8}$`));
    expect(open(home, one)).toEqual(first);
    expect(open(home, two)).toEqual(second);
    expect(find(home, two)).toEqual(second);
    expect(facts(second.layout.stateDir).root).toBe(two);
  });

  test.each([
    ['case', 'Repo', 'repo'],
    ['the composition of accents', 'caf\u00e9', 'cafe\u0301'],
  ])('but for %s get buckets that no disk takes for the same', (_, one, two) => {
    const { home, base } = place();
    const first = open(home, folder(base, one));
    const other = folder(base, two);
    // macOS and Windows have one folder of both names, and then there is one bucket.
    if (realpathSync.native(join(base, one)) === realpathSync.native(other)) return;
    const second = open(home, other);
    expect(second.id).toMatch(/-[0-9a-f]{8}$/);
    expect(open(home, other)).toEqual(second);
    expect(open(home, join(base, one))).toEqual(first);
  });

  test('find theirs again after the one with the plain name was archived', () => {
    const { home, base } = place();
    const first = open(home, folder(base, 'a', 'b'));
    const second = open(home, folder(base, 'a-b'));
    renameSync(first.layout.stateDir, `${first.layout.stateDir}.archived.20260101T000000`);
    expect(open(home, join(base, 'a-b'))).toEqual(second);
    expect(open(home, join(base, 'a', 'b'))).toEqual(first);
  });

  test('and one of them a file get out of its way', () => {
    const { home, base } = place();
    file(join(home, 'projects', plainBucketName(base)), 'not a bucket');
    expect(open(home, base).id).toMatch(/-[0-9a-f]{8}$/);
    expect(find(home, base)?.id).toBe(open(home, base).id);
  });
});

test('a very deep root has a bucket whose name every disk takes', () => {
  const { home, base } = place();
  const deep = folder(base, ...Array.from({ length: 30 }, () => 'verzeichnis-日本語'));
  const bucket = open(home, deep);
  expect(Buffer.byteLength(bucket.id)).toBeLessThanOrEqual(200);
  expect(open(home, deep)).toEqual(bucket);
});

/** A bucket as the Python plugin left it. */
function older(home: string, root: string, canonical?: string): string {
  const bucket = join(home, 'projects', plainBucketName(root));
  file(join(bucket, 'memory', 'MEMORY.md'), '# MEMORY\n');
  file(join(bucket, 'suggestions', 'pending', 'a.json'), '{}\n');
  if (canonical !== undefined) file(join(bucket, '.canonical_cwd'), canonical);
  return bucket;
}

describe('a home of the Python plugin 0.7', () => {
  test.each([
    ['with a line end', '\n'],
    ['without', ''],
  ])('is used as it is when .canonical_cwd names the root (%s)', (_, end) => {
    const { home, base } = place();
    const bucket = older(home, base, `${base}${end}`);
    expect(find(home, base)?.layout.stateDir).toBe(bucket);
    expect(existsSync(join(bucket, 'bucket.json'))).toBe(false);
    expect(open(home, base).layout.stateDir).toBe(bucket);
    expect(facts(bucket).root).toBe(base);
    expect(readFileSync(join(bucket, '.canonical_cwd'), 'utf8')).toBe(`${base}${end}`);
    expect(readFileSync(join(bucket, 'suggestions', 'pending', 'a.json'), 'utf8')).toBe('{}\n');
    expect(existsSync(join(bucket, 'review', 'queue'))).toBe(true);
  });

  test('is used when nothing says whose it is and the name fits', () => {
    const { home, base } = place();
    const bucket = older(home, base);
    expect(open(home, base).layout.stateDir).toBe(bucket);
  });

  test('is left alone when .canonical_cwd names another root', () => {
    const { home, base } = place();
    const bucket = older(home, base, '/somewhere/else\n');
    const before = snapshot(bucket);
    expect(find(home, base)).toBeUndefined();
    expect(open(home, base).id).toMatch(/-[0-9a-f]{8}$/);
    expect(snapshot(bucket)).toEqual(before);
  });

  test('that names the root by a link is used', () => {
    const { home, base } = place();
    const repo = folder(base, 'repo');
    symlinkSync(repo, join(base, 'link'));
    const bucket = older(home, repo, join(base, 'link'));
    expect(open(home, repo).layout.stateDir).toBe(bucket);
  });
});

describe('a bucket that is not as it should be', () => {
  test.each(['{"version": 1, "root": ', '[]', '{}', '{"version": 1}', '', '\u0000\u0001'])(
    'with damaged facts is signed again, the damaged ones kept: %j',
    (text) => {
      const { home, base } = place();
      const { layout } = open(home, base);
      file(join(layout.memoryFolder, 'MEMORY.md'), 'precious');
      writeFileSync(layout.facts, text);
      expect(find(home, base)?.layout).toEqual(layout);
      expect(open(home, base).layout).toEqual(layout);
      expect(facts(layout.stateDir).root).toBe(base);
      expect(readFileSync(join(layout.setAside, 'bucket.json'), 'utf8')).toBe(text);
      expect(readFileSync(join(layout.setAside, 'bucket.json.reason.txt'), 'utf8')).toContain('not the facts');
      expect(readFileSync(layout.memoryMd, 'utf8')).toBe('precious');
    },
  );

  test('that a newer version made is reported and left alone', () => {
    const { home, base } = place();
    const { layout } = open(home, base);
    writeFileSync(layout.facts, '{"version": 2, "root": {}}');
    const before = snapshot(home);
    const newer = { reason: 'newer-schema', path: layout.facts, version: 2 };
    expect(failureOf(() => open(home, base))).toEqual(newer);
    expect(failureOf(() => find(home, base))).toEqual(newer);
    expect(failureOf(() => bucketAt(layout.stateDir, base))).toEqual(newer);
    expect(snapshot(home)).toEqual(before);
  });

  test('because it is a link is refused, and what the link points to is not touched', () => {
    const { home, base } = place();
    const target = folder(base, 'target');
    mkdirSync(join(home, 'projects'), { recursive: true });
    const link = join(home, 'projects', plainBucketName(base));
    symlinkSync(target, link);
    expect(failureOf(() => open(home, base))).toEqual({ reason: 'symlink-refused', path: link });
    expect(readdirSync(target)).toEqual([]);
  });

  test('that another program removed a folder from still opens', () => {
    const { home, base } = place();
    const { layout } = open(home, base);
    rmSync(layout.suggestions, { recursive: true });
    expect(open(home, base).layout).toEqual(layout);
  });
});

describe('a home that is not as it should be', () => {
  test('because it is a file is a failure, and the file stays', () => {
    const { home, base } = place();
    writeFileSync(home, 'mine');
    expect(failureOf(() => open(home, base))).toMatchObject({ reason: 'disk-failed' });
    expect(find(home, base)).toBeUndefined();
    expect(readFileSync(home, 'utf8')).toBe('mine');
  });

  test('because projects is a link is refused', () => {
    const { home, base } = place();
    mkdirSync(home);
    const target = folder(base, 'target');
    symlinkSync(target, join(home, 'projects'));
    expect(failureOf(() => open(home, base))).toEqual({ reason: 'symlink-refused', path: join(home, 'projects') });
    expect(readdirSync(target)).toEqual([]);
  });

  test('may itself be a link that somebody laid on purpose', () => {
    const { home, base } = place();
    symlinkSync(folder(base, 'elsewhere'), home);
    expect(open(home, base).id).toBe(plainBucketName(base));
  });

  test('is rid of what a dead program left half made, but not of what one is making now', () => {
    const { home, base } = place();
    const old = folder(home, 'projects', '.new-old');
    const fresh = folder(home, 'projects', '.new-fresh');
    const longAgo = new Date(clock.now().getTime() - 25 * 3600_000);
    utimesSync(old, longAgo, longAgo);
    utimesSync(fresh, clock.now(), clock.now());
    const { id } = open(home, base);
    expect(readdirSync(join(home, 'projects')).toSorted()).toEqual(['.new-fresh', id].toSorted());
  });
});

describe('--state-dir', () => {
  test('names the bucket itself', () => {
    const { base } = place();
    const dir = join(base, 'state');
    const repo = repository(join(base, 'repo'));
    expect(bucketAt(dir, repo, env)).toMatchObject({ id: 'state', root: repo });
    expect(existsSync(dir)).toBe(false);
    const bucket = openBucketAt(dir, repo, clock, env);
    expect(bucket.layout.stateDir).toBe(dir);
    expect(facts(dir).root).toBe(repo);
    const before = snapshot(dir);
    expect(openBucketAt(dir, repo, clock, env)).toEqual(bucket);
    expect(snapshot(dir)).toEqual(before);
  });

  test('knows its repository better than the working directory does', () => {
    const { base } = place();
    const dir = join(base, 'state');
    const repo = folder(base, 'repo');
    openBucketAt(dir, repo, clock, env);
    expect(bucketAt(dir, base, env).root).toBe(repo);
  });

  test('may be given by a link', () => {
    const { base } = place();
    const dir = folder(base, 'state');
    symlinkSync(dir, join(base, 'link'));
    expect(openBucketAt(join(base, 'link'), base, clock, env).layout.stateDir).toBe(dir);
    expect(basename(dir)).toBe('state');
  });
});

const RACE = `
import { openBucket } from 'src/bucket/open-bucket.ts';
import { systemClock } from 'src/kernel/clock.ts';
const race = (home, cwd) => openBucket(home, cwd, systemClock, { HOME: '/nowhere' });
`;

describe('several processes that open a new bucket at once', () => {
  test('open the same one', async () => {
    const { home, base } = place();
    const repo = repository(join(base, 'repo'));
    const handles = await raced(
      RACE,
      Array.from({ length: 6 }, () => [home, repo]),
    );
    for (const handle of handles) expect(handle).toMatchObject({ id: plainBucketName(repo), root: repo });
    expect(readdirSync(join(home, 'projects'))).toEqual([plainBucketName(repo)]);
    expect(facts(join(home, 'projects', plainBucketName(repo))).root).toBe(repo);
  });

  test('for two roots of one plain name get one each', async () => {
    const { home, base } = place();
    const roots = [folder(base, 'a', 'b'), folder(base, 'a-b')];
    const handles = await raced(
      RACE,
      [...roots, ...roots, ...roots].map((root) => [home, root]),
    );
    const names = readdirSync(join(home, 'projects'));
    expect(names).toHaveLength(2);
    expect(new Set(names.map((name) => facts(join(home, 'projects', name)).root))).toEqual(new Set(roots));
    for (const [i, handle] of handles.entries()) expect(handle).toMatchObject({ root: roots[i % 2] });
    expect(new Set(handles.map((handle) => JSON.stringify(handle))).size).toBe(2);
  });

  test('sign an older one once', async () => {
    const { home, base } = place();
    const roots = [folder(base, 'a', 'b'), folder(base, 'a-b')];
    folder(home, 'projects', plainBucketName(roots[0] ?? ''), 'memory');
    await raced(
      RACE,
      [...roots, ...roots].map((root) => [home, root]),
    );
    const names = readdirSync(join(home, 'projects'));
    expect(new Set(names.map((name) => facts(join(home, 'projects', name)).root))).toEqual(new Set(roots));
  });
});
