import { existsSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claim } from '../../../src/bucket/claim.ts';
import type { Batch } from '../../../src/bucket/claim.ts';
import { deposit } from '../../../src/bucket/deposit.ts';
import { readEnvelope } from '../../../src/bucket/envelope-file.ts';
import { countEnvelopes, pendingEnvelopes } from '../../../src/bucket/pending.ts';
import type { BucketLayout } from '../../../src/kernel/home.ts';
import { raced } from './bundled.ts';
import { anEnvelope, clock, emptyBucket, namesIn, whereabouts } from './envelope-lab.ts';

const ids = (batch: Batch): string[] => batch.envelopes.map((envelope) => envelope.suggestion_id);

/** Deposits and dates the file, so that "oldest" means something. */
function depositAt(layout: BucketLayout, id: string, seconds: number, changes: Record<string, unknown> = {}): void {
  deposit(layout, anEnvelope(id, changes));
  utimesSync(join(layout.pending, `${id}.json`), seconds, seconds);
}

describe('a claim', () => {
  test('of an empty bucket is empty', () => {
    expect(claim(emptyBucket(), 100, clock)).toEqual({ envelopes: [], setAside: [], leftAlone: [], waiting: 0 });
  });

  test('moves envelopes from pending to processing without touching their bytes', () => {
    const layout = emptyBucket();
    deposit(layout, anEnvelope('a'));
    const before = readFileSync(join(layout.pending, 'a.json'), 'utf8');
    const batch = claim(layout, 100, clock);
    expect(whereabouts(layout)).toEqual({ 'a.json': ['processing'] });
    expect(readFileSync(join(layout.processing, 'a.json'), 'utf8')).toBe(before);
    expect(batch.envelopes).toMatchObject([
      {
        state: 'processing',
        transition_log: [{ at: '2026-03-04T05:06:07Z', from: 'pending', to: 'processing', reason: 'claimed' }],
      },
    ]);
  });

  test('leaves a file whose state is told by its folder, whatever it says itself', () => {
    const layout = emptyBucket();
    deposit(layout, anEnvelope('a'));
    claim(layout, 1, clock);
    expect(readEnvelope(layout, 'processing', 'a')).toMatchObject({ ok: true, value: { state: 'processing' } });
  });

  test('takes the oldest up to the limit and says how many wait', () => {
    const layout = emptyBucket();
    for (const [i, id] of ['d', 'a', 'c', 'b'].entries()) depositAt(layout, id, 1000 + i);
    expect(pendingEnvelopes(layout).map(({ id }) => id)).toEqual(['d', 'a', 'c', 'b']);
    expect(pendingEnvelopes(layout, 1).map(({ id }) => id)).toEqual(['d']);
    const batch = claim(layout, 3, clock);
    expect(ids(batch).toSorted()).toEqual(['a', 'c', 'd']);
    expect(batch.waiting).toBe(1);
    expect(ids(claim(layout, 3, clock))).toEqual(['b']);
  });

  test('gives the batch in the order of the reviews', () => {
    const layout = emptyBucket();
    depositAt(layout, 'a', 1000, { reviewer_timestamp: '2026-03-03T00:00:00Z' });
    depositAt(layout, 'b', 1001, { reviewer_timestamp: '2026-03-03T01:30:00+02:00' });
    depositAt(layout, 'c', 1002, { reviewer_timestamp: 'once upon a time' });
    expect(ids(claim(layout, 10, clock))).toEqual(['c', 'b', 'a']);
  });

  test('takes one that failed before, or died three times, alone and after the others', () => {
    const layout = emptyBucket();
    depositAt(layout, 'failed-once', 1000, { attempt_count: 1 });
    depositAt(layout, 'died-thrice', 1001, { crash_count: 3 });
    depositAt(layout, 'died-twice', 1002, { crash_count: 2 });
    depositAt(layout, 'fresh', 1003);
    const first = claim(layout, 10, clock);
    expect(ids(first).toSorted()).toEqual(['died-twice', 'fresh']);
    expect(first.waiting).toBe(2);
    expect(ids(claim(layout, 10, clock))).toEqual(['failed-once']);
    expect(ids(claim(layout, 10, clock))).toEqual(['died-thrice']);
  });

  test('does not replace one of the same id that another run still holds', () => {
    const layout = emptyBucket();
    deposit(layout, anEnvelope('a', { cwd: '/held' }));
    claim(layout, 10, clock);
    writeFileSync(join(layout.pending, 'a.json'), JSON.stringify(anEnvelope('a', { cwd: '/waiting' })));
    expect(ids(claim(layout, 10, clock))).toEqual([]);
    expect(whereabouts(layout)).toEqual({ 'a.json': ['pending', 'processing'] });
  });
});

