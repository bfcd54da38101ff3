import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { forget } from '../../../src/compile/forget.ts';
import type { ForgetSummary } from '../../../src/compile/forget.ts';
import { rollback } from '../../../src/compile/rollback.ts';
import { openBucket } from '../../../src/bucket/open-bucket.ts';
import { readFacts, readGeneration } from '../../../src/assets/read-generation.ts';
import { listGenerations } from '../../../src/assets/generation-folder.ts';
import { deposit } from '../../../src/bucket/deposit.ts';
import { anEnvelope, memory, note, skill, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';
import { compileBucket } from '../../../src/compile/compile.ts';
import { scriptBackend } from '../../../src/backend/script.ts';
import { outcomeOf, slowBackend } from './slow-backend.ts';

const SECRET = 'The staging gateway password is "correct horse"\nand it is changed every autumn.';
const PHRASES = ['correct horse', 'changed every autumn'];
const silent = (): void => undefined;

async function forgetIn(bucket: TempBucket, query: string, more: object = {}): Promise<ForgetSummary> {
  const flags = { scope: 'all' as const, dryRun: false, keepHistory: false, yes: false, patienceMs: 0 };
  const task = { world: bucket.world, bucket: bucket.bucket, report: silent, query, ...flags };
  const result = await forget({ ...task, ...more });
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

/** Two generations that know the secret, an edit of it, and traces of it in every folder of the home. */
async function bucketWithSecret(): Promise<TempBucket> {
  const bucket = tempBucket();
  bucket.write(
    'review/snapshots/thread-1-abc.json',
    JSON.stringify({ transcript: `user: remember: ${SECRET} Thanks` }),
  );
  bucket.write(
    'review/snapshots/other.json',
    JSON.stringify({ transcript: `Once more: ${SECRET} And the rest stays.` }),
  );
  bucket.deposit(
    'a1',
    [memory('Staging gateway password for releases', SECRET), memory('Use pnpm', 'Always use pnpm here.')],
    {
      review_snapshot_path: path.join(bucket.bucket.layout.snapshots, 'thread-1-abc.json'),
    },
  );
  await bucket.compile();
  bucket.deposit('b2', [note('Gateway', 'The gateway restarts every night at three.'), skill('release-it')]);
  await bucket.compile();
  bucket.write(
    'review/failed/20261120T100000-x.json',
    JSON.stringify({ raw: `{"content": ${JSON.stringify(SECRET)}` }),
  );
  bucket.write(
    'review/queue/s.t.json',
    JSON.stringify({ session_id: 's', last_assistant_message: `I noted: ${SECRET}` }),
  );
  bucket.write('edits/aaaaaaaaaaaa.memory~memory.json', `{"global": [${JSON.stringify(SECRET)}]`);
  bucket.write('set-aside/old.json', JSON.stringify({ suggestion: SECRET }));
  bucket.write('usage.jsonl', `${JSON.stringify({ note: SECRET })}\n${JSON.stringify({ note: 'kept' })}\n`);
  const session = { schema_version: 1, session_id: 's', cursor: null, chains: [], attempts: 0, next_attempt_at: null };
  const outbox = anEnvelope('o1', [memory('Again', SECRET), memory('Keep it small', 'Keep every function small.')]);
  bucket.write('sessions/s.review.json', JSON.stringify({ ...session, outbox, last_error: null }));
  bucket.deposit('p1', [memory('Password', SECRET.toUpperCase()), memory('Run make verify', 'Run make verify first.')]);
  fs.mkdirSync(path.join(bucket.world.home, 'logs'), { recursive: true });
  fs.writeFileSync(
    path.join(bucket.world.home, 'logs', 'plugin.log'),
    `${JSON.stringify({ event: 'x', what: SECRET })}\n{"event":"y"}\n`,
  );
  return bucket;
}

/** Files below the home in which a phrase stands, in whatever case and however it is escaped. */
const traces = (bucket: TempBucket, phrases = PHRASES): string[] =>
  walk(bucket.world.home).filter((file) => {
    const text = fs.readFileSync(file, 'utf8').toLowerCase();
    return phrases.some((phrase) => text.includes(phrase));
  });
const walk = (folder: string): string[] =>
  fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    return entry.isDirectory() ? walk(full) : [full];
  });
const nameTraces = (bucket: TempBucket): string[] =>
  traces(bucket).map((file) => path.relative(bucket.world.home, file));

