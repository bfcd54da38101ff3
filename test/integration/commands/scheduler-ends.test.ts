import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { memory, tempBucket } from '../../support/temp-bucket.ts';
import { schedulerRig } from '../install/scheduler-rig.ts';
import { builtCsep } from './built-csep.ts';

const csep = builtCsep();

/** A user whose machine has cron and nothing else. */
function machine() {
  const temp = tempBucket();
  const rig = schedulerRig(['crontab']);
  return { temp, rig, env: { PATH: rig.world.env['PATH'] ?? '', CALLS: rig.world.env['CALLS'] ?? '' } };
}

describe('a config.toml that cannot be used', () => {
  test.each([
    ['scheduler install', ['scheduler', 'install']],
    ['install --scheduler', ['install', '--yes', '--scheduler']],
  ])('%s names its line and changes nothing', (_, words) => {
    const { temp, rig, env } = machine();
    fs.writeFileSync(path.join(temp.world.home, 'config.toml'), '[scheduler]\ninterval_seconds = "often"\n');
    const ran = csep(temp, words, env);

    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain('line 2');
    expect(rig.exists(rig.crontab)).toBe(false);
    expect(fs.readdirSync(temp.codexHome)).toEqual([]);
  });
});

test('uninstall names the job that it has taken out of the crontab, and none where there was none', () => {
  const { temp, rig, env } = machine();
  csep(temp, ['scheduler', 'install'], env);
  const would = JSON.parse(csep(temp, ['uninstall', '--dry-run', '--json'], env).stdout);
  const did = JSON.parse(csep(temp, ['uninstall', '--json'], env).stdout);
  const again = JSON.parse(csep(temp, ['uninstall', '--json'], env).stdout);

  expect(would.scheduler).toEqual(['the job codex-self-evolution (cron)']);
  expect(did.scheduler).toEqual(['the job codex-self-evolution (cron)']);
  expect(again.scheduler).toEqual([]);
  expect(rig.exists(rig.crontab)).toBe(false);
});

describe('a scan whose agent is not there', () => {
  const env = { CSEP_SCHEDULER_BACKEND: 'agent:codex', PATH: '/nonexistent' };

  test('says who stood in and why, for programs and in the line of the scheduler', () => {
    const temp = tempBucket();
    temp.deposit('first', [memory('Always run the tests with make verify.')]);
    const line = JSON.parse(csep(temp, ['scan', '--trigger', 'scheduler'], env).stdout);
    temp.deposit('second', [memory('Always build with make all.')]);
    const whole = JSON.parse(csep(temp, ['scan', '--json'], env).stdout);

    const reason = expect.stringContaining('on the PATH');
    expect(line.fallbacks).toEqual([
      { project: temp.bucket.id, backend: 'agent:codex', fallback_backend: 'script', reason },
    ]);
    expect(whole.results).toMatchObject([{ fallback_backend: 'script', fallback_reason: reason }]);
  });
});
