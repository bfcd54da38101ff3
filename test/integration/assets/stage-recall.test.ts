import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { openRecallStore } from '../../../src/assets/recall-store.ts';
import { stageRecall, type RecallStage, type StagedRecall } from '../../../src/assets/stage-recall.ts';
import type { Generation } from '../../../src/contracts/generation.ts';
import type { RecallRecord } from '../../../src/contracts/recall.ts';
import { sha256 } from '../../../src/kernel/digest.ts';
import { recallRecord } from '../../support/recall-records.ts';
import { note as proposal, tempBucket, tempFolder } from '../../support/temp-bucket.ts';

interface Staged extends StagedRecall {
  folder: string;
  /** Names that were written, not linked. */
  written: string[];
  files: Generation['files'];
}

type Change = Partial<Pick<RecallStage, 'added' | 'replaced' | 'removed'>>;

function staged(from: Staged | undefined, change: Change): Staged {
  const folder = tempFolder();
  const files: Generation['files'] = {};
  const put = (name: string, bytes: Uint8Array): void => {
    fs.writeFileSync(path.join(folder, name), bytes);
    files[name] = { sha256: sha256(bytes), size: bytes.length };
  };
  const recall = stageRecall({
    folder,
    put,
    from: from && { folder: from.folder, chunks: from.chunks, files: from.files },
    added: [],
    replaced: new Map(),
    removed: new Set(),
    ...change,
  });
  const written = Object.keys(files);
  return { ...recall, folder, written, files: { ...files, ...recall.linked } };
}

const note = (number: number, text = `note ${number} says w${number % 97}`): RecallRecord =>
  recallRecord(`id-${number}`, { summary: `Number ${number}`, content: text });
const notes = (from: number, count: number): RecallRecord[] =>
  Array.from({ length: count }, (_, index) => note(from + index));

/** Three chunks and a bit. */
const firstStage = (): Staged => staged(undefined, { added: notes(0, 3_010) });

const inode = (folder: string, name: string): number => fs.statSync(path.join(folder, name)).ino;

describe('the recall of a new generation', () => {
  test('has a segment over the chunks that are full', () => {
    const first = firstStage();
    expect(Object.keys(first.files)).toContain('recall-1-2.seg');
    expect(first.chunks.map(({ records }) => records)).toEqual([1_000, 1_000, 1_000, 10]);
  });

  test('takes it over when nothing in these chunks changes, and writes what grows with the batch', () => {
    const first = firstStage();
    const next = staged(first, { added: notes(5_000, 20) });
    expect(next.written.toSorted()).toEqual(['recall-4.jsonl', 'recall-4.seg']);
    expect(inode(next.folder, 'recall-1-2.seg')).toBe(inode(first.folder, 'recall-1-2.seg'));
    expect(next.files['recall-1-2.seg']).toEqual(first.files['recall-1-2.seg']);
  });

  test('makes it anew when a record of theirs changes', () => {
    const first = firstStage();
    const replaced = new Map([['id-7', note(7, 'the kraken sleeps below')]]);
    const next = staged(first, { replaced, removed: new Set(['id-1500']) });
    expect(next.written).toContain('recall-1-2.seg');
    const store = openRecallStore(next.folder);
    expect(store.search('kraken', { topK: 2 }).map(({ record }) => record.id)).toEqual(['id-7']);
    expect([store.count(), store.get('id-1500'), store.problems()]).toEqual([3_009, undefined, []]);
  });

  test('is not made from records of which some are gone', () => {
    const first = firstStage();
    const changes: Change[] = [{}, { added: notes(5_000, 20) }, { removed: new Set(['id-7']) }];
    for (const name of ['recall-1.jsonl', 'recall-4.jsonl']) {
      const old = staged(first, {});
      const file = path.join(old.folder, name);
      const bytes = fs.readFileSync(file);
      fs.rmSync(file);
      fs.writeFileSync(file, bytes.subarray(0, 300));
      for (const change of changes) expect(() => staged(old, change)).toThrow('file-invalid');
    }
  });

  test('writes chunks anew whose segments are of no use', () => {
    const first = firstStage();
    const old = staged(first, {});
    for (const name of ['recall-1.seg', 'recall-2.seg', 'recall-1-2.seg']) {
      const file = path.join(old.folder, name);
      const bytes = fs.readFileSync(file);
      fs.rmSync(file);
      fs.writeFileSync(file, Buffer.concat([bytes.subarray(0, 8), Buffer.from([1, 0, 0, 0]), bytes.subarray(12)]));
    }
    const next = staged(old, {});
    expect(next.written.filter((name) => name.endsWith('.seg')).toSorted()).toEqual([
      'recall-1-2.seg',
      'recall-1.seg',
      'recall-2.seg',
    ]);
    const store = openRecallStore(next.folder);
    expect(store.search('w42', { topK: 3 })).toHaveLength(3);
    expect(store.problems()).toEqual([]);
  });

  const damages: [string, (file: string) => void][] = [
    ['missing', (file) => fs.rmSync(file)],
    ['torn', (file) => fs.truncateSync(file, 700)],
    ['empty', (file) => fs.truncateSync(file, 0)],
    ['a folder', (file) => (fs.rmSync(file), fs.mkdirSync(file))],
    ['a link', (file) => (fs.renameSync(file, `${file}.moved`), fs.symlinkSync(`${file}.moved`, file))],
  ];
  const targets = ['recall-1-2.seg', 'recall-2.seg', 'recall-3.seg'];
  const cases = targets.flatMap((target) =>
    damages.map(([what, damage]): [string, string, typeof damage] => [target, what, damage]),
  );

  test.each(cases)('mends %s when it is %s', (target, _what, damage) => {
    const first = firstStage();
    damage(path.join(first.folder, target));
    const next = staged(first, { added: [note(9_000, 'the kraken sleeps below')] });
    expect(next.written).toContain(target);
    for (const [name, { size }] of Object.entries(next.files)) {
      const facts = fs.lstatSync(path.join(next.folder, name));
      expect([name, facts.isFile(), facts.size]).toEqual([name, true, size]);
    }
    const store = openRecallStore(next.folder);
    expect(store.search('kraken', { topK: 1 }).map(({ record }) => record.id)).toEqual(['id-9000']);
    expect([store.count(), store.problems()]).toEqual([3_011, []]);
  });
});

test('a compile knows what it knew when more segments are broken than a hook would make anew', async () => {
  const bucket = tempBucket();
  const records = Array.from({ length: 10_100 }, (_, number) =>
    recallRecord(`id-${number}`, { content: `w${number}` }),
  );
  bucket.write('recall/index.json', JSON.stringify({ records }));
  const known = [proposal('Pelicans', 'The pelicans nest behind the boiler house.')];
  bucket.deposit('a1', known);
  await bucket.compile();
  const folder = path.join(bucket.bucket.layout.generations, '1');
  for (const name of fs.readdirSync(folder).filter((entry) => entry.endsWith('.seg'))) {
    fs.rmSync(path.join(folder, name));
    fs.writeFileSync(path.join(folder, name), 'of an older version');
  }
  bucket.deposit('b2', [...known, proposal('Walruses', 'The walruses sleep below the pier.')]);
  await bucket.compile();
  const store = openRecallStore(path.join(bucket.bucket.layout.generations, '2'));
  expect(store.search('pelicans boiler', { topK: 3 })).toHaveLength(1);
  expect([store.count(), store.problems()]).toEqual([10_102, []]);
});
