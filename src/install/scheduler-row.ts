import path from 'node:path';
import type { Environment } from '../kernel/home.ts';
import { schedulerLayout } from '../kernel/home.ts';
import type { ProgramRun } from '../kernel/run-program.ts';

export type SchedulerKind = 'launchd' | 'systemd' | 'cron' | 'windows-task';

/** The machine, as far as a scheduler is concerned; tests put their own in its place. */
export interface SchedulerHost {
  env: Environment;
  /** The user's home folder. */
  userFolder: string;
  /** Null where users have no numbers. */
  uid: number | null;
  /** Our home folder. */
  home: string;
  /** Absolute path on PATH. */
  findProgram(name: string): string | undefined;
  isFolder(path: string): boolean;
  readFile(path: string): Buffer | undefined;
  run(argv: readonly string[], input?: Buffer): ProgramRun;
}

/** What is to be started, and how often. */
export interface SchedulerJob {
  /** Program and arguments. */
  argv: readonly string[];
  /** Minutes between two ticks, 1 to 5: the finest step of the interval, which the scan itself keeps. */
  minutes: number;
  /** For the job's process, PATH included. */
  environment: Readonly<Record<string, string>>;
  home: string;
  /** Takes what the job prints. */
  log: string;
}

export interface PlannedFile {
  path: string;
  content: string;
  /** UTF-16 with a byte-order mark, for Windows; UTF-8 otherwise. */
  encoding?: 'utf16le';
}

export interface PlannedCommand {
  argv: readonly string[];
  input?: Buffer;
  /** Its failure is no failure: it undoes what may not be there. */
  mayFail?: boolean;
  /** How often it is tried, half a second apart; 1. */
  tries?: number;
}

/** What installing or removing would do, decided before anything is done: first files, then commands, then removals. */
export interface SchedulerPlan {
  files: readonly PlannedFile[];
  commands: readonly PlannedCommand[];
  /** Files that go, after the commands. */
  removals: readonly string[];
  /** Commands after the removals. */
  lastCommands?: readonly PlannedCommand[];
}

/** What of ours (or in our place) is there today. */
export interface SchedulerFound {
  /** The unit that carries the job, or the whole crontab (as latin1, byte for byte); null when there is none. */
  text: string | null;
  /** A job of ours is there. */
  exists: boolean;
  /** That job scans another home than this one: it is not this home's to take away. */
  elsewhere: boolean;
  /** Something in our place that this program has not written. */
  foreign: boolean;
  /** The scheduler knows the job; null when it could not be asked. */
  loaded: boolean | null;
  /** Why it could not be asked. */
  error: string | null;
}

/**
 * One kind of scheduler.
 *
 * Contract: `plan` and `planRemoval` decide from what they are given and touch nothing; `look` reads and asks,
 * changes nothing and never throws for a scheduler that refuses. Uninstalling what was installed leaves every
 * byte of others as it was.
 */
export interface SchedulerRow {
  kind: SchedulerKind;
  /** Name of the job at the scheduler. */
  label: string;
  isAvailable(host: SchedulerHost): boolean;
  /** File that carries the job; null for a crontab. */
  unitPath(host: SchedulerHost): string | null;
  look(host: SchedulerHost): SchedulerFound;
  plan(host: SchedulerHost, job: SchedulerJob, found: SchedulerFound): SchedulerPlan;
  planRemoval(host: SchedulerHost, found: SchedulerFound): SchedulerPlan;
  /** Asks the scheduler to start the job now; undefined where it cannot be asked. */
  startCommand(host: SchedulerHost): readonly string[] | undefined;
}

/** Stands in every unit that we write, and in none that the Python plugin wrote. */
export const UNIT_MARK = 'Written by csep scheduler install';

export const NO_PLAN: SchedulerPlan = { files: [], commands: [], removals: [] };

/** Whether a unit of ours scans another home: its log lies there. `written` spells a path as the unit does. */
export function scansElsewhere(host: SchedulerHost, unit: string | null, written: (log: string) => string): boolean {
  const { log } = schedulerLayout(host.home);
  return unit !== null && unit.includes(path.basename(log)) && !unit.includes(written(log));
}

/** The first line of what a program said, for a person. */
export function saidBy(run: ProgramRun): string {
  const line = `${run.stderr}\n${run.stdout.toString('utf8')}`.split('\n').find((text) => text.trim() !== '');
  const code = run.status === null ? 'no exit code' : `exit code ${run.status}`;
  return line === undefined ? code : `${line.trim().slice(0, 300)} (${code})`;
}
