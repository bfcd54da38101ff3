import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openChunk } from '../../../src/assets/recall-chunk-file.ts';
import { mergeChunks } from '../../../src/assets/recall-merged-file.ts';
import { openRecallStore, type RecallStore, recallStoreOf } from '../../../src/assets/recall-store.ts';
import { bytesInMemory, hashOf } from '../../../src/assets/recall-segment-format.ts';
import { findTerms, readFront } from '../../../src/assets/recall-segment-reader.ts';
import { buildChunk } from '../../../src/assets/recall-segment.ts';
import type { RecallRecord } from '../../../src/contracts/recall.ts';
import { DiskFailure } from '../../../src/kernel/disk-failure.ts';
import { recallRecord } from '../../support/recall-records.ts';
import { tempFolder } from '../../support/temp-bucket.ts';

const NOTES: RecallRecord[] = [
  recallRecord('a', {
    summary: 'Integration tests need the database container',
    content:
      'Run `docker compose up -d postgres` before `npm run test:integration`, otherwise connection errors (ECONNREFUSED).',
    cwd: '/repo/server',
    source_updated_at: '2026-03-01T00:00:00Z',
  }),
  recallRecord('b', {
    summary: 'Release script signs the tarball',
    content: 'The release script calls `gpg --detach-sign`; pass `--no-sign` on machines without the key.',
    cwd: '/repo/scripts',
  }),
  recallRecord('c', {
    summary: '数据库迁移',
    content: '升级之前必须先运行数据库迁移脚本，否则服务无法启动。',
  }),
  recallRecord('d', { summary: 'Icons 🚀', content: 'The rocket 🚀 is drawn in src/ui/RocketIcon.tsx since v3.4.1.' }),
];

function storedIn(folder: string, ...chunks: RecallRecord[][]): string {
  for (const [index, records] of chunks.entries()) {
    const { jsonl, segment } = buildChunk(records);
    fs.writeFileSync(path.join(folder, `recall-${index + 1}.jsonl`), jsonl);
    fs.writeFileSync(path.join(folder, `recall-${index + 1}.seg`), segment);
  }
  return folder;
}

/** The same with one segment over all chunks. */
function mergedIn(folder: string, ...chunks: RecallRecord[][]): string {
  storedIn(folder, ...chunks);
  const merged = mergeChunks(chunks.map((_, index) => openChunk(folder, `recall-${index + 1}`)));
  if (merged) fs.writeFileSync(path.join(folder, `recall-1-${chunks.length}.seg`), merged);
  return folder;
}

const openFiles = (): number => (process.platform === 'linux' ? fs.readdirSync('/proc/self/fd').length : 0);

const idsOf = (store: RecallStore, query: string, topK = 3): string[] =>
  store.search(query, { topK }).map(({ record }) => record.id);

const spread = (): string => storedIn(tempFolder(), NOTES.slice(0, 2), NOTES.slice(2, 3), NOTES.slice(3));

