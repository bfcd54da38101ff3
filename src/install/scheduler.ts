import path from 'node:path';
import type { LastTick } from '../capture/last-tick.ts';
import { readLastTick } from '../capture/last-tick.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { World } from '../kernel/world.ts';
import { applyPlan, contentOf } from './scheduler-apply.ts';
import { carryOut } from './scheduler-change.ts';
import type { SchedulerChange } from './scheduler-change.ts';
import { cron } from './scheduler-cron.ts';
import { hostOf } from './scheduler-host.ts';
import { planJob } from './scheduler-job.ts';
import { launchd } from './scheduler-launchd.ts';
import type { SchedulerFound, SchedulerHost, SchedulerKind, SchedulerPlan, SchedulerRow } from './scheduler-row.ts';
import { systemd } from './scheduler-systemd.ts';
import { windowsTask } from './scheduler-windows.ts';

/** In the order of preference. */
const ROWS: readonly SchedulerRow[] = [launchd, windowsTask, systemd, cron];

export const SCHEDULER_KINDS: readonly SchedulerKind[] = ROWS.map((row) => row.kind);

export interface SchedulerOptions {
  /** Which one; otherwise the first that works here. */
  kind?: SchedulerKind | undefined;
  /** What the scheduler starts: the launcher, or node and a bundle. `scan …` is added. */
  program: readonly string[];
  intervalSeconds: number;
  dryRun?: boolean;
  /** A unit in our place that this program has not written (the Python plugin's) is moved aside. */
  replace?: boolean;
  host?: SchedulerHost;
}

/** `scheduler` in FORMATS, Status. */
export interface SchedulerStatus {
  /** Null: no scheduler works here, and nothing is installed. */
  kind: SchedulerKind | null;
  label: string | null;
  unit_path: string | null;
  unit_exists: boolean;
  /** The scheduler knows the job; null when it could not be asked. */
  loaded: boolean | null;
  last_tick: LastTick | null;
  /** What is wrong, and what to do; null when nothing is. */
  error: string | null;
}

/**
 * Makes the scheduler of this machine run `scan`; again: the same. Jobs of ours with another scheduler are
 * removed: never two.
 *
 * @returns Failure `scheduler-unavailable`, `scheduler-taken` or `program-failed`; then nothing is scheduled anew
 */
export function installScheduler(world: World, options: SchedulerOptions): Result<SchedulerChange> {
  const host = options.host ?? hostOf(world);
  const row = rowFor(host, options.kind);
  if (!row) return fail({ reason: 'scheduler-unavailable', detail: whyNone(options.kind) });
  const found = row.look(host);
  if (found.error !== null) return fail({ reason: 'scheduler-unavailable', detail: found.error });
  if (found.foreign && !options.replace) return fail({ reason: 'scheduler-taken', path: row.unitPath(host) ?? '' });
  const { program, intervalSeconds } = options;
  const nodeFolder = path.dirname(process.execPath);
  const job = planJob(host, { kind: row.kind, program, intervalSeconds, nodeFolder });
  const odd = [...job.argv, ...Object.values(job.environment), job.log].find((word) => CONTROL.test(word));
  if (odd !== undefined)
    return fail({ reason: 'usage', detail: `no scheduler can take the path ${JSON.stringify(odd)}` });
  const plan = withoutRepetition(host, row.plan(host, job, found), found);
  const others = removals(host, (other) => other !== row);
  return carryOut(world, { host, row, plans: [plan, ...others], dryRun: options.dryRun ?? false, found });
}

const CONTROL = /\p{Cc}/u;

/**
 * Removes what `installScheduler` has added for this home, with whatever scheduler; the last tick stays, as history.
 * A job that scans another home stays: it was put in for that one.
 */
export function uninstallScheduler(
  world: World,
  options: { dryRun?: boolean; host?: SchedulerHost } = {},
): Result<SchedulerChange> {
  const host = options.host ?? hostOf(world);
  const ours = ROWS.filter((candidate) => isOurs(candidate.look(host)));
  return carryOut(world, {
    host,
    row: ours[0],
    plans: removals(host, (row) => ours.includes(row)),
    dryRun: options.dryRun ?? false,
  });
}

/** What there is: our job where it is, else what could have one. Asks the scheduler; changes nothing, and never throws for it. */
export function schedulerStatus(world: World, host: SchedulerHost = hostOf(world)): SchedulerStatus {
  const looks = ROWS.map((row) => ({ row, found: row.look(host) }));
  const best =
    looks.find(({ found }) => isOurs(found)) ??
    looks.find(({ found }) => found.foreign) ??
    looks.find(({ found }) => found.exists) ??
    looks.find(({ row }) => row.isAvailable(host));
  const last_tick = readLastTick(world.home) ?? null;
  if (!best) {
    return {
      kind: null,
      label: null,
      unit_path: null,
      unit_exists: false,
      loaded: null,
      last_tick,
      error: whyNone(undefined),
    };
  }
  const { row, found } = best;
  return {
    kind: row.kind,
    label: row.label,
    unit_path: row.unitPath(host),
    unit_exists: isOurs(found) || found.foreign,
    loaded: found.elsewhere ? false : found.loaded,
    last_tick,
    error: troubleOf(row, found),
  };
}

const isOurs = ({ exists, elsewhere }: SchedulerFound): boolean => exists && !elsewhere;

function troubleOf(row: SchedulerRow, found: SchedulerFound): string | null {
  if (found.error !== null) return found.error;
  if (found.foreign)
    return 'the unit was not written by this program (the Python plugin has one of the same name); csep scheduler install --replace takes its place';
  if (found.elsewhere) return 'its job scans another home; csep scheduler install has it scan this one instead';
  if (found.exists && found.loaded === false)
    return `${row.kind} does not run it although its unit is there; csep scheduler install loads it`;
  return null;
}

/** Asks the scheduler itself to run the job now. @returns the command, or a Failure that says why not */
export function startThroughScheduler(world: World, host: SchedulerHost = hostOf(world)): Result<string[]> {
  const row = ROWS.find((candidate) => isOurs(candidate.look(host)));
  if (!row) return fail({ reason: 'scheduler-unavailable', detail: 'no job is installed (csep scheduler install)' });
  const argv = row.startCommand(host);
  if (!argv) return fail({ reason: 'scheduler-unavailable', detail: `${row.kind} cannot start a job on request` });
  const started = applyPlan(host, { files: [], removals: [], commands: [{ argv }] });
  return started.ok ? succeed([...argv]) : started;
}

const rowFor = (host: SchedulerHost, kind: SchedulerKind | undefined): SchedulerRow | undefined =>
  ROWS.find((row) => (kind === undefined || row.kind === kind) && row.isAvailable(host));

const whyNone = (kind: SchedulerKind | undefined): string =>
  kind === undefined
    ? 'there is neither launchctl, schtasks, a systemd session of the user, nor crontab'
    : `${kind} does not work here`;

const removals = (host: SchedulerHost, wanted: (row: SchedulerRow) => boolean): SchedulerPlan[] =>
  ROWS.filter(wanted).map((row) => row.planRemoval(host, row.look(host)));

/** Files that are as they should be need no writing, and a job that runs on them no loading. */
function withoutRepetition(host: SchedulerHost, plan: SchedulerPlan, found: SchedulerFound): SchedulerPlan {
  const files = plan.files.filter((file) => !host.readFile(file.path)?.equals(contentOf(file)));
  const isSettled = plan.files.length > 0 && files.length === 0 && found.loaded === true;
  return { ...plan, files, commands: isSettled ? [] : plan.commands };
}
