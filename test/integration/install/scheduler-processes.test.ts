import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLastTick } from '../../../src/capture/last-tick.ts';
import { takeLeaseOn } from '../../../src/capture/lease.ts';
import { schedulerLayout } from '../../../src/kernel/home.ts';
import { memory, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';
import { schedulerRig } from './scheduler-rig.ts';

/** The program as a scheduler and a hook start it: bundled, in processes of its own. */
let dist = '';

beforeAll(async () => {
  dist = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'csep-scheduler-'));
  for (const input of [{ csep: 'src/csep.ts' }, { hook: 'src/hook.ts' }]) {
    const bundle = await rolldown({ input, platform: 'node', external: [/^node:/] });
    const [name = ''] = Object.keys(input);
    await bundle.write({
      dir: dist,
      format: 'cjs',
      entryFileNames: name === 'csep' ? '[name].js' : '[name].cjs',
      chunkFileNames: `${name}-chunks/[name]-[hash].cjs`,
    });
    await bundle.close();
  }
  fs.writeFileSync(path.join(dist, 'package.json'), '{ "type": "commonjs" }');
});

afterAll(() => fs.rmSync(dist, { recursive: true, force: true }));

const environment = (temp: TempBucket, more: Record<string, string> = {}) => ({
  PATH: process.env['PATH'],
  HOME: temp.folder,
  CODEX_SELF_EVOLUTION_HOME: temp.world.home,
  ...more,
});

function csep(temp: TempBucket, words: string[], env: Record<string, string> = {}) {
  const args = [path.join(dist, 'csep.js'), ...words];
  return spawnSync(process.execPath, args, { env: environment(temp, env), encoding: 'utf8', timeout: 60_000 });
}

/** Starts a session's hook; the promise is its standard output, once it has ended with 0. */
async function beginSession(temp: TempBucket, env: Record<string, string> = {}): Promise<string> {
  const args = [path.join(dist, 'hook.cjs'), 'session-start', '--from-stdin'];
  const child = spawn(process.execPath, args, { env: environment(temp, env), stdio: ['pipe', 'pipe', 'inherit'] });
  const said: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => said.push(bytes));
  child.stdin.end(
    JSON.stringify({ session_id: 's', cwd: temp.repo, hook_event_name: 'SessionStart', source: 'startup' }),
  );
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  return Buffer.concat(said).toString('utf8');
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; !isSo(); waited += 50) {
    if (waited > 60_000) throw new Error('it did not happen within a minute');
    await pause(50);
  }
}

const scansStarted = (temp: TempBucket): number =>
  fs.readFileSync(path.join(temp.world.home, 'logs', 'plugin.log'), 'utf8').split('"scan_started":true').length - 1;

/** A last tick that was noted so many seconds ago. */
function noteTick(temp: TempBucket, secondsAgo: number): void {
  const at = new Date(Date.now() - secondsAgo * 1_000);
  const { folder, lastTick } = schedulerLayout(temp.world.home);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(lastTick, JSON.stringify({ schema_version: 1, at: at.toISOString(), trigger: 'scheduler' }));
  fs.utimesSync(lastTick, at, at);
}

/** The Stop hook of a session left this entry so many seconds ago, and no worker took it. */
function queueTurn(temp: TempBucket, secondsAgo: number): void {
  fs.mkdirSync(temp.bucket.layout.queue, { recursive: true });
  const file = path.join(temp.bucket.layout.queue, 's.t.json');
  fs.writeFileSync(file, '{}');
  const at = Date.now() / 1_000 - secondsAgo;
  fs.utimesSync(file, at, at);
}