describe('a store of several chunks', () => {
  test.each([
    ['how do I run the integration tests', 'a'],
    ['ECONNREFUSED', 'a'],
    ['signing a release', 'b'],
    ['--no-sign', 'b'],
    ['数据库迁移怎么运行', 'c'],
    ['🚀', 'd'],
    ['rocket icon', 'd'],
    ['rocketicon.tsx', 'd'],
    ['src/ui/RocketIcon.tsx', 'd'],
    ['v3.4', 'd'],
    ['ｒｏｃｋｅｔ', 'd'],
  ])('answers %j with %s', (query, id) => {
    expect(idsOf(openRecallStore(spread()), query)[0]).toBe(id);
  });

  test.each(['', 'the of', '?!', '\u0000', '\ud800', 'zzzz', '(a+)+$', "' OR 1=1 --"])(
    'answers %j with nothing',
    (query) => {
      expect(idsOf(openRecallStore(spread()), query)).toEqual([]);
    },
  );

  test('ranks as one chunk with the same records does', () => {
    const query = 'run the release script before the tests';
    const together = recallStoreOf(NOTES).search(query, { topK: 9 });
    expect(together.length).toBeGreaterThan(1);
    expect(openRecallStore(spread()).search(query, { topK: 9 })).toEqual(together);
  });

  test('counts its records and has them by id', () => {
    const store = openRecallStore(spread());
    expect(store.count()).toBe(4);
    expect(store.get('c')).toEqual(NOTES[2]);
    expect([store.has('d'), store.has('e'), store.get('e')]).toEqual([true, false, undefined]);
  });

  test('a boost by folder decides between equals', () => {
    const twins = ['x', 'y', 'z'].map((id) =>
      recallRecord(id, {
        content: 'restart the scheduler',
        cwd: `/repo/${id}`,
        source_updated_at: '2026-03-01T00:00:00Z',
      }),
    );
    const store = recallStoreOf(twins);
    const boosted = store.search('restart scheduler', {
      topK: 3,
      boost: (cwd) => (cwd === '/repo/y' ? 1.2 : 1),
    });
    expect(boosted.map(({ record }) => record.id)).toEqual(['y', 'x', 'z']);
  });

  test('a rare synonym does not beat the common word that was asked for', () => {
    const asked = Array.from({ length: 200 }, (_, index) =>
      recallRecord(`r${index}`, { content: `delete branch${index}` }),
    );
    const store = recallStoreOf([recallRecord('synonym', { content: 'remove branch' }), ...asked]);
    expect(idsOf(store, 'delete', 1)).not.toContain('synonym');
    expect(idsOf(store, 'delete', 300)).toContain('synonym');
  });

  test('the newer of two equals comes first', () => {
    const old = recallRecord('old', { content: 'restart the scheduler', source_updated_at: '2025-01-01T00:00:00Z' });
    const young = recallRecord('young', {
      content: 'restart the scheduler',
      source_updated_at: '2026-01-01T00:00:00Z',
    });
    expect(idsOf(recallStoreOf([old, young]), 'restart scheduler')).toEqual(['young', 'old']);
  });

  test('a filter that reads the record is asked until enough are found', () => {
    const many = Array.from({ length: 30 }, (_, index) =>
      recallRecord(`r${index}`, { content: 'restart the scheduler' }),
    );
    const hits = recallStoreOf(many).search('scheduler', {
      topK: 2,
      accept: ({ id }) => Number(id.slice(1)) % 10 === 9,
    });
    expect(hits.map(({ record }) => record.id)).toEqual(['r9', 'r19']);
  });

  test('relevance tells an answer from a word in common', () => {
    const store = openRecallStore(spread());
    const relevance = (query: string): number => store.search(query, { topK: 1 })[0]?.relevance ?? 0;
    expect(relevance('integration tests need the database container')).toBeGreaterThan(0.5);
    expect(relevance('write a poem about the container ships of the baltic sea in winter')).toBeLessThan(0.08);
  });

  test('similar finds a note that says the same in other words', () => {
    expect(
      openRecallStore(spread()).similar('Without the gpg key pass --no-sign to the release script', 1)[0]?.record.id,
    ).toBe('b');
  });

  test('a store of hundreds of chunks keeps no file open', () => {
    const folder = storedIn(
      tempFolder(),
      ...Array.from({ length: 140 }, (_, index) => [recallRecord(`r${index}`, { content: `word${index} common` })]),
    );
    const before = openFiles();
    const store = openRecallStore(folder);
    expect(idsOf(store, 'word77 common')[0]).toBe('r77');
    expect(openFiles()).toBe(before);
  });

  test('closing gives the files back', () => {
    const before = openFiles();
    const store = openRecallStore(spread());
    store.search('rocket', { topK: 1 });
    store.close();
    expect(openFiles()).toBe(before);
  });

  test('an empty folder is an empty store', () => {
    const store = openRecallStore(tempFolder());
    expect([store.count(), idsOf(store, 'anything')]).toEqual([0, []]);
  });
});

