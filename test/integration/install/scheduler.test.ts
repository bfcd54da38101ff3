import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderPlist } from '../../../src/install/scheduler-launchd.ts';
import { renderService, renderTimer } from '../../../src/install/scheduler-systemd.ts';
import {
  installScheduler,
  schedulerStatus,
  startThroughScheduler,
  uninstallScheduler,
} from '../../../src/install/scheduler.ts';
import type { SchedulerOptions } from '../../../src/install/scheduler.ts';
import { awkwardJob, plainJob } from '../../support/scheduler-job.ts';
import { tempFolder } from '../../support/temp-bucket.ts';
import { schedulerRig } from './scheduler-rig.ts';
import type { SchedulerRig } from './scheduler-rig.ts';

const install = (rig: SchedulerRig, more: Partial<SchedulerOptions> = {}) =>
  installScheduler(rig.world, {
    program: [path.join(rig.world.home, 'app', 'csep')],
    intervalSeconds: 300,
    host: rig.host,
    ...more,
  });
const uninstall = (rig: SchedulerRig) => uninstallScheduler(rig.world, { host: rig.host });
const status = (rig: SchedulerRig) => schedulerStatus(rig.world, rig.host);
const filesBelow = (folder: string): string[] =>
  fs.existsSync(folder)
    ? fs
        .readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
    : [];

const MACHINES = [
  { kind: 'launchd', programs: ['launchctl', 'crontab'], query: 'print' },
  { kind: 'systemd', programs: ['systemctl', 'crontab'], query: 'is-active' },
  { kind: 'windows-task', programs: ['schtasks'], query: '/Query' },
] as const;

describe.each(MACHINES)('on a machine with $kind', ({ kind, programs, query }) => {
  test('installing says what it did, and the scheduler was told', () => {
    const rig = schedulerRig(programs);
    const change = install(rig);

    expect(change).toMatchObject({ ok: true, value: { kind, changed: true, dry_run: false } });
    if (!change.ok) return;
    const told = rig.calls().map((call) => call.join(' '));
    for (const command of change.value.commands) expect(told).toContain(command.join(' '));
    for (const file of change.value.written) expect(rig.exists(file.path)).toBe(true);
    expect(status(rig)).toMatchObject({ kind, unit_exists: true, loaded: true, error: null, last_tick: null });
  });

  test('installing twice more changes nothing', () => {
    const rig = schedulerRig(programs);
    install(rig);
    rig.forget();

    expect(install(rig)).toMatchObject({ ok: true, value: { changed: false, commands: [], written: [] } });
    expect(install(rig)).toMatchObject({ ok: true, value: { changed: false } });
    expect(rig.calls().every((call) => call.includes(query) || call.includes('-l'))).toBe(true);
  });

  test('a dry run says the same and touches nothing', () => {
    const rig = schedulerRig(programs);
    const dry = install(rig, { dryRun: true });

    expect(filesBelow(rig.world.home)).toEqual([]);
    expect(filesBelow(path.join(rig.folder, 'home of ann'))).toEqual([]);
    expect(rig.calls().every((call) => call.includes(query) || call.includes('-l'))).toBe(true);
    const wet = install(rig);
    expect(dry.ok && { ...dry.value, dry_run: false }).toEqual(wet.ok && wet.value);
  });

  test('uninstalling takes away exactly what was added, and a second time nothing', () => {
    const rig = schedulerRig(programs);
    install(rig);

    expect(uninstall(rig)).toMatchObject({ ok: true, value: { kind, changed: true } });
    expect(filesBelow(path.join(rig.folder, 'home of ann'))).toEqual([]);
    rig.answer(programs[0], query, 1);
    expect(uninstall(rig)).toMatchObject({ ok: true, value: { kind: null, changed: false } });
    expect(status(rig)).toMatchObject({ unit_exists: false });
  });

  test('a unit that the scheduler does not run is told with what to do', () => {
    const rig = schedulerRig(programs);
    install(rig);
    rig.answer(programs[0], query, 1);

    expect(status(rig)).toMatchObject({ unit_exists: true, loaded: false });
    expect(status(rig).error).toContain('csep scheduler install');
    expect(install(rig)).toMatchObject({ ok: true, value: { changed: true, written: [] } });
  });

  test('the job is started through the scheduler', () => {
    const rig = schedulerRig(programs);
    expect(startThroughScheduler(rig.world, rig.host).ok).toBe(kind === 'windows-task');
    install(rig);
    rig.forget();
    const started = startThroughScheduler(rig.world, rig.host);

    expect(started.ok && rig.calls()).toContainEqual(started.ok && started.value);
  });
});

