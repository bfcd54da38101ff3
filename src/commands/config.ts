import { defineCommand } from 'citty';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { exists, readText } from '../kernel/files.ts';
import { homeLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import { activeProfile as profileInUse } from '../config/active-profile.ts';
import { initConfig, migrateConfig, useProfile } from '../config/config-file.ts';
import type { InitializedConfig } from '../config/config-file.ts';
import { secretNotices } from '../config/find-secrets.ts';
import type { Notice } from '../config/notice.ts';
import { parseConfig } from '../config/parse-config.ts';
import { readConfiguration } from '../config/read-settings.ts';
import { redact } from '../safety/redact.ts';
import { explainReviewer } from '../reviewer/explain-reviewer.ts';
import { homeFlag, jsonFlag } from './arguments.ts';
import { noticeLines, showCommand } from './config-show.ts';
import { commandWorld, runCommand } from './edge.ts';
import { printResult } from './output.ts';

const flags = { ...homeFlag, ...jsonFlag } as const;

const validateCommand = defineCommand({
  meta: {
    name: 'validate',
    description: 'Check config.toml; exit 1 when something in it is wrong (example: config validate)',
  },
  args: flags,
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => validate(world),
      (checked) => {
        printResult(checked, () => validateText(checked), args);
        if (!checked.valid) process.exitCode = 1;
      },
    );
  },
});

interface Validation {
  path: string;
  exists: boolean;
  valid: boolean;
  errors: Notice[];
  warnings: Notice[];
}

function validate(world: World): Result<Validation> {
  const file = homeLayout(world.home).config;
  const text = attempt(() => readText(file, 256 * 1024));
  if (!text.ok) return text;
  const { errors, warnings } = parseConfig(text.value ?? '');
  const merged = errors.length === 0 ? readConfiguration(world) : undefined;
  const fromVariables: Notice[] =
    merged?.ok === false && merged.failure.reason === 'usage'
      ? [{ key: null, line: null, column: null, problem: merged.failure.detail }]
      : [];
  return succeed({
    path: file,
    exists: text.value !== undefined,
    valid: errors.length + fromVariables.length === 0,
    errors: [...errors, ...fromVariables],
    warnings: [...warnings, ...secretNotices(text.value ?? '')],
  });
}

function validateText({ path, exists: isThere, valid, errors, warnings }: Validation): string {
  const verdict = !isThere ? 'is not there; the defaults count' : valid ? 'is valid' : 'is not valid';
  return [`${path} ${verdict}.`, ...noticeLines('error', errors), ...noticeLines('warning', warnings)].join('\n');
}

const initCommand = defineCommand({
  meta: {
    name: 'init',
    description: 'Write a commented config.toml; never over one that is there (example: config init)',
  },
  args: flags,
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => initConfig(world.home),
      (done) => printResult(done, () => initText(done), args),
    );
  },
});

const initText = ({ path, status }: InitializedConfig): string =>
  status === 'created' ? `Wrote ${path}.` : `Exists already, unchanged: ${path}`;

const pathCommand = defineCommand({
  meta: { name: 'path', description: 'Where config.toml lies (example: config path)' },
  args: flags,
  async run({ args }) {
    const world = commandWorld(args.home);
    const file = homeLayout(world.home).config;
    await runCommand(
      world,
      async () => succeed({ path: file, exists: exists(file) }),
      (found) => printResult(found, () => file, args),
    );
  },
});

const useCommand = defineCommand({
  meta: {
    name: 'use',
    description: 'Make a profile the active one; the rest of the file stays as it is (example: config use openai)',
  },
  args: { profile: { type: 'positional', required: true, description: 'Name of the profile' }, ...flags },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => {
        const used = useProfile(world.home, args.profile);
        return used.ok ? succeed({ ...used.value, ...whatElseCounts(world) }) : used;
      },
      (used) =>
        printResult(
          used,
          () =>
            [
              `${used.active_profile} is the active profile now.`,
              ...noticeLines('error', used.problems),
              ...overruled(world, used.overruled_by),
              ...keyMissing(world, used.key_missing),
            ].join('\n'),
          args,
        ),
    );
  },
});

