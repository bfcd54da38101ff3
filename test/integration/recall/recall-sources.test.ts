import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { DiskFailure } from '../../../src/kernel/disk-failure.ts';
import { buildChunk } from '../../../src/assets/recall-segment.ts';
import { closeRecords, LARGEST_INDEX, openBucketRecords, searchRecords } from '../../../src/recall/recall-sources.ts';
import { recallRecord } from '../../support/recall-records.ts';
import { note, type TempBucket, tempBucket } from '../../support/temp-bucket.ts';

const generationFolder = (bucket: TempBucket, number: number): string =>
  path.join(bucket.bucket.layout.generations, String(number));

/** Where nothing is broken nothing is told. */
const SILENT = {
  log: (event: string): void => {
    throw new Error(`${event} in the log`);
  },
};

test('a generation that is taken away while it is asked gives way to the one that is current by then', async () => {
  const bucket = tempBucket();
  bucket.deposit('a1', [note('Pelicans', 'The pelicans nest behind the boiler house.')]);
  await bucket.compile();
  const records = await openBucketRecords(bucket.bucket.layout, { log: SILENT, largestIndex: LARGEST_INDEX });
  bucket.deposit('b2', [note('Walruses', 'The walruses sleep below the pier.')]);
  await bucket.compile();
  fs.rmSync(generationFolder(bucket, 1), { recursive: true });
  const [hit] = searchRecords(records, 'walruses pier', { topK: 1 });
  expect(hit?.record.summary).toBe('Walruses');
  expect(records.sources[0]?.get(hit?.record.id ?? '')?.summary).toBe('Walruses');
  closeRecords(records);
});

test('when all are gone that is told, and not that nothing is known', async () => {
  const bucket = tempBucket();
  bucket.deposit('a1', [note('Pelicans', 'The pelicans nest behind the boiler house.')]);
  await bucket.compile();
  const told: string[] = [];
  const log = { log: (event: string) => void told.push(event) };
  const records = await openBucketRecords(bucket.bucket.layout, { log, largestIndex: LARGEST_INDEX });
  fs.rmSync(generationFolder(bucket, 1), { recursive: true });
  expect(() => searchRecords(records, 'pelicans', { topK: 1 })).toThrow(DiskFailure);
  closeRecords(records);
  expect(told).toEqual(['recall.problems']);
});

test.each([
  ['a hook', 1024, 10],
  ['a command', LARGEST_INDEX, 14],
])(
  'of fourteen segments of an older version %s searches what it has the time for, and says so in the log',
  async (_who, largestIndex, found) => {
    const bucket = tempBucket();
    const folder = generationFolder(bucket, 1);
    fs.mkdirSync(folder, { recursive: true });
    for (let number = 1; number <= 14; number++) {
      const { jsonl } = buildChunk([recallRecord(`r${number}`, { content: `pelican ${number}` })]);
      fs.writeFileSync(path.join(folder, `recall-${number}.jsonl`), jsonl);
      fs.writeFileSync(path.join(folder, `recall-${number}.seg`), 'of an older version');
    }
    const told: unknown[] = [];
    const log = { log: (event: string, facts?: Record<string, unknown>) => void told.push([event, facts?.['count']]) };
    const records = await openBucketRecords(bucket.bucket.layout, { log, largestIndex });
    expect(searchRecords(records, 'pelican', { topK: 20 })).toHaveLength(found);
    closeRecords(records);
    expect(told).toEqual([['recall.problems', expect.any(Number)]]);
  },
);