test.each([
  ['launchctl', 'bootstrap', 'launchctl bootstrap gui/501'],
  ['systemctl', 'enable', 'systemctl --user enable'],
  ['schtasks', '/Create', 'schtasks /Create'],
])('when %s refuses, its words are told and no unit stays behind', (program, words, command) => {
  const rig = schedulerRig([program]);
  rig.answer(program, words, 5, 'Bootstrap failed: 5: Input/output error');
  const change = install(rig);

  expect(change).toMatchObject({ ok: false, failure: { reason: 'program-failed' } });
  expect(JSON.stringify(change)).toContain('Input/output error (exit code 5)');
  expect(JSON.stringify(change)).toContain(command);
  expect(filesBelow(path.join(rig.folder, 'home of ann'))).toEqual([]);
});

const foreign = (rig: SchedulerRig): string => {
  const unit = path.join(rig.host.userFolder, 'Library', 'LaunchAgents', 'com.codex-self-evolution.preflight.plist');
  fs.mkdirSync(path.dirname(unit), { recursive: true });
  fs.writeFileSync(unit, '<plist>uvx</plist>');
  return unit;
};

describe('a plist that the Python plugin has left', () => {
  test('is left alone, and told', () => {
    const rig = schedulerRig(['launchctl']);
    const unit = foreign(rig);

    expect(install(rig)).toMatchObject({ ok: false, failure: { reason: 'scheduler-taken', path: unit } });
    expect(uninstall(rig)).toMatchObject({ ok: true, value: { changed: false } });
    expect(rig.read(unit)).toBe('<plist>uvx</plist>');
    expect(status(rig)).toMatchObject({ kind: 'launchd', unit_exists: true });
    expect(status(rig).error).toContain('--replace');
  });

  test('is moved aside on request', () => {
    const rig = schedulerRig(['launchctl']);
    const unit = foreign(rig);

    expect(install(rig, { replace: true })).toMatchObject({ ok: true });
    expect(rig.read(unit)).toContain('Written by csep scheduler install');
    const [kept = ''] = filesBelow(path.join(rig.world.home, 'scheduler'));
    expect(rig.read(kept)).toBe('<plist>uvx</plist>');
  });
});

describe('on a machine with cron alone', () => {
  test('lines of others stay byte for byte, in any encoding', () => {
    const rig = schedulerRig(['crontab']);
    const theirs = Buffer.from([...Buffer.from('MAILTO=""\n# caf'), 0xe9, ...Buffer.from('\n0 4 * * * /x 50\\%\n')]);
    fs.writeFileSync(rig.crontab, theirs);

    expect(install(rig)).toMatchObject({ ok: true, value: { kind: 'cron', changed: true } });
    expect(install(rig)).toMatchObject({ ok: true, value: { changed: false } });
    expect(fs.readFileSync(rig.crontab).subarray(0, theirs.length)).toEqual(theirs);
    expect(status(rig)).toMatchObject({ kind: 'cron', unit_path: null, unit_exists: true, loaded: true, error: null });
    expect(uninstall(rig)).toMatchObject({ ok: true, value: { kind: 'cron', changed: true } });
    expect(fs.readFileSync(rig.crontab)).toEqual(theirs);
  });

  test('a user without a crontab has none afterwards', () => {
    const rig = schedulerRig(['crontab']);
    install(rig);
    uninstall(rig);

    expect(rig.exists(rig.crontab)).toBe(false);
  });

  test('a crontab that cannot be read is never replaced', () => {
    const rig = schedulerRig(['crontab']);
    fs.writeFileSync(rig.crontab, 'theirs\n');
    rig.answer('crontab', '-l', 1, 'You (ann) are not allowed to use this program');

    expect(install(rig)).toMatchObject({ ok: false, failure: { reason: 'scheduler-unavailable' } });
    expect(rig.read(rig.crontab)).toBe('theirs\n');
  });

  test('the job cannot be started on request', () => {
    const rig = schedulerRig(['crontab']);
    install(rig);

    expect(startThroughScheduler(rig.world, rig.host)).toMatchObject({ ok: false });
  });

  test('the shell that cron starts runs the program with its arguments, blanks, quotes and percent signs included', () => {
    const rig = schedulerRig(['crontab'], `o'neil & co 50% "off" $HOME`);
    const launcher = path.join(rig.world.home, 'app', 'csep');
    install(rig);
    fs.mkdirSync(path.dirname(launcher), { recursive: true });
    fs.writeFileSync(launcher, '#!/bin/sh\nprintf "%s|" "$@"\n', { mode: 0o755 });
    const line =
      rig
        .read(rig.crontab)
        .split('\n')
        .find((text) => text.startsWith('*/5')) ?? '';
    // What cron itself does with the line: five fields off, escaped percent signs unescaped.
    const command = line
      .split(' ')
      .slice(5)
      .join(' ')
      .replaceAll(String.raw`\%`, '%');
    const run = spawnSync('/bin/sh', ['-c', command], { env: { HOME: rig.host.userFolder }, encoding: 'utf8' });

    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(rig.read(path.join(rig.world.home, 'logs', 'scheduler.log'))).toBe('scan|--trigger|scheduler|');
  });
});

