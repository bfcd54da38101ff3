import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { retain } from '../../../src/compile/retention.ts';
import { listHistory, showGenerationChanges } from '../../../src/compile/history.ts';
import { rollback } from '../../../src/compile/rollback.ts';
import { DEFAULT_RETENTION } from '../../../src/compile/plan-retention.ts';
import type { RetentionSettings } from '../../../src/compile/plan-retention.ts';
import type { Ledger } from '../../../src/contracts/generation.ts';
import { memory, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';

const DAY_MS = 86_400_000;
const report = (): void => undefined;
const inDays = (days: number) => ({ now: () => new Date(Date.now() + days * DAY_MS) });

function retainIn(bucket: TempBucket, days: number, settings: Partial<RetentionSettings>, ledger: Ledger = {}): void {
  retain({
    layout: bucket.bucket.layout,
    clock: inDays(days),
    ledger,
    settings: { ...DEFAULT_RETENTION, ...settings },
  });
}

async function generations(count: number): Promise<TempBucket> {
  const bucket = tempBucket();
  for (let index = 1; index <= count; index++) {
    bucket.deposit(`e${index}`, [memory(`Rule ${index}`, `Rule number ${index} holds in folder src/${index}.`)]);
    await bucket.compile();
  }
  return bucket;
}

describe('retention', () => {
  test('removes old generations, keeps their receipts, and the history tells of both', async () => {
    const bucket = await generations(4);
    retainIn(bucket, 30, { lastGenerations: 2 });
    expect(bucket.list('generations')).toEqual(['3', '4']);
    expect(bucket.list('receipts')).toEqual(['1.json', '2.json']);
    expect(bucket.list('trash')).toEqual([]);
    const { entries } = listHistory(bucket.bucket.layout, 10);
    expect(entries.map(({ generation, kept, sessions }) => [generation, kept, sessions])).toEqual([
      [4, true, ['thread-1']],
      [3, true, ['thread-1']],
      [2, false, ['thread-1']],
      [1, false, ['thread-1']],
    ]);
    expect(showGenerationChanges(bucket.bucket.layout, 3)).toMatchObject({ ok: true, value: { compared_with: null } });
    expect(showGenerationChanges(bucket.bucket.layout, 2)).toMatchObject({ ok: false, failure: { reason: 'usage' } });
    const back = await rollback({ world: bucket.world, bucket: bucket.bucket, report, target: 1, dryRun: false });
    expect(back).toMatchObject({ ok: false, failure: { reason: 'usage' } });
  });

  test('keeps what was superseded within the hour, and lets receipts go after a year', async () => {
    const bucket = await generations(3);
    retainIn(bucket, 0, { lastGenerations: 1 });
    expect(bucket.list('generations')).toEqual(['1', '2', '3']);
    retainIn(bucket, 20, { lastGenerations: 1 });
    expect(bucket.list('receipts')).toEqual(['1.json', '2.json']);
    bucket.deposit('e9', [memory('One more', 'One more rule for the folder lib.')]);
    await bucket.compile();
    retainIn(bucket, 400, { lastGenerations: 1 });
    expect(bucket.list('receipts')).toEqual([]);
    expect(bucket.list('generations')).toEqual(['4']);
  });

  test('does not take an old mirror for an edit when its generation is gone', async () => {
    const bucket = await generations(1);
    const old = bucket.read('memory/MEMORY.md');
    bucket.deposit('e2', [memory('Second', 'The second rule is about tests.')]);
    await bucket.compile();
    retainIn(bucket, 30, { lastGenerations: 1 });
    bucket.write('memory/MEMORY.md', old);
    await bucket.compile();
    expect(bucket.list('generations')).toEqual(['2']);
    expect(bucket.list('edits')).toEqual([]);
  });

  test('removes settled envelopes that the ledger knows, and no other', async () => {
    const bucket = await generations(2);
    bucket.write('suggestions/done/stranger.json', '{}');
    const at = new Date().toISOString();
    retainIn(bucket, 80, {}, { e1: { outcome: 'done', at } });
    expect(bucket.list('suggestions/done')).toEqual(['e1.json', 'e2.json', 'stranger.json']);
    retainIn(bucket, 86, {}, { e1: { outcome: 'done', at } });
    expect(bucket.list('suggestions/done')).toEqual(['e2.json', 'stranger.json']);
  });

  test('bounds snapshots, failed reviews, sessions and what was set aside, but not what is still needed', async () => {
    const bucket = tempBucket();
    const session = { schema_version: 1, session_id: 's', cursor: null, chains: [], attempts: 0, last_error: null };
    bucket.write('review/snapshots/old.json', '{}');
    bucket.write('review/snapshots/waiting.json', '{}');
    bucket.write('review/failed/x.json', '{}');
    bucket.write('set-aside/y.json', '{}');
    bucket.write('sessions/a.review.json', JSON.stringify({ ...session, outbox: null, next_attempt_at: null }));
    bucket.write(
      'sessions/b.review.json',
      JSON.stringify({ ...session, outbox: null, next_attempt_at: '2026-01-01T00:00:00Z' }),
    );
    bucket.write('sessions/a.injected.json', '{}');
    bucket.write('review/queue/s.t.json', '{}');
    bucket.write('edits/aaaaaaaaaaaa.memory~MEMORY.md', 'kept');
    bucket.deposit('p1', [memory('Waits', 'This one waits.')], {
      review_snapshot_path: path.join(bucket.bucket.layout.snapshots, 'waiting.json'),
    });
    retainIn(bucket, 400, {});
    expect(bucket.list('review/snapshots')).toEqual(['waiting.json']);
    expect([bucket.list('review/failed'), bucket.list('set-aside')]).toEqual([[], []]);
    expect(bucket.list('sessions')).toEqual(['b.review.json']);
    expect([bucket.list('review/queue').length, bucket.list('edits').length]).toEqual([1, 1]);
  });

  test('keeps a year of busy use under its limits', async () => {
    const bucket = tempBucket();
    const { layout } = bucket.bucket;
    const megabyte = 'x'.repeat(1_000_000);
    for (let day = 0; day < 30; day++) {
      const file = path.join(layout.snapshots, `thread-${day}.json`);
      fs.writeFileSync(file, megabyte);
      const time = new Date(Date.now() - (30 - day) * 3_600_000);
      fs.utimesSync(file, time, time);
    }
    retainIn(bucket, 1, { snapshots: { days: 30, bytes: 5_500_000 } });
    expect(bucket.list('review/snapshots')).toEqual([
      'thread-25.json',
      'thread-26.json',
      'thread-27.json',
      'thread-28.json',
      'thread-29.json',
    ]);
  });

  test('is looked at once a day where folders are concerned', async () => {
    const bucket = tempBucket();
    retainIn(bucket, 0, {});
    bucket.write('review/snapshots/old.json', '{}');
    const times = new Date(Date.now() - 60 * DAY_MS);
    fs.utimesSync(path.join(bucket.bucket.layout.snapshots, 'old.json'), times, times);
    retainIn(bucket, 0.5, {});
    expect(bucket.list('review/snapshots')).toEqual(['old.json']);
    retainIn(bucket, 1.5, {});
    expect(bucket.list('review/snapshots')).toEqual([]);
  });
});
