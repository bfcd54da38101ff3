import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import { attemptAsync } from '../kernel/disk-failure.ts';
import { isFolder, listNames } from '../kernel/files.ts';
import { readForeignFile } from '../kernel/foreign-file.ts';
import { appLayout, homeLayout, schedulerLayout } from '../kernel/home.ts';
import { removeEmptyFolder, removeFile, removeFolder } from '../kernel/move-files.ts';
import type { World } from '../kernel/world.ts';
import { pruneApps } from './app-copy.ts';
import { codexFiles } from './codex-files.ts';
import type { CodexProgram } from './codex-program.ts';
import { tell } from './file-change.ts';
import type { ToldChange } from './file-change.ts';
import { readInstallRecord } from './install-record.ts';
import { planUninstall } from './plan-uninstall.ts';
import type { UninstallPlan, UninstallSubject } from './plan-uninstall.ts';
import { removeFoldersAbovePlugin, removePlugin } from './plugin-marketplace.ts';
import { findPublishedSkills, removePublishedSkills } from './published-skills.ts';
import { foreignNames, holdsOurs, purgeHome } from './purge-home.ts';
import { writeChanges } from './write-changes.ts';

export interface UninstallRequest {
  codexHome: string;
  /** The data goes, too. */
  purge: boolean;
  dryRun: boolean;
  codex: (codexHome: string) => Result<CodexProgram>;
  /** Removes the scheduler's job; what it removed, in words. */
  unschedule: (dryRun: boolean) => Result<string[]>;
}

export interface UninstallSummary {
  home: string;
  dry_run: boolean;
  codex_homes: string[];
  files: ToldChange[];
  commands: string[];
  scheduler: string[];
  skills_removed: string[];
  /** The home's memory, keys and logs went (or would go). */
  purged: boolean;
  /** Paths, with why they stay. */
  kept: { path: string; why: string }[];
}

/** Removes what `install` has added, and nothing else. Run again it completes what is missing. */
export function uninstall(world: World, request: UninstallRequest): Promise<Result<UninstallSummary>> {
  return attemptAsync(async () => {
    const subjects = subjectsOf(world, request);
    if (!subjects.ok) return subjects;
    const plans: UninstallPlan[] = [];
    for (const subject of subjects.value) {
      const plan = planUninstall(subject);
      if (!plan.ok) return plan;
      plans.push(plan.value);
    }
    const skills = findPublishedSkills(
      world,
      plans.map(({ codexHome }) => codexHome),
    );
    const scheduler = request.unschedule(request.dryRun);
    if (!scheduler.ok) return scheduler;
    const purged = request.purge && holdsOurs(world.home);
    const told = { plans, skills, scheduler: scheduler.value, purged };
    if (request.dryRun) return succeed(summary(world, request, told));
    for (const [index, plan] of plans.entries()) {
      const done = clearCodexHome(request, plan, subjects.value[index]);
      if (!done.ok) return done;
    }
    removePublishedSkills(skills);
    for (const { codexHome, created, pluginFolders } of subjects.value) {
      removeFoldersAbovePlugin(codexHome, pluginFolders);
      if (created) removeEmptyFolder(codexHome);
    }
    removeProgram(world.home, request.purge);
    return succeed(summary(world, request, told));
  });
}

interface Subject extends UninstallSubject {
  /** By us. */
  created: boolean;
  /** Above our plugin, made by Codex for it. */
  pluginFolders: readonly string[];
}

/** The Codex homes that anything was installed into, and the one that was asked for. */
function subjectsOf(world: World, { codexHome }: UninstallRequest): Result<Subject[]> {
  const record = readInstallRecord(world.home);
  if (!record.ok) return record;
  const notes = record.value?.codex_homes ?? {};
  const folders = new Set([codexFiles(codexHome).home, ...Object.keys(notes)]);
  return succeed(
    [...folders]
      .filter((folder) => isFolder(folder))
      .map((folder) => ({
        home: world.home,
        codexHome: folder,
        notes: notes[folder]?.files ?? [],
        created: notes[folder]?.created ?? false,
        pluginFolders: notes[folder]?.plugin_folders ?? [],
      })),
  );
}

function clearCodexHome(
  request: UninstallRequest,
  plan: UninstallPlan,
  subject: UninstallSubject | undefined,
): Result<void> {
  if (plan.plugins.length === 0 || !subject) {
    writeChanges(plan.files);
    return succeed(undefined);
  }
  const codex = request.codex(plan.codexHome);
  if (!codex.ok) return codex;
  for (const plugin of plan.plugins) {
    const removed = removePlugin(codex.value, plugin);
    if (!removed.ok) return removed;
  }
  // What Codex has left of its config.toml; where that was to go back as a whole, it still can.
  const again = planUninstall(subject);
  if (!again.ok) return again;
  const wholes = plan.files
    .filter(({ path }) => plan.wholes.includes(path))
    .map((change) => ({ ...change, before: readForeignFile(change.path)?.text }));
  const rest = again.value.files.filter(({ path }) => !plan.wholes.includes(path));
  writeChanges([...wholes, ...rest]);
  return succeed(undefined);
}

function removeProgram(home: string, purge: boolean): void {
  if (purge) return void purgeHome(home);
  const layout = appLayout(home);
  for (const platform of ['linux', 'win32'])
    for (const launcher of Object.values(layout.launchers(platform))) removeFile(launcher);
  removeFolder(layout.marketplace);
  removeFolder(layout.cache);
  for (const name of listNames(layout.folder)) if (name.startsWith('.stage-')) removeFolder(layout.at(name));
  pruneApps(home, []);
  removeFile(layout.record);
  const { workers, agentRuns, notices } = homeLayout(home);
  const { leases, starts, folder: scheduler } = schedulerLayout(home);
  // An empty folder is nobody's data.
  const emptied = [workers, agentRuns, notices, leases, starts, scheduler, layout.backups, layout.folder, home];
  for (const folder of emptied) removeEmptyFolder(folder);
}

/** Of a home: what the program laid there to run, no data. */
const PROGRAM = ['app', 'cache'];

interface Told {
  plans: readonly UninstallPlan[];
  skills: ReturnType<typeof findPublishedSkills>;
  scheduler: string[];
  purged: boolean;
}

function summary(
  world: World,
  request: UninstallRequest,
  { plans, skills, scheduler, purged }: Told,
): UninstallSummary {
  const left = plans.flatMap((plan) => plan.left);
  const data = request.purge
    ? foreignNames(world.home)
    : listNames(world.home).filter((name) => !PROGRAM.includes(name));
  return {
    home: world.home,
    dry_run: request.dryRun,
    codex_homes: plans.map(({ codexHome }) => codexHome),
    files: plans.flatMap(({ files }) => files.map(tell)),
    commands: plans.flatMap(({ plugins }) => plugins.map((id) => `codex plugin remove ${id}`)),
    scheduler,
    skills_removed: skills.filter((skill) => skill.isUntouched).map(({ folder }) => folder),
    purged,
    kept: [
      ...left.map((path) => ({ path, why: 'its [[hooks…]] tables were written by hand; take them out by hand' })),
      ...skills.filter((skill) => !skill.isUntouched).map(({ folder }) => ({ path: folder, why: 'edited by hand' })),
      ...data.map((name) => ({ path: `${world.home}/${name}`, why: request.purge ? 'not ours' : 'your data' })),
    ],
  };
}