test('a second scheduler takes the place of the first: never two', () => {
  const rig = schedulerRig(['systemctl', 'crontab']);
  install(rig, { kind: 'cron' });
  expect(status(rig)).toMatchObject({ kind: 'cron' });
  install(rig);

  expect(status(rig)).toMatchObject({ kind: 'systemd' });
  expect(rig.exists(rig.crontab)).toBe(false);
});

test.each([[['launchctl']], [['systemctl']], [['crontab']]])(
  'with %s the job of another home stays where it is, and installing takes it over',
  (programs) => {
    const rig = schedulerRig(programs, `o'neil & 50%`);
    install(rig);
    const other = path.join(rig.folder, 'trial home');
    const trial: SchedulerRig = { ...rig, world: { ...rig.world, home: other }, host: { ...rig.host, home: other } };

    expect(uninstall(trial)).toMatchObject({ ok: true, value: { kind: null, changed: false, commands: [] } });
    expect(status(trial)).toMatchObject({ unit_exists: false, loaded: false });
    expect(status(trial).error).toContain('another home');
    expect(startThroughScheduler(trial.world, trial.host).ok).toBe(false);
    expect(status(rig)).toMatchObject({ unit_exists: true, loaded: true, error: null });

    install(trial);
    expect(status(trial)).toMatchObject({ unit_exists: true, error: null });
    expect(uninstall(rig)).toMatchObject({ value: { changed: false } });
    expect(uninstall(trial)).toMatchObject({ value: { changed: true } });
  },
);

test('a machine without any scheduler is told what serves it instead', () => {
  const rig = schedulerRig([]);

  expect(install(rig)).toMatchObject({ ok: false, failure: { reason: 'scheduler-unavailable' } });
  expect(uninstall(rig)).toMatchObject({ ok: true, value: { changed: false } });
  expect(status(rig)).toMatchObject({ kind: null, unit_exists: false, loaded: null });
});

test('a path with a line break is refused: no format can bear it', () => {
  const rig = schedulerRig(['crontab']);

  expect(install(rig, { program: ['/a\nb'] })).toMatchObject({ ok: false, failure: { reason: 'usage' } });
  expect(rig.exists(rig.crontab)).toBe(false);
});

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => !line.startsWith('<!--'));

describe('what the real parsers say', () => {
  test.each([plainJob(), awkwardJob()])('plistutil reads every key and word of the plist back', (job) => {
    const folder = tempFolder();
    const [xml, binary, back] = ['job.plist', 'job.bin', 'back.plist'].map((name) => path.join(folder, name));
    fs.writeFileSync(xml ?? '', renderPlist(job));
    for (const words of [
      ['-i', xml, '-f', 'bin', '-o', binary],
      ['-i', binary, '-f', 'xml', '-o', back],
    ]) {
      const run = spawnSync('plistutil', words.map(String), { encoding: 'utf8' });
      expect(run.error, 'plistutil is missing here (Debian: libplist-utils)').toBeUndefined();
      expect([run.status, run.stdout, run.stderr]).toEqual([0, '', '']);
    }
    expect(linesOf(fs.readFileSync(back ?? '', 'utf8'))).toEqual(linesOf(renderPlist(job)));
  });

  test.each(['plain', `o'neil & co 50% $HOME`])(
    'systemd-analyze has nothing to say about the units in "%s"',
    (name) => {
      const folder = path.join(tempFolder(), name);
      const launcher = path.join(folder, 'csep');
      fs.mkdirSync(path.join(folder, 'units'), { recursive: true });
      fs.writeFileSync(launcher, '#!/bin/sh\n', { mode: 0o755 });
      const job = awkwardJob({ argv: [launcher, 'scan', '$x', '"y"'], log: path.join(folder, 'scheduler.log') });
      const units = ['codex-self-evolution-preflight.service', 'codex-self-evolution-preflight.timer'].map((unit) =>
        path.join(folder, 'units', unit),
      );
      fs.writeFileSync(units[0] ?? '', renderService(job));
      fs.writeFileSync(units[1] ?? '', renderTimer(job));
      const run = spawnSync('systemd-analyze', ['--user', 'verify', ...units], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: folder, XDG_RUNTIME_DIR: folder },
      });

      expect(run.error, 'systemd-analyze is missing here (Debian: systemd)').toBeUndefined();
      expect([run.status, run.stdout, run.stderr]).toEqual([0, '', '']);
    },
  );
});
