import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BucketReport, ReportModel } from '../../../src/report/model.ts';
import { readReport } from '../../../src/report/read-report.ts';
import { forget } from '../../../src/compile/forget.ts';
import * as v from 'valibot';
import { SuggestionId } from '../../../src/contracts/ids.ts';
import { openBucket } from '../../../src/bucket/open-bucket.ts';
import { scriptBackend } from '../../../src/backend/script.ts';
import { compileUntilEmpty } from '../../../src/compile/compile-until-empty.ts';
import { writeDecision } from '../../../src/compile/proposals.ts';
import { readBucketStatus } from '../../../src/health/read-bucket-status.ts';
import { ENGLISH } from '../../../src/report/page/text-en.ts';
import { CHINESE } from '../../../src/report/page/text-zh.ts';
import { memory, note, skill, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';

const silent = (): void => undefined;

const reportOf = (temp: TempBucket): ReportModel =>
  readReport(temp.world, { language: null, limits: { calls: 200, tokens: 2_000_000 } });

function bucketOf(temp: TempBucket): BucketReport {
  const [bucket] = reportOf(temp).buckets;
  if (!bucket) throw new Error('no bucket');
  return bucket;
}

/** Every file below a folder with its content. */
function filesOf(folder: string): Record<string, string> {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => fs.statSync(path.join(folder, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, fs.readFileSync(path.join(folder, name), 'latin1')]));
}

const use = (ids: string[], at = '2026-11-20T10:00:00Z'): string => JSON.stringify({ at, by: 'recall', ids });

