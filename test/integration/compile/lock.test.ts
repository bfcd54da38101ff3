import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { bucketLayout } from '../../../src/kernel/home.ts';
import { acquireLock, lockStatus } from '../../../src/kernel/lock.ts';
import { bootId, hostName, processStart } from '../../../src/kernel/process.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { tempFolder } from '../../support/temp-bucket.ts';

const layoutOf = () => bucketLayout(tempFolder());
const later = (seconds: number) => ({ now: () => new Date(Date.now() + seconds * 1000) });
const write = (layout: ReturnType<typeof bucketLayout>, owner: Record<string, unknown>): void => {
  fs.mkdirSync(layout.compiler, { recursive: true });
  fs.writeFileSync(layout.lockOwner, JSON.stringify(owner));
};
const iso = (offsetSeconds = 0): string => `${new Date(Date.now() + offsetSeconds * 1000).toISOString().slice(0, 19)}Z`;

/** A process id that certainly belongs to nobody any more. */
async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '0']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

describe('the compile lock', () => {
  test('is held by one at a time and leaves nothing behind', async () => {
    const layout = layoutOf();
    const first = await acquireLock({ layout, clock: systemClock, run: 'r1' });
    expect(first.ok).toEqual(true);
    expect(await acquireLock({ layout, clock: systemClock, run: 'r2' })).toMatchObject({
      ok: false,
      failure: { reason: 'bucket-locked', ownerPid: process.pid },
    });
    expect(lockStatus(layout, systemClock)).toMatchObject({
      locked: true,
      stale: false,
      pid_alive: true,
      owner_pid: process.pid,
    });
    if (first.ok) await first.value.release();
    expect(fs.readdirSync(layout.compiler)).toEqual([]);
    expect(lockStatus(layout, systemClock)).toMatchObject({ locked: false, stale: false });
  });

  test('waits for a living holder as long as it is told to', async () => {
    const layout = layoutOf();
    const first = await acquireLock({ layout, clock: systemClock, run: 'r1' });
    expect(await acquireLock({ layout, clock: systemClock, run: 'r2', patienceMs: 150 })).toMatchObject({
      failure: { reason: 'bucket-locked' },
    });
    const second = acquireLock({ layout, clock: systemClock, run: 'r3', patienceMs: 60_000 });
    if (first.ok) await first.value.release();
    const held = await second;
    expect(held).toMatchObject({ ok: true });
    if (held.ok) await held.value.release();
  });

  test('excludes, and is excluded by, the Python plugin’s lock file', async () => {
    const layout = layoutOf();
    write(layout, { created_at: iso(), pid: process.ppid });
    expect(await acquireLock({ layout, clock: systemClock, run: 'r1' })).toMatchObject({
      ok: false,
      failure: { reason: 'bucket-locked' },
    });
    fs.rmSync(layout.lockOwner);
    const ours = await acquireLock({ layout, clock: systemClock, run: 'r2' });
    expect(JSON.parse(fs.readFileSync(layout.lockOwner, 'utf8'))).toMatchObject({
      pid: process.pid,
      created_at: expect.stringMatching(/Z$/),
    });
    if (ours.ok) await ours.value.release();
  });

  test('is taken over from a process that is gone', async () => {
    const layout = layoutOf();
    write(layout, { created_at: iso(), pid: await deadPid(), host: hostName(), boot_id: bootId() });
    expect(lockStatus(layout, systemClock)).toMatchObject({
      stale: true,
      stale_reason: 'pid_not_alive',
      pid_alive: false,
    });
    const taken = await acquireLock({ layout, clock: systemClock, run: 'r2' });
    expect(taken.ok).toEqual(true);
    if (taken.ok) await taken.value.release();
  });

  test('is taken over when its process id belongs to a younger process by now', () => {
    const layout = layoutOf();
    write(layout, { created_at: iso(), pid: process.pid, host: hostName(), boot_id: bootId(), process_start: '1' });
    expect(processStart(process.pid)).not.toEqual('1');
    expect(lockStatus(layout, systemClock).stale_reason).toEqual('pid_not_alive');
  });

  test('of another host counts while it is young, whatever runs here', () => {
    const layout = layoutOf();
    write(layout, { created_at: iso(), pid: 1, host: 'another-host' });
    expect(lockStatus(layout, systemClock)).toMatchObject({ stale: false, pid_alive: null });
    expect(lockStatus(layout, later(31 * 60))).toMatchObject({ stale: true, stale_reason: 'exceeded_max_age' });
  });

  test.each([
    ['a minute ahead: a clock that was set back steals nothing', 55, null],
    ['an hour ahead: nonsense', 3600, 'negative_age'],
  ])('from the future, %s', (_, ahead, reason) => {
    const layout = layoutOf();
    write(layout, { created_at: iso(ahead), pid: process.pid });
    expect(lockStatus(layout, systemClock).stale_reason).toEqual(reason);
  });

  test('of a holder that died before it wrote who it is does not block for long', () => {
    const layout = layoutOf();
    fs.mkdirSync(layout.lockFolder, { recursive: true });
    expect(lockStatus(layout, systemClock)).toMatchObject({ locked: true, stale: false });
    expect(lockStatus(layout, later(60))).toMatchObject({ locked: true, stale: true });
  });

  test('with an owner file that was cut in the middle is judged by its age', () => {
    const layout = layoutOf();
    fs.mkdirSync(layout.compiler, { recursive: true });
    fs.writeFileSync(layout.lockOwner, '{"created');
    expect(lockStatus(layout, systemClock)).toMatchObject({ locked: true, stale: false });
    expect(lockStatus(layout, later(60))).toMatchObject({ stale: true });
  });

  test('leaves the owner file of whoever took it over', async () => {
    const layout = layoutOf();
    const ours = await acquireLock({ layout, clock: systemClock, run: 'r1' });
    fs.writeFileSync(layout.lockOwner, JSON.stringify({ created_at: iso(), pid: process.pid, run: 'theirs' }));
    if (ours.ok) await ours.value.release();
    expect(fs.existsSync(path.join(layout.compiler, 'compile.lock'))).toEqual(true);
  });
});