/** One record per chunk. */
const manyChunks = (count: number): string =>
  storedIn(
    tempFolder(),
    ...Array.from({ length: count }, (_, index) => [recallRecord(`r${index}`, { content: `word${index} common` })]),
  );

/** All segments are of no use. */
function manyBroken(count: number): string {
  const folder = manyChunks(count);
  for (let number = 1; number <= count; number++)
    fs.writeFileSync(path.join(folder, `recall-${number}.seg`), 'of an older version');
  return folder;
}

describe('more broken segments than a hook can make anew', () => {
  test('leave the newest records to be found, and the rest reported', () => {
    const store = openRecallStore(manyBroken(14));
    expect(idsOf(store, 'common', 20).toSorted()).toEqual(
      Array.from({ length: 10 }, (_, index) => `r${index + 4}`).toSorted(),
    );
    expect(store.problems().filter(({ detail }) => detail.startsWith('left out'))).not.toEqual([]);
  });

  test('are all made anew for who has the time', () => {
    const store = openRecallStore(manyBroken(14), Infinity);
    expect(idsOf(store, 'common', 20)).toHaveLength(14);
    expect([store.has('r0'), store.has('r13')]).toEqual([true, true]);
  });
});

test('a long query finds a rare word among many that no record has', () => {
  const strange = Array.from({ length: 200 }, (_, index) => `strange${index}`).join(' ');
  const store = openRecallStore(manyChunks(45));
  expect(idsOf(store, `${strange} word44`, 1)).toEqual(['r44']);
  expect(idsOf(store, `word3 ${strange}`, 1)).toEqual(['r3']);
});

describe('broken files', () => {
  const queries = ['rocket icon', 'integration tests', '数据库迁移'];
  const answers = (store: RecallStore): string[][] => queries.map((query) => idsOf(store, query));

  test.each([
    ['missing', (file: string) => fs.rmSync(file)],
    ['empty', (file: string) => fs.writeFileSync(file, '')],
    ['torn', (file: string) => fs.truncateSync(file, 700)],
    ['foreign', (file: string) => fs.copyFileSync(path.join(path.dirname(file), 'recall-2.seg'), file)],
    ['noise', (file: string) => fs.writeFileSync(file, Buffer.alloc(5_000, 0xa5))],
  ])('a %s segment is made anew in memory, and reported', (_, breakIt) => {
    const folder = spread();
    const expected = answers(openRecallStore(folder));
    breakIt(path.join(folder, 'recall-1.seg'));
    const store = openRecallStore(folder);
    expect(answers(store)).toEqual(expected);
    expect(store.get('a')).toEqual(NOTES[0]);
    expect(store.problems()).toEqual([expect.objectContaining({ chunk: 'recall-1' })]);
  });

  test('a flipped byte anywhere gives the same answers or a report, never other records', () => {
    const folder = spread();
    const file = path.join(folder, 'recall-1.seg');
    const good = fs.readFileSync(file);
    const expected = answers(openRecallStore(folder));
    for (let at = 0; at < good.length; at += 37) {
      const bytes = Buffer.from(good);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      fs.writeFileSync(file, bytes);
      const store = openRecallStore(folder);
      expect(answers(store), `byte ${at}`).toEqual(expected);
      store.close();
    }
  });

  test('records that changed behind the segment are found as they are now', () => {
    const folder = spread();
    const jsonl = path.join(folder, 'recall-3.jsonl');
    const text = fs.readFileSync(jsonl, 'utf8');
    // Same size, so that only the line's check can notice.
    fs.writeFileSync(jsonl, text.replace('The rocket', 'The racket'));
    const store = openRecallStore(folder);
    expect(store.search('icon', { topK: 1 })[0]?.record.content).toContain('The racket');
    expect(store.problems()).toHaveLength(1);
    expect(store.search('racket icon', { topK: 1 })[0]?.record.content).toContain('The racket');
  });

  test('records that were put in front behind the segment are not mistaken for others', () => {
    const folder = spread();
    const jsonl = path.join(folder, 'recall-1.jsonl');
    const [first = '', second = ''] = fs.readFileSync(jsonl, 'utf8').split('\n');
    fs.writeFileSync(jsonl, `${second}\n${first}\n`);
    const store = openRecallStore(folder);
    expect(answers(store)).toEqual(answers(openRecallStore(spread())));
    expect(store.get('a')).toEqual(NOTES[0]);
  });

  test('a line that is no record is left out and told by its number', () => {
    const folder = spread();
    fs.appendFileSync(path.join(folder, 'recall-1.jsonl'), '{"id": 5}\nnot json\n');
    const store = openRecallStore(folder);
    expect(answers(store)).toEqual(answers(openRecallStore(spread())));
    expect(store.problems().map(({ detail }) => detail)).toEqual(
      expect.arrayContaining(['line 3 is no record', 'line 4 is no record']),
    );
  });

  test('a generation that vanishes while it is opened is a disk failure for the caller to list again', () => {
    const folder = spread();
    fs.mkdirSync(path.join(folder, 'x'));
    fs.rmSync(path.join(folder, 'recall-2.jsonl'));
    fs.symlinkSync('nowhere', path.join(folder, 'recall-2.jsonl'));
    expect(() => openRecallStore(folder).search('rocket', { topK: 1 })).toThrow(DiskFailure);
  });
});

