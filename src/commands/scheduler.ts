import { defineCommand } from 'citty';
import path from 'node:path';
import { askForScan, readLastTick } from '../capture/last-tick.ts';
import type { LastTick } from '../capture/last-tick.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import {
  installScheduler,
  SCHEDULER_KINDS,
  schedulerStatus,
  startThroughScheduler,
  uninstallScheduler,
} from '../install/scheduler.ts';
import type { SchedulerStatus } from '../install/scheduler.ts';
import type { SchedulerChange } from '../install/scheduler-change.ts';
import type { SchedulerKind } from '../install/scheduler-row.ts';
import { isFile } from '../kernel/files.ts';
import { appLayout } from '../kernel/home.ts';
import { pause } from '../kernel/pause.ts';
import type { World } from '../kernel/world.ts';
import { homeFlag, jsonFlag } from './arguments.ts';
import { commandSettings } from './command-settings.ts';
import { commandWorld, runCommand } from './edge.ts';
import { printResult, wantsJson } from './output.ts';
import { recallProgram } from './program-file.ts';
import { printScan, runScan } from './scan.ts';

const dryRunFlag = {
  'dry-run': { type: 'boolean', description: 'Print what would be done, change nothing', default: false },
} as const;

const install = defineCommand({
  meta: {
    name: 'install',
    description: 'Have this machine run scan regularly (examples: scheduler install, scheduler install --dry-run)',
  },
  args: {
    kind: { type: 'string', description: `One of ${SCHEDULER_KINDS.join(', ')} (default: the first that works here)` },
    program: {
      type: 'string',
      description: 'What is started (default: the launcher that install made, then this one)',
    },
    replace: {
      type: 'boolean',
      description: 'Move a unit of the same name that something else wrote aside',
      default: false,
    },
    ...dryRunFlag,
    ...homeFlag,
    ...jsonFlag,
  },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => {
        const kind = kindOf(args.kind);
        if (!kind.ok) return kind;
        const settings = await commandSettings(world);
        if (!settings.ok) return settings;
        const { intervalSeconds } = settings.value.scheduler;
        const program = args.program ? [path.resolve(args.program)] : programOf(world);
        return installScheduler(world, {
          kind: kind.value,
          program,
          intervalSeconds,
          dryRun: args['dry-run'],
          replace: args.replace,
        });
      },
      (change) => printResult(change, () => changeText(change, 'install'), args),
    );
  },
});

function kindOf(name: string | undefined): Result<SchedulerKind | undefined> {
  const kind = SCHEDULER_KINDS.find((known) => known === name);
  if (name === undefined || kind) return succeed(kind);
  return fail({ reason: 'usage', detail: `There is no scheduler "${name}"; known: ${SCHEDULER_KINDS.join(', ')}` });
}

/** The launcher's path outlives updates; without one, the running program by the node that runs it. */
function programOf(world: World): string[] {
  const launcher = appLayout(world.home).launchers(process.platform).program;
  return isFile(launcher) ? [launcher] : [process.execPath, recallProgram()];
}

const uninstall = defineCommand({
  meta: {
    name: 'uninstall',
    description: 'Take away what scheduler install has added, and nothing else (example: scheduler uninstall)',
  },
  args: { ...dryRunFlag, ...homeFlag, ...jsonFlag },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => uninstallScheduler(world, { dryRun: args['dry-run'] }),
      (change) => printResult(change, () => changeText(change, 'uninstall'), args),
    );
  },
});