describe('sessions on a machine without a scheduler', () => {
  test('that begin at once, eight of them, start one scan, which compiles what waits', async () => {
    const temp = tempBucket();
    temp.deposit('first', [memory('Always run the tests with make verify.')]);
    await Promise.all(Array.from({ length: 8 }, () => beginSession(temp)));

    expect(scansStarted(temp)).toBe(1);
    await until(() => readLastTick(temp.world.home) !== undefined);
    expect(readLastTick(temp.world.home)).toMatchObject({
      trigger: 'session',
      ok: true,
      buckets: { run: 1 },
      scheduled_at: null,
    });
    expect(temp.list('suggestions/pending')).toEqual([]);
    expect(await beginSession(temp)).toContain('make verify');
    expect(scansStarted(temp)).toBe(1);
  });

  test('do so when a turn waits that no worker has taken', async () => {
    const temp = tempBucket();
    queueTurn(temp, 90);
    await beginSession(temp);

    expect(scansStarted(temp)).toBe(1);
    await until(() => readLastTick(temp.world.home) !== undefined);
  });

  test.each<[string, (temp: TempBucket) => Record<string, string> | void]>([
    ['nothing waits', (temp) => fs.rmSync(path.join(temp.bucket.layout.pending, 'first.json'))],
    ['a scan was done less than two intervals ago', (temp) => noteTick(temp, 9 * 60)],
    [
      'a longer interval has not passed twice',
      (temp) => (noteTick(temp, 50 * 60), { CSEP_SCHEDULER_INTERVAL: '1800' }),
    ],
    ['the session is nested', () => ({ CODEX_SELF_EVOLUTION_NESTED: '1' })],
    [
      'config.toml says so',
      (temp) => fs.writeFileSync(path.join(temp.world.home, 'config.toml'), '[scheduler]\nopportunistic = false\n'),
    ],
  ])('start none when %s', async (_, arrange) => {
    const temp = tempBucket();
    temp.deposit('first', [memory('Always run the tests with make verify.')]);
    await beginSession(temp, arrange(temp) ?? {});

    expect(fs.existsSync(schedulerLayout(temp.world.home).starts)).toBe(false);
  });

  test('start none for a turn of this minute: its worker is at it', async () => {
    const temp = tempBucket();
    queueTurn(temp, 5);
    await beginSession(temp);

    expect(scansStarted(temp)).toBe(0);
  });

  test('start another one two intervals after the last, and one only', async () => {
    const temp = tempBucket();
    temp.deposit('first', [memory('Always run the tests with make verify.')]);
    noteTick(temp, 11 * 60);
    await Promise.all([beginSession(temp), beginSession(temp), beginSession(temp)]);

    expect(scansStarted(temp)).toBe(1);
    await until(() => readLastTick(temp.world.home)?.trigger === 'session');
    expect(readLastTick(temp.world.home)?.scheduled_at).toBe(null);
  });
});