interface ElseCounts {
  /** The variable that names another reviewer than the active profile does: `csep install` writes one into .env.provider. */
  overruled_by: { variable: string; reviewer: string } | null;
  /** Variable of the key that the profile's reviewer needs, where it is not set. */
  key_missing: string | null;
}

function whatElseCounts(world: World): ElseCounts {
  const configuration = readConfiguration(world);
  if (!configuration.ok) return { overruled_by: null, key_missing: null };
  const { values, key } = explainReviewer(configuration.value, world.env);
  const named = values.find((value) => value.key === 'reviewer.provider');
  const profile = profileInUse(configuration.value.settings);
  if (named?.source.kind === 'environment' && named.value !== profile?.provider)
    return { overruled_by: { variable: named.source.variable, reviewer: String(named.value) }, key_missing: null };
  return { overruled_by: null, key_missing: key && !key.set ? key.variable : null };
}

function keyMissing(world: World, variable: string | null): string[] {
  if (variable === null) return [];
  const { providerEnvironment } = homeLayout(world.home);
  return [`Its key is missing: put a line ${variable}=… into ${providerEnvironment}. Until then sessions stay queued.`];
}

function overruled(world: World, by: ElseCounts['overruled_by']): string[] {
  if (by === null) return [];
  const { providerEnvironment } = homeLayout(world.home);
  return [
    `But the reviewer stays ${by.reviewer}: ${by.variable} says so, and counts more. Take that line out of ${providerEnvironment}, or unset it where else it is set.`,
  ];
}

const listProfilesCommand = defineCommand({
  meta: { name: 'list-profiles', description: 'The profiles of config.toml (example: config list-profiles)' },
  args: flags,
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => listProfiles(world),
      (listed) => printResult(listed, () => profilesText(listed), args),
    );
  },
});

function listProfiles(world: World) {
  const configuration = readConfiguration(world);
  if (!configuration.ok) return configuration;
  const { activeProfile, profiles } = configuration.value.settings;
  const rows = Object.entries(profiles).map(([name, { provider, model }]) => ({
    name,
    provider,
    model: model === undefined ? null : redact(model),
    active: name === activeProfile,
  }));
  return succeed({ active_profile: activeProfile, profiles: rows });
}

type Listed = Extract<ReturnType<typeof listProfiles>, { ok: true }>['value'];

function profilesText({ profiles }: Listed): string {
  if (profiles.length === 0) return 'There are no profiles; `csep config init` writes some.';
  const width = Math.max(...profiles.map(({ name }) => name.length));
  return profiles
    .map(({ name, provider, model, active }) =>
      [active ? '*' : ' ', name.padEnd(width), `${provider}${model ? `  ${model}` : ''}`].join(' '),
    )
    .join('\n');
}

const migrateCommand = defineCommand({
  meta: {
    name: 'migrate',
    description: 'Rewrite a config.toml of an older version, with a backup (example: config migrate)',
  },
  args: flags,
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => migrateConfig(world.home),
      (migrated) =>
        printResult(
          migrated,
          () =>
            migrated.status === 'current'
              ? `${migrated.path} is of the current schema already.`
              : [
                  `${migrated.path} was rewritten; as it was it lies in ${migrated.backup}.`,
                  ...noticeLines('note', migrated.notices),
                ].join('\n'),
          args,
        ),
    );
  },
});

export const configCommand = defineCommand({
  meta: { name: 'config', description: 'Show, check and change the settings (example: config show)' },
  subCommands: {
    show: showCommand,
    validate: validateCommand,
    init: initCommand,
    path: pathCommand,
    use: useCommand,
    'list-profiles': listProfilesCommand,
    migrate: migrateCommand,
  },
});