function changeText(change: SchedulerChange, verb: 'install' | 'uninstall'): string {
  const job = `${change.kind} (${change.unit_path ?? change.label})`;
  if (!change.changed)
    return verb === 'install'
      ? `Already as it should be: ${job}.`
      : 'Nothing to remove: no job runs scan for this home.';
  const done = verb === 'install' ? `scan runs regularly by ${job}` : `${job} no longer runs scan`;
  if (!change.dry_run) return `Done: ${done}. To see it: csep scheduler status`;
  return [
    `Nothing was changed. This would be done, so that ${done}:`,
    ...change.written.flatMap(({ path: file, content }) => [`write ${file}:`, indented(content)]),
    ...change.commands.map((words) => `run ${words.join(' ')}`),
    ...(change.input === null ? [] : ['  with this on its standard input:', indented(change.input)]),
    ...change.removed.map((file) => `remove ${file}`),
  ].join('\n');
}

const indented = (text: string): string => text.trimEnd().replaceAll(/^/gm, '    ');

const status = defineCommand({
  meta: { name: 'status', description: 'Which scheduler runs scan, and when it last did (example: scheduler status)' },
  args: { ...homeFlag, ...jsonFlag },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => succeed(schedulerStatus(world)),
      (found) => printResult(found, () => statusText(found), args),
    );
  },
});

function statusText(found: SchedulerStatus): string {
  const state = found.unit_exists
    ? found.loaded
      ? 'installed and running'
      : 'installed, not running'
    : 'not installed';
  return [
    `Scheduler: ${found.kind ?? 'none'}, ${state}${found.unit_path ? ` (${found.unit_path})` : ''}`,
    `Last scan: ${found.last_tick ? tickText(found.last_tick) : 'never'}`,
    ...(found.error === null ? [] : [`Problem: ${found.error}`]),
  ].join('\n');
}

function tickText({ at, ms, trigger, ok, buckets, reviews, scheduled_at, error }: LastTick): string {
  const outcome = ok ? 'fine' : `failed${error === null ? '' : `: ${error}`}`;
  const scheduled = trigger === 'scheduler' ? '' : `; by a scheduler: ${scheduled_at ?? 'never'}`;
  return `${at} (${trigger}, ${ms} ms): ${outcome}; ${reviews.reviewed} reviewed, ${buckets.run} promoted, ${buckets.failed} failed${scheduled}`;
}

const runNow = defineCommand({
  meta: {
    name: 'run-now',
    description:
      'Run a scan now and print its result (examples: scheduler run-now, scheduler run-now --through-scheduler)',
  },
  args: {
    'through-scheduler': {
      type: 'boolean',
      description: 'Have the scheduler start it, with the surroundings that it gives; waits for the tick',
      default: false,
    },
    ...homeFlag,
    ...jsonFlag,
  },
  async run({ args }) {
    const world = commandWorld(args.home);
    if (args['through-scheduler']) {
      await runCommand(
        world,
        async () => throughScheduler(world),
        (tick) => printResult(tick, () => `The scheduler's scan: ${tickText(tick)}`, args),
      );
      return;
    }
    const flags = { backend: undefined, now: false, watched: !wantsJson(args), trigger: 'manual' } as const;
    await runCommand(
      world,
      () => runScan(world, flags),
      (answer) => printScan(answer, args),
    );
  },
});

const TICK_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 100;

function throughScheduler(world: World): Result<LastTick> {
  const before = readLastTick(world.home);
  askForScan(world.home);
  const started = startThroughScheduler(world);
  if (!started.ok) return started;
  for (let waited = 0; waited < TICK_WITHIN_MS; waited += LOOK_AGAIN_MS) {
    const tick = readLastTick(world.home);
    if (tick && JSON.stringify(tick) !== JSON.stringify(before)) return succeed(tick);
    pause(LOOK_AGAIN_MS);
  }
  const detail = `it was told, and no scan was noted within ${TICK_WITHIN_MS / 1_000} s; see logs/scheduler.log`;
  return fail({ reason: 'program-failed', program: started.value.join(' '), detail });
}

export const schedulerCommand = defineCommand({
  meta: {
    name: 'scheduler',
    description: 'Have scan run by the machine itself: launchd, systemd, cron or a Windows task',
  },
  subCommands: { install, uninstall, status, 'run-now': runNow },
});
