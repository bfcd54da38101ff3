import { defineCommand } from 'citty';
import path from 'node:path';
import { repositoryRoot } from '../bucket/identity.ts';
import { activeProfile } from '../config/active-profile.ts';
import { hasSettings } from '../config/quick-settings.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { codexHomeToUse } from '../install/codex-home.ts';
import { findCodex } from '../install/codex-program.ts';
import { inTurn } from '../install/in-turn.ts';
import { install } from '../install/install.ts';
import type { InstallSummary } from '../install/install.ts';
import type { InstallRequest } from '../install/plan-install.ts';
import { planKeys, writeKeys } from '../install/provider-key.ts';
import type { KeysWish } from '../install/provider-key.ts';
import { readStandardInput } from '../kernel/standard-streams.ts';
import type { World } from '../kernel/world.ts';
import { homeFlag, jsonFlag } from './arguments.ts';
import { commandSettings } from './command-settings.ts';
import { commandWorld, runCommand } from './edge.ts';
import { installText } from './install-text.ts';
import { printResult, wantsJson } from './output.ts';
import { recallProgram } from './program-file.ts';
import { workingFolder } from './working-folder.ts';

export const installCommand = defineCommand({
  meta: {
    name: 'install',
    description:
      'Put our hooks into Codex (examples: install, install --trust, install --dry-run, install --yes --provider minimax --api-key-env MY_KEY)',
  },
  args: {
    trust: { type: 'boolean', description: 'Write the trust in our own hooks into config.toml of Codex' },
    plugin: { type: 'boolean', description: 'As a plugin of Codex instead of hooks.json', default: false },
    switch: { type: 'boolean', description: 'Take out the other way first, where one is active', default: false },
    'replace-python': { type: 'boolean', description: 'Take out the Python version first', default: false },
    provider: { type: 'string', description: 'Who reviews: heuristic, minimax, openai-compatible, anthropic-style, …' },
    'api-key-env': { type: 'string', description: 'Variable from which the key of the provider is taken' },
    'api-key-from-stdin': { type: 'boolean', description: 'Read the key of the provider from stdin', default: false },
    'adopt-env': { type: 'string', description: 'Move this .env.provider of a repository into the home' },
    scheduler: { type: 'boolean', description: 'Have scan run regularly (see scheduler install)' },
    yes: { type: 'boolean', description: 'Ask nothing', default: false },
    'dry-run': { type: 'boolean', description: 'Print what would change, change nothing', default: false },
    'codex-home': {
      type: 'string',
      description: 'Folder of Codex, which must exist (default: CODEX_HOME, then ~/.codex)',
    },
    ...homeFlag,
    ...jsonFlag,
  },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      () => installWith(world, args),
      (done) => {
        if (done)
          printResult({ ...done.summary, notes: done.notes }, () => installText(done.summary, done.notes), args);
      },
    );
  },
});

interface Flags {
  trust?: boolean | undefined;
  plugin: boolean;
  switch: boolean;
  'replace-python': boolean;
  provider?: string | undefined;
  'api-key-env'?: string | undefined;
  'api-key-from-stdin': boolean;
  'adopt-env'?: string | undefined;
  scheduler?: boolean | undefined;
  yes: boolean;
  'dry-run': boolean;
  'codex-home'?: string | undefined;
  json: boolean;
}

interface Done {
  summary: InstallSummary;
  /** What was done beside the hooks, in words. */
  notes: string[];
}

/** Undefined: the person did not want to. */
async function installWith(world: World, flags: Flags): Promise<Result<Done | undefined>> {
  const folder = codexHomeToUse(flags['codex-home'], world.env);
  if (!folder.ok) return folder;
  const key = await readKey(world, flags);
  if (!key.ok) return key;
  const base = requestOf(world, flags, folder.value);
  const given = { provider: flags.provider, apiKey: key.value, scheduler: flags.scheduler, trust: flags.trust };
  const isAsked = !flags.yes && !flags['dry-run'] && !wantsJson(flags) && process.stdin.isTTY;
  const answers = isAsked ? await ask(world, base, given) : { ...given, trust: given.trust ?? false };
  if (!answers) return succeed(undefined);
  const work = () => carryOut(world, { ...base, trust: answers.trust }, { flags, answers });
  return flags['dry-run'] ? work() : inTurn(world, work);
}

