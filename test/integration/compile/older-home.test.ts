import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { Receipt } from '../../../src/contracts/receipt.ts';
import { readKnowledge } from '../../../src/assets/read-memory.ts';
import { anEnvelope, memory, note, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';

const olderRecord = (summary: string, scope: string) => ({
  scope,
  summary,
  content: `${summary}, in full.`,
  source_paths: [],
  confidence: 0.9,
  provenance: [{ suggestion_id: 'p1', thread_id: 't', turn_id: '1', at: '2026-04-20T10:00:00Z' }],
});
/** What the Python plugin 0.7 leaves in a bucket: no generation, the mirrors are the knowledge. */
function olderBucket(): TempBucket {
  const bucket = tempBucket();
  bucket.write(
    'memory/memory.json',
    JSON.stringify({ user: [olderRecord('Likes short answers', 'user')], global: [olderRecord('Use uv', 'global')] }),
  );
  bucket.write('memory/USER.md', '# USER\n\n## Likes short answers\n\nLikes short answers, in full.\n\n');
  bucket.write('memory/MEMORY.md', '# MEMORY\n\n## Use uv\n\nUse uv, in full.\n\n');
  bucket.write(
    'recall/index.json',
    JSON.stringify({
      records: [
        {
          id: '0123456789ab',
          summary: 'Old note',
          content: 'The old note about the flaky test.',
          source_paths: [],
          repo_fingerprint: 'x',
          cwd: '/elsewhere',
          thread_id: 't',
          turn_id: '1',
          source_updated_at: '2026-04-20T10:00:00Z',
        },
      ],
    }),
  );
  bucket.write('recall/compiled.md', '# Compiled Recall\n');
  const entry = {
    skill_id: 'old-skill',
    action: 'create',
    title: 'Old skill',
    path: '/abs/skills/managed/old-skill.md',
    status: 'active',
    owner: 'codex-self-evolution-plugin',
    managed: true,
    created_by: 'p1',
    updated_at: '2026-04-20T10:00:00Z',
    retired_at: null,
  };
  const foreign = { ...entry, skill_id: 'foreign', owner: 'somebody' };
  bucket.write('skills/managed/manifest.json', JSON.stringify({ skills: [entry, foreign] }));
  bucket.write('skills/managed/old-skill.md', '# Old skill\n\nDo the first thing, then the second thing.\n');
  bucket.write(
    'suggestions/done/p1.json',
    JSON.stringify(anEnvelope('p1', [memory('Use uv')], { state: 'done', unknown_key: 'kept' })),
  );
  return bucket;
}

describe('a bucket of the Python plugin', () => {
  test('is read before anything is compiled', () => {
    const { memory: known, generation } = readKnowledge(olderBucket().bucket.layout);
    expect(generation).toBeNull();
    expect([known.user[0]?.summary, known.global[0]?.summary]).toEqual(['Likes short answers', 'Use uv']);
  });

  test('keeps every entry in its first compile, and its done envelopes stay done', async () => {
    const bucket = olderBucket();
    bucket.deposit('n1', [
      memory('Run make verify', 'Run make verify before a commit.'),
      note('New note', 'The gateway restarts every night at three.'),
    ]);
    expect(await bucket.compile()).toMatchObject({ status: 'success', generation: 1, processed_count: 1 });
    const receipt = v.parse(Receipt, bucket.readJson('compiler/last_receipt.json'));
    expect(receipt).toMatchObject({ memory_records: 3, recall_records: 2, managed_skills: 1 });
    expect(bucket.read('memory/MEMORY.md')).toMatch(/## Use uv[\s\S]*## Run make verify/);
    expect(bucket.readJson('recall/index.json')['records']).toMatchObject([
      { id: '0123456789ab', cwd: '/elsewhere' },
      { summary: 'New note' },
    ]);
    expect(bucket.readJson('skills/manifest.json')['skills']).toMatchObject([
      { skill_id: 'foreign', owner: 'somebody' },
      { skill_id: 'old-skill', path: '/abs/skills/managed/old-skill.md' },
    ]);
    expect(bucket.read('skills/managed/old-skill.md')).toContain('Do the first thing');
    expect(bucket.list('suggestions/done')).toEqual(['n1.json', 'p1.json']);
    expect(bucket.list('edits')).toEqual([]);
  });

  test('with a lock file of a process that is gone is compiled all the same', async () => {
    const bucket = olderBucket();
    bucket.write('compiler/compile.lock', JSON.stringify({ created_at: '2026-04-20T10:00:00Z', pid: 999_999_999 }));
    bucket.deposit('n1', [memory('Run make verify', 'Run make verify before a commit.')]);
    expect((await bucket.compile()).status).toEqual('success');
  });

  test('with a damaged index keeps the damaged file and says so', async () => {
    const bucket = olderBucket();
    bucket.write('recall/index.json', '{"records": [{"id": ');
    bucket.deposit('n1', [memory('Run make verify', 'Run make verify before a commit.')]);
    await bucket.compile();
    expect(bucket.list('set-aside')).toEqual(['index.json', 'index.json.reason.txt']);
    expect(fs.readFileSync(path.join(bucket.bucket.layout.setAside, 'index.json'), 'utf8')).toEqual(
      '{"records": [{"id": ',
    );
    expect(bucket.events.some((event) => event.type === 'problem' && event.what.includes('index.json'))).toEqual(true);
    expect(readKnowledge(bucket.bucket.layout).memory.global.map((record) => record.summary)).toEqual([
      'Use uv',
      'Run make verify',
    ]);
  });

  test('with a damaged memory.json falls back to the Markdown and keeps the damaged file', async () => {
    const bucket = olderBucket();

    bucket.write('memory/memory.json', '{"user": [');
    bucket.deposit('n1', [memory('Run make verify', 'Run make verify before a commit.')]);
    await bucket.compile();
    expect(bucket.list('set-aside')).toContain('memory.json');
    expect(readKnowledge(bucket.bucket.layout).memory.global.map((record) => record.summary)).toEqual([
      'Use uv',
      'Run make verify',
    ]);
  });
});
