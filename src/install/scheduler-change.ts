import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import { compactTimestamp } from '../kernel/clock.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { makeFolder } from '../kernel/write-files.ts';
import { schedulerLayout } from '../kernel/home.ts';
import { moveFile } from '../kernel/move-files.ts';
import type { World } from '../kernel/world.ts';
import { applyPlan } from './scheduler-apply.ts';
import { UNIT_MARK } from './scheduler-row.ts';
import type { SchedulerFound, SchedulerHost, SchedulerKind, SchedulerPlan, SchedulerRow } from './scheduler-row.ts';

/** What installing or removing did, or would do. */
export interface SchedulerChange {
  kind: SchedulerKind | null;
  label: string | null;
  unit_path: string | null;
  dry_run: boolean;
  /** False: everything was as it should be. */
  changed: boolean;
  written: { path: string; content: string }[];
  removed: string[];
  commands: string[][];
  /** What went to the standard input of the last command: the crontab. */
  input: string | null;
}

interface Carrying {
  host: SchedulerHost;
  row: SchedulerRow | undefined;
  plans: readonly SchedulerPlan[];
  dryRun: boolean;
  /** Only where something is installed. */
  found?: SchedulerFound;
}

/** Carries plans out one after the other, or only tells them. */
export function carryOut(world: World, { host, row, plans, dryRun, found }: Carrying): Result<SchedulerChange> {
  const change: SchedulerChange = {
    kind: row?.kind ?? null,
    label: row?.label ?? null,
    unit_path: row?.unitPath(host) ?? null,
    dry_run: dryRun,
    ...summaryOf(plans),
  };
  if (dryRun) return succeed(change);
  const prepared = attempt(() => {
    if (found?.foreign) for (const plan of plans) moveAside(world, host, plan);
    // A scheduler makes the log, not its folder.
    if (found) makeFolder(path.dirname(schedulerLayout(world.home).log));
  });
  if (!prepared.ok) return prepared;
  for (const plan of plans) {
    const done = applyPlan(host, plan);
    if (!done.ok) return done;
  }
  return succeed(change);
}

function summaryOf(plans: readonly SchedulerPlan[]) {
  const commands = plans.flatMap((plan) => [...plan.commands, ...(plan.lastCommands ?? [])]);
  const written = plans.flatMap((plan) => plan.files.map((file) => ({ path: file.path, content: file.content })));
  const removed = plans.flatMap((plan) => plan.removals);
  return {
    changed: commands.length + written.length + removed.length > 0,
    written,
    removed,
    commands: commands.map((command) => [...command.argv]),
    input: commands.findLast((command) => command.input)?.input?.toString('utf8') ?? null,
  };
}

/** Units that are not ours and stand in our place are kept where no scheduler reads them. */
function moveAside(world: World, host: SchedulerHost, plan: SchedulerPlan): void {
  const { folder } = schedulerLayout(world.home);
  for (const { path: unit } of plan.files) {
    const text = host.readFile(unit)?.toString('utf8');
    if (text === undefined || text.includes(UNIT_MARK)) continue;
    makeFolder(folder);
    moveFile(unit, path.join(folder, `replaced-${compactTimestamp(world.clock)}-${path.basename(unit)}`));
  }
}
