import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { enqueueStop } from '../../../src/capture/enqueue-stop.ts';
import { leaseKey } from '../../../src/capture/lease-name.ts';
import { QueueEntry } from '../../../src/contracts/review.ts';
import * as v from 'valibot';
import { Rig } from './support/rig.ts';

const entryOf = (rig: Rig, name: string): unknown =>
  JSON.parse(fs.readFileSync(path.join(rig.bucket.layout.queue, name), 'utf8'));

const armour = (end: string): string => ['-----', end, ' PRIVATE ', 'KEY-----\n'].join('');

describe('the Stop hook', () => {
  test('notes ids, paths and times, and no words when there is a transcript', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop({ last_assistant_message: 'Done.' });
    const entry = entryOf(rig, `${session.id}.turn-1.json`);
    expect(v.parse(QueueEntry, entry)).toEqual({
      schema_version: 1,
      session_id: session.id,
      turn_id: 'turn-1',
      transcript_path: session.transcript,
      cwd: rig.cwd,
      queued_at: '2026-11-20T12:00:00Z',
      codex_home: rig.codexHome,
    });
  });

  test('never overwrites: a second stop of one turn gets a name of its own', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    await session.stop({ stop_hook_active: true });
    expect(rig.queue()).toEqual([`${session.id}.turn-1.2.json`, `${session.id}.turn-1.json`]);
  });

  test('keeps the last message, redacted, when there is no transcript', async () => {
    const rig = new Rig();
    const secret = ['gh', 'p_', 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL3oR6'].join('');
    await rig.stop({ session_id: 's', turn_id: 't', last_assistant_message: `the token is ${secret}` });
    const text = JSON.stringify(entryOf(rig, 's.t.json'));
    expect(text).toContain('the token is [redacted:');
    expect(text).not.toContain(secret);
  });

  test('keeps the beginning of a last message of megabytes without a blank', async () => {
    const rig = new Rig();
    const message = `always use pnpm ${'a'.repeat(9_000_000)}`;
    await rig.stop({ session_id: 's', turn_id: 't', last_assistant_message: message });
    expect(JSON.stringify(entryOf(rig, 's.t.json'))).toContain('always use pnpm aaa');
  });

  test('keeps no half of a secret that lies where reading ends', async () => {
    const rig = new Rig();
    const key = `${armour('BEGIN')}${`${'aB3d'.repeat(16)}\n`.repeat(280)}${armour('END')}`;
    const half = ['gh', 'p_', 'aB3dE6gH9'].join('');
    const begin = `always use pnpm\n${key}${key}`;
    const filler = 'some words '.repeat(2_000).slice(0, 40_000 - begin.length - half.length - 1);
    const message = `${begin}${filler} ${half}jK2mN5pQ8sT1vW4yZ7cF0iL3oR6 and more words`;
    await rig.stop({ session_id: 's', turn_id: 't', last_assistant_message: message });
    expect(JSON.stringify(entryOf(rig, 's.t.json'))).not.toContain(half);
  });

  test('queues nothing for a subagent or for a session that we started ourselves', async () => {
    const rig = new Rig();
    const base = { session_id: 's', turn_id: 't', transcript_path: null, last_assistant_message: 'x', cwd: rig.cwd };
    const input = { ...base, hook_event_name: 'Stop' as const, stop_hook_active: false };
    await enqueueStop(rig.world, { ...input, agent_id: 'a1' }, { start: () => undefined });
    const nested = { ...rig.world, env: { ...rig.world.env, CODEX_SELF_EVOLUTION_NESTED: '1' } };
    await enqueueStop(nested, input, { start: () => undefined });
    expect(rig.queue()).toEqual([]);
  });

  test('uses the folder of --state-dir or CODEX_STATE_DIR as the bucket', async () => {
    const rig = new Rig();
    const input = {
      session_id: 's',
      turn_id: 't',
      transcript_path: null,
      last_assistant_message: 'x',
      cwd: rig.cwd,
      hook_event_name: 'Stop' as const,
      stop_hook_active: false,
    };
    const places: string[] = [];
    const start = (_world: unknown, place: { stateDir: string }): void => void places.push(place.stateDir);
    await enqueueStop(rig.world, input, { start, stateDir: path.join(rig.base, 'a') });
    await enqueueStop({ ...rig.world, env: { ...rig.world.env, CODEX_STATE_DIR: path.join(rig.base, 'b') } }, input, {
      start,
    });
    expect(places).toEqual([path.join(rig.base, 'a'), path.join(rig.base, 'b')]);
    expect(fs.readdirSync(path.join(rig.base, 'b', 'review', 'queue'))).toEqual(['s.t.json']);
  });

  test.each([
    ['no lease', undefined, true],
    ['the fresh lease of a live worker', 'live', false],
    ['the lease of a dead worker', 'dead', true],
    ['a live worker’s lease that is too old', 'old', true],
  ])('with %s starts a worker: %s → %s', async (_name, kind, started) => {
    const rig = new Rig();
    const session = rig.session().say('one');
    const key = leaseKey({ stateDir: rig.bucket.layout.stateDir, session: session.id });
    const pid = kind === 'dead' ? spawnSync(process.execPath, ['-e', '0']).pid : process.pid;
    const folder = path.join(rig.home, 'workers');
    fs.mkdirSync(folder);
    if (kind) fs.writeFileSync(path.join(folder, `${key}.${pid}.0.json`), '{}');
    rig.freshenLeases();
    if (kind === 'old') rig.clock.pass(11 * 60);
    expect(await session.stop()).toBe(started);
  });

  test('takes long and foreign names', async () => {
    const rig = new Rig();
    await rig.stop({ session_id: 'x'.repeat(128), turn_id: 'y'.repeat(128), last_assistant_message: 'm' });
    await rig.stop({ session_id: '../evil\u0000', turn_id: 'a/b', last_assistant_message: 'm' });
    await rig.stop({ session_id: '会話', turn_id: '', last_assistant_message: 'm' });
    expect(rig.queue()).toHaveLength(3);
    for (const name of rig.queue()) expect(name).toMatch(/^[\w.-]{1,250}$/);
  });
});
