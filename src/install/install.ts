import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import { attemptAsync } from '../kernel/disk-failure.ts';
import { readForeignFile } from '../kernel/foreign-file.ts';
import { appLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import { VERSION } from '../version.ts';
import { copyApp, pruneApps } from './app-copy.ts';
import { pruneBackups } from './backups.ts';
import { codexFiles } from './codex-files.ts';
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
  removePlugin,
  trustPlugin,
} from './plugin-marketplace.ts';
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
    if (options.dryRun) return succeed(summary(world, request, { plan, hooks: plan.hooks, dryRun: true }));
    const known = record.value;
    const isRecorded = known?.codex_homes[codexFiles(request.codexHome).home]?.way === request.way;
    if (request.way === 'hooks' && isRecorded && !changesAnything(plan))
      return succeed(summary(world, request, { plan, hooks: plan.hooks, dryRun: false }));
    makeFolder(appLayout(world.home).folder);
    const copied = copyApp(world.home, plan.app);
    if (!copied.ok) return copied;
    const done = await changeCodex(world, { request, plan, known }, options);
    if (!done.ok) return done;
    const hooks = ourHooks(request);
    return succeed(summary(world, request, { plan, hooks, dryRun: false }));
  });
}

const changesAnything = ({ app, launchers, files, pluginsToRemove }: InstallPlan): boolean =>
  !app.isThere || launchers.length > 0 || files.length > 0 || pluginsToRemove.length > 0;

const ourHooks = ({ codexHome, way }: InstallRequest): HookTrust[] =>
  readHookTrust(codexHome).filter(({ source }) => source === (way === 'hooks' ? 'hooks.json' : 'plugin'));

interface Work {
  request: InstallRequest;
  plan: InstallPlan;
  known: InstallRecord | undefined;
}

async function changeCodex(world: World, work: Work, options: InstallOptions): Promise<Result<void>> {
  const { plan } = work;
  for (const { path, after } of plan.launchers) writeDurably(path, after ?? '', { mode: 0o700 });
  note(world, work, plan.files);
  const done = await changeThroughCodex(world, work, options);
  if (!done.ok) return done;
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
  return { way, files: old?.files ?? [], plugin_digest: digest };
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
  { plan, hooks, dryRun }: { plan: InstallPlan; hooks: readonly HookTrust[]; dryRun: boolean },
): InstallSummary {
  return {
    home: world.home,
    codex_home: codexFiles(request.codexHome).home,
    way: request.way,
    dry_run: dryRun,
    changed: changesAnything(plan) || request.way === 'plugin',
    version: VERSION,
    launcher: appLayout(world.home).launchers(request.platform).hook,
    files: [...plan.launchers.map((change) => ({ ...tell(change), diff: '' })), ...plan.files.map(tell)],
    commands: [
      ...plan.pluginsToRemove.map((id) => `codex plugin remove ${id}`),
      ...(request.way === 'plugin' ? PLUGIN_COMMANDS : []),
    ],
    hooks: hooks.map(({ event, status, key }) => ({ event, status, key })),
  };
}

const PLUGIN_COMMANDS = [
  'codex plugin marketplace add <home>/app/marketplace',
  'codex plugin add codex-self-evolution-plugin@codex-self-evolution',
];
