import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { Generation, MirrorState } from '../../../src/contracts/generation.ts';
import { Receipt } from '../../../src/contracts/receipt.ts';
import { memory, note, skill, tempBucket } from '../../support/temp-bucket.ts';

describe('a compile', () => {
  test('promotes memory, recall and skills into one generation and mirrors them in the documented layout', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [
      memory('Use pnpm', 'Always use pnpm here, never npm.'),
      memory('Answer in German', 'Answer in German.', { scope: 'user' }),
      note('Build failed with ENOSPC', 'docker build failed with ENOSPC; docker system prune fixed it.'),
      skill('release-it'),
    ]);
    const summary = await bucket.compile();
    expect(summary).toMatchObject({
      status: 'success',
      processed_count: 1,
      discarded_count: 0,
      generation: 1,
      backend: 'script',
    });
    expect(bucket.list('generations/1')).toEqual([
      'generation.json',
      'memory.json',
      'notes.jsonl',
      'notes.seg',
      'recall-1.jsonl',
      'recall-1.seg',
      'skills.json',
    ]);
    expect(bucket.read('memory/MEMORY.md')).toEqual(
      '# MEMORY\n\n## Use pnpm\n\nAlways use pnpm here, never npm.\n\n<!-- csep generation 1 -->\n',
    );
    expect(bucket.read('memory/USER.md')).toContain('## Answer in German\n\nAnswer in German.\n');
    expect(bucket.readJson('recall/index.json')['records']).toMatchObject([
      { summary: 'Build failed with ENOSPC', thread_id: 'thread-1' },
    ]);
    expect(bucket.read('recall/compiled.md')).toContain('Provenance: thread-1');
    expect(bucket.readJson('skills/manifest.json')['skills']).toMatchObject([
      {
        skill_id: 'release-it',
        status: 'active',
        owner: 'codex-self-evolution-plugin',
        managed: true,
        path: 'skills/managed/release-it.md',
      },
    ]);
    expect(bucket.read('skills/managed/release-it.md')).toMatch(/^# How to release-it\n\n1\. Look/);
    expect(bucket.list('suggestions/done')).toEqual(['a1.json']);
    expect(bucket.list('suggestions/pending')).toEqual([]);
  });

  test('leaves files that only their owner can read', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [memory('Use pnpm', 'Always use pnpm here.')]);
    await bucket.compile();
    const open = walk(bucket.world.home).filter((file) => (fs.statSync(file).mode & 0o077) !== 0);
    expect(open).toEqual([]);
  });

  test('writes a receipt that names an outcome for every suggestion, inside the generation and beside it', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [
      memory('Use pnpm', 'Always use pnpm here.'),
      memory('Again', 'always use pnpm here'),
      { family: 'gossip', summary: 'x', details: {} },
    ]);
    await bucket.compile();
    const receipt = v.parse(Receipt, bucket.readJson('compiler/last_receipt.json'));
    expect(receipt.item_receipts.map(({ index, outcome, reason }) => [index, outcome, reason])).toEqual([
      [0, 'added', undefined],
      [1, 'duplicate', undefined],
      [2, 'discarded', 'unsupported_action'],
    ]);
    expect(receipt.memory_action_stats).toEqual({ total: 2, by_action: { add: 2 }, by_scope: { global: 2 } });
    expect(v.parse(Generation, bucket.readJson('generations/1/generation.json')).receipt).toEqual(receipt);
  });

  test('skips without touching a file when nothing is pending', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [memory('Use pnpm', 'Always use pnpm here.')]);
    await bucket.compile();
    const before = snapshotOf(bucket.world.home);
    expect(await bucket.compile()).toMatchObject({ status: 'skip_empty', receipt_path: null, generation: null });
    expect(snapshotOf(bucket.world.home)).toEqual(before);
  });

  test('keeps what is known and links recall chunks that did not change', async () => {
    const bucket = tempBucket();
    const many = Array.from({ length: 1000 }, (_, index) =>
      note(`Note ${index}`, `The service number ${index} listens on port ${10_000 + index}.`),
    );
    bucket.deposit('a1', [memory('Use pnpm', 'Always use pnpm here.'), ...many]);
    await bucket.compile();
    bucket.deposit('b2', [
      memory('Run make verify', 'Run make verify before a commit.'),
      note('One more', 'The gateway restarts every night at three.'),
    ]);
    const summary = await bucket.compile();
    expect(summary.generation).toEqual(2);
    expect(bucket.read('memory/MEMORY.md')).toMatch(/## Use pnpm[\s\S]*## Run make verify/);
    const inode = (name: string): number => fs.statSync(path.join(bucket.bucket.layout.generations, name)).ino;
    expect(inode('2/recall-1.seg')).toEqual(inode('1/recall-1.seg'));
    expect(bucket.list('generations/2')).toContain('recall-2.jsonl');
    expect(v.parse(Receipt, bucket.readJson('compiler/last_receipt.json')).recall_records).toEqual(1001);
  });

  test('never merges an envelope twice, even when it comes back to pending', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [memory('Use pnpm', 'Always use pnpm here.')]);
    await bucket.compile();
    bucket.deposit('b2', [memory('Use pnpm', 'x y z', { action: 'remove', old_summary: 'Use pnpm' })]);
    await bucket.compile();
    fs.renameSync(file(bucket, 'suggestions/done/a1.json'), file(bucket, 'suggestions/pending/a1.json'));
    expect((await bucket.compile()).status).toEqual('skip_empty');
    expect(bucket.read('memory/MEMORY.md')).toContain('_No entries yet._');
    expect(bucket.list('suggestions/done')).toEqual(['a1.json', 'b2.json']);
  });

  test('publishes skills to Codex under our marker and withdraws them when they retire', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [skill('release-it')]);
    await bucket.compile();
    const [name = ''] = fs.readdirSync(path.join(bucket.codexHome, 'skills'));
    expect(name).toMatch(/^csep-[0-9a-f]{6}-release-it$/);
    const text = fs.readFileSync(path.join(bucket.codexHome, 'skills', name, 'SKILL.md'), 'utf8');
    expect(text).toMatch(
      /^---\nname: csep-[0-9a-f]{6}-release-it\ndescription: "Use when you want to release-it"\n---\n\n# How to release-it\n\n<!-- csep-skill bucket=/,
    );
    bucket.deposit('b2', [skill('release-it', { action: 'retire' })]);
    await bucket.compile();
    expect(fs.readdirSync(path.join(bucket.codexHome, 'skills'))).toEqual([]);
    expect(bucket.read('skills/managed/release-it.md')).toContain('Status: retired');
  });

  test('takes over a published skill that a person has edited, and leaves a foreign folder of that name alone', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [skill('release-it')]);
    await bucket.compile();
    const skills = path.join(bucket.codexHome, 'skills');
    const published = path.join(skills, fs.readdirSync(skills)[0] ?? '', 'SKILL.md');
    fs.appendFileSync(published, 'My own remark.\n');
    bucket.deposit('b2', [
      skill('release-it', { action: 'edit', content: 'Something entirely different, but long enough.' }),
    ]);
    await bucket.compile();
    expect(fs.readFileSync(published, 'utf8')).toContain('My own remark.');
    expect(bucket.read('skills/managed/release-it.md')).toMatch(/Check the outcome[\s\S]*My own remark\./);
    expect(v.parse(Receipt, bucket.readJson('compiler/last_receipt.json')).item_receipts).toMatchObject([
      { outcome: 'discarded', reason: 'hand_edit_wins' },
    ]);
    fs.writeFileSync(published, '---\nname: x\ndescription: y\n---\nsomebody else\n');
    bucket.deposit('c3', [skill('release-it', { action: 'retire' })]);
    await bucket.compile();
    expect(fs.readFileSync(published, 'utf8')).toContain('somebody else');
    expect(bucket.events).toContainEqual({
      type: 'skill-left-alone',
      skill: 'release-it',
      reason: 'the folder is not ours',
    });
  });
});

