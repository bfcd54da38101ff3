import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { Snapshot } from '../../../src/contracts/snapshot.ts';
import { LONGEST, snapshotName, takeSnapshot } from '../../../src/capture/take-snapshot.ts';
import type { SnapshotMaterial } from '../../../src/capture/take-snapshot.ts';

const material: SnapshotMaterial = {
  context: {
    session_id: 's',
    thread_id: 't',
    turn_id: 'u',
    cwd: '/c',
    repo_root: '/r',
    state_dir: '/d',
    triggered_at: 'now',
  },
  transcript: 'User: hello',
  threadReadOutput: '',
  lastAssistantMessage: 'bye',
  payload: { turn_id: 'u', flag: true, nothing: null, list: [1], text: 'x'.repeat(5_000) },
  userMd: '# USER',
  memoryMd: '# MEMORY',
  skills: [],
  used: new Set(['hook_payload', 'memory_files', 'transcript_path']),
  provider: 'heuristic',
};

describe('a snapshot', () => {
  test('is what the format asks for, its sources in the fixed order', () => {
    const snapshot = takeSnapshot(material);
    expect(v.parse(Snapshot, snapshot)).toEqual(snapshot);
    expect(snapshot.source_authority).toEqual(['transcript_path', 'memory_files', 'hook_payload']);
    expect('provider_stub_response' in snapshot).toBe(false);
    expect(takeSnapshot({ ...material, providerStub: { a: 1 } }).provider_stub_response).toEqual({ a: 1 });
  });

  test('keeps short values of the payload only', () => {
    const excerpt = takeSnapshot(material).turn_snapshot.hook_payload_excerpt;
    expect(Object.keys(excerpt)).toEqual(['turn_id', 'flag', 'nothing', 'text']);
    expect(String(excerpt['text']).length).toBeLessThanOrEqual(400);
  });

  test('is bounded: a transcript keeps its end, memory its beginning', () => {
    const long = `begin ${'x'.repeat(2_000_000)} end`;
    const snapshot = takeSnapshot({
      ...material,
      transcript: long,
      threadReadOutput: long,
      userMd: long,
      memoryMd: long,
      lastAssistantMessage: long,
    });
    expect(JSON.stringify(snapshot).length).toBeLessThan(2 * LONGEST.transcript + 3 * LONGEST.knowledge);
    expect(snapshot.turn_snapshot.transcript).toMatch(/left out[\s\S]* end$/);
    expect(snapshot.comparison_materials.current_user_md).toMatch(/^begin [\s\S]*left out/);
  });

  test('has a name that a repeated review finds again and a hostile thread id does not shape', () => {
    expect(snapshotName('thread-1', '0')).toMatch(/^thread-1-[0-9a-f]{12}\.json$/);
    expect(snapshotName('thread-1', '0')).toBe(snapshotName('thread-1', '0'));
    expect(snapshotName('thread-1', '1')).not.toBe(snapshotName('thread-1', '0'));
    expect(snapshotName('../../x', '0')).toMatch(/^h-[0-9a-f]{32}-[0-9a-f]{12}\.json$/);
  });
});