describe('a bucket full of garbage', () => {
  test('loses nothing, and the good envelopes are compiled', () => {
    const layout = emptyBucket();
    deposit(layout, anEnvelope('good'));
    const garbage: Record<string, string | Buffer> = {
      'empty.json': '',
      'cut.json': '{"schema_version": 1, "sugg',
      'binary.json': Buffer.from([0, 1, 2, 255, 254]),
      'list.json': '[]',
      'unversioned.json': JSON.stringify({ ...anEnvelope('unversioned'), schema_version: undefined }),
      'renamed.json': JSON.stringify(anEnvelope('other')),
      'huge.json': Buffer.alloc(11 * 1024 * 1024, 32),
    };
    for (const [name, content] of Object.entries(garbage)) writeFileSync(join(layout.pending, name), content);
    mkdirSync(join(layout.pending, 'folder.json'));
    symlinkSync('/etc/hostname', join(layout.pending, 'link.json'));
    const batch = claim(layout, 100, clock);
    expect(ids(batch)).toEqual(['good']);
    const names = [...Object.keys(garbage), 'folder.json', 'link.json'].toSorted();
    expect(batch.setAside.map(({ keptAt }) => keptAt).toSorted()).toEqual(
      names.map((name) => join(layout.setAside, name)),
    );
    expect(namesIn(layout.setAside)).toEqual(names.flatMap((name) => [name, `${name}.reason.txt`]).toSorted());
    for (const [name, content] of Object.entries(garbage)) {
      expect(readFileSync(join(layout.setAside, name)).equals(Buffer.from(content))).toBe(true);
    }
    expect(readFileSync(join(layout.setAside, 'huge.json.reason.txt'), 'utf8')).toContain('limit');
    expect(existsSync('/etc/hostname')).toBe(true);
    expect(namesIn(layout.pending)).toEqual([]);
  });

  test('keeps every file of one name', () => {
    const layout = emptyBucket();
    for (const content of ['{1', '{2', '{3']) {
      mkdirSync(layout.pending, { recursive: true });
      writeFileSync(join(layout.pending, 'a.json'), content);
      claim(layout, 1, clock);
    }
    const kept = namesIn(layout.setAside).filter((name) => !name.endsWith('.txt'));
    expect(kept.map((name) => readFileSync(join(layout.setAside, name), 'utf8')).toSorted()).toEqual([
      '{1',
      '{2',
      '{3',
    ]);
  });

  test('has names that are nothing to us, and they stay', () => {
    const layout = emptyBucket();
    mkdirSync(layout.pending, { recursive: true });
    const foreign = [
      '.tmp-1-2-3',
      'a (conflicted copy 2026-01-01).json',
      'a.sync-conflict-20260101-120000-ABC.json',
      'a.json~',
      '.a.json.swp',
      'a.JSON',
      'README',
    ];
    for (const name of foreign) writeFileSync(join(layout.pending, name), 'x');
    expect(claim(layout, 10, clock).envelopes).toEqual([]);
    expect(countEnvelopes(layout)).toEqual({ pending: 0, processing: 0, done: 0, failed: 0, discarded: 0 });
    expect(namesIn(layout.pending)).toEqual(foreign.toSorted());
  });

  test('may hold envelopes of a newer version, which stay where they are and are reported', () => {
    const layout = emptyBucket();
    deposit(layout, anEnvelope('old'));
    const newer = join(layout.pending, 'newer.json');
    writeFileSync(newer, '{"schema_version": 2, "suggestion_id": "newer"}');
    const batch = claim(layout, 10, clock);
    expect(ids(batch)).toEqual(['old']);
    expect(batch.leftAlone).toEqual([{ reason: 'newer-schema', path: newer, version: 2 }]);
    expect(namesIn(layout.pending)).toEqual(['newer.json']);
  });
});

test('several processes that claim without a lock never hold one envelope twice', async () => {
  const layout = emptyBucket();
  const all = Array.from({ length: 60 }, (_, i) => `e${i}`);
  for (const id of all) deposit(layout, anEnvelope(id));
  const source = `
import { claim } from 'src/bucket/claim.ts';
import { bucketLayout } from 'src/kernel/home.ts';
import { systemClock } from 'src/kernel/clock.ts';
const race = (stateDir) => claim(bucketLayout(stateDir), 40, systemClock).envelopes.map((envelope) => envelope.suggestion_id);
`;
  const claimed = await raced(
    source,
    Array.from({ length: 4 }, () => [layout.stateDir]),
  );
  const held = claimed.flat().map((id) => `${String(id)}.json`);
  expect(held.toSorted()).toEqual(namesIn(layout.processing));
  expect(Object.keys(whereabouts(layout))).toHaveLength(60);
});
