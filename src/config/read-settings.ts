import type { Failure, Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { isRecord } from '../contracts/json.ts';
import type { Settings } from '../contracts/settings.ts';
import { DEFAULT_SETTINGS } from '../contracts/settings.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { readText } from '../kernel/files.ts';
import { homeLayout } from '../kernel/home.ts';
import { limitLog } from '../kernel/log-file.ts';
import type { World } from '../kernel/world.ts';
import { checkTree } from './check-tree.ts';
import { environmentSettings } from './environment-settings.ts';
import type { Notice } from './notice.ts';
import { noticeText } from './notice.ts';
import type { ParsedConfig } from './parse-config.ts';
import { parseConfig } from './parse-config.ts';
import { asSettings, SettingsSchema } from './settings-schema.ts';
import { dotted, written, writtenPath } from './written-names.ts';

/** Where a value came from. */
export type Source =
  | { kind: 'flag' }
  | { kind: 'environment'; variable: string }
  | { kind: 'file'; line: number | null }
  | { kind: 'default' };

/** Settings that flags set, in the program's names: `{ compile: { backend: 'script' } }`. */
export type SettingFlags = { readonly [Key in keyof Settings]?: Partial<Settings[Key]> };

export interface Configuration {
  settings: Settings;
  /** By the written path; what is not in it is a default. */
  sources: ReadonlyMap<string, Source>;
  warnings: Notice[];
  /** The file's text; null without a file. */
  text: string | null;
}

/** More would be no configuration. */
const LARGEST_FILE = 256 * 1024;

/**
 * Flags, environment, config.toml and defaults put together, in this order of precedence, with the
 * source of each value.
 *
 * @returns Failure `file-invalid` with the lines, `usage` for a wrong variable or flag, or what the disk said
 */
export function readConfiguration(world: World, flags: SettingFlags = {}): Result<Configuration> {
  const file = homeLayout(world.home).config;
  const text = attempt(() => readText(file, LARGEST_FILE));
  if (!text.ok) return text;
  const parsed = parseConfig(text.value ?? '');
  if (parsed.errors.length > 0) return fail(invalid(file, parsed.errors));
  return merged(world, parsed, { flags, text: text.value ?? null });
}

/** As `readConfiguration`, without the sources; from then on this process keeps to the limits of the log. */
export function readSettings(world: World, flags: SettingFlags = {}): Result<Settings> {
  const configuration = readConfiguration(world, flags);
  if (!configuration.ok) return configuration;
  const { settings } = configuration.value;
  limitLog(settings.log);
  return succeed(settings);
}

/** For those who must go on: the defaults where the settings cannot be read, and a line in the log. Never for who asks a reviewer. */
export function settingsOf(world: World): Settings {
  const settings = readSettings(world);
  if (settings.ok) return settings.value;
  world.diagnostics.log('settings-unusable', { failure: settings.failure });
  return DEFAULT_SETTINGS;
}

const invalid = (path: string, errors: readonly Notice[]): Failure => ({
  reason: 'file-invalid',
  path,
  detail: errors.slice(0, 5).map(noticeText).join('; '),
});

interface Layers {
  flags: SettingFlags;
  text: string | null;
}

function merged(world: World, parsed: ParsedConfig, { flags, text }: Layers): Result<Configuration> {
  const fromEnvironment = environmentSettings(world.env);
  if (!fromEnvironment.ok) return fromEnvironment;
  const fromFlags = checkTree(SettingsSchema, writtenTree(flags));
  const wrong = fromFlags.errors[0] ?? fromFlags.unknown[0];
  if (wrong) return fail({ reason: 'usage', detail: `${dotted(wrong.writtenPath)} ${wrong.problem}` });
  const tree: Record<string, unknown> = structuredClone({ ...DEFAULT_SETTINGS });
  const sources = new Map<string, Source>();
  const put = (path: readonly string[], value: unknown, source: Source): void => {
    set(tree, path, value);
    sources.set(dotted(writtenPath(path)), source);
  };
  for (const { path, value, line } of parsed.settings) put(path, value, { kind: 'file', line });
  for (const { path, value, variable } of fromEnvironment.value) put(path, value, { kind: 'environment', variable });
  for (const { path, value } of fromFlags.settings) put(path, value, { kind: 'flag' });
  return succeed({ settings: asSettings(tree), sources, warnings: parsed.warnings, text });
}

/** Puts a value into a tree; prototypes are out of reach, since every step is an own key or a new one. */
function set(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path;
  if (key === undefined) return;
  if (rest.length === 0) return define(tree, key, value);
  const inner = Object.hasOwn(tree, key) ? tree[key] : undefined;
  const next: Record<string, unknown> = isRecord(inner) ? inner : {};
  if (next !== inner) define(tree, key, next);
  set(next, rest, value);
}

const define = (tree: Record<string, unknown>, key: string, value: unknown): void =>
  void Object.defineProperty(tree, key, { value, writable: true, enumerable: true, configurable: true });

/** Names of profiles and repositories are the user's own and are not among what flags set. */
function writtenTree(tree: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(tree).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [written(key), isRecord(value) ? writtenTree(value) : value]),
  );
}
