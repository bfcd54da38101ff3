import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { Envelope } from '../../../src/contracts/envelope.ts';
import { idempotencyKey, sealEnvelope } from '../../../src/capture/seal-envelope.ts';
import type { Sealing } from '../../../src/capture/seal-envelope.ts';

const sealing: Sealing = {
  threadId: 'thread',
  turnId: 'turn',
  start: '17',
  cwd: '/repo',
  repoFingerprint: 'f'.repeat(40),
  at: '2026-11-20T12:00:00Z',
  suggestions: [
    {
      family: 'recall_candidate',
      summary: 'Where the traces are',
      confidence: 0.5,
      details: { content: 'In var/trace', source_paths: [], aliases: [], thread_id: 'its own' },
    },
  ],
  sourceAuthority: ['transcript_path'],
  snapshotPath: '/home/snapshot.json',
};

describe('an envelope', () => {
  test('is what the format asks for', () => {
    const envelope = sealEnvelope(sealing);
    expect(v.parse(Envelope, JSON.parse(JSON.stringify(envelope)))).toEqual(envelope);
    expect(envelope).toMatchObject({
      schema_version: 1,
      state: 'pending',
      attempt_count: 0,
      failure_reason: null,
      review_snapshot_path: '/home/snapshot.json',
      source_authority: ['transcript_path'],
      transition_log: [{ at: '2026-11-20T12:00:00Z', from: null, to: 'pending', reason: 'reviewed' }],
    });
    expect(envelope.idempotency_key).toMatch(/^[0-9a-f]{64}$/);
    expect(envelope.suggestion_id).toMatch(/^[0-9a-f]{16}$/);
  });

  test('has an identity that depends on thread and start only', () => {
    const later = sealEnvelope({ ...sealing, at: '2030-01-01T00:00:00Z', turnId: 'x', suggestions: [], cwd: '/other' });
    expect(later.suggestion_id).toBe(sealEnvelope(sealing).suggestion_id);
    expect(sealEnvelope({ ...sealing, start: '18' }).suggestion_id).not.toBe(later.suggestion_id);
    expect(sealEnvelope({ ...sealing, threadId: 'another' }).suggestion_id).not.toBe(later.suggestion_id);
    expect(idempotencyKey('a', 'b\nc')).not.toBe(idempotencyKey('a', 'b'));
  });

  test('says where its recall records come from, without overriding what they say themselves', () => {
    expect(sealEnvelope(sealing).suggestions[0]?.details).toMatchObject({
      content: 'In var/trace',
      thread_id: 'its own',
      turn_id: 'turn',
      cwd: '/repo',
      repo_fingerprint: 'f'.repeat(40),
      source_updated_at: '2026-11-20T12:00:00Z',
    });
  });

  test('says of memory in which turn it was said, whatever the reviewer says', () => {
    const suggestion = {
      family: 'memory_updates' as const,
      summary: 'Use pnpm',
      confidence: 1,
      details: {
        scope: 'global' as const,
        action: 'add' as const,
        content: 'Use pnpm',
        source_paths: [],
        turn_id: 'its own',
      },
    };
    const detailsOf = (turnId: string) =>
      sealEnvelope({ ...sealing, turnId, suggestions: [suggestion] }).suggestions[0]?.details;

    expect(detailsOf('turn')).toMatchObject({ turn_id: 'turn', content: 'Use pnpm' });
    expect(detailsOf('')).not.toHaveProperty('turn_id');
  });
});
