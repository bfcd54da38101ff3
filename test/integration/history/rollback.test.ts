import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { rollback } from '../../../src/compile/rollback.ts';
import type { RollbackSummary } from '../../../src/compile/rollback.ts';
import { listHistory, showGenerationChanges } from '../../../src/compile/history.ts';
import { Generation } from '../../../src/contracts/generation.ts';
import { memory, note, skill, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';
import { outcomeOf, slowBackend } from './slow-backend.ts';

async function rollBack(bucket: TempBucket, target: number, more: object = {}): Promise<RollbackSummary> {
  const { world } = bucket;
  const result = await rollback({
    world,
    bucket: bucket.bucket,
    report,
    target,
    dryRun: false,
    patienceMs: 0,
    ...more,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

const report = (): void => undefined;

/** Generation 1: pnpm, a note, a skill. Generation 2: another entry, the note again better, another skill. */
async function twoGenerations(): Promise<TempBucket> {
  const bucket = tempBucket();
  bucket.deposit('a1', [
    memory('Use pnpm', 'Always use pnpm here, never npm.'),
    note('Build failed', 'docker build failed with ENOSPC; docker system prune fixed it.'),
    skill('release-it'),
  ]);
  await bucket.compile();
  bucket.deposit('b2', [
    memory('Use yarn', 'Use yarn instead.', { action: 'replace', old_summary: 'Use pnpm' }),
    note('Gateway', 'The gateway restarts every night at three.'),
    skill('deploy-it'),
  ]);
  await bucket.compile();
  return bucket;
}

const facts = (bucket: TempBucket, number: number): Generation =>
  v.parse(Generation, bucket.readJson(`generations/${number}/generation.json`));
const published = (bucket: TempBucket): string[] =>
  fs.readdirSync(path.join(bucket.codexHome, 'skills')).map((name) => name.replace(/^csep-[0-9a-f]{6}-/, ''));

describe('a rollback', () => {
  test('promotes the old content as a new generation that mirrors and published skills follow', async () => {
    const bucket = await twoGenerations();
    expect(await rollBack(bucket, 1)).toMatchObject({ status: 'rolled_back', restored: 1, generation: 3, from: 2 });
    expect(bucket.read('memory/MEMORY.md')).toContain('Always use pnpm here');
    expect(bucket.read('memory/MEMORY.md')).not.toContain('yarn');
    expect(bucket.readJson('recall/index.json')['records']).toMatchObject([{ summary: 'Build failed' }]);
    expect(published(bucket)).toEqual(['release-it']);
    expect(bucket.read('skills/managed/deploy-it.md')).toContain('Status: retired');
    expect(facts(bucket, 3)).toMatchObject({ cause: 'rollback', from: 2, restored: 1 });
    expect((await bucket.compile()).status).toEqual('skip_empty');
  });

  test('brings no applied envelope back as pending', async () => {
    const bucket = await twoGenerations();
    await rollBack(bucket, 1);
    expect(Object.keys(facts(bucket, 3).applied)).toEqual(['a1', 'b2']);
    bucket.deposit('c3', [memory('Keep it small', 'Keep every function small.')]);
    expect((await bucket.compile()).processed_count).toEqual(1);
    expect(bucket.read('memory/MEMORY.md')).not.toContain('yarn');
  });

  test('gives outstanding hand edits a generation of their own first', async () => {
    const bucket = await twoGenerations();
    bucket.write('memory/MEMORY.md', bucket.read('memory/MEMORY.md').replace('Use yarn instead.', 'Use yarn 4.'));
    expect(await rollBack(bucket, 1)).toMatchObject({ generation: 4, from: 3 });
    expect(bucket.read('generations/3/memory.json')).toContain('Use yarn 4.');
    expect(bucket.read('memory/MEMORY.md')).toContain('Always use pnpm here');
    expect(await rollBack(bucket, 3)).toMatchObject({ generation: 5 });
    expect(bucket.read('memory/MEMORY.md')).toContain('Use yarn 4.');
  });

  test('changes nothing in a dry run and tells what it would change', async () => {
    const bucket = await twoGenerations();
    const summary = await rollBack(bucket, 1, { dryRun: true });
    expect(summary).toMatchObject({ status: 'dry_run', generation: null });
    expect(summary.changes.memory.map(({ change, name }) => [change, name])).toEqual([
      ['removed', 'Use yarn'],
      ['added', 'Use pnpm'],
    ]);
    expect(summary.changes.skills.map(({ change, id }) => [change, id])).toEqual([['changed', 'deploy-it']]);
    expect(bucket.list('generations')).toEqual(['1', '2']);
  });

  test('to what is there already makes no generation, in a dry run neither', async () => {
    const bucket = await twoGenerations();
    expect(await rollBack(bucket, 2)).toMatchObject({ status: 'unchanged', restored: 2, generation: null, from: 2 });
    expect(await rollBack(bucket, 2, { dryRun: true })).toMatchObject({ status: 'unchanged', generation: null });
    await rollBack(bucket, 1);
    expect(await rollBack(bucket, 1)).toMatchObject({ status: 'unchanged', restored: 1, generation: null, from: 3 });
    await rollBack(bucket, 2);
    expect(await rollBack(bucket, 2)).toMatchObject({ status: 'unchanged', from: 4 });
    expect(bucket.list('generations')).toEqual(['1', '2', '3', '4']);
  });

  test('to what is there already still takes back an edit by hand, which gets a generation of its own', async () => {
    const bucket = await twoGenerations();
    bucket.write('memory/MEMORY.md', bucket.read('memory/MEMORY.md').replace('Use yarn instead.', 'Use yarn 4.'));
    expect(await rollBack(bucket, 2)).toMatchObject({ status: 'rolled_back', generation: 4 });
    expect(bucket.read('memory/MEMORY.md')).toContain('Use yarn instead.');
  });

  test('of a generation that is not there is wrong usage', async () => {
    const bucket = await twoGenerations();
    await expect(rollBack(bucket, 7)).rejects.toThrow('there is no generation 7');
    expect(bucket.list('generations')).toEqual(['1', '2']);
  });

  test('does not wait for a compile that is at work: that one loses the race and gives back', async () => {
    const bucket = await twoGenerations();
    bucket.deposit('c3', [memory('Keep it small', 'Keep every function small.')]);
    const { backend, asked, answer } = slowBackend();
    const compiling = outcomeOf(bucket.compile({ backend }));
    await asked;
    expect(await rollBack(bucket, 1)).toMatchObject({ generation: 3 });
    expect(bucket.read('memory/MEMORY.md')).toContain('Always use pnpm here');
    answer();
    expect(await compiling).toContain('race-lost');
    expect(bucket.list('suggestions/pending')).toEqual(['c3.json']);
    expect((await bucket.compile()).generation).toEqual(4);
    expect(bucket.read('memory/MEMORY.md')).toMatch(/Always use pnpm here[\s\S]*Keep every function small/);
  });
});

describe('the history', () => {
  test('lists what was promoted, when, from which sessions and by which backend, newest first', async () => {
    const bucket = await twoGenerations();
    await rollBack(bucket, 1);
    const { entries, total } = listHistory(bucket.bucket.layout, 2);
    expect(total).toEqual(3);
    expect(entries).toMatchObject([
      { generation: 3, cause: 'rollback', restored: 1, sessions: [], kept: true },
      {
        generation: 2,
        cause: 'compile',
        backend: 'script',
        sessions: ['thread-1'],
        envelopes: ['b2'],
        outcomes: { added: 2, replaced: 1 },
      },
    ]);
  });

  test('names the files that a person had edited', async () => {
    const bucket = await twoGenerations();
    bucket.write('memory/MEMORY.md', bucket.read('memory/MEMORY.md').replace('Use yarn instead.', 'Use yarn 4.'));
    await bucket.compile();
    expect(listHistory(bucket.bucket.layout, 1).entries).toMatchObject([{ hand_edits: ['memory/MEMORY.md'] }]);
  });

  test('shows one generation against the one it was made from, with provenance', async () => {
    const bucket = await twoGenerations();
    const shown = showGenerationChanges(bucket.bucket.layout, 2);
    if (!shown.ok) throw new Error(shown.failure.reason);
    expect(shown.value.compared_with).toEqual(1);
    const { changes } = shown.value;
    expect(changes.memory).toMatchObject([
      { kind: 'global', change: 'removed', name: 'Use pnpm', before: 'Always use pnpm here, never npm.' },
      { change: 'added', name: 'Use yarn', provenance: [{ suggestion_id: 'a1' }, { suggestion_id: 'b2' }] },
    ]);
    expect(changes.recall).toMatchObject([
      { change: 'added', name: 'Gateway', provenance: [{ thread_id: 'thread-1' }] },
    ]);
    expect(changes.skills).toMatchObject([{ change: 'added', id: 'deploy-it' }]);
  });

  test('shows the first generation as all new', async () => {
    const bucket = await twoGenerations();
    const shown = showGenerationChanges(bucket.bucket.layout, 1);
    expect(shown).toMatchObject({ ok: true, value: { compared_with: null } });
    expect(shown.ok && shown.value.changes.recall.length).toEqual(1);
  });
});