describe('a bucket that a dead run left behind', () => {
  test('gets its claimed envelopes back and compiles them', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [memory('Use pnpm', 'Always use pnpm here.')]);
    fs.renameSync(file(bucket, 'suggestions/pending/a1.json'), ensure(file(bucket, 'suggestions/processing/a1.json')));
    expect((await bucket.compile()).processed_count).toEqual(1);
    expect(bucket.list('suggestions/done')).toEqual(['a1.json']);
  });

  test('settles what its ledger knows, writes lagging mirrors again and sweeps the stage', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [memory('Use pnpm', 'Always use pnpm here.')]);
    await bucket.compile();
    fs.renameSync(file(bucket, 'suggestions/done/a1.json'), file(bucket, 'suggestions/processing/a1.json'));
    fs.rmSync(file(bucket, 'mirrors.json'));
    fs.writeFileSync(file(bucket, 'memory/MEMORY.md'), '');
    fs.mkdirSync(file(bucket, 'generations/.stage-dead'));
    await bucket.compile();
    expect(bucket.list('suggestions/done')).toEqual(['a1.json']);
    expect(bucket.list('generations')).toEqual(['1']);
    expect(bucket.read('memory/MEMORY.md')).toContain('## Use pnpm');
    expect(v.parse(MirrorState, bucket.readJson('mirrors.json')).generation).toEqual(1);
  });

  test('opens again what lies in done/ but in no generation', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [memory('Use pnpm', 'Always use pnpm here.')]);
    await bucket.compile();
    bucket.deposit('b2', [memory('Run make verify', 'Run make verify before a commit.')]);
    await bucket.compile();
    fs.rmSync(file(bucket, 'generations/2'), { recursive: true });
    expect((await bucket.compile()).processed_count).toEqual(1);
    expect(bucket.read('memory/MEMORY.md')).toContain('## Run make verify');
  });

  test('is read from the generation below when the newest one is damaged', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [memory('Use pnpm', 'Always use pnpm here.')]);
    await bucket.compile();
    bucket.deposit('b2', [memory('Run make verify', 'Run make verify before a commit.')]);
    await bucket.compile();
    fs.rmSync(file(bucket, 'generations/2/memory.json'));
    bucket.deposit('c3', [memory('Keep it small', 'Keep every function small.')]);
    const summary = await bucket.compile();
    expect(summary).toMatchObject({ generation: 3, processed_count: 2 });
    expect(bucket.read('memory/MEMORY.md')).toMatch(/Use pnpm[\s\S]*Run make verify[\s\S]*Keep it small/);
    expect(bucket.list('generations')).toEqual(['1', '2', '3']);
  });

  test('is left alone when a newer version has written it', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [memory('Use pnpm', 'Always use pnpm here.')]);
    await bucket.compile();
    const facts = { ...bucket.readJson('generations/1/generation.json'), schema_version: 2 };
    fs.rmSync(file(bucket, 'generations/1/generation.json'));
    bucket.write('generations/1/generation.json', JSON.stringify(facts));
    bucket.deposit('b2', [memory('Other', 'Something else to keep.')]);
    await expect(bucket.compile()).rejects.toThrow('newer-schema');
    expect(bucket.list('suggestions/pending')).toEqual(['b2.json']);
  });
});

