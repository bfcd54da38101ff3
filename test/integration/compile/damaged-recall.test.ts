import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readFromGeneration } from '../../../src/assets/generation-folder.ts';
import { openRecallStore } from '../../../src/assets/recall-store.ts';
import { forget } from '../../../src/compile/forget.ts';
import { showGenerationChanges } from '../../../src/compile/history.ts';
import { rollback } from '../../../src/compile/rollback.ts';
import { RecallIndex } from '../../../src/contracts/recall.ts';
import * as v from 'valibot';
import { memory, note, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';

const silent = (): void => undefined;

const place = (bucket: TempBucket, generation: number, name: string): string =>
  path.join(bucket.bucket.layout.generations, String(generation), name);

/** As damage leaves one generation: its file is no second name of another's any more. */
const DAMAGES: [string, (file: string) => void][] = [
  ['is missing', (file) => fs.rmSync(file)],
  [
    'is cut off',
    (file) => {
      const bytes = fs.readFileSync(file);
      fs.rmSync(file);
      fs.writeFileSync(file, bytes.subarray(0, 20));
    },
  ],
  [
    'is a folder',
    (file) => {
      fs.rmSync(file);
      fs.mkdirSync(file);
    },
  ],
];

/** Two generations that share their recall records. */
async function twoGenerations(): Promise<TempBucket> {
  const bucket = tempBucket();
  bucket.deposit('a1', [
    note('Gateway', 'The gateway restarts every night at three.'),
    note('Docker', 'The docker build needs four gigabytes of memory.'),
  ]);
  await bucket.compile();
  bucket.deposit('b2', [memory('Use pnpm', 'Always use pnpm here.')]);
  await bucket.compile();
  return bucket;
}

const recallOf = (bucket: TempBucket): string[] =>
  v.parse(RecallIndex, bucket.readJson('recall/index.json')).records.map((record) => record.summary);
const problems = (bucket: TempBucket): string[] =>
  bucket.events.flatMap((event) => (event.type === 'problem' ? [event.what] : []));

describe.each(DAMAGES)('a generation of whose recall one file %s', (_title, damage) => {
  test('is passed over and told, and no record is lost', async () => {
    const bucket = await twoGenerations();
    damage(place(bucket, 2, 'recall-1.jsonl'));
    bucket.deposit('c3', [note('Proxy', 'The proxy needs a new certificate in June.')]);
    // The envelope of the damaged generation is compiled again with it.
    expect(await bucket.compile()).toMatchObject({ status: 'success', generation: 3, processed_count: 2 });
    expect(problems(bucket)).toEqual([expect.stringMatching(/generation 2 is damaged .* passed over/)]);
    expect(recallOf(bucket)).toEqual(['Gateway', 'Docker', 'Proxy']);
    expect(bucket.read('memory/MEMORY.md')).toContain('Always use pnpm here.');
    expect(bucket.list('generations')).toEqual(['1', '2', '3']);
  });

  test('stops neither a rollback to another nor a forget, and is itself nothing to go back to', async () => {
    const bucket = await twoGenerations();
    bucket.deposit('c3', [note('Proxy', 'The proxy needs a new certificate in June.')]);
    await bucket.compile();
    damage(place(bucket, 2, 'recall-1.jsonl'));
    const { world } = bucket;
    const work = { world, bucket: bucket.bucket, report: silent, patienceMs: 0 };
    expect(await rollback({ ...work, target: 2, dryRun: false })).toMatchObject({ ok: false });
    expect(showGenerationChanges(bucket.bucket.layout, 3)).toMatchObject({ ok: false });
    expect(await rollback({ ...work, target: 1, dryRun: false })).toMatchObject({ ok: true, value: { generation: 4 } });
    const flags = { scope: 'all' as const, dryRun: false, keepHistory: false, yes: false };
    expect(await forget({ ...work, ...flags, query: 'gateway' })).toMatchObject({ ok: true, value: { generation: 5 } });
    expect(recallOf(bucket)).toEqual(['Docker']);
    // What cannot be read is no history, and its bytes are gone with the rest.
    expect(bucket.list('generations')).toEqual(['1', '3', '4', '5']);
  });

  test('is no base of an edit that was begun from it', async () => {
    const bucket = await twoGenerations();
    damage(place(bucket, 2, 'recall-1.jsonl'));
    damage(place(bucket, 1, 'recall-1.jsonl'));
    bucket.deposit('c3', [note('Proxy', 'The proxy needs a new certificate in June.')]);
    await bucket.compile();
    bucket.write('recall/index.json', bucket.read('recall/index.json').replace('at three', 'at four'));
    await bucket.compile();
    expect(bucket.read('recall/index.json')).toContain('every night at four');
    expect(recallOf(bucket)).toEqual(['Gateway', 'Docker', 'Proxy']);
  });
});

test('a damaged generation still says what is forgotten', async () => {
  const bucket = await twoGenerations();
  const work = { world: bucket.world, bucket: bucket.bucket, report: silent, patienceMs: 0 };
  const flags = { scope: 'all' as const, dryRun: false, keepHistory: false, yes: false };
  await forget({ ...work, ...flags, query: 'gateway' });
  fs.rmSync(place(bucket, 3, 'recall-1.jsonl'));
  bucket.deposit('c3', [note('Gateway', 'The gateway restarts every night at three.'), memory('Keep it small')]);
  expect(await bucket.compile()).toMatchObject({ generation: 4, processed_count: 1 });
  expect(recallOf(bucket)).toEqual(['Docker']);
});

test('when every generation is damaged, the mirrors bring the records back, and what was forgotten stays so', async () => {
  const bucket = await twoGenerations();
  const work = { world: bucket.world, bucket: bucket.bucket, report: silent, patienceMs: 0 };
  const flags = { scope: 'all' as const, dryRun: false, keepHistory: false, yes: false };
  await forget({ ...work, ...flags, query: 'gateway' });
  // Hard links: one cut reaches all of them.
  for (const generation of bucket.list('generations'))
    fs.truncateSync(place(bucket, Number(generation), 'recall-1.jsonl'), 10);
  bucket.deposit('c3', [
    note('Gateway', 'The gateway restarts every night at three.'),
    note('Proxy', 'The proxy needs a new certificate in June.'),
  ]);
  expect(await bucket.compile()).toMatchObject({ status: 'success', generation: 4, processed_count: 1 });
  expect(recallOf(bucket)).toEqual(['Docker', 'Proxy']);
  const store = openRecallStore(path.join(bucket.bucket.layout.generations, '4'));
  expect([store.count(), store.search('docker gigabytes', { topK: 1 })[0]?.record.summary]).toEqual([2, 'Docker']);
  store.close();
  expect(bucket.read('memory/MEMORY.md')).toContain('Always use pnpm here.');
});

test('readers find the records of the generation below when a file of the newest is missing', async () => {
  const bucket = await twoGenerations();
  fs.rmSync(place(bucket, 2, 'recall-1.jsonl'));
  const reading = readFromGeneration(bucket.bucket.layout, ({ folder }) => openRecallStore(folder));
  const hits = reading?.value.search('gateway restarts', { topK: 1 }) ?? [];
  reading?.value.close();
  expect(hits.map(({ record }) => record.summary)).toEqual(['Gateway']);
  expect(reading?.unreadable.map(({ generation }) => generation)).toEqual([2]);
});

test('a segment that is damaged costs nobody the generation: it is made anew from the records', async () => {
  const bucket = await twoGenerations();
  fs.rmSync(place(bucket, 2, 'recall-1.seg'));
  bucket.deposit('c3', [note('Proxy', 'The proxy needs a new certificate in June.')]);
  expect(await bucket.compile()).toMatchObject({ status: 'success', generation: 3, processed_count: 1 });
  expect(problems(bucket)).toEqual([]);
  expect(recallOf(bucket)).toEqual(['Gateway', 'Docker', 'Proxy']);
});