function requestOf(world: World, flags: Flags, codexHome: string): InstallRequest {
  return {
    codexHome,
    way: flags.plugin ? 'plugin' : 'hooks',
    trust: flags.trust ?? false,
    switchWay: flags.switch,
    replacePython: flags['replace-python'],
    repository: repositoryRoot(workingFolder(undefined, world), world.env),
    programFolder: path.dirname(recallProgram()),
    node: process.execPath,
    platform: process.platform,
  };
}

/** Never from the arguments: they are seen by every program of the machine, and stay in the shell's history. */
async function readKey(world: World, flags: Flags): Promise<Result<string | undefined>> {
  const name = flags['api-key-env'];
  if (name !== undefined) {
    const value = world.env[name];
    return value
      ? succeed(value)
      : fail({
          reason: 'usage',
          detail: '--api-key-env: no variable of that name is set (it takes the name of a variable, not the key)',
        });
  }
  if (!flags['api-key-from-stdin']) return succeed(undefined);
  const { bytes } = await readStandardInput({ limit: 64 * 1024, deadlineMs: KEY_DEADLINE_MS });
  const key = bytes.toString('utf8').trim();
  return key === '' ? fail({ reason: 'usage', detail: '--api-key-from-stdin: no key came' }) : succeed(key);
}

const KEY_DEADLINE_MS = 60_000;

interface Answers {
  provider?: string | undefined;
  apiKey?: string | undefined;
  scheduler?: boolean | undefined;
  trust: boolean;
}

type Given = { [Name in keyof Answers]?: Answers[Name] | undefined };

async function ask(world: World, request: InstallRequest, given: Given): Promise<Answers | undefined> {
  const { askForInstall } = await import('../install/wizard.ts');
  const { reviewOf } = await import('./install-review.ts');
  const { provider, apiKey, scheduler, trust } = given;
  return askForInstall({
    given: {
      ...(provider === undefined ? {} : { provider }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(scheduler === undefined ? {} : { scheduler }),
      ...(trust === undefined ? {} : { trust }),
    },
    keysSet: Object.keys(world.env).filter((name) => world.env[name]),
    review: (answers) => reviewOf(world, request, answers),
  });
}

async function carryOut(
  world: World,
  request: InstallRequest,
  { flags, answers }: { flags: Flags; answers: Answers },
): Promise<Result<Done>> {
  const dryRun = flags['dry-run'];
  // Before anything is changed: a job with another interval than the one that was meant is no installation.
  const interval = answers.scheduler === true ? await intervalOf(world) : succeed(undefined);
  if (!interval.ok) return interval;
  const adoptFrom = flags['adopt-env'] ? path.resolve(flags['adopt-env']) : undefined;
  const profile = answers.provider === undefined ? undefined : await profileOf(world);
  const keys = planKeys(world.home, { ...answers, adoptFrom, profile }, world.env);
  if (!keys.ok) return keys;
  const codex = () => findCodex(world.env, request.codexHome, request.repository ?? request.codexHome);
  const installed = await install(world, request, { dryRun, codex });
  if (!installed.ok) return installed;
  if (!dryRun) writeKeys(keys.value);
  const scheduled = await schedule(world, interval.value, flags);
  if (!scheduled.ok) return scheduled;
  return succeed({ summary: installed.value, notes: [...keys.value.notes, ...scheduled.value] });
}

/** Undefined also where config.toml cannot be read: an installation does not hang on that. */
async function profileOf(world: World): Promise<KeysWish['profile']> {
  if (!hasSettings(world)) return undefined;
  const { settingsOf } = await import('../config/read-settings.ts');
  const settings = settingsOf(world);
  const profile = activeProfile(settings);
  return profile && { name: settings.activeProfile ?? '', provider: profile.provider };
}

async function intervalOf(world: World): Promise<Result<number>> {
  const settings = await commandSettings(world);
  return settings.ok ? succeed(settings.value.scheduler.intervalSeconds) : settings;
}

/** After the hooks: a machine without a scheduler still has them. */
async function schedule(world: World, intervalSeconds: number | undefined, flags: Flags): Promise<Result<string[]>> {
  if (intervalSeconds === undefined) return succeed([]);
  const { installScheduler } = await import('../install/scheduler.ts');
  const { appLayout } = await import('../kernel/home.ts');
  const program = [appLayout(world.home).launchers(process.platform).program];
  const replace = flags['replace-python'];
  const change = installScheduler(world, { program, intervalSeconds, dryRun: flags['dry-run'], replace });
  if (!change.ok) return change;
  return succeed([`scheduler: ${change.value.kind ?? 'none'}`]);
}
