import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { hasWork } from '../../../src/compile/has-work.ts';
import { forget } from '../../../src/compile/forget.ts';
import { RecallIndex } from '../../../src/contracts/recall.ts';
import type { RecallRecord } from '../../../src/contracts/recall.ts';
import { Manifest } from '../../../src/contracts/skills.ts';
import { Receipt } from '../../../src/contracts/receipt.ts';
import { openRecallStore } from '../../../src/assets/recall-store.ts';
import { currentGeneration } from '../../../src/assets/generation-folder.ts';
import { memory, note, skill, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';

const INDEX = 'recall/index.json';
const GATEWAY = 'The gateway restarts every night at three.';
const DOCKER = 'docker build failed with ENOSPC; docker system prune fixed it.';

async function bucketWithNotes(): Promise<TempBucket> {
  const bucket = tempBucket();
  bucket.deposit('a1', [
    note('Gateway', GATEWAY),
    note('Docker', DOCKER),
    skill('release-it'),
    memory('Use pnpm', 'Always use pnpm here.'),
  ]);
  await bucket.compile();
  return bucket;
}

const indexOf = (text: string): RecallIndex => v.parse(RecallIndex, JSON.parse(text));
const summaries = (bucket: TempBucket): string[] => indexOf(bucket.read(INDEX)).records.map((record) => record.summary);
function editIndex(
  bucket: TempBucket,
  change: (records: RecallRecord[]) => RecallRecord[],
  text = bucket.read(INDEX),
): void {
  const index = indexOf(text);
  bucket.write(INDEX, `${JSON.stringify({ ...index, records: change(index.records) }, null, 2)}\n`);
}
const outcomes = (bucket: TempBucket) => v.parse(Receipt, bucket.readJson('compiler/last_receipt.json')).item_receipts;
const idle = async (bucket: TempBucket): Promise<void> => {
  expect(await bucket.compile()).toMatchObject({ status: 'skip_empty' });
  expect(hasWork(bucket.bucket.layout)).toEqual(false);
};

describe('a person’s edit of recall/index.json', () => {
  test('adds, changes and removes records, and can be found again by recall', async () => {
    const bucket = await bucketWithNotes();
    const own = { content: 'The printer on the third floor needs a restart on Mondays.' };
    editIndex(bucket, (records) => [{ ...at(records, 0), content: 'The gateway restarts at four.' }, Object(own)]);
    expect(hasWork(bucket.bucket.layout)).toEqual(true);
    await bucket.compile();
    expect(summaries(bucket)).toEqual(['Gateway', own.content]);
    expect(indexOf(bucket.read(INDEX)).records.map((record) => record.content)).toEqual([
      'The gateway restarts at four.',
      own.content,
    ]);
    const store = openRecallStore(currentGeneration(bucket.bucket.layout)?.folder ?? '');
    expect(store.search('printer third floor', { topK: 1 })[0]?.record.content).toEqual(own.content);
    store.close();
    await idle(bucket);
  });

  test('across a promotion deletes nothing that the promotion added', async () => {
    const bucket = await bucketWithNotes();
    const opened = bucket.read(INDEX);
    bucket.deposit('b2', [note('Later', 'The later note is about certificates of the proxy.')]);
    await bucket.compile();
    editIndex(bucket, (records) => records.filter((record) => record.summary !== 'Docker'), opened);
    await bucket.compile();
    expect(summaries(bucket)).toEqual(['Gateway', 'Later']);
    await idle(bucket);
  });

  test('honours a deletion also after promotions that changed no record', async () => {
    const bucket = await bucketWithNotes();
    bucket.deposit('b2', [memory('Run make verify', 'Run make verify before a commit.')]);
    await bucket.compile();
    editIndex(bucket, (records) => records.filter((record) => record.summary !== 'Gateway'));
    await bucket.compile();
    expect(summaries(bucket)).toEqual(['Docker']);
  });

  test('by a formatter is no edit', async () => {
    const bucket = await bucketWithNotes();
    const reflowed = `\uFEFF${JSON.stringify(JSON.parse(bucket.read(INDEX)), null, '\t').replaceAll('\n', '\r\n')}`;
    bucket.write(INDEX, reflowed);
    await idle(bucket);
    expect(bucket.list('generations')).toEqual(['1']);
    bucket.deposit('b2', [note('Later', 'The later note is about certificates of the proxy.')]);
    await bucket.compile();
    expect(summaries(bucket)).toEqual(['Gateway', 'Docker', 'Later']);
    expect(bucket.list('edits')).toEqual([]);
  });

  test('that does not parse is kept and told, and costs no record', async () => {
    const bucket = await bucketWithNotes();
    const broken = bucket.read(INDEX).replace('"records": [', '"records": [ oops');
    bucket.write(INDEX, broken);
    bucket.deposit('b2', [note('Later', 'The later note is about certificates of the proxy.')]);
    await bucket.compile();
    expect(summaries(bucket)).toEqual(['Gateway', 'Docker', 'Later']);
    expect(bucket.events.some((event) => event.type === 'problem' && event.what.includes('index.json'))).toEqual(true);
    await bucket.compile();
    expect(bucket.list('edits')).toEqual([expect.stringMatching(/^[0-9a-f]{12}\.recall~index\.json\.unreadable$/)]);
    expect(bucket.read(`edits/${bucket.list('edits')[0]}`)).toEqual(broken);
    await idle(bucket);
  });

  test('whose base is gone only adds and changes', async () => {
    const bucket = await bucketWithNotes();
    const { records } = indexOf(bucket.read(INDEX));
    const own = { ...at(records, 1), id: 'abcdefabcdef', summary: 'Own', content: 'Written without a state.' };
    bucket.write(INDEX, JSON.stringify({ records: [{ ...at(records, 0), summary: 'The gateway' }, own] }));
    await bucket.compile();
    expect(summaries(bucket)).toEqual(['The gateway', 'Docker', 'Own']);
  });

  test('saved by an editor that replaces the file, and one that writes into it', async () => {
    const bucket = await bucketWithNotes();
    const file = path.join(bucket.bucket.layout.stateDir, INDEX);
    fs.writeFileSync(`${file}~new`, bucket.read(INDEX).replace('every night at three', 'every night at five'));
    fs.renameSync(`${file}~new`, file);
    await bucket.compile();
    const fd = fs.openSync(file, 'r+');
    const text = bucket.read(INDEX).replace('at five', 'at six');
    fs.ftruncateSync(fd);
    fs.writeSync(fd, text, 0);
    fs.closeSync(fd);
    await bucket.compile();
    expect(bucket.read(INDEX)).toContain('every night at six');
    await idle(bucket);
  });

  test('removes a record for good: a suggestion of the same batch does not bring it back', async () => {
    const bucket = await bucketWithNotes();
    editIndex(bucket, (records) => records.filter((record) => record.summary !== 'Gateway'));
    bucket.deposit('b2', [note('Gateway', GATEWAY)]);
    await bucket.compile();
    expect(summaries(bucket)).toEqual(['Docker']);
    expect(outcomes(bucket)).toMatchObject([{ outcome: 'discarded', reason: 'hand_edit_wins' }]);
  });
});

describe('a person’s edit of a managed skill', () => {
  const FILE = 'skills/managed/release-it.md';

  test('becomes its text, is published, and wins over a suggestion', async () => {
    const bucket = await bucketWithNotes();
    bucket.write(
      FILE,
      bucket.read(FILE).replace('2. Run the script.', '2. Run the script twice.').replaceAll('\n', '\r\n'),
    );
    expect(hasWork(bucket.bucket.layout)).toEqual(true);
    bucket.deposit('b2', [
      skill('release-it', { action: 'edit', content: 'Something entirely different, but long enough.' }),
    ]);
    await bucket.compile();
    expect(bucket.read(FILE)).toEqual(
      '# How to release-it\n\n1. Look at the state of release-it.\n2. Run the script twice.\n3. Check the outcome.\n',
    );
    expect(outcomes(bucket)).toMatchObject([{ outcome: 'discarded', reason: 'hand_edit_wins' }]);
    expect(publishedText(bucket)).toContain('2. Run the script twice.');
    await idle(bucket);
  });

  test('across a promotion keeps what the promotion added', async () => {
    const bucket = await bucketWithNotes();
    const opened = bucket.read(FILE);
    bucket.deposit('b2', [
      skill('release-it', { action: 'patch', content: '4. Tell the others about it in the channel.' }),
    ]);
    await bucket.compile();
    bucket.write(FILE, opened.replace('1. Look at', '1. Look closely at'));
    await bucket.compile();
    expect(bucket.read(FILE)).toMatch(/1\. Look closely at[\s\S]*4\. Tell the others/);
  });

  test('that removes the file retires the skill, once', async () => {
    const bucket = await bucketWithNotes();
    fs.rmSync(path.join(bucket.bucket.layout.stateDir, FILE));
    expect(hasWork(bucket.bucket.layout)).toEqual(true);
    await bucket.compile();
    expect(bucket.read(FILE)).toContain('Status: retired');
    expect(fs.readdirSync(path.join(bucket.codexHome, 'skills'))).toEqual([]);
    await idle(bucket);
    fs.rmSync(path.join(bucket.bucket.layout.stateDir, FILE));
    await idle(bucket);
    expect(bucket.list('generations')).toEqual(['1', '2']);
  });

  test('that takes the word retired away makes it active again', async () => {
    const bucket = await bucketWithNotes();
    bucket.deposit('b2', [skill('release-it', { action: 'retire' })]);
    await bucket.compile();
    bucket.write(FILE, bucket.read(FILE).replace('Status: retired\n\n', '').replace('Check the', 'Check every'));
    await bucket.compile();
    expect(publishedText(bucket)).toContain('3. Check every outcome.');
    await idle(bucket);
  });

  test('that brings an older text of ours back is none: the mirror is written again', async () => {
    const bucket = await bucketWithNotes();
    const [text, index] = [bucket.read(FILE), bucket.read(INDEX)];
    bucket.deposit('b2', [
      skill('release-it', { action: 'edit', content: 'Promoted text of the skill, long enough.' }),
      note('Later', 'The later note is about certificates of the proxy.'),
    ]);
    await bucket.compile();
    bucket.write(FILE, text);
    bucket.write(INDEX, index);
    await bucket.compile();
    await idle(bucket);
    expect(bucket.read(FILE)).toContain('Promoted text');
    expect(summaries(bucket)).toEqual(['Gateway', 'Docker', 'Later']);
    expect(bucket.list('generations')).toEqual(['1', '2']);
  });

  test('in the manifest changes title and description, and nothing that a promotion changed meanwhile', async () => {
    const bucket = await bucketWithNotes();
    const opened = bucket.read('skills/manifest.json');
    bucket.deposit('b2', [
      skill('release-it', { action: 'edit', title: 'Release', content: 'Promoted text of the skill, long enough.' }),
    ]);
    await bucket.compile();
    bucket.write('skills/manifest.json', opened.replace('Use when you want to release-it', 'Use for every release'));
    await bucket.compile();
    expect(v.parse(Manifest, bucket.readJson('skills/manifest.json')).skills).toMatchObject([
      { title: 'Release', description: 'Use for every release' },
    ]);
    expect(publishedText(bucket)).toContain('description: "Use for every release"');
    await idle(bucket);
  });

  test('that leaves nothing readable is kept and told', async () => {
    const bucket = await bucketWithNotes();
    bucket.write(FILE, 'x\0y');
    bucket.write('skills/manifest.json', '{');
    bucket.deposit('b2', [note('Later', 'The later note is about certificates of the proxy.')]);
    await bucket.compile();
    await bucket.compile();
    expect(bucket.list('edits').map((name) => name.slice(13))).toEqual(
      expect.arrayContaining(['skills~managed~release-it.md.unreadable', 'skills~manifest.json.unreadable']),
    );
    expect(bucket.read(FILE)).toContain('3. Check the outcome.');
    await idle(bucket);
  });
});

describe('a person’s edit of a published skill', () => {
  test('is noticed by a scan, becomes the skill’s text and description, and is published as ours again', async () => {
    const bucket = await bucketWithNotes();
    const text = publishedText(bucket)
      .replace('2. Run the script.', '2. Run the script as root.')
      .replace('"Use when you want to release-it"', "'Use it: before a release'")
      .replaceAll('\n', '\r\n');
    fs.writeFileSync(publishedPath(bucket), text);
    expect(hasWork(bucket.bucket.layout)).toEqual(true);
    await bucket.compile();
    expect(bucket.read('skills/managed/release-it.md')).toContain('2. Run the script as root.');
    expect(publishedText(bucket)).toMatch(/description: "Use it: before a release"[\s\S]*2\. Run the script as root\./);
    expect(publishedText(bucket)).not.toContain('\r');
    await idle(bucket);
    bucket.deposit('b2', [
      skill('release-it', { action: 'edit', content: 'Something entirely different, but long enough.' }),
    ]);
    await bucket.compile();
    expect(publishedText(bucket)).toContain('Something entirely different');
  });

  test('keeps what a promotion has changed elsewhere in it', async () => {
    const bucket = await bucketWithNotes();
    const opened = publishedText(bucket);
    bucket.deposit('b2', [
      skill('release-it', { action: 'patch', content: '4. Tell the others about it in the channel.' }),
    ]);
    await bucket.compile();
    fs.writeFileSync(publishedPath(bucket), opened.replace('1. Look at', '1. Look closely at'));
    await bucket.compile();
    expect(publishedText(bucket)).toMatch(/1\. Look closely at[\s\S]*4\. Tell the others/);
    await idle(bucket);
  });

  test('without our marker is somebody else’s file: left alone, and quiet afterwards', async () => {
    const bucket = await bucketWithNotes();
    fs.writeFileSync(publishedPath(bucket), '---\nname: x\ndescription: y\n---\nmine now\n');
    await bucket.compile();
    expect(fs.readFileSync(publishedPath(bucket), 'utf8')).toContain('mine now');
    expect(bucket.read('skills/managed/release-it.md')).toContain('3. Check the outcome.');
    await idle(bucket);
  });
});

const report = (): void => undefined;
const forgetGateway = async (bucket: TempBucket, query: string): Promise<void> => {
  const flags = { scope: 'all' as const, dryRun: false, keepHistory: false, yes: true, patienceMs: 0 };
  expect(await forget({ world: bucket.world, bucket: bucket.bucket, report, query, ...flags })).toMatchObject({
    ok: true,
  });
};

describe('an edit and what was forgotten', () => {
  test('a file that was open across the forget brings nothing back', async () => {
    const bucket = await bucketWithNotes();
    const [index, text] = [bucket.read(INDEX), bucket.read('memory/MEMORY.md')];
    await forgetGateway(bucket, 'Gateway');
    await forgetGateway(bucket, 'Use pnpm');
    editIndex(bucket, (records) => records.map((record) => ({ ...record, aliases: ['edited'] })), index);
    bucket.write('memory/MEMORY.md', text.replace('<!-- csep', '## Mine\n\nWritten across the forget.\n\n<!-- csep'));
    await bucket.compile();
    expect(summaries(bucket)).toEqual(['Docker']);
    expect(bucket.read('memory/MEMORY.md')).toContain('Written across the forget.');
    expect(bucket.read('memory/MEMORY.md')).not.toContain('pnpm');
  });

  test('an entry that is written by hand afterwards lifts the tombstone', async () => {
    const bucket = await bucketWithNotes();
    await forgetGateway(bucket, 'Gateway');
    await forgetGateway(bucket, 'Use pnpm');
    editIndex(bucket, (records) => [...records, Object({ summary: 'Gateway again', content: GATEWAY })]);
    const text = bucket.read('memory/MEMORY.md').replace('_No entries yet._', '## pnpm\n\nAlways use pnpm here.');
    bucket.write('memory/MEMORY.md', text);
    await bucket.compile();
    expect(summaries(bucket)).toEqual(['Docker', 'Gateway again']);
    expect(bucket.read('memory/MEMORY.md')).toContain('Always use pnpm here.');
    expect(
      bucket.readJson(`generations/${currentGeneration(bucket.bucket.layout)?.number}/generation.json`)['tombstones'],
    ).toEqual([]);
  });
});

function publishedPath(bucket: TempBucket): string {
  const skills = path.join(bucket.codexHome, 'skills');
  return path.join(skills, fs.readdirSync(skills)[0] ?? '', 'SKILL.md');
}
const publishedText = (bucket: TempBucket): string => fs.readFileSync(publishedPath(bucket), 'utf8');

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`nothing at ${index}`);
  return found;
}
