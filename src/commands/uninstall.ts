import { defineCommand } from 'citty';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { codexHomeToClear } from '../install/codex-home.ts';
import { findCodex } from '../install/codex-program.ts';
import { inTurn } from '../install/in-turn.ts';
import type { SchedulerChange } from '../install/scheduler-change.ts';
import { uninstall } from '../install/uninstall.ts';
import type { UninstallSummary } from '../install/uninstall.ts';
import type { World } from '../kernel/world.ts';
import { homeFlag, jsonFlag } from './arguments.ts';
import { commandWorld, runCommand } from './edge.ts';
import { uninstallText } from './install-text.ts';
import { printResult, wantsJson } from './output.ts';

export const uninstallCommand = defineCommand({
  meta: {
    name: 'uninstall',
    description:
      'Remove what install has added, keep the data (examples: uninstall, uninstall --dry-run, uninstall --purge --yes)',
  },
  args: {
    purge: { type: 'boolean', description: 'Remove all memory, recall, keys and logs, too', default: false },
    yes: { type: 'boolean', description: 'Do not ask before --purge', default: false },
    scheduler: { type: 'boolean', description: 'Leave the scheduler job', default: true },
    'dry-run': { type: 'boolean', description: 'Print what would change, change nothing', default: false },
    'codex-home': { type: 'string', description: 'Folder of Codex (default: CODEX_HOME, then ~/.codex)' },
    ...homeFlag,
    ...jsonFlag,
  },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      () => uninstallWith(world, args),
      (summary) => {
        if (summary) printResult(summary, () => uninstallText(summary), args);
        else process.stdout.write('Nothing was changed.\n');
      },
    );
  },
});

interface Flags {
  purge: boolean;
  yes: boolean;
  scheduler: boolean;
  'dry-run': boolean;
  'codex-home'?: string | undefined;
  json: boolean;
}

/** Undefined: the person did not want to. */
async function uninstallWith(world: World, flags: Flags): Promise<Result<UninstallSummary | undefined>> {
  if (flags.purge && !flags.yes && !flags['dry-run']) {
    const agreed = await askForPurge(world, flags);
    if (!agreed.ok) return agreed;
    if (!agreed.value) return succeed(undefined);
  }
  const { uninstallScheduler } = await import('../install/scheduler.ts');
  const home = codexHomeToClear(flags['codex-home'], world);
  if (!home.ok) return home;
  const request = {
    codexHome: home.value,
    purge: flags.purge,
    dryRun: flags['dry-run'],
    codex: (folder: string) => findCodex(world.env, folder, folder),
    unschedule: (dryRun: boolean): Result<string[]> => {
      if (!flags.scheduler) return succeed([]);
      const change = uninstallScheduler(world, { dryRun });
      return change.ok ? succeed(removedJobs(change.value)) : change;
    },
  };
  const work = () => uninstall(world, request);
  return request.dryRun ? work() : inTurn(world, work);
}

/** A crontab loses lines, not a file; the others are told by the files that go. */
function removedJobs({ changed, kind, label, removed }: SchedulerChange): string[] {
  if (!changed || removed.length > 0) return removed;
  return [`the job ${label ?? 'that runs scan'}${kind === null ? '' : ` (${kind})`}`];
}

async function askForPurge(world: World, flags: Flags): Promise<Result<boolean>> {
  if (wantsJson(flags) || !process.stdin.isTTY)
    return fail({
      reason: 'usage',
      detail: '--purge removes everything that was learned; without a terminal it needs --yes',
    });
  const { confirm } = await import('@clack/prompts');
  const message = `Remove everything that was learned, with keys and logs, from ${world.home}? It cannot be brought back.`;
  return succeed((await confirm({ message, initialValue: false })) === true);
}
