import type { SchedulerHost, SchedulerJob } from '../../src/install/scheduler-row.ts';

/** A job whose every word holds what some format cannot bear. */
export const awkwardJob = (more: Partial<SchedulerJob> = {}): SchedulerJob => ({
  argv: ['/home/o\'neil & co/50% "off"/app/csep', 'scan', '--trigger', 'scheduler'],
  minutes: 5,
  environment: { PATH: '/usr/bin:/bin', CODEX_SELF_EVOLUTION_HOME: '/home/o\'neil & co/50% "off"' },
  home: '/home/o\'neil & co/50% "off"',
  log: '/home/o\'neil & co/50% "off"/logs/scheduler.log',
  ...more,
});

export const plainJob = (more: Partial<SchedulerJob> = {}): SchedulerJob => ({
  argv: ['/home/u/.codex-self-evolution/app/csep', 'scan', '--trigger', 'scheduler'],
  minutes: 5,
  environment: { PATH: '/usr/bin:/bin' },
  home: '/home/u/.codex-self-evolution',
  log: '/home/u/.codex-self-evolution/logs/scheduler.log',
  ...more,
});

/** A machine without any program. */
export const bareHost = (more: Partial<SchedulerHost> = {}): SchedulerHost => ({
  env: { HOME: '/home/u' },
  userFolder: '/home/u',
  uid: 501,
  home: '/home/u/.codex-self-evolution',
  findProgram: () => undefined,
  isFolder: () => false,
  readFile: () => undefined,
  run: () => ({ status: null, stdout: Buffer.alloc(0), stderr: 'not found' }),
  ...more,
});
