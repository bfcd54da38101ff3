import fs from 'node:fs';
import { expect, test } from 'vitest';
import { readLog } from '../../../src/health/read-log.ts';
import { recentActivity } from '../../../src/health/recent-activity.ts';
import { aWorld, homeFile, writeHome } from './a-world.ts';
import { aBucket, NOW } from './facts.ts';

const line = (at: string, event: string, facts: Record<string, unknown> = {}): string =>
  JSON.stringify({ at, event, pid: 1, ...facts });

const receipt = (ended_at: string) => ({
  generation: 1,
  ended_at,
  backend: 'script',
  fallback_backend: null,
  processed_count: 3,
  discarded_count: 1,
  path: '/r',
  error: null,
});

test('sums up the last 24 hours of the log, of receipts and of use', () => {
  const world = aWorld();
  const recent = '2026-11-20T09:00:00Z';
  const lines = [
    line('2026-11-19T09:00:00Z', 'hook.stop-review'),
    line(recent, 'hook.stop-review'),
    line(recent, 'hook.stop-review'),
    line(recent, 'hook.session-start'),
    line(recent, 'hook.prompt-recall'),
    line(recent, 'hook.stop-review.failed'),
    line(recent, 'review-failed', { session: 's1', reason: '401' }),
    line(recent, 'review-failed', { text: 'Review of session s1 failed: 401' }),
    line(recent, 'fell-back', { text: 'agent failed' }),
    line(recent, 'scan-bucket-failed', { bucket: '-repo' }),
    'no JSON',
    '{"at":"never","event":"hook.stop-review"}',
    '{"torn',
  ];
  writeHome(world, 'logs/plugin.log', lines.join('\n'));
  fs.utimesSync(homeFile(world, 'logs/plugin.log'), NOW, NOW);
  const use = { injected: 2, shown: 1, asked: 3, in_vain: 1 };
  const activity = recentActivity({
    now: NOW,
    log: readLog(homeFile(world, 'logs/plugin.log'), { sinceMs: NOW.getTime() - 24 * 3_600_000, kept: 3 }),
    buckets: [
      aBucket({ last_receipt: receipt(recent), usage: use }),
      aBucket({ last_receipt: receipt('2026-11-18T09:00:00Z'), usage: use }),
    ],
    lastTick: recent,
    reviewRetries: 2,
  });

  expect(activity).toEqual({
    window_hours: 24,
    stop_review: { stops: 2, hook_failures: 1, review_failures: 1 },
    scan: { last_tick: recent, promotions: 1, processed: 3, discarded: 1, fallbacks: 1, bucket_failures: 1 },
    recall: { session_starts: 1, prompts: 1, injected: 4, shown: 2, asked: 6, in_vain: 2 },
    retries: { reviews: 2, envelopes: 0 },
  });
});

test('the end of a log counts that is larger than what is read of it', () => {
  const world = aWorld();
  const recent = '2026-11-20T09:00:00Z';
  const long = line(recent, 'hook.session-start', { pad: 'x'.repeat(1_000_000) });
  const lines = [...Array.from({ length: 17 }, () => long), line(recent, 'hook.stop-review')];
  writeHome(world, 'logs/plugin.log', lines.join('\n'));
  writeHome(world, 'logs/plugin.log.1', line(recent, 'too old to be reached'));

  const read = readLog(homeFile(world, 'logs/plugin.log'), { sinceMs: 0, kept: 3 });
  expect(read.map(({ event }) => event)).toEqual([...Array<string>(16).fill('hook.session-start'), 'hook.stop-review']);
});

test('as many older files of the log count as are kept, the oldest first', () => {
  const world = aWorld();
  const recent = '2026-11-20T09:00:00Z';
  for (const [age, name] of ['', '.1', '.2', '.3', '.4', '.5'].entries())
    writeHome(world, `logs/plugin.log${name}`, line(recent, `${age}`));

  const eventsOf = (kept: number): string[] =>
    readLog(homeFile(world, 'logs/plugin.log'), { sinceMs: 0, kept }).map(({ event }) => event);
  expect(eventsOf(5)).toEqual(['5', '4', '3', '2', '1', '0']);
  expect(eventsOf(0)).toEqual(['0']);
});
