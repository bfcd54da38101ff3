import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import { attemptAsync } from '../kernel/disk-failure.ts';
import { exists } from '../kernel/files.ts';
import { readForeignFile } from '../kernel/foreign-file.ts';
import { appLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import { VERSION } from '../version.ts';
import { copyApp, programDigest, pruneApps } from './app-copy.ts';
import { pruneBackups } from './backups.ts';
import { codexFiles, PLUGIN_ID } from './codex-files.ts';
import type { CodexProgram } from './codex-program.ts';
import { tell } from './file-change.ts';
import type { FileChange, ToldChange } from './file-change.ts';
import { readInstallRecord, writeInstallRecord } from './install-record.ts';
import type { CodexHomeNote, InstallRecord } from './install-record.ts';
import { planInstall } from './plan-install.ts';
import type { InstallPlan, InstallRequest } from './plan-install.ts';
import {
  addPlugin,
  folderDigest,
  installedPlugin,
  layOutMarketplace,
  missingFoldersAbovePlugin,
  removePlugin,
  trustPlugin,
} from './plugin-marketplace.ts';
import { removePythonJob, stopJobCommand } from './python-plugin.ts';
import { readHookTrust } from './trust-status.ts';
import type { HookTrust } from './trust-status.ts';
import { notesFor, writeChanges } from './write-changes.ts';

export interface InstallSummary {
  home: string;
  codex_home: string;
  way: InstallRequest['way'];
  dry_run: boolean;
  /** False: everything was as it should be already. */
  changed: boolean;
  version: string;
  launcher: string;
  files: ToldChange[];
  /** Commands of Codex that were run, or would be. */
  commands: string[];
  hooks: { event: string; status: HookTrust['status']; key: string }[];
}

export interface InstallOptions {
  dryRun: boolean;
  /** Asked for only when plugins are concerned. */
  codex: () => Result<CodexProgram>;
}

/**
 * Installs our hooks. In this order, so that an end at any place leaves Codex as before or as after: the
 * program, the launchers, the backups, the record, Codex's files. Run again it completes what is missing, and changes nothing
 * when nothing is.
 */
export function install(
  world: World,
  request: InstallRequest,
  options: InstallOptions,
): Promise<Result<InstallSummary>> {
  return attemptAsync(async () => {
    const planned = planInstall(world, request);
    if (!planned.ok) return planned;
    const record = readInstallRecord(world.home);
    if (!record.ok) return record;
    const plan = planned.value;
    const known = record.value;
    const changed = changesAnything(plan) || !isDone(world.home, request, { plan, known });
    const told = { plan, changed, dryRun: options.dryRun };
    if (options.dryRun || !changed)
      return succeed(summary(world, request, { ...told, hooks: hooksNow(request, plan) }));
    makeFolder(appLayout(world.home).folder);
    const copied = copyApp(world.home, plan.app);
    if (!copied.ok) return copied;
    const done = await changeCodex(world, { request, plan, known }, options);
    if (!done.ok) return done;
    return succeed(summary(world, request, { ...told, hooks: ourHooks(request) }));
  });
}

const changesAnything = ({ app, launchers, files, pluginsToRemove, python }: InstallPlan): boolean =>
  !app.isThere || python !== undefined || launchers.length > 0 || files.length > 0 || pluginsToRemove.length > 0;

/** Whether an earlier installation came to its end. */
function isDone(
  home: string,
  request: InstallRequest,
  { plan, known }: { plan: InstallPlan; known: InstallRecord | undefined },
): boolean {
  const old = known?.codex_homes[codexFiles(request.codexHome).home];
  if (old?.way !== request.way) return false;
  if (request.way === 'hooks') return true;
  const hooks = ourHooks(request);
  const isWanted = hooks.length > 0 && (!request.trust || hooks.every(({ status }) => status === 'trusted'));
  const plugin = installedPlugin(request.codexHome);
  if (!isWanted || plugin === undefined) return false;
  const isSame = programDigest(path.join(plugin, 'dist')) === programDigest(appLayout(home).at(plan.app.folder));
  return isSame && (!request.trust || old.plugin_digest === folderDigest(plugin));
}

const hooksNow = (request: InstallRequest, plan: InstallPlan): HookTrust[] =>
  request.way === 'hooks' ? plan.hooks : ourHooks(request);

const ourHooks = ({ codexHome, way }: InstallRequest): HookTrust[] =>
  readHookTrust(codexHome).filter(({ source }) => source === (way === 'hooks' ? 'hooks.json' : 'plugin'));

interface Work {
  request: InstallRequest;
  plan: InstallPlan;
  known: InstallRecord | undefined;
}

async function changeCodex(world: World, work: Work, options: InstallOptions): Promise<Result<void>> {
  const { plan } = work;
  for (const launcher of plan.launchers) writeDurably(launcher.path, launcher.after ?? '', { mode: 0o700 });
  note(world, work, plan.files);
  const done = await changeThroughCodex(world, work, options);
  if (!done.ok) return done;
  const job = plan.python?.launchdJob ?? null;
  if (job !== null) removePythonJob(world, job);
  tidy(world);
  return succeed(undefined);
}

/** Plugins are Codex's to add and remove; a hooks file is ours to write. */
async function changeThroughCodex(world: World, work: Work, options: InstallOptions): Promise<Result<void>> {
  const { plan, request } = work;
  if (plan.pluginsToRemove.length === 0 && request.way === 'hooks') {
    writeChanges(plan.files);
    return succeed(undefined);
  }
  const codex = options.codex();
  if (!codex.ok) return codex;
  for (const pluginId of plan.pluginsToRemove) {
    const removed = removePlugin(codex.value, pluginId);
    if (!removed.ok) return removed;
  }
  writeChanges(plan.pluginsToRemove.length === 0 ? plan.files : replanned(world, work));
  return request.way === 'plugin' ? addOurPlugin(world, work, codex.value) : succeed(undefined);
}

/** Old versions and backups that nothing needs any more. */
function tidy(world: World): void {
  const record = readInstallRecord(world.home);
  if (!record.ok || !record.value) return;
  const { folder, previous } = record.value.program;
  pruneApps(world.home, previous === null ? [folder] : [folder, previous]);
  const notes = Object.values(record.value.codex_homes).flatMap(({ files }) => files);
  pruneBackups(
    world.home,
    notes.flatMap(({ before }) => before ?? []),
  );
}

/** Codex has changed its config.toml meanwhile: what is ours to change is planned again on that. */
function replanned(world: World, work: Work): FileChange[] {
  const again = planInstall(world, work.request);
  if (!again.ok) return work.plan.files;
  note(world, work, again.value.files);
  return again.value.files;
}

async function addOurPlugin(world: World, work: Work, codex: CodexProgram): Promise<Result<void>> {
  const { request, plan } = work;
  const files = codexFiles(request.codexHome);
  const before = readForeignFile(files.config)?.text;
  // Codex does not start with a home that is not there.
  makeFolder(files.home);
  const added = addPlugin(codex, layOutMarketplace(world.home, appLayout(world.home).at(plan.app.folder)));
  if (!added.ok) return added;
  const trusted = request.trust ? await trustPlugin(codex) : succeed(0);
  const after = readForeignFile(files.config)?.text;
  note(world, work, [{ path: files.config, before, after }]);
  return trusted.ok ? succeed(undefined) : trusted;
}

/** Writes down what is about to change, before it does. */
function note(world: World, work: Work, changes: readonly FileChange[]): void {
  const { request, plan } = work;
  const record = readInstallRecord(world.home);
  const known = record.ok ? record.value : undefined;
  const key = codexFiles(request.codexHome).home;
  const codexHome = { ...homeNote(request, known?.codex_homes[key]) };
  codexHome.files = notesFor(world, changes, codexHome.files);
  writeInstallRecord(world.home, {
    version: 1,
    program: programNote(known?.program, { folder: plan.app.folder, node: request.node }),
    codex_homes: { ...known?.codex_homes, [key]: codexHome },
  });
}

function homeNote({ way, trust, codexHome }: InstallRequest, old: CodexHomeNote | undefined): CodexHomeNote {
  const plugin = way === 'plugin' && trust ? installedPlugin(codexHome) : undefined;
  const digest = plugin === undefined ? (old?.plugin_digest ?? null) : folderDigest(plugin);
  return {
    way,
    files: old?.files ?? [],
    created: old?.created ?? !exists(codexHome),
    plugin_folders: pluginFolders(way, codexHome, old),
    plugin_digest: digest,
  };
}

function pluginFolders(way: InstallRequest['way'], codexHome: string, old: CodexHomeNote | undefined): string[] {
  const missing = way === 'plugin' ? missingFoldersAbovePlugin(codexHome) : [];
  return [...new Set([...(old?.plugin_folders ?? []), ...missing])];
}

function programNote(
  last: InstallRecord['program'] | undefined,
  { folder, node }: { folder: string; node: string },
): InstallRecord['program'] {
  const isSame = last === undefined || last.folder === folder;
  return { version: VERSION, folder, previous: isSame ? (last?.previous ?? null) : last.folder, node };
}

function summary(
  world: World,
  request: InstallRequest,
  {
    plan,
    hooks,
    dryRun,
    changed,
  }: { plan: InstallPlan; hooks: readonly HookTrust[]; dryRun: boolean; changed: boolean },
): InstallSummary {
  const layout = appLayout(world.home);
  return {
    home: world.home,
    codex_home: codexFiles(request.codexHome).home,
    way: request.way,
    dry_run: dryRun,
    changed,
    version: VERSION,
    launcher: layout.launchers(request.platform).hook,
    files: [
      ...(plan.app.isThere ? [] : [{ path: layout.at(plan.app.folder), action: 'created' as const, diff: '' }]),
      ...plan.launchers.map((change) => ({ ...tell(change), diff: '' })),
      ...plan.files.map(tell),
    ],
    commands: [
      ...plan.pluginsToRemove.map((id) => `codex plugin remove ${id}`),
      ...(plan.python?.launchdJob ? [stopJobCommand().join(' ')] : []),
      ...(request.way === 'plugin' && changed ? pluginCommands(layout.marketplace) : []),
    ],
    hooks: hooks.map(({ event, status, key }) => ({ event, status, key })),
  };
}

const pluginCommands = (marketplace: string): string[] => [
  `codex plugin marketplace add ${marketplace}`,
  `codex plugin add ${PLUGIN_ID}`,
];