test('a generation that vanishes while it is asked is a disk failure, not a store without records', () => {
  const folder = mergedIn(tempFolder(), NOTES.slice(0, 2), NOTES.slice(2));
  const store = openRecallStore(folder);
  fs.renameSync(folder, `${folder}.gone`);
  onTestFinished(() => fs.rmSync(`${folder}.gone`, { recursive: true }));
  for (const ask of [() => store.search('rocket', { topK: 1 }), () => store.get('a'), () => store.count()])
    expect(ask).toThrow(DiskFailure);
  store.close();
});

const nearScripts = (cwd: string): number => (cwd === '/repo/scripts' ? 1.2 : 1);

describe('a segment over several chunks', () => {
  const QUERIES = [
    'how do I run the integration tests',
    'release script gpg',
    '数据库迁移怎么运行',
    'src/ui/RocketIcon.tsx',
    'run the',
    'zzzz',
  ];
  const chunks = [NOTES.slice(0, 2), NOTES.slice(2, 3), NOTES.slice(3)];
  const answers = (store: RecallStore) => QUERIES.map((query) => store.search(query, { topK: 4 }));

  /** The chunks' own segments are of no use, so that only the merged one can answer without a report. */
  const onlyMerged = (): string => {
    const folder = mergedIn(tempFolder(), ...chunks);
    for (const [index] of chunks.entries()) fs.writeFileSync(path.join(folder, `recall-${index + 1}.seg`), '');
    return folder;
  };

  test('gives the answers that they give one by one', () => {
    const store = openRecallStore(onlyMerged());
    expect(answers(store)).toEqual(answers(openRecallStore(spread())));
    expect(store.problems()).toEqual([]);
    store.close();
  });

  test('leaves ids and counts to the chunks', () => {
    const store = openRecallStore(mergedIn(tempFolder(), ...chunks));
    expect([store.count(), store.get('c'), store.has('e')]).toEqual([4, NOTES[2], false]);
  });

  test('knows the folders of all its records', () => {
    const folder = mergedIn(tempFolder(), ...chunks);
    const ids = openRecallStore(folder)
      .search('run script', { topK: 4, boost: nearScripts })
      .map(({ record }) => record.id);
    expect(ids).toEqual(
      openRecallStore(spread())
        .search('run script', { topK: 4, boost: nearScripts })
        .map(({ record }) => record.id),
    );
  });

  test('gives way to its chunks when a byte of it is another one', () => {
    const expected = answers(openRecallStore(spread()));
    const folder = mergedIn(tempFolder(), ...chunks);
    const file = path.join(folder, 'recall-1-3.seg');
    const bytes = fs.readFileSync(file);
    let reported = 0;
    for (let at = 0; at < bytes.length; at += 7) {
      const broken = Buffer.from(bytes);
      broken[at] = (broken[at] ?? 0) ^ 0x20;
      fs.writeFileSync(file, broken);
      const store = openRecallStore(folder);
      expect(answers(store), `byte ${at}`).toEqual(expected);
      reported += store.problems().length;
      store.close();
    }
    expect(reported).toBeGreaterThan(10);
  });

  test('gives way when it is cut, missing, or of other chunks than lie there now', () => {
    const expected = answers(openRecallStore(spread()));
    const folder = mergedIn(tempFolder(), ...chunks);
    const file = path.join(folder, 'recall-1-3.seg');
    const bytes = fs.readFileSync(file);
    for (let length = 0; length < bytes.length; length += 61) {
      fs.writeFileSync(file, bytes.subarray(0, length));
      expect(answers(openRecallStore(folder))).toEqual(expected);
    }
    fs.rmSync(file);
    expect(answers(openRecallStore(folder))).toEqual(expected);
    fs.writeFileSync(file, bytes);
    const { jsonl, segment } = buildChunk([recallRecord('new', { content: 'the rocket was painted' })]);
    fs.writeFileSync(path.join(folder, 'recall-3.jsonl'), jsonl);
    fs.writeFileSync(path.join(folder, 'recall-3.seg'), segment);
    const store = openRecallStore(folder);
    expect(idsOf(store, 'rocket')).toEqual(['new']);
    expect(store.problems().map(({ chunk }) => chunk)).toEqual(['recall-1-3']);
  });

  test('is not made from a chunk that cannot be read', () => {
    const folder = storedIn(tempFolder(), ...chunks);
    fs.writeFileSync(path.join(folder, 'recall-2.seg'), 'torn');
    expect(mergeChunks([1, 2, 3].map((number) => openChunk(folder, `recall-${number}`)))).toBeUndefined();
  });

  test('that turned out broken is not opened again', () => {
    // So large that it is not read at once.
    const many = Array.from({ length: 800 }, (_, index) =>
      recallRecord(`r${index}`, { content: `kraken whale ${manyWords(index)}` }),
    );
    const folder = mergedIn(tempFolder(), many.slice(0, 400), many.slice(400));
    const file = path.join(folder, 'recall-1-2.seg');
    const bytes = fs.readFileSync(file);
    expect(bytes.length).toBeGreaterThan(256 * 1024);
    const source = bytesInMemory(bytes);
    const front = readFront(source, 0);
    const [entry] = findTerms(source, front, [hashOf('kraken')]);
    const at = front.postingsAt + (entry?.offset ?? 0);
    bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    fs.writeFileSync(file, bytes);
    const before = openFiles();
    const store = openRecallStore(folder);
    expect(store.search('kraken whale', { topK: 3 })).toHaveLength(3);
    expect(store.problems().map(({ chunk }) => chunk)).toEqual(['recall-1-2']);
    store.close();
    expect(openFiles()).toBe(before);
  });

  test('in whose place a folder lies is no file that stays open', () => {
    const folder = storedIn(tempFolder(), ...chunks);
    fs.mkdirSync(path.join(folder, 'recall-1-3.seg'));
    const before = openFiles();
    const store = openRecallStore(folder);
    expect(answers(store)).toEqual(answers(openRecallStore(spread())));
    store.close();
    expect(openFiles()).toBe(before);
  });
});

const manyWords = (number: number): string =>
  Array.from({ length: 60 }, (_, index) => `word${number * 60 + index}`).join(' ');
