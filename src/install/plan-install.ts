import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { readForeignFile } from '../kernel/foreign-file.ts';
import { appLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import { planAppCopy } from './app-copy.ts';
import type { AppPlan } from './app-copy.ts';
import { codexFiles, repositoryHooks } from './codex-files.ts';
import { findConflict, otherWays } from './conflicts.ts';
import type { Way } from './conflicts.ts';
import { isChange } from './file-change.ts';
import type { FileChange } from './file-change.ts';
import { cmdLauncher, shellLauncher } from './launcher.ts';
import { ourGroups } from './our-hooks.ts';
import { planHooksFile } from './plan-hooks.ts';
import type { HooksPlan } from './plan-hooks.ts';
import { findPythonPlugin } from './python-plugin.ts';
import type { PythonPlugin } from './python-plugin.ts';
import { readTomlDocument } from './toml-document.ts';
import { readCodexHooks, trustInHooksFile } from './trust-status.ts';
import type { CodexHooks, HookTrust } from './trust-status.ts';
import { withoutTrust, withTrust } from './trust-tables.ts';

export interface InstallRequest {
  codexHome: string;
  way: Way;
  /** Write trust in our own hooks. */
  trust: boolean;
  switchWay: boolean;
  replacePython: boolean;
  /** Root of the repository that the call came from: its own hooks count, too. */
  repository?: string | undefined;
  /** Folder of the running program. */
  programFolder: string;
  /** Absolute path of the node that runs us. */
  node: string;
  platform: string;
}

export interface InstallPlan {
  app: AppPlan;
  launchers: FileChange[];
  /** Codex's files, in the order in which they are to be written. */
  files: FileChange[];
  /** Ours in the planned hooks.json. */
  hooks: HookTrust[];
  /** Plugins of Codex that have to go: ours when the way changes, the Python one. */
  pluginsToRemove: string[];
  python: PythonPlugin | undefined;
}

/** Decides everything before anything is changed. */
export function planInstall(world: World, request: InstallRequest): Result<InstallPlan> {
  const found = readCodexHooks(request.codexHome, request.repository);
  const [problem] = found.problems;
  if (problem) return fail(problem);
  const python = findPythonPlugin(found, world.env);
  const conflict = findConflict(found, python, request);
  if (conflict) return fail(conflict);
  const app = planAppCopy(world.home, request.programFolder);
  if (!app.ok) return app;
  const files = planFiles(world, request, found);
  if (!files.ok) return files;
  const others = otherWays(found, request.way).flatMap(({ pluginId }) => pluginId ?? []);
  return succeed({
    app: app.value,
    launchers: planLaunchers(world.home, request, app.value),
    ...files.value,
    pluginsToRemove: [...new Set([...others, ...(python?.pluginIds ?? [])])],
    python,
  });
}

function planLaunchers(home: string, { node, platform }: InstallRequest, { folder }: AppPlan): FileChange[] {
  const { at, launchers } = appLayout(home);
  const render = platform === 'win32' ? cmdLauncher : shellLauncher;
  const paths = launchers(platform);
  return (['hook', 'program'] as const)
    .map((kind) => ({
      path: paths[kind],
      before: readForeignFile(paths[kind])?.text,
      after: render({ kind, node, folder: at(folder), home }),
    }))
    .filter(isChange);
}

type PlannedFiles = Pick<InstallPlan, 'files' | 'hooks'>;

function planFiles(world: World, request: InstallRequest, found: CodexHooks): Result<PlannedFiles> {
  const files = codexFiles(request.codexHome);
  const launcher = appLayout(world.home).launchers(request.platform).hook;
  const groups = request.way === 'hooks' ? ourGroups(launcher, request.platform) : [];
  const hooksFile = planHooks(files.hooks, { groups, replacePython: request.replacePython });
  if (!hooksFile.ok) return hooksFile;
  const theirs = planRepository(request);
  if (!theirs.ok) return theirs;
  const config = planConfig(files, request, { found, hooks: hooksFile.value.plan });
  if (!config.ok) return config;
  const changes = [hooksFile.value.change, ...theirs.value, config.value.change].filter(isChange);
  return succeed({ files: changes, hooks: config.value.hooks });
}

type HooksWish = Parameters<typeof planHooksFile>[2];

function planHooks(file: string, wish: HooksWish): Result<{ change: FileChange; plan: HooksPlan }> {
  const before = attempt(() => readForeignFile(file)?.text);
  if (!before.ok) return before;
  const plan = planHooksFile(file, before.value, wish);
  if (!plan.ok) return plan;
  return succeed({ change: { path: file, before: before.value, after: plan.value.text }, plan: plan.value });
}

/** Hooks of ours in the repository itself go when the way is switched. */
function planRepository({ repository, switchWay, replacePython, codexHome }: InstallRequest): Result<FileChange[]> {
  if (repository === undefined || (!switchWay && !replacePython)) return succeed([]);
  const file = repositoryHooks(repository);
  if (file === codexFiles(codexHome).hooks) return succeed([]);
  const planned = planHooks(file, { groups: [], replacePython });
  return planned.ok ? succeed([planned.value.change]) : planned;
}

interface Hooks {
  found: CodexHooks;
  hooks: HooksPlan;
}

/** Trust: what our hooks had elsewhere goes, what the Python plugin's had goes, what ours need comes if it was asked for. */
function planConfig(
  files: ReturnType<typeof codexFiles>,
  request: InstallRequest,
  { found, hooks }: Hooks,
): Result<{ change: FileChange; hooks: HookTrust[] }> {
  const before = attempt(() => readForeignFile(files.config)?.text);
  if (!before.ok) return before;
  const read = readTomlDocument(files.config, before.value ?? '');
  if (!read.ok) return read;
  const own = (values: Record<string, unknown>): HookTrust[] =>
    trustInHooksFile(values, files.hooks, hooks.hooks).filter(({ owner }) => owner === 'ours');
  const ours = own(read.value.values);
  const stale = staleKeys(found, request.trust ? ours : ours.filter(({ status }) => status !== 'modified'));
  const cleared = withoutTrust(files.config, read.value, stale);
  if (!cleared.ok) return cleared;
  const between = readTomlDocument(files.config, cleared.value);
  if (!between.ok) return between;
  const wanted = request.trust ? ours.map(({ key, hash }) => ({ key, hash })) : [];
  const after = withTrust(files.config, between.value, wanted);
  if (!after.ok) return after;
  const end = readTomlDocument(files.config, after.value);
  if (!end.ok) return end;
  const isNone = before.value === undefined && after.value === '';
  const change = { path: files.config, before: before.value, after: isNone ? undefined : after.value };
  return succeed({ change, hooks: own(end.value.values) });
}

/** Keys of hooks that go, ours and the Python plugin's: the next hook at that place must not find their trust. */
function staleKeys({ hooks }: CodexHooks, kept: readonly HookTrust[]): string[] {
  const staying = new Set(kept.map(({ key }) => key));
  return hooks
    .filter(({ owner, source }) => owner !== 'other' && source !== 'plugin')
    .map(({ key }) => key)
    .filter((key) => !staying.has(key));
}
