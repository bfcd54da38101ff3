import path from 'node:path';
import { DEFAULT_SETTINGS } from '../contracts/settings.ts';
import type { Settings } from '../contracts/settings.ts';
import { activeProfile, profileFor } from '../config/active-profile.ts';
import { noticeText } from '../config/notice.ts';
import { readConfiguration } from '../config/read-settings.ts';
import { codexFiles } from '../install/codex-files.ts';
import { readInstallRecord } from '../install/install-record.ts';
import type { InstallRecord } from '../install/install-record.ts';
import { folderDigest } from '../install/plugin-marketplace.ts';
import { describePython, findPythonPlugin } from '../install/python-plugin.ts';
import { isoSeconds } from '../kernel/clock.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { diskPlace, openPaths } from '../kernel/disk-place.ts';
import { exists, modifiedMs } from '../kernel/files.ts';
import { appLayout, bucketLayout, codexHome, homeLayout } from '../kernel/home.ts';
import { hostName, NESTED_FLAG } from '../kernel/process.ts';
import type { World } from '../kernel/world.ts';
import { chooseReviewer, reviewerName } from '../reviewer/choose-reviewer.ts';
import { readHealth } from '../trouble/read-health.ts';
import { askProvider } from './ask-provider.ts';
import type { DoctorFacts } from './doctor-facts.ts';
import { failureText } from './read-hooks-status.ts';
import { liveBuckets, readStatus } from './read-status.ts';
import type { StatusReading, StatusRequest } from './read-status.ts';
import { otherHosts, readTrail, waitingSince } from './read-trail.ts';

export interface FactsRequest extends Omit<StatusRequest, 'settings'> {
  /** The provider is asked over the network. */
  online: boolean;
}

/** Looks at everything that the checks judge. Read-only, as `status`. */
export async function gatherFacts(world: World, request: FactsRequest): Promise<DoctorFacts> {
  const configuration = readConfiguration(world);
  const settings = configuration.ok ? configuration.value.settings : DEFAULT_SETTINGS;
  const reading = await readStatus(world, { ...request, settings });
  const layouts = liveBuckets(reading.status).map(({ state_dir }) => bucketLayout(state_dir));
  const reviewer = await readReviewer(world, settings);
  const record = readInstallRecord(world.home);
  const installRecord = record.ok ? record.value : undefined;
  return {
    now: world.clock.now(),
    platform: process.platform,
    nodeVersion: process.versions.node,
    ...reading,
    settings,
    configProblem: configuration.ok ? null : failureText(configuration.failure),
    configWarnings: configuration.ok ? configuration.value.warnings.map(noticeText) : [],
    nestedFlag: Boolean(world.env[NESTED_FLAG]),
    reviewer,
    online: request.online ? await askProvider(world, { name: reviewer.name, settings }) : null,
    installed: installedAt(world, reading, installRecord),
    pluginUnchanged: pluginUnchanged(world, reading, installRecord),
    pythonPlugin: pythonPlugin(world, reading),
    health: readHealth(world.home),
    // What lies deeper cannot be reached by others when the home is closed, and is closed by --fix when it is not.
    open: openPaths(world.home, (file) => path.dirname(file) === world.home),
    disk: diskPlace(world.home) ?? null,
    otherHosts: otherHosts(world.home, layouts, hostName()),
    trail: readTrail(world, layouts, settings),
    waitingSince: waitingSince(reading.status.review.oldest, layouts),
  };
}

async function readReviewer(world: World, settings: Settings): Promise<DoctorFacts['reviewer']> {
  const profile = activeProfile(settings)?.provider;
  const name = reviewerName({ env: world.env, profile, asked: 'hook' });
  const providerFile = homeLayout(world.home).providerEnvironment;
  const reviewerWorld = { env: world.env, home: world.home, providerFile, clock: world.clock };
  const chosen = await chooseReviewer(name, reviewerWorld, profileFor(settings, name));
  if (chosen.ok) return { name, problem: null };
  return { name, problem: 'fix' in chosen.failure ? chosen.failure.fix : failureText(chosen.failure) };
}

/** By our installer's record; hooks that came another way count from when their file was last changed. */
function installedAt(
  world: World,
  { hooks }: StatusReading,
  record: InstallRecord | undefined,
): DoctorFacts['installed'] {
  const ours = hooks.hooks.find(({ owner }) => owner === 'ours');
  const file = record ? appLayout(world.home).record : ours?.file;
  if (file === undefined) return null;
  const node = record?.program.node ?? null;
  return { at: isoSeconds(new Date(modifiedMs(file))), node, nodeExists: node === null || isThere(node) };
}

function pythonPlugin(world: World, { hooks }: StatusReading): string | null {
  const found = findPythonPlugin(hooks, world.env);
  return found ? describePython(found) : null;
}

function isThere(file: string): boolean {
  const found = attempt(() => exists(file));
  return found.ok && found.value;
}

function pluginUnchanged(world: World, { status }: StatusReading, record: InstallRecord | undefined): boolean | null {
  const root = status.plugin_hooks.plugin_root;
  const noted = record?.codex_homes[codexFiles(codexHome(world.env)).home]?.plugin_digest ?? null;
  if (root === null || noted === null) return null;
  const now = attempt(() => folderDigest(root));
  return now.ok && now.value === noted;
}
