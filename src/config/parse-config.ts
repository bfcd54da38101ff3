import { parse, TomlError } from 'smol-toml';
import { isRecord } from '../contracts/json.ts';
import { isLoopback } from '../kernel/loopback.ts';
import { redactBuiltin } from '../safety/redact-builtin.ts';
import type { Setting, TreeNotice } from './check-tree.ts';
import { checkTree, placed } from './check-tree.ts';
import type { Notice } from './notice.ts';
import { CURRENT_SCHEMA, liftOlderTree } from './older-schemas.ts';
import type { LiftedTree } from './older-schemas.ts';
import { SettingsSchema } from './settings-schema.ts';
import type { TomlPlace } from './toml-places.ts';
import { placeFinder, tomlPlaces } from './toml-places.ts';
import { dotted } from './written-names.ts';

/** What a config.toml says. */
export interface ParsedConfig {
  /** 1 and 2 are the Python plugin's; what is missing counts as ours. */
  schemaVersion: number;
  /** Written for the Python plugin, and read by its meaning there. */
  isOlder: boolean;
  /** Values that passed their check. */
  settings: (Setting & { line: number | null })[];
  /** Nothing that they are about is guessed: a command refuses to go on. */
  errors: Notice[];
  warnings: Notice[];
}

/** Reads the text of a config.toml. Never throws, whatever the text is. */
export function parseConfig(text: string): ParsedConfig {
  const document = parseToml(text);
  if (!document.ok) return broken(document.error);
  const { tree: given } = document;
  const placeOf = placeFinder(tomlPlaces(text));
  const version = versionOf(given);
  if (version === undefined || version > CURRENT_SCHEMA) {
    const problem = version === undefined ? 'must be 1, 2 or 3' : `${version} is newer than this program; update it`;
    return { ...broken(placed({ writtenPath: ['schema_version'], problem }, placeOf(['schema_version']))) };
  }
  const older = version < CURRENT_SCHEMA || (given['schema_version'] === undefined && isRecord(given['reviewer']));
  const lifted: LiftedTree = older ? liftOlderTree(given) : { tree: given, origins: new Map(), notices: [] };
  const { schema_version: _version, ...tree } = lifted.tree;
  const checked = checkTree(SettingsSchema, tree);
  const at = (path: readonly string[]): TomlPlace | undefined => placeOf(originOf(lifted, path));
  const notice = (found: TreeNotice): Notice => placed(found, at(found.writtenPath));
  const settings = checked.settings.map((setting) => ({ ...setting, line: at(setting.writtenPath)?.line ?? null }));
  return {
    schemaVersion: version,
    isOlder: older,
    settings,
    errors: [...checked.errors, ...activeUnknown(tree)].map(notice),
    warnings: [
      ...(older ? [oldSchema(version)] : []),
      ...lifted.notices.map((found) => placed(found, placeOf(found.writtenPath))),
      ...checked.unknown.map(notice),
      ...plainHttp(checked.settings).map(notice),
    ],
  };
}

const oldSchema = (version: number): Notice => ({
  key: null,
  line: null,
  column: null,
  problem: `is of schema ${version === CURRENT_SCHEMA ? 1 : version}; \`csep config migrate\` rewrites it and keeps a backup`,
});

const broken = (error: Notice): ParsedConfig => ({
  schemaVersion: CURRENT_SCHEMA,
  isOlder: false,
  settings: [],
  errors: [error],
  warnings: [],
});

type TomlDocument = { ok: true; tree: Record<string, unknown> } | { ok: false; error: Notice };

function parseToml(text: string): TomlDocument {
  try {
    return { ok: true, tree: parse(text, { maxDepth: 32, unsafeKeyBehaviour: 'throw' }) };
  } catch (error) {
    if (!(error instanceof TomlError))
      return { ok: false, error: { key: null, line: null, column: null, problem: 'is no TOML' } };
    // Behind the first line the message repeats the text, and with it whatever key stands there.
    const said = error.message.split('\n')[0] ?? '';
    const problem = `is no TOML (${redactBuiltin(said.replace(/^Invalid TOML document: /, ''))})`;
    return { ok: false, error: { key: null, line: error.line, column: error.column, problem } };
  }
}

function versionOf(tree: Record<string, unknown>): number | undefined {
  const version = tree['schema_version'] ?? CURRENT_SCHEMA;
  return typeof version === 'number' && Number.isInteger(version) && version >= 1 ? version : undefined;
}

function originOf(lifted: LiftedTree, path: readonly string[]): readonly string[] {
  for (let length = path.length; length > 0; length--) {
    const origin = lifted.origins.get(dotted(path.slice(0, length)));
    if (origin) return [...origin, ...path.slice(length)];
  }
  return path;
}

/** To fall back to another reviewer than the one that somebody named would be a guess. */
function activeUnknown(tree: Record<string, unknown>): TreeNotice[] {
  const { active_profile: active, profiles } = tree;
  if (typeof active !== 'string' || active === '') return [];
  const names = isRecord(profiles) ? Object.keys(profiles) : [];
  if (names.includes(active)) return [];
  const known = names.length === 0 ? 'there is none' : `there are ${names.join(', ')}`;
  return [{ writtenPath: ['active_profile'], problem: `names a profile that does not exist (${known})` }];
}

/** A key that travels in the clear can be read on the way. */
function plainHttp(settings: readonly Setting[]): TreeNotice[] {
  return settings.flatMap(({ path, value, writtenPath }) => {
    if (path.at(-1) !== 'baseUrl' || typeof value !== 'string') return [];
    const { protocol, hostname } = new URL(value);
    if (protocol === 'https:' || isLoopback(hostname)) return [];
    return [
      { writtenPath, problem: 'is not https: sessions and the key would travel readable for everybody on the way' },
    ];
  });
}
