import path from 'node:path';
import { codexHome, schedulerLayout } from '../kernel/home.ts';
import type { SchedulerHost, SchedulerJob, SchedulerKind } from './scheduler-row.ts';

/** Finest step of the interval: a longer one is kept by the scan itself, so that changing it needs no new unit. */
const LONGEST_TICK_MINUTES = 5;

export interface JobRequest {
  kind: SchedulerKind;
  /** Program and first arguments: the launcher, or node and a bundle. */
  program: readonly string[];
  intervalSeconds: number;
  /** Of the node that runs us. */
  nodeFolder: string;
}

/** What the scheduler is to start, with the surroundings that a login shell would give it. */
export function planJob(host: SchedulerHost, request: JobRequest): SchedulerJob {
  const homeIsUsual = host.home === path.join(host.userFolder, '.codex-self-evolution');
  // A task of Windows has the user's environment and no place for variables; there the flag says it.
  const isWindows = request.kind === 'windows-task';
  const homeWords = isWindows && !homeIsUsual ? ['--home', host.home] : [];
  const codex = codexHome(host.env);
  const environment = {
    PATH: searchPath(host, request.nodeFolder),
    ...(homeIsUsual ? {} : { CODEX_SELF_EVOLUTION_HOME: host.home }),
    ...(codex === path.join(host.userFolder, '.codex') ? {} : { CODEX_HOME: codex }),
  };
  return {
    argv: [...request.program, 'scan', '--trigger', 'scheduler', ...homeWords],
    minutes: Math.min(LONGEST_TICK_MINUTES, Math.max(1, Math.floor(request.intervalSeconds / 60))),
    environment: isWindows ? {} : environment,
    home: host.home,
    log: schedulerLayout(host.home).log,
  };
}

/** Where the programs that a scan may start lie today, then where such programs are usually put. */
function searchPath(host: SchedulerHost, nodeFolder: string): string {
  const found = ['node', 'codex', 'opencode'].flatMap((name) => host.findProgram(name) ?? []);
  const folders = [
    nodeFolder,
    ...found.map((file) => path.dirname(file)),
    path.join(host.userFolder, '.local', 'bin'),
    path.join(host.userFolder, '.opencode', 'bin'),
    '/opt/homebrew/bin',
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
    '/usr/sbin',
    '/sbin',
  ];
  return [...new Set(folders)].filter((folder) => !folder.includes(':')).join(':');
}