describe('forget', () => {
  test('leaves no trace of the text anywhere under the home, and everything else as it was', async () => {
    const bucket = await bucketWithSecret();
    expect(traces(bucket).length).toBeGreaterThan(12);
    expect(nameTraces(bucket).filter((file) => file.endsWith('notes.jsonl')).length).toEqual(2);
    expect(await forgetIn(bucket, 'gateway password')).toMatchObject({
      status: 'forgotten',
      generation: 3,
      entries: [{ kind: 'global', summary: 'Staging gateway password for releases' }],
      purge_waits_in: [],
    });
    expect(nameTraces(bucket)).toEqual([]);
    expect(bucket.read('memory/MEMORY.md')).toContain('Always use pnpm here.');
    expect(bucket.readJson('recall/index.json')['records']).toMatchObject([{ summary: 'Gateway' }]);
    expect(bucket.read('skills/managed/release-it.md')).toContain('How to release-it');
    expect(bucket.read('usage.jsonl')).toContain('kept');
    expect(bucket.read('review/snapshots/other.json')).toMatch(/Once more: \[forgotten\].* And the rest stays/);
    expect(fs.readFileSync(path.join(bucket.world.home, 'logs', 'plugin.log'), 'utf8')).toContain('"y"');
    expect(bucket.list('suggestions/done')).toEqual(['a1.json', 'b2.json']);
    expect(bucket.list('forgetting')).toEqual([]);
    expect(bucket.readJson('sessions/s.review.json')['outbox']).toMatchObject({
      suggestions: [{ family: 'forgotten' }, { summary: 'Keep it small' }],
    });
    expect(bucket.list('trash')).toEqual([]);
    for (const folder of listGenerations(bucket.bucket.layout)) {
      expect(readGeneration(folder).ok).toEqual(true);
      expect(fs.readFileSync(path.join(folder.folder, 'notes.jsonl'), 'utf8')).toContain('Always use pnpm here.');
    }
    const first = readGeneration({ number: 1, folder: path.join(bucket.bucket.layout.generations, '1') });
    expect(first.ok && first.value.memory.global.map((record) => record.summary)).toEqual(['Use pnpm']);
  });

  test('keeps it from coming back by a pending envelope, a later review, or a rollback', async () => {
    const bucket = await bucketWithSecret();
    await forgetIn(bucket, 'gateway password', { keepHistory: true });
    await bucket.compile();
    expect(bucket.read('memory/MEMORY.md')).toContain('Run make verify first.');
    bucket.deposit('c3', [
      memory('Password', SECRET),
      note('Password', `${SECRET} So it is.`),
      { ...Object(note('Gateway door', 'The gateway has a green door.')) },
    ]);
    await bucket.compile();
    const receipt = bucket.readJson('compiler/last_receipt.json');
    expect(receipt['item_receipts']).toMatchObject([
      { outcome: 'discarded', reason: 'tombstoned' },
      { outcome: 'discarded', reason: 'tombstoned' },
      { outcome: 'added' },
    ]);
    const { world } = bucket;
    const back = await rollback({ world, bucket: bucket.bucket, report: silent, target: 1, dryRun: false });
    expect(back.ok).toEqual(true);
    expect(bucket.read('memory/MEMORY.md')).toContain('Always use pnpm here.');
    // --keep-history leaves it in the two generations that had it, and nowhere else.
    expect(nameTraces(bucket).map((file) => file.replace(/^projects\/[^/]+\//, ''))).toEqual([
      'generations/1/memory.json',
      'generations/1/notes.jsonl',
      'generations/2/memory.json',
      'generations/2/notes.jsonl',
    ]);
  });

  test('changes nothing in a dry run, without a match, and when several entries match', async () => {
    const bucket = await bucketWithSecret();
    const before = traces(bucket);
    expect(await forgetIn(bucket, 'gateway password', { dryRun: true })).toMatchObject({
      status: 'dry_run',
      generation: null,
    });
    expect(await forgetIn(bucket, 'no such thing')).toMatchObject({ status: 'no_match', entries: [] });
    const asked = await forgetIn(bucket, 'gateway');
    expect(asked).toMatchObject({ status: 'forgotten', entries: [{ kind: 'recall', summary: 'Gateway' }] });
    expect(await forgetIn(bucket, 'e')).toMatchObject({ status: 'ambiguous' });
    expect(bucket.list('generations')).toEqual(['1', '2', '3']);
    expect(traces(bucket).length).toBeGreaterThanOrEqual(before.length);
  });

  test('forgets all matches with --yes, and only those of the scope', async () => {
    const bucket = await bucketWithSecret();
    const summary = await forgetIn(bucket, 'gateway', { yes: true, scope: 'recall' });
    expect(summary.entries).toMatchObject([{ kind: 'recall' }]);
    expect(bucket.read('memory/MEMORY.md')).toContain('correct horse');
  });

  test('removes a skill with its mirror, its manifest entry and its published copy', async () => {
    const bucket = await bucketWithSecret();
    expect(await forgetIn(bucket, 'release-it')).toMatchObject({ entries: [{ kind: 'skill', id: 'release-it' }] });
    expect(bucket.list('skills/managed')).toEqual([]);
    expect(bucket.readJson('skills/manifest.json')['skills']).toEqual([]);
    expect(fs.readdirSync(path.join(bucket.codexHome, 'skills'))).toEqual([]);
    bucket.deposit('c3', [
      skill('ship-it', { content: '1. Look at the state of release-it.\n2. Run the script.\n3. Check the outcome.' }),
    ]);
    await bucket.compile();
    expect(bucket.list('skills/managed')).toEqual([]);
  });

  test('forgets the version that a person has just edited, and older ones of the same entry', async () => {
    const bucket = await bucketWithSecret();
    const edited = bucket.read('memory/MEMORY.md').replace('every autumn', 'each spring now');
    bucket.write('memory/MEMORY.md', edited);
    await forgetIn(bucket, 'gateway password');
    expect(traces(bucket, [...PHRASES, 'each spring now'])).toEqual([]);
  });

  test('does not wait for a compile that is at work, which then purges what it held', async () => {
    const bucket = await bucketWithSecret();
    const { backend, asked, answer } = slowBackend();
    const compiling = outcomeOf(bucket.compile({ backend }));
    await asked;
    expect(await forgetIn(bucket, 'gateway password')).toMatchObject({
      status: 'forgotten',
      generation: 3,
      purge_waits_in: [bucket.bucket.id],
    });
    expect(bucket.read('memory/MEMORY.md')).not.toContain('correct horse');
    answer();
    expect(await compiling).toContain('race-lost');
    expect(nameTraces(bucket)).toEqual([]);
    expect(bucket.list('suggestions/pending')).toEqual(['p1.json']);
    await bucket.compile();
    expect(bucket.read('memory/MEMORY.md')).toContain('Run make verify first.');
    expect(nameTraces(bucket)).toEqual([]);
  });

  test('that died after its commit is finished by the next compile', async () => {
    const bucket = await bucketWithSecret();
    const before = fs.readFileSync(path.join(bucket.bucket.layout.generations, '1', 'memory.json'), 'utf8');
    await forgetIn(bucket, 'gateway password', { keepHistory: true });
    const folder = listGenerations(bucket.bucket.layout)[0];
    const facts = folder && readFacts(folder);
    if (!facts?.ok) throw new Error('no generation');
    const order = { schema_version: 1, run: facts.value.run, generation: 3, keep_history: false, texts: [SECRET] };
    const named = { memory: [], recall: [], skills: [], tombstones: facts.value.tombstones, envelopes: [] };
    bucket.write(`forgetting/${facts.value.run}.json`, JSON.stringify({ ...order, ...named }));
    bucket.write(
      'forgetting/other.json',
      JSON.stringify({ ...order, ...named, run: 'other', texts: ['Always use pnpm here.'] }),
    );
    expect(before).toContain('correct horse');
    await bucket.compile();
    expect(nameTraces(bucket)).toEqual([]);
    expect(bucket.list('forgetting')).toEqual([]);
    expect(bucket.read('memory/MEMORY.md')).toContain('Always use pnpm here.');
  });

  test('sweeps what dead writers left under temporary names, cut anywhere, and leaves living ones alone', async () => {
    const bucket = await bucketWithSecret();
    const longAgo = new Date(Date.now() - 5 * 60_000);
    for (const folder of ['memory', 'suggestions/pending', 'compiler', 'sessions', 'skills/managed']) {
      const name = `${folder}/.tmp-dead-1`;
      bucket.write(name, `{"content": ${JSON.stringify(SECRET).slice(0, 50)}`);
      fs.utimesSync(path.join(bucket.bucket.layout.stateDir, name), longAgo, longAgo);
    }
    bucket.write('suggestions/pending/.tmp-living', '{"suggest');
    await forgetIn(bucket, 'Staging gateway password for releases');
    expect(traces(bucket, ['correct horse', 'staging gateway pass'])).toEqual([]);
    expect(walk(bucket.world.home).filter((file) => path.basename(file).startsWith('.tmp-'))).toEqual([
      path.join(bucket.bucket.layout.pending, '.tmp-living'),
    ]);
  });

  test('finds what only waits, keeps it from being taken in, and leaves its neighbours', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [memory('Use pnpm', 'Always use pnpm here.')]);
    await bucket.compile();
    bucket.deposit('p1', [memory('Gateway secret', SECRET), note('Run make verify', 'Run make verify first.')]);
    expect(await forgetIn(bucket, 'Gateway secret', { dryRun: true })).toMatchObject({
      status: 'dry_run',
      entries: [{ kind: 'global', summary: 'Gateway secret' }],
    });
    expect(traces(bucket)).toHaveLength(1);
    expect(await forgetIn(bucket, 'Gateway secret')).toMatchObject({ status: 'forgotten', generation: 2 });
    expect(traces(bucket)).toEqual([]);
    bucket.deposit('p2', [memory('The very same', SECRET)]);
    await bucket.compile();
    expect(bucket.readJson('memory/memory.json')['global']).toHaveLength(1);
    expect(bucket.readJson('recall/index.json')['records']).toMatchObject([{ summary: 'Run make verify' }]);
  });

  test('means what is known before what waits', async () => {
    const bucket = tempBucket();
    bucket.deposit('a1', [memory('Gateway secret', SECRET)]);
    await bucket.compile();
    bucket.deposit('p1', [memory('Gateway secret, again', SECRET)]);
    expect(await forgetIn(bucket, 'gateway secret')).toMatchObject({
      status: 'forgotten',
      entries: [{ kind: 'global', summary: 'Gateway secret' }],
    });
    expect(traces(bucket)).toEqual([]);
  });

  test('reaches other buckets of the home that know the very same thing, and archived ones', async () => {
    const bucket = await bucketWithSecret();
    const repo = path.join(bucket.folder, 'second');
    fs.mkdirSync(path.join(repo, '.git'), { recursive: true });
    fs.writeFileSync(path.join(repo, '.git', 'HEAD'), 'ref: refs/heads/main\n');
    const second = openBucket(bucket.world.home, repo, bucket.world.clock, bucket.world.env);
    deposit(second.layout, anEnvelope('z1', [note('Elsewhere', SECRET), memory('Use uv', 'Use uv for Python.')]));
    await compileBucket(bucket.world, second, { backend: scriptBackend, fallback: null, batchSize: 9, report: silent });
    fs.cpSync(bucket.bucket.layout.stateDir, `${bucket.bucket.layout.stateDir}.archived.20260101T000000`, {
      recursive: true,
    });
    const summary = await forgetIn(bucket, 'gateway password');
    expect(summary.entries.map((entry) => entry.bucket)).toEqual([bucket.bucket.id, second.id]);
    expect(nameTraces(bucket)).toEqual([]);
    expect(fs.readFileSync(second.layout.memoryMd, 'utf8')).toContain('Use uv for Python.');
  });

  test('leaves a record of another bucket that only has the same id', async () => {
    const bucket = tempBucket();
    const port = 'The importer listens on the port 8123 for its own health check.';
    bucket.deposit('a1', [note('Importer port', port)]);
    await bucket.compile();
    const repo = path.join(bucket.folder, 'second');
    fs.mkdirSync(path.join(repo, '.git'), { recursive: true });
    fs.writeFileSync(path.join(repo, '.git', 'HEAD'), 'ref: refs/heads/main\n');
    const second = openBucket(bucket.world.home, repo, bucket.world.clock, bucket.world.env);
    const options = { backend: scriptBackend, fallback: null, batchSize: 9, report: silent };
    deposit(second.layout, anEnvelope('z1', [note('Importer port', port)]));
    await compileBucket(bucket.world, second, options);
    const own = 'Bicycles are parked behind the northern gate of the factory.';
    const edited = fs
      .readFileSync(second.layout.recallIndex, 'utf8')
      .replace(port, own)
      .replace('Importer port', 'Bicycles');
    fs.writeFileSync(second.layout.recallIndex, edited);
    await compileBucket(bucket.world, second, options);
    const summary = await forgetIn(bucket, 'importer port');
    expect(summary.entries.map((entry) => entry.bucket)).toEqual([bucket.bucket.id]);
    expect(traces(bucket, ['port 8123'])).toEqual([]);
    expect(JSON.parse(fs.readFileSync(second.layout.recallIndex, 'utf8'))).toMatchObject({
      records: [{ summary: 'Bicycles', content: own }],
    });
  });

  test('of one note brings no envelope back that the ledger has outlived', async () => {
    const bucket = tempBucket();
    const options = { backend: scriptBackend, fallback: null, batchSize: 9, report: silent };
    const then = new Date(Date.now() - 91 * 86_400_000);
    const past = { ...bucket.world, clock: { ...bucket.world.clock, now: () => then } };
    bucket.deposit('a1', [memory('Gateway secret', SECRET), memory('Use yarn', 'Always use yarn here.')]);
    await compileBucket(past, bucket.bucket, options);
    bucket.deposit('b2', [memory('Use pnpm', 'Always use pnpm here.', { action: 'replace', old_summary: 'Use yarn' })]);
    await compileBucket(past, bucket.bucket, options);
    const { done } = bucket.bucket.layout;
    for (const name of fs.readdirSync(done)) fs.utimesSync(path.join(done, name), then, then);
    await forgetIn(bucket, 'gateway secret');
    bucket.deposit('c3', [memory('Keep it small', 'Keep every function small.')]);
    expect(await bucket.compile()).toMatchObject({ processed_count: 1 });
    expect(bucket.read('memory/MEMORY.md')).not.toContain('yarn');
    expect(bucket.list('suggestions/done')).toEqual(['c3.json']);
  });
});
