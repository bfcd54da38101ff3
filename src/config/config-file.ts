import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { factsOf, readBytes } from '../kernel/files.ts';
import { homeLayout } from '../kernel/home.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import { CONFIG_TEMPLATE } from './config-template.ts';
import { migratedText } from './migrate-config.ts';
import type { Notice } from './notice.ts';
import { noticeText } from './notice.ts';
import { parseConfig } from './parse-config.ts';
import { withActiveProfile } from './set-active-profile.ts';

/** What changes a config.toml: each of these leaves the file whole, whatever happens. */

const LARGEST_FILE = 256 * 1024;
const BOM = '\uFEFF';

export interface InitializedConfig {
  path: string;
  /** unchanged: there is a file already, whatever stands in it. */
  status: 'created' | 'unchanged';
}

/** Writes the commented template where there is no file. */
export function initConfig(home: string): Result<InitializedConfig> {
  const { config } = homeLayout(home);
  return attemptHere(() => {
    makeFolder(path.dirname(config));
    const isNew = writeDurably(config, CONFIG_TEMPLATE, { exclusive: true });
    return succeed({ path: config, status: isNew ? 'created' : 'unchanged' });
  });
}

export interface UsedProfile {
  path: string;
  active_profile: string;
  /** What else is wrong with the file. */
  problems: Notice[];
}

/** Makes a profile the active one; everything else in the file stays as it is, byte for byte. */
export function useProfile(home: string, profile: string): Result<UsedProfile> {
  const { config } = homeLayout(home);
  return attemptHere(() => {
    const text = readExactly(config);
    if (!text.ok) return text.failure.reason === 'file-missing' ? noFileYet(config) : text;
    const opening = text.value.startsWith(BOM) ? BOM : '';
    const body = text.value.slice(opening.length);
    const before = parseConfig(body);
    const names = profileNames(before.settings);
    if (!names.includes(profile)) return fail(noSuchProfile(config, profile, before.errors, names));
    const changed = withActiveProfile(body, profile);
    const after = parseConfig(changed);
    if (!after.settings.some(({ path: at, value }) => at.join('.') === 'activeProfile' && value === profile))
      return fail({
        reason: 'file-invalid',
        path: config,
        detail: 'its active_profile cannot be changed from outside',
      });
    replace(config, opening + changed);
    return succeed({ path: config, active_profile: profile, problems: after.errors });
  });
}

const noFileYet = (file: string): Result<never> =>
  fail({ reason: 'usage', detail: `${file} is not there yet, so there are no profiles; csep config init writes some` });

const profileNames = (settings: readonly { path: readonly string[] }[]): string[] => [
  ...new Set(settings.flatMap(({ path: at }) => (at[0] === 'profiles' && at[1] !== undefined ? [at[1]] : []))),
];

function noSuchProfile(file: string, profile: string, errors: readonly Notice[], names: readonly string[]) {
  const [broken] = errors;
  if (names.length === 0 && broken) return { reason: 'file-invalid', path: file, detail: noticeText(broken) } as const;
  const known = names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`;
  return {
    reason: 'usage',
    detail: `There is no usable profile ${JSON.stringify(profile)} in ${file}; ${known}`,
  } as const;
}

export interface MigratedConfig {
  path: string;
  status: 'migrated' | 'current';
  from_schema: number;
  backup: string | null;
  notices: Notice[];
}

/** Rewrites a file of schema 1 or 2 in ours; the file as it was stays beside it. */
export function migrateConfig(home: string): Result<MigratedConfig> {
  const { config } = homeLayout(home);
  return attemptHere((): Result<MigratedConfig> => {
    const text = readExactly(config);
    if (!text.ok) return text;
    const migrated = migratedText(text.value.replace(BOM, ''), config);
    if (!migrated.ok) return migrated;
    if (migrated.value === null)
      return succeed({ path: config, status: 'current', from_schema: 3, backup: null, notices: [] });
    const { fromSchema, notices } = migrated.value;
    const backup = keepBackup(config, text.value, fromSchema);
    replace(config, migrated.value.text);
    return succeed({ path: config, status: 'migrated', from_schema: fromSchema, backup, notices });
  });
}

/** Never over an older backup. */
function keepBackup(file: string, text: string, schema: number): string {
  for (let number = 1; ; number++) {
    const backup = `${file}.schema-${schema}${number === 1 ? '' : `-${number}`}.bak`;
    if (writeDurably(backup, text, { exclusive: true, mode: modeOf(file) })) return backup;
  }
}

const modeOf = (file: string): number => factsOf(file)?.mode ?? 0o600;

const replace = (file: string, text: string): void => void writeDurably(file, text, { mode: modeOf(file) });

/** What cannot be read as UTF-8 cannot be written back as it was. */
function readExactly(file: string): Result<string> {
  const bytes = readBytes(file, LARGEST_FILE);
  if (!bytes) return fail({ reason: 'file-missing', path: file });
  const text = bytes.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(bytes)) return succeed(text);
  return fail({ reason: 'file-invalid', path: file, detail: 'it is not UTF-8' });
}

function attemptHere<T>(step: () => Result<T>): Result<T> {
  const done = attempt(step);
  return done.ok ? done.value : done;
}
