import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { otherBuckets } from '../../../src/recall/other-buckets.ts';
import { tempFolder } from '../../support/temp-bucket.ts';

/** A bucket that was promoted to in that second. */
function bucket(home: string, name: string, facts: unknown, second: number): void {
  const folder = path.join(home, 'projects', name);
  fs.mkdirSync(path.join(folder, 'generations'), { recursive: true });
  fs.writeFileSync(path.join(folder, 'bucket.json'), typeof facts === 'string' ? facts : JSON.stringify(facts));
  fs.utimesSync(path.join(folder, 'generations'), second, second);
}

const rootedAt = (root: string) => ({ version: 1, root, identity: null, created_at: '' });

test('the most recent twenty are asked, the latest first', () => {
  const home = tempFolder();
  for (let index = 0; index < 30; index++) bucket(home, `-repo-${index}`, rootedAt(`/repo/${index}`), 1_000 + index);

  const expected = Array.from({ length: 20 }, (_, index) => `-repo-${29 - index}`);
  expect(otherBuckets(home, '/own').map(({ id }) => id)).toEqual(expected);
});

test('the own one, its copies, archived, unreadable, newer and foreign ones are not asked', () => {
  const home = tempFolder();
  bucket(home, '-own', rootedAt('/own'), 1);
  bucket(home, '-own (conflicted copy)', rootedAt('/own'), 2);
  bucket(home, '-old.archived.20260101T000000', rootedAt('/old'), 3);
  bucket(home, '-broken', '{"torn', 4);
  bucket(home, '-newer', { ...rootedAt('/newer'), version: 99 }, 5);
  bucket(home, '.new-abc', rootedAt('/new'), 6);
  bucket(home, '-other', rootedAt('/other'), 7);
  fs.writeFileSync(path.join(home, 'projects', '-file'), '');

  expect(otherBuckets(home, '/own').map(({ id }) => id)).toEqual(['-other']);
});

test('a home that is none has no others', () => {
  expect(otherBuckets('/proc/version/home', undefined)).toEqual([]);
});
