import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { takeLease } from '../../../src/capture/lease.ts';
import { leaseKey } from '../../../src/capture/lease-name.ts';
import type { SessionPlace } from '../../../src/capture/lease-name.ts';
import { Rig } from './support/rig.ts';

const deadPid = (): number => spawnSync(process.execPath, ['-e', '0']).pid;

function plantLease(rig: Rig, place: SessionPlace, owner: Record<string, unknown>): string {
  const folder = path.join(rig.home, 'workers');
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${leaseKey(place)}.${String(owner['pid'])}.0planted.json`);
  fs.writeFileSync(file, JSON.stringify({ host: os.hostname(), boot_id: null, process_start: null, ...owner }));
  fs.utimesSync(file, rig.clock.now(), rig.clock.now());
  return file;
}

function placeOf(rig: Rig, session: string): SessionPlace {
  return { stateDir: rig.bucket.layout.stateDir, session };
}

describe('a lease', () => {
  test('is held by one at a time', () => {
    const rig = new Rig();
    const place = placeOf(rig, 's');
    const first = takeLease(rig.world, place);
    expect(first?.isHeld()).toBe(true);
    expect(takeLease(rig.world, place)).toBeUndefined();
    expect(takeLease(rig.world, placeOf(rig, 'another'))).toBeDefined();
    first?.release();
    expect(takeLease(rig.world, place)?.isHeld()).toBe(true);
  });

  test('of a dead process is taken over', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    const planted = plantLease(rig, placeOf(rig, session.id), { pid: deadPid() });
    await session.stop();
    await session.work();
    expect(rig.learned()).toEqual(['one']);
    expect(fs.existsSync(planted)).toBe(false);
  });

  test('of a process whose number was given to another one is taken over', () => {
    const rig = new Rig();
    plantLease(rig, placeOf(rig, 's'), { pid: process.pid, process_start: 'long ago' });
    expect(takeLease(rig.world, placeOf(rig, 's'))).toBeDefined();
  });

  test('of another host is respected for half an hour, whatever its process number means here', () => {
    const rig = new Rig();
    plantLease(rig, placeOf(rig, 's'), { pid: deadPid(), host: 'elsewhere' });
    expect(takeLease(rig.world, placeOf(rig, 's'))).toBeUndefined();
    rig.clock.pass(-60);
    expect(takeLease(rig.world, placeOf(rig, 's'))).toBeUndefined();
    rig.clock.pass(32 * 60);
    expect(takeLease(rig.world, placeOf(rig, 's'))).toBeDefined();
  });

  test('of a live process is not taken because a clock jumped', () => {
    const rig = new Rig();
    const lease = takeLease(rig.world, placeOf(rig, 's'));
    for (const seconds of [-3600, 7200, 90 * 86_400]) {
      rig.clock.pass(seconds);
      expect(takeLease(rig.world, placeOf(rig, 's'))).toBeUndefined();
    }
    expect(lease?.isHeld()).toBe(true);
  });

  test('that was torn by a power cut is nobody’s after half an hour', () => {
    const rig = new Rig();
    const file = plantLease(rig, placeOf(rig, 's'), { pid: process.pid });
    fs.writeFileSync(file, '');
    fs.utimesSync(file, rig.clock.now(), rig.clock.now());
    expect(takeLease(rig.world, placeOf(rig, 's'))).toBeUndefined();
    rig.clock.pass(31 * 60);
    expect(takeLease(rig.world, placeOf(rig, 's'))).toBeDefined();
  });
});

/** As if another host looked at it: nobody there can ask whether the owner lives. */
function asSeenFromElsewhere(rig: Rig): void {
  for (const name of rig.leases()) {
    const file = path.join(rig.home, 'workers', name);
    const { mtime } = fs.statSync(file);
    fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(fs.readFileSync(file, 'utf8')), host: 'elsewhere' }));
    fs.utimesSync(file, mtime, mtime);
  }
}

describe('the lease of a worker whose reviewer takes an hour', () => {
  test('is renewed meanwhile, so that nobody takes it, and no longer once it is given up', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    rig.freshenLeases();
    rig.reviewer.meanwhile = async () => {
      rig.reviewer.meanwhile = () => undefined;
      for (let minute = 0; minute < 60; minute++) {
        rig.clock.pass(60);
        vi.advanceTimersByTime(60_000);
      }
      asSeenFromElsewhere(rig);
      expect(takeLease(rig.world, placeOf(rig, session.id))).toBeUndefined();
      expect(await session.say('two').stop()).toBe(false);
      await session.work();
      expect(rig.reviewer.tasks).toHaveLength(1);
    };
    await session.work();

    expect(rig.learned()).toEqual(['one', 'two']);
    expect(rig.leases()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('two workers on one session', () => {
  test('review it once', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    await Promise.all([session.work(), session.work(), session.work()]);
    expect(rig.reviewer.tasks).toHaveLength(1);
    expect(rig.learned()).toEqual(['one']);
  });

  test('commit once even when the first was taken for dead', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    rig.reviewer.meanwhile = async () => {
      rig.reviewer.meanwhile = () => undefined;
      for (const name of rig.leases()) fs.rmSync(path.join(rig.home, 'workers', name));
      await session.say('two').stop();
      await session.work();
    };
    await session.work();
    await session.say('three').stop();
    await session.work();
    expect(rig.learned()).toEqual(['one', 'three', 'two']);
    expect(rig.queue()).toEqual([]);
  });
});

describe('a worker’s slot', async () => {
  test('is free when fewer than four work below the home', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    const others = ['a', 'b', 'c', 'd'].map((name) => takeLease(rig.world, placeOf(rig, name)));
    rig.freshenLeases();
    expect(await session.stop()).toBe(false);
    await session.work();
    expect(rig.reviewer.tasks).toHaveLength(0);
    others[0]?.release();
    expect(await session.stop()).toBe(true);
    await session.work();
    expect(rig.learned()).toEqual(['one']);
  });
});
