import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { focusedRecall } from '../../../src/recall/recall-text.ts';
import { recall, recallById } from '../../../src/recall/recall.ts';
import { memory, note, skill, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';

const FILES = ['notes.jsonl', 'notes.seg'];

/** A promotion that knows the port 9137. */
async function withPort(): Promise<TempBucket> {
  const temp = tempBucket();
  temp.deposit('first', [
    memory('Port of the gateway', 'The gateway listens on port 9137 in development.'),
    memory('Answer in German', 'Answer in German, also in comments.', { scope: 'user' }),
  ]);
  await temp.compile();
  return temp;
}

const file = (temp: TempBucket, name: string): string => path.join(temp.bucket.layout.generations, '1', name);

/** Those of a generation are read-only. */
function replace(temp: TempBucket, name: string, content: string | Buffer): void {
  fs.rmSync(file(temp, name));
  fs.writeFileSync(file(temp, name), content);
}

/** From now on whoever answers 1111 has read memory.json. */
const betray = (temp: TempBucket): void =>
  replace(temp, 'memory.json', fs.readFileSync(file(temp, 'memory.json'), 'utf8').replaceAll('9137', '1111'));

const ask = async (temp: TempBucket, query = 'gateway port development') =>
  (await recall(temp.world, { query, cwd: temp.repo, topK: 3, scope: 'auto' })).results;

const answer = async (temp: TempBucket): Promise<string | undefined> =>
  /\d{4}/.exec((await ask(temp))[0]?.content ?? '')?.[0];

/** With a turned bit in the last line. */
function flipped(bytes: Buffer): Buffer {
  const at = bytes.length - 100;
  bytes[at] = (bytes[at] ?? 0) ^ 0x40;
  return bytes;
}

describe('notes that a promotion has filed', () => {
  test('are found without the memory being read', async () => {
    const temp = await withPort();
    betray(temp);

    expect(await answer(temp)).toBe('9137');
    expect((await ask(temp, 'answer in German comments'))[0]).toMatchObject({ summary: 'Answer in German' });
  });

  test('are shown by their ids without the memory being read', async () => {
    const temp = await withPort();
    const id = (await ask(temp))[0]?.id ?? '';
    betray(temp);

    expect(await recallById(temp.world, { cwd: temp.repo }, id)).toMatchObject({
      value: { content: expect.stringContaining('9137') },
    });
  });

  test('keep the ids that were printed before there were files of them', async () => {
    const temp = await withPort();
    const filed = await ask(temp);
    for (const name of FILES) fs.rmSync(file(temp, name));

    expect(filed[0]?.id).toBe('note-e842e944d4c9e564');
    expect((await ask(temp)).map(({ id }) => id)).toEqual(filed.map(({ id }) => id));
    expect(focusedRecall('matched', { query: '', results: filed })).toContain('Provenance: memory');
  });

  test('are told as the same records as from the memory', async () => {
    const temp = await withPort();
    const filed = await ask(temp);
    for (const name of FILES) fs.rmSync(file(temp, name));

    expect(await ask(temp)).toEqual(filed);
  });

  test('give way to what a person has written, until it is adopted', async () => {
    const temp = await withPort();
    temp.write('memory/MEMORY.md', temp.read('memory/MEMORY.md').replaceAll('9137', '9200'));
    expect(await answer(temp)).toBe('9200');

    await temp.compile();
    fs.rmSync(path.join(temp.bucket.layout.generations, '2', 'memory.json'));
    expect(await answer(temp)).toBe('9200');
  });
});

describe('filed notes that are of no use', () => {
  test.each(FILES)('are made from the memory when %s is missing', async (name) => {
    const temp = await withPort();
    betray(temp);
    fs.rmSync(file(temp, name));

    expect(await answer(temp)).toBe('1111');
  });

  test.each([
    ['a segment that is torn', 'notes.seg', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
    ['a segment that is empty', 'notes.seg', () => Buffer.alloc(0)],
    ['a segment with a broken dictionary', 'notes.seg', (bytes: Buffer) => bytes.fill(0xff, 240, 380)],
    ['records of another size', 'notes.jsonl', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from('{}\n')])],
    ['records with a turned bit', 'notes.jsonl', flipped],
  ])('are made from the memory after %s', async (_, name, spoil) => {
    const temp = await withPort();
    betray(temp);
    replace(temp, name, spoil(fs.readFileSync(file(temp, name))));

    expect(await answer(temp)).toBe('1111');
  });

  test.each(FILES)('show a note by its id from the memory after %s was torn', async (name) => {
    const temp = await withPort();
    const id = (await ask(temp))[0]?.id ?? '';
    replace(temp, name, fs.readFileSync(file(temp, name)).subarray(0, 20));

    expect(await recallById(temp.world, { cwd: temp.repo }, id)).toMatchObject({
      value: { content: expect.stringContaining('9137') },
    });
  });
});

describe('a promotion', () => {
  const inodes = (temp: TempBucket, generation: number): number[] =>
    FILES.map((name) => fs.statSync(path.join(temp.bucket.layout.generations, String(generation), name)).ino);

  test('takes the notes over when only recall and skills change', async () => {
    const temp = await withPort();
    temp.deposit('second', [note('Order of migrations', 'Migration 0042 must come before 0043.'), skill('release-it')]);
    await temp.compile();

    expect(inodes(temp, 2)).toEqual(inodes(temp, 1));
    const facts = [1, 2].map((number) => temp.readJson(`generations/${number}/generation.json`)['files']);
    expect(facts[1]).toMatchObject(Object.fromEntries(FILES.map((name) => [name, expect.anything()])));
    expect(await answer(temp)).toBe('9137');
  });

  test('files them anew when the memory changes', async () => {
    const temp = await withPort();
    temp.deposit('second', [memory('Colour of the gateway', 'The gateway is painted green.')]);
    await temp.compile();
    fs.rmSync(path.join(temp.bucket.layout.generations, '2', 'memory.json'));

    expect(inodes(temp, 2)).not.toEqual(inodes(temp, 1));
    expect((await ask(temp, 'colour green'))[0]).toMatchObject({ summary: 'Colour of the gateway' });
  });

  test.each(FILES)('makes them again after %s of the generation before was damaged', async (name) => {
    const temp = await withPort();
    replace(temp, name, 'torn');
    temp.deposit('second', [note('Order of migrations', 'Migration 0042 must come before 0043.')]);
    await temp.compile();
    fs.rmSync(path.join(temp.bucket.layout.generations, '2', 'memory.json'));

    expect(await answer(temp)).toBe('9137');
  });

  test('writes no files for an empty memory', async () => {
    const temp = tempBucket();
    temp.deposit('first', [note('Order of migrations', 'Migration 0042 must come before 0043.')]);
    await temp.compile();

    expect(temp.list('generations/1').filter((name) => name.startsWith('notes'))).toEqual([]);
    expect((await ask(temp, 'order of migrations'))[0]).toMatchObject({ summary: 'Order of migrations' });
  });
});
