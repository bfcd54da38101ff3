import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { reviewPayload } from '../../../src/capture/review-payload.ts';
import { Envelope } from '../../../src/contracts/envelope.ts';
import { Snapshot } from '../../../src/contracts/snapshot.ts';
import { Rig } from './support/rig.ts';

const stub = {
  memory_updates: [{ summary: 'Use pnpm', details: { scope: 'global', content: 'Use pnpm in this repository' } }],
  recall_candidate: [{ summary: 'Why pnpm', details: { content: 'npm broke the lockfile' } }, { details: {} }],
  skill_action: [],
};

function payloadFile(rig: Rig, payload: Record<string, unknown>): string {
  const file = path.join(rig.base, 'payload.json');
  fs.writeFileSync(file, JSON.stringify(payload));
  return file;
}

const aPayload = (rig: Rig, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  thread_id: 'thread-1',
  turn_id: 'turn-1',
  session_id: 'session-1',
  cwd: rig.cwd,
  transcript: 'User: please use pnpm\nAssistant: ok',
  triggered_at: '2026-11-20T11:59:00Z',
  provider_stub_response: stub,
  ...more,
});

async function review(rig: Rig, payload: Record<string, unknown>) {
  const result = await reviewPayload(rig.world, { file: payloadFile(rig, payload), cwd: rig.cwd });
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

const read = (file: string | null): unknown => JSON.parse(fs.readFileSync(file ?? '', 'utf8'));

describe('a payload file', () => {
  test('becomes a pending envelope, a snapshot and the documented answer', async () => {
    const rig = new Rig();
    const answer = await review(rig, aPayload(rig));
    expect(answer).toEqual({
      hook: 'Stop',
      pending_suggestion_path: expect.stringContaining(path.join('suggestions', 'pending')),
      review_snapshot_path: expect.stringMatching(/review[\\/]snapshots[\\/]thread-1-[0-9a-f]{12}\.json$/),
      reviewer_provider: 'dummy',
      suggestion_count: 2,
      suggestion_families: { memory_updates: 1, recall_candidate: 1, skill_action: 0 },
      skipped_suggestion_count: 1,
      skipped_suggestions: [expect.objectContaining({ family: 'recall_candidate', index: 1 })],
    });
    const envelope = v.parse(Envelope, read(answer.pending_suggestion_path));
    expect(envelope).toMatchObject({
      schema_version: 1,
      thread_id: 'thread-1',
      cwd: rig.cwd,
      state: 'pending',
      attempt_count: 0,
      failure_reason: null,
      reviewer_timestamp: '2026-11-20T12:00:00Z',
      review_snapshot_path: answer.review_snapshot_path,
      source_authority: ['transcript', 'hook_payload'],
      transition_log: [{ at: '2026-11-20T12:00:00Z', from: null, to: 'pending', reason: 'reviewed' }],
    });
    expect(envelope.suggestion_id).toMatch(/^[0-9a-f]{16}$/);
    expect(envelope.suggestions[1]?.details).toMatchObject({ thread_id: 'thread-1', turn_id: 'turn-1', cwd: rig.cwd });
    const snapshot = v.parse(Snapshot, read(answer.review_snapshot_path));
    expect(snapshot.context).toEqual({
      session_id: 'session-1',
      thread_id: 'thread-1',
      turn_id: 'turn-1',
      cwd: rig.cwd,
      repo_root: rig.cwd,
      state_dir: rig.bucket.layout.stateDir,
      triggered_at: '2026-11-20T11:59:00Z',
    });
    expect(snapshot.turn_snapshot.transcript).toContain('please use pnpm');
    expect(snapshot.turn_snapshot.hook_payload_excerpt).toMatchObject({ thread_id: 'thread-1', turn_id: 'turn-1' });
    expect(snapshot.comparison_materials.current_user_md).toContain('_No entries yet._');
    expect(snapshot.reviewer_provider).toBe('dummy');
  });

  test('is another review once the session behind its path has grown, and the same as long as it has not', async () => {
    const rig = new Rig();
    const session = rig.session().say('please use pnpm');
    const { transcript: _inline, ...payload } = aPayload(rig, { transcript_path: session.transcript });
    const first = await review(rig, payload);
    const again = await review(rig, { ...payload, triggered_at: '2026-11-20T12:30:00Z' });
    session.say('and never touch the lockfile by hand');
    const grown = await review(rig, payload);

    expect(again.pending_suggestion_path).toBe(first.pending_suggestion_path);
    expect(grown.pending_suggestion_path).not.toBe(first.pending_suggestion_path);
    expect(fs.readdirSync(rig.bucket.layout.pending)).toHaveLength(2);
  });

  test('is another review once the export behind its path has changed', async () => {
    const rig = new Rig();
    const file = path.join(rig.cwd, 'export.txt');
    const { transcript: _inline, ...payload } = aPayload(rig, { thread_read_path: file });
    fs.writeFileSync(file, 'User: use pnpm');
    await review(rig, payload);
    await review(rig, payload);
    fs.writeFileSync(file, 'User: use pnpm\nUser: and corepack');
    await review(rig, payload);

    expect(fs.readdirSync(rig.bucket.layout.pending)).toHaveLength(2);
  });

  test('twice is deposited once, also when it was compiled meanwhile', async () => {
    const rig = new Rig();
    const first = await review(rig, aPayload(rig));
    const again = await review(rig, aPayload(rig, { triggered_at: '2026-11-20T13:00:00Z' }));
    expect(again.pending_suggestion_path).toBe(first.pending_suggestion_path);
    const { done, pending } = rig.bucket.layout;
    const name = path.basename(first.pending_suggestion_path ?? '');
    fs.renameSync(path.join(pending, name), path.join(done, name));
    expect((await review(rig, aPayload(rig))).pending_suggestion_path).toBe(path.join(done, name));
    expect(fs.readdirSync(pending)).toEqual([]);
  });

  test('of another turn of the same thread is another envelope', async () => {
    const rig = new Rig();
    await review(rig, aPayload(rig));
    await review(rig, aPayload(rig, { turn_id: 'turn-2' }));
    expect(fs.readdirSync(rig.bucket.layout.pending)).toHaveLength(2);
  });

  test('without suggestions deposits nothing', async () => {
    const rig = new Rig();
    const answer = await review(rig, aPayload(rig, { provider_stub_response: undefined }));
    expect(answer).toMatchObject({ pending_suggestion_path: null, suggestion_count: 0 });
    expect(fs.existsSync(answer.review_snapshot_path)).toBe(true);
    expect(fs.readdirSync(rig.bucket.layout.pending)).toEqual([]);
  });

  test('ignores reviewer_output', async () => {
    const rig = new Rig();
    const answer = await review(rig, aPayload(rig, { provider_stub_response: undefined, reviewer_output: stub }));
    expect(answer.suggestion_count).toBe(0);
    expect(fs.readFileSync(answer.review_snapshot_path, 'utf8')).not.toContain('reviewer_output');
  });

  test('names its reviewer before the environment does', async () => {
    const rig = new Rig();
    const env = { ...rig.world.env, CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER: 'dummy' };
    const transcript = 'User: remember: always use pnpm in this repository, never npm\nAssistant: ok';
    const file = payloadFile(rig, aPayload(rig, { reviewer_provider: 'heuristic', transcript }));
    const result = await reviewPayload({ ...rig.world, env }, { file, cwd: rig.cwd });
    expect(result.ok && result.value).toMatchObject({ reviewer_provider: 'heuristic', suggestion_count: 1 });
  });

  test.each([
    ['a list of messages', { transcript: [{ role: 'user', content: 'hello from a list' }] }, ['transcript']],
    [
      'a thread export',
      { transcript: undefined, thread_read_output: 'User: hello from an export' },
      ['thread_read_output'],
    ],
  ])('may bring %s', async (_name, more, sources) => {
    const rig = new Rig();
    const answer = await review(rig, aPayload(rig, more));
    const snapshot = v.parse(Snapshot, read(answer.review_snapshot_path));
    expect(snapshot.turn_snapshot.transcript).toContain('hello from');
    expect(snapshot.source_authority).toEqual([...sources, 'hook_payload']);
  });

  test('may name a transcript and a thread export by path', async () => {
    const rig = new Rig();
    const session = rig.session().say('hello from a rollout');
    const thread = path.join(rig.base, 'thread.txt');
    fs.writeFileSync(thread, 'exported text');
    const more = { transcript: undefined, transcript_path: session.transcript, thread_read_path: thread };
    const answer = await review(rig, aPayload(rig, { ...more, last_assistant_message: 'the last words' }));
    const snapshot = v.parse(Snapshot, read(answer.review_snapshot_path));
    expect(snapshot.source_authority).toEqual(['thread_read_path', 'transcript_path', 'hook_payload']);
    expect(snapshot.turn_snapshot).toMatchObject({
      thread_read_output: 'exported text',
      last_assistant_message: 'the last words',
    });
    expect(snapshot.turn_snapshot.transcript).toContain('hello from a rollout');
    expect(snapshot.turn_snapshot.transcript).toContain('the last words');
  });

  test('keeps ids and paths readable in the snapshot', async () => {
    const rig = new Rig();
    const id = '0199c0de-1a2b-7c3d-8e4f-5a6b7c8d9e0f';
    const answer = await review(rig, aPayload(rig, { session_id: id, thread_id: id, turn_id: id }));
    const snapshot = v.parse(Snapshot, read(answer.review_snapshot_path));
    expect(snapshot.context).toMatchObject({ session_id: id, thread_id: id, turn_id: id, cwd: rig.cwd });
  });
});

describe('a payload file that cannot be used', () => {
  test.each([
    ['is missing', undefined, 'file-missing'],
    ['is no JSON', '{"thread_id": ', 'file-invalid'],
    ['is a list', '[]', 'file-invalid'],
    ['has a number for a cwd', '{"cwd": 3}', 'file-invalid'],
    ['is too large', 'x'.repeat(10 * 1024 * 1024 + 1), 'file-too-large'],
  ])('because it %s is a failure and changes nothing', async (_name, text, reason) => {
    const rig = new Rig();
    const file = path.join(rig.base, 'p.json');
    if (text !== undefined) fs.writeFileSync(file, text);
    const result = await reviewPayload(rig.world, { file, cwd: rig.cwd });
    expect(result).toMatchObject({ ok: false, failure: { reason } });
    expect(fs.readdirSync(rig.home)).toEqual([]);
  });

  test('because its transcript is gone, its reviewer unknown or its answer unreadable says so', async () => {
    const rig = new Rig();
    const attempt = async (more: Record<string, unknown>): Promise<unknown> => {
      const result = await reviewPayload(rig.world, { file: payloadFile(rig, aPayload(rig, more)), cwd: rig.cwd });
      return result.ok || result.failure.reason;
    };
    expect(await attempt({ transcript: undefined, transcript_path: path.join(rig.base, 'gone.jsonl') })).toBe(
      'file-missing',
    );
    expect(await attempt({ reviewer_provider: 'oracle' })).toBe('not-configured');
    expect(await attempt({ provider_stub_response: { other_key: [] } })).toBe('answer-unparsable');
    expect(fs.readdirSync(rig.bucket.layout.failedReviews)).toHaveLength(1);
    expect(fs.readdirSync(rig.bucket.layout.pending)).toEqual([]);
  });
});