describe('a scan', () => {
  test('notes when it was, how long it took and what came of it', () => {
    const temp = tempBucket();
    temp.deposit('first', [memory('Always run the tests with make verify.')]);
    expect(csep(temp, ['scan']).status).toBe(0);

    expect(readLastTick(temp.world.home)).toMatchObject({
      trigger: 'manual',
      ok: true,
      buckets: { run: 1, skipped: 0, failed: 0 },
      reviews: { reviewed: 0, deferred: 0, failed: 0 },
      scheduled_at: null,
      error: null,
    });
  });

  test('that fails notes so', () => {
    const temp = tempBucket();
    temp.write('bucket.json', '{"version": 99}');
    expect(csep(temp, ['scan']).status).toBe(1);
    expect(readLastTick(temp.world.home)).toMatchObject({ ok: false, buckets: { failed: 1 } });

    expect(csep(temp, ['scan', '--backend', 'nobody']).status).toBe(2);
    expect(readLastTick(temp.world.home)).toMatchObject({ ok: false, error: expect.stringContaining('backend') });
  });

  test('leaves at once, with a line, while another one works on the home', () => {
    const temp = tempBucket();
    temp.deposit('first', [memory('Always run the tests with make verify.')]);
    const subject = { folder: schedulerLayout(temp.world.home).leases, key: '5ca25ca25ca25ca2', facts: {}, sync: true };
    const lease = takeLeaseOn(temp.world, subject);
    const second = csep(temp, ['scan', '--json']);

    expect(second.status).toBe(0);
    expect(second.stderr).toContain('another scan is at work on this home');
    expect(JSON.parse(second.stdout)).toMatchObject({ skipped: 'another_scan', total_projects: 0, results: [] });
    expect(temp.list('suggestions/pending')).toEqual(['first.json']);
    expect(readLastTick(temp.world.home)).toBeUndefined();
    lease?.release();
    expect(JSON.parse(csep(temp, ['scan', '--json']).stdout)).toMatchObject({ counts: { run: 1 } });
  });

  test('of a scheduler keeps the interval, and says nothing when there was nothing', () => {
    const temp = tempBucket();
    const tick = ['scan', '--trigger', 'scheduler'];
    const first = csep(temp, tick);
    expect([first.status, first.stdout, first.stderr]).toEqual([0, '', '']);
    const noted = readLastTick(temp.world.home);
    expect(noted?.scheduled_at).toBe(noted?.at);
    temp.deposit('first', [memory('Always run the tests with make verify.')]);

    expect(csep(temp, tick)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(temp.list('suggestions/pending')).toEqual(['first.json']);
    noteTick(temp, 290);
    expect(JSON.parse(csep(temp, tick).stdout)).toMatchObject({ counts: { run: 1, failed: 0 } });
  });

  test('that a person starts runs whenever it is asked for, and leaves the time of the scheduler as it is', () => {
    const temp = tempBucket();
    csep(temp, ['scan', '--trigger', 'scheduler']);
    const scheduled = readLastTick(temp.world.home)?.at;
    temp.deposit('first', [memory('Always run the tests with make verify.')]);
    csep(temp, ['scan']);

    expect(readLastTick(temp.world.home)).toMatchObject({
      trigger: 'manual',
      scheduled_at: scheduled,
      buckets: { run: 1 },
    });
  });

  test('takes the backend that the settings name for the scheduler', () => {
    const temp = tempBucket();
    temp.deposit('first', [memory('Always run the tests with make verify.')]);
    const { stdout } = csep(temp, ['scan', '--json'], { CSEP_SCHEDULER_BACKEND: 'agent:codex', PATH: '/nonexistent' });

    expect(JSON.parse(stdout)).toMatchObject({ results: [{ backend: 'agent:codex', fallback_backend: 'script' }] });
  });
});

const machine = () => {
  const temp = tempBucket();
  const rig = schedulerRig(['crontab']);
  return { temp, rig, env: { PATH: rig.world.env['PATH'] ?? '', CALLS: rig.world.env['CALLS'] ?? '' } };
};

describe('csep scheduler', () => {
  test('installs, tells and removes', () => {
    const { temp, rig, env } = machine();
    const dry = csep(temp, ['scheduler', 'install', '--dry-run', '--json'], env);
    expect(JSON.parse(dry.stdout)).toMatchObject({ kind: 'cron', dry_run: true, changed: true });
    expect(rig.exists(rig.crontab)).toBe(false);

    expect(csep(temp, ['scheduler', 'install', '--json'], env).status).toBe(0);
    expect(rig.read(rig.crontab)).toContain(
      `${process.execPath} ${path.join(dist, 'csep.js')} scan --trigger scheduler`,
    );
    expect(rig.read(rig.crontab)).toContain(`CODEX_SELF_EVOLUTION_HOME=${temp.world.home}`);
    expect(JSON.parse(csep(temp, ['scheduler', 'status', '--json'], env).stdout)).toEqual({
      kind: 'cron',
      label: 'codex-self-evolution',
      unit_path: null,
      unit_exists: true,
      loaded: true,
      last_tick: null,
      error: null,
    });
    expect(csep(temp, ['scheduler', 'uninstall', '--json'], env).status).toBe(0);
    expect(rig.exists(rig.crontab)).toBe(false);
  });

  test('starts the launcher that install has made, where there is one', () => {
    const { temp, rig, env } = machine();
    fs.mkdirSync(path.join(temp.world.home, 'app'));
    fs.writeFileSync(path.join(temp.world.home, 'app', 'csep'), '#!/bin/sh\n');
    csep(temp, ['scheduler', 'install'], env);

    expect(rig.read(rig.crontab)).toContain(` ${path.join(temp.world.home, 'app', 'csep')} scan --trigger scheduler`);
  });

  test('runs a scan now and prints its result', () => {
    const { temp, env } = machine();
    temp.deposit('first', [memory('Always run the tests with make verify.')]);

    expect(JSON.parse(csep(temp, ['scheduler', 'run-now', '--json'], env).stdout)).toMatchObject({
      counts: { run: 1 },
    });
  });

  test('has the scheduler itself run a scan, though the interval has not passed, and tells what came of it', () => {
    const temp = tempBucket();
    const rig = schedulerRig(['systemctl']);
    const program = `"${process.execPath}" "${path.join(dist, 'csep.js')}" scan --trigger scheduler &`;
    const fake = `#!/bin/sh\ncase "$*" in *start\\ --no-block*) ${program}\nesac\n`;
    fs.writeFileSync(path.join(rig.folder, 'bin', 'systemctl'), fake);
    const env = { PATH: rig.world.env['PATH'] ?? '', XDG_RUNTIME_DIR: path.join(rig.folder, 'run') };
    expect(csep(temp, ['scheduler', 'install'], env).status).toBe(0);
    temp.deposit('first', [memory('Always run the tests with make verify.')]);
    noteTick(temp, 20);

    const run = csep(temp, ['scheduler', 'run-now', '--through-scheduler', '--json'], env);
    expect(JSON.parse(run.stdout)).toMatchObject({ trigger: 'scheduler', ok: true, buckets: { run: 1 } });
    expect(csep(temp, ['scan', '--trigger', 'scheduler'], env)).toMatchObject({ status: 0, stdout: '' });
  });

  test.each([
    [['scheduler', 'install', '--kind', 'at'], 2, 'There is no scheduler "at"'],
    [['scheduler', 'install', '--kind', 'launchd'], 1, 'launchd does not work here'],
    [['scheduler', 'run-now', '--through-scheduler'], 1, 'no job is installed'],
    [['scheduler'], 2, 'A command is missing'],
    [['scan', '--trigger', 'nobody'], 2, 'trigger'],
  ])('called as %j is refused', (words, status, said) => {
    const { temp, env } = machine();
    const refused = csep(temp, words, env);

    expect(refused.status).toBe(status);
    expect(refused.stderr).toContain(said);
    expect(refused.stderr).not.toContain('    at ');
  });
});