describe('what the report reads', () => {
  test('a promotion tells its changes, its session and what was turned away, in words', async () => {
    const temp = tempBucket();
    temp.deposit('e1', [memory('Tests run with npm test'), note('Redis listens on port 6380'), skill('cut-a-release')]);
    await temp.compile();
    temp.deposit('e2', [
      memory('Tests run with npm test', 'Tests run with npm test -- --run', {
        action: 'replace',
        old_summary: 'Tests run with npm test',
      }),
      memory('Gone', '', { action: 'remove', old_summary: 'There is no such note' }),
    ]);
    await temp.compile();
    const bucket = bucketOf(temp);
    expect(bucket.generations.map(({ number, outcomes, sessions }) => ({ number, outcomes, sessions }))).toEqual([
      { number: 2, outcomes: { replaced: 1, discarded: 1 }, sessions: ['thread-1'] },
      { number: 1, outcomes: { added: 3 }, sessions: ['thread-1'] },
    ]);
    expect(bucket.generations[0]?.changes).toMatchObject([
      { kind: 'global', change: 'changed', text: 'Tests run with npm test -- --run', thread: 'thread-1' },
    ]);
    expect(bucket.discards).toMatchObject([{ generation: 2, reason: 'no_match', summary: 'Gone', thread: 'thread-1' }]);
    expect(bucket.stations).toMatchObject({
      generation: 2,
      global_notes: 1,
      skills: 1,
      recall: 1,
      done: 2,
      pending: 0,
    });
  });

  test('in review mode it counts what waits for a yes, and knows a no by its reason', async () => {
    const temp = tempBucket();
    temp.deposit('e1', [memory('Tests run with npm test'), note('Redis listens on port 6380')]);
    const options = { backend: scriptBackend, fallback: null, batchSize: 100, mode: 'review' as const, report: silent };
    await compileUntilEmpty(temp.world, temp.bucket, options);
    const before = bucketOf(temp).stations;
    writeDecision(temp.bucket.layout, {
      schema_version: 1,
      suggestion_id: v.parse(SuggestionId, 'e1'),
      index: 0,
      decision: 'rejected',
      at: '2026-11-20T12:00:00Z',
    });

    expect([before.awaiting_yes, bucketOf(temp).stations.awaiting_yes]).toEqual([2, 1]);
    expect(
      readBucketStatus(temp.world, { project: 'p', stateDir: temp.bucket.layout.stateDir, root: null, archived: false })
        .counts.awaiting_yes,
    ).toBe(1);
    for (const language of [ENGLISH, CHINESE]) expect(language.trouble.reasons['rejected_by_user']).toBeTruthy();
  });

  test('a note edited by hand is shown as its reader sees it, before any compile', async () => {
    const temp = tempBucket();
    temp.deposit('e1', [memory('Tests run with npm test')]);
    await temp.compile();
    const text = temp.read('memory/MEMORY.md');
    temp.write(
      'memory/MEMORY.md',
      text.replace('## Tests run with npm test', '## By hand\n\nMine.\n\n## Tests run with npm test'),
    );
    const rows = bucketOf(temp).memory;
    expect(rows.map(({ summary }) => summary).toSorted()).toEqual(['By hand', 'Tests run with npm test']);
    expect(rows.find(({ summary }) => summary === 'By hand')?.origins).toMatchObject([{ basis: 'hand-edit' }]);
  });

  test('it changes nothing, not even where something is damaged', async () => {
    const temp = tempBucket();
    temp.write('recall/index.json', '{ "records": [');
    temp.write('skills/manifest.json', 'no JSON');
    temp.write('sessions/x.review.json', '{');
    temp.write('suggestions/failed/f.json', '{');
    temp.write('review/queue/s.t.json', '{');
    const before = filesOf(temp.world.home);
    const { stations, trouble } = bucketOf(temp);
    expect(filesOf(temp.world.home)).toEqual(before);
    expect(stations).toMatchObject({ queued: 1, failed: 1, sessions: 1 });
    expect(trouble.map(({ kind }) => kind).toSorted()).toEqual(['envelope-failed', 'unreadable', 'unreadable']);
  });

  test('a part that the disk refuses costs the page that part, and is told', async () => {
    const temp = tempBucket();
    temp.deposit('e1', [memory('Tests run with npm test')]);
    await temp.compile();
    fs.rmSync(path.join(temp.bucket.layout.stateDir, 'review'), { recursive: true, force: true });
    temp.write('review', 'a file where a folder belongs');
    const bucket = bucketOf(temp);
    expect(bucket.memory).toHaveLength(1);
    expect(bucket.generations).toHaveLength(1);
  });

  test.each(['repo', 'another'])('the room of the page goes to %s when it was used last', async (last) => {
    const temp = tempBucket();
    temp.deposit('e1', [note('Redis listens on port 6380'), note('Postgres listens on port 5433')]);
    await temp.compile();
    const { home, clock, env } = temp.world;
    const repo = path.join(temp.folder, 'another');
    fs.mkdirSync(path.join(repo, '.git'), { recursive: true });
    const another = openBucket(home, repo, clock, env).layout;
    const { layout } = temp.bucket;
    fs.cpSync(layout.generations, another.generations, { recursive: true, verbatimSymlinks: true });
    const later = new Date(Date.now() + 3_600_000);
    fs.utimesSync(last === 'repo' ? layout.generations : another.generations, later, later);

    const request = { language: null, limits: { calls: 200, tokens: 2_000_000 }, records: 2 };
    const { buckets } = readReport(temp.world, request);
    expect(buckets.map(({ name, recall, totals }) => [name, recall.length, totals.recall])).toEqual(
      expect.arrayContaining([
        [last, 2, 2],
        [last === 'repo' ? 'another' : 'repo', 0, 2],
      ]),
    );
  });

  test('records know how often they were given, and days what was given', async () => {
    const temp = tempBucket();
    temp.deposit('e1', [note('Redis listens on port 6380'), note('The cache is cleared nightly')]);
    await temp.compile();
    const [first] = bucketOf(temp).recall;

    const id = first?.id ?? '';
    temp.write('usage.jsonl.1', `${use([id], '2026-11-19T10:00:00Z')}\n`);
    temp.write('usage.jsonl', `${use([id])}\n{ torn\n${use([])}\n`);
    const bucket = bucketOf(temp);
    expect(new Map(bucket.recall.map((record) => [record.id === id, record.used]))).toEqual(
      new Map([
        [true, 2],
        [false, 0],
      ]),
    );
    expect(bucket.use).toEqual([
      { day: '2026-11-19', sessions: 0, records: 1, in_vain: 0 },
      { day: '2026-11-20', sessions: 0, records: 1, in_vain: 1 },
    ]);
  });

  test('a page that was made before something was forgotten does not outlive it', async () => {
    const temp = tempBucket();
    temp.deposit('e1', [memory('The gateway password is changed every autumn')]);
    await temp.compile();
    const page = path.join(temp.world.home, 'report.html');
    fs.writeFileSync(page, 'The gateway password is changed every autumn');
    const flags = { scope: 'all' as const, dryRun: false, keepHistory: false, yes: false, patienceMs: 0 };
    const query = 'gateway password';
    const done = await forget({ world: temp.world, bucket: temp.bucket, report: () => undefined, query, ...flags });
    expect(done.ok).toBe(true);
    expect(fs.existsSync(page)).toBe(false);
    expect(bucketOf(temp).memory).toEqual([]);
  });

  test('what keeps failing in the whole home stands above the repositories', () => {
    const temp = tempBucket();
    const step = {
      failures: 4,
      since: '2026-11-19T10:00:00Z',
      last_failure: '2026-11-20T10:00:00Z',
      message: 'key refused',
      last_success: null,
      until: null,
    };
    fs.writeFileSync(
      path.join(temp.world.home, 'health.json'),
      JSON.stringify({ schema_version: 1, steps: { review: step } }),
    );
    expect(reportOf(temp).health).toMatchObject([{ step: 'review', failures: 4, message: 'key refused' }]);
  });
});