describe('a person’s edit', () => {
  test('of MEMORY.md is adopted, and wins over a suggestion for the same entry', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [memory('Use pnpm', 'Always use pnpm here.'), memory('Old habit', 'Deploy on Fridays only.')]);
    await bucket.compile();
    const edited = bucket
      .read('memory/MEMORY.md')
      .replace('Always use pnpm here.', 'Use pnpm 9 or later.')
      .replace(/## Old habit[\s\S]*?(?=<!--)/, '');
    bucket.write('memory/MEMORY.md', edited);
    bucket.deposit('b2', [memory('Use yarn', 'Use yarn instead.', { action: 'replace', old_summary: 'Use pnpm' })]);
    await bucket.compile();
    const text = bucket.read('memory/MEMORY.md');
    expect(text).toContain('Use pnpm 9 or later.');
    expect(text).not.toContain('Fridays');
    expect(v.parse(Receipt, bucket.readJson('compiler/last_receipt.json')).item_receipts).toMatchObject([
      { outcome: 'discarded', reason: 'hand_edit_wins' },
    ]);
    expect((await bucket.compile()).status).toEqual('skip_empty');
  });

  test('of line ends alone is no edit', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [memory('Use pnpm', 'Always use pnpm here.')]);
    await bucket.compile();
    bucket.write('memory/MEMORY.md', `\uFEFF${bucket.read('memory/MEMORY.md').replaceAll('\n', '\r\n')}`);
    expect((await bucket.compile()).status).toEqual('skip_empty');
    const before = snapshotOf(bucket.world.home);
    expect((await bucket.compile()).status).toEqual('skip_empty');
    expect(snapshotOf(bucket.world.home)).toEqual(before);
    expect(bucket.list('generations')).toEqual(['1']);
  });
});

type Bucket = ReturnType<typeof tempBucket>;
const file = (bucket: Bucket, relative: string): string => path.join(bucket.bucket.layout.stateDir, relative);
const ensure = (target: string): string => {
  fs.mkdirSync(path.dirname(target), { recursive: true });
  return target;
};
const walk = (folder: string): string[] =>
  fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    return entry.isDirectory() ? [full, ...walk(full)] : [full];
  });
const snapshotOf = (folder: string): string[] =>
  walk(folder).map((entry) => `${entry} ${fs.statSync(entry).mtimeMs} ${fs.statSync(entry).ino}`);

describe('an envelope of another hand', () => {
  test.each([
    ['a part of the wrong kind', { family: 'memory_updates', summary: 'x', details: null }],
    ['a text where a suggestion should be', 'hello'],
    ['a family that nobody knows', { family: 'gossip', summary: 'x' }],
  ])('with %s keeps its good suggestions', async (_, bad) => {
    const bucket = tempBucket();
    bucket.deposit('seed', [memory('Seed', 'The seed of this bucket.')]);
    const text = bucket.read('suggestions/pending/seed.json');
    const envelope = { ...JSON.parse(text), suggestion_id: 'odd', idempotency_key: 'odd' };
    envelope.suggestions = [memory('Use pnpm', 'Always use pnpm here.'), bad];
    bucket.write('suggestions/pending/odd.json', JSON.stringify(envelope));
    await bucket.compile();
    expect(bucket.read('memory/MEMORY.md')).toContain('## Use pnpm');
    expect(bucket.list('suggestions/done')).toContain('odd.json');
  });

  test('nested deeper than anything of ours is set aside and stops nobody', async () => {
    const bucket = tempBucket();
    bucket.deposit('good', [memory('Use pnpm', 'Always use pnpm here.')]);
    bucket.write('suggestions/pending/deep.json', `{"deep": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
    expect(await bucket.compile()).toMatchObject({ status: 'success', processed_count: 1 });
    expect(bucket.list('set-aside')).toContain('deep.json');
    expect(bucket.events.map((event) => event.type)).toContain('set-aside');
  });
});

describe('what belongs to others', () => {
  test('is neither rewritten nor invented: skill files of another owner', async () => {
    const bucket = tempBucket();
    const foreign = {
      skill_id: 'foreign',
      title: 'F',
      owner: 'somebody',
      managed: true,
      status: 'active',
      action: 'create',
      path: '',
      created_by: '',
      updated_at: '',
      retired_at: null,
    };
    bucket.write('skills/manifest.json', JSON.stringify({ skills: [foreign, { ...foreign, skill_id: 'nofile' }] }));
    bucket.write('skills/managed/foreign.md', '---\r\nname: foreign\r\n---\r\nText. \r\n');
    bucket.deposit('a1', [memory('Use pnpm', 'Always use pnpm here.')]);
    await bucket.compile();
    expect(bucket.read('skills/managed/foreign.md')).toEqual('---\r\nname: foreign\r\n---\r\nText. \r\n');
    expect(bucket.list('skills/managed')).toEqual(['foreign.md']);
  });

  test('is not reached through links: a bucket folder that leads outside is refused', async () => {
    const bucket = tempBucket();
    const outside = path.join(bucket.folder, 'outside');
    fs.mkdirSync(path.join(outside, 'pending'), { recursive: true });
    fs.rmSync(file(bucket, 'suggestions'), { recursive: true });
    fs.symlinkSync(outside, file(bucket, 'suggestions'));
    await expect(bucket.compile()).rejects.toThrow('symlink-refused');
    expect(fs.readdirSync(outside)).toEqual(['pending']);
  });
});
