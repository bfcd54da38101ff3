import path from 'node:path';
import type { Failure, Result } from '../contracts/failure.ts';
import { isRecord } from '../contracts/json.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { readForeignFile } from '../kernel/foreign-file.ts';
import { activeVersion } from './active-version.ts';
import { codexFiles, repositoryHooks } from './codex-files.ts';
import { isHookEvent } from './hook-events.ts';
import { ownerOf } from './hook-owner.ts';
import type { HookOwner } from './hook-owner.ts';
import { readHooksDocument } from './hooks-json.ts';
import type { FoundHook } from './hooks-json.ts';
import { readTomlDocument, valueAt } from './toml-document.ts';
import type { TomlDocument } from './toml-document.ts';
import { trustedHash, trustKey } from './trust-hash.ts';
import { isSwitchedOff, trustedHashIn } from './trust-tables.ts';

export type TrustStatus = 'trusted' | 'untrusted' | 'modified' | 'disabled';
export type HookSource = 'hooks.json' | 'config.toml' | 'repository' | 'plugin';

/** One hook that Codex finds, and whether it runs. */
export interface HookTrust {
  event: string;
  source: HookSource;
  /** The file that it stands in. */
  file: string;
  command: string;
  owner: HookOwner;
  status: TrustStatus;
  /** In `[hooks.state]`. */
  key: string;
  /** What Codex wants to find there. Of a plugin it also wants the sum of its whole folder, which is not known here. */
  hash: string;
  group: number;
  place: number;
  /** `name@marketplace` */
  pluginId?: string;
}

export interface CodexHooks {
  hooks: HookTrust[];
  /** Files that could not be read, or that Codex would reject. */
  problems: Failure[];
  /** `[features] hooks = false`: Codex runs none. */
  areSwitchedOff: boolean;
}

/** Trust of one hook, from what config.toml says. */
export function trustOf(config: Record<string, unknown>, key: string, hash: string): TrustStatus {
  if (isSwitchedOff(config, key)) return 'disabled';
  const trusted = trustedHashIn(config, key);
  if (trusted === undefined) return 'untrusted';
  return trusted === hash ? 'trusted' : 'modified';
}

interface Where {
  source: HookSource;
  file: string;
  /** Beginning of the keys. */
  prefix: string;
  pluginId?: string;
}

function hookTrust(config: Record<string, unknown>, where: Where, hook: FoundHook): HookTrust {
  const key = trustKey(where.prefix, hook.event, hook.group, hook.place);
  const hash = trustedHash(hook);
  const { event, command, group, place } = hook;
  return {
    event,
    source: where.source,
    file: where.file,
    command,
    owner: ownerOf(command),
    status: trustOf(config, key, hash),
    key,
    hash,
    group,
    place,
    ...(where.pluginId === undefined ? {} : { pluginId: where.pluginId }),
  };
}

/** The hooks of a hooks file, with their trust. Pure: `file` only makes the keys. */
export function trustInHooksFile(
  config: Record<string, unknown>,
  file: string,
  hooks: readonly FoundHook[],
): HookTrust[] {
  return hooks.map((hook) => hookTrust(config, { source: 'hooks.json', file, prefix: file }, hook));
}

/**
 * Every hook that Codex reads from a home (and a repository), with its trust as Codex computes it.
 * @param repository root whose `.codex/hooks.json` counts, too
 */
export function readCodexHooks(codexHome: string, repository?: string): CodexHooks {
  const files = codexFiles(codexHome);
  const problems: Failure[] = [];
  const keep = <T>(result: Result<T>): T | undefined => {
    if (result.ok) return result.value;
    problems.push(result.failure);
    return undefined;
  };
  const config = keep(readConfig(files.config))?.values ?? {};
  const inFile = (where: Where): HookTrust[] =>
    (keep(readHooks(where.file)) ?? []).map((hook) => hookTrust(config, where, hook));
  const hooks = [
    ...inFile({ source: 'hooks.json', file: files.hooks, prefix: files.hooks }),
    ...tomlHooks(config).map((hook) =>
      hookTrust(config, { source: 'config.toml', file: files.config, prefix: files.config }, hook),
    ),
    ...pluginFolders(files.pluginCache, config).flatMap(({ pluginId, file }) =>
      inFile({ source: 'plugin', file, prefix: `${pluginId}:hooks/hooks.json`, pluginId }),
    ),
    ...(repository === undefined ? [] : inRepository(repository, inFile, files.hooks)),
  ];
  return { hooks, problems, areSwitchedOff: valueAt(config, ['features', 'hooks']) === false };
}

/** The user's own hooks.json is that of a repository, too, where the user's folder is one. */
function inRepository(repository: string, inFile: (where: Where) => HookTrust[], usersOwn: string): HookTrust[] {
  const file = repositoryHooks(repository);
  return file === usersOwn ? [] : inFile({ source: 'repository', file, prefix: file });
}

/** Our hooks with their trust, wherever they stand. */
export const readHookTrust = (codexHome: string, repository?: string): HookTrust[] =>
  readCodexHooks(codexHome, repository).hooks.filter(({ owner }) => owner === 'ours');

/** config.toml of Codex; an empty document when there is none. */
function readConfig(file: string): Result<TomlDocument> {
  const read = attempt(() => readForeignFile(file)?.text ?? '');
  return read.ok ? readTomlDocument(file, read.value) : read;
}

function readHooks(file: string): Result<FoundHook[]> {
  const read = attempt(() => readForeignFile(file)?.text);
  if (!read.ok) return read;
  if (read.value === undefined) return { ok: true, value: [] };
  const document = readHooksDocument(file, read.value);
  return document.ok ? { ok: true, value: document.value.hooks } : document;
}

/** `[[hooks.Stop]]` with `[[hooks.Stop.hooks]]`. */
function tomlHooks(config: Record<string, unknown>): FoundHook[] {
  const events = config['hooks'];
  if (!isRecord(events)) return [];
  return Object.entries(events).flatMap(([event, groups]) =>
    isHookEvent(event) && Array.isArray(groups) ? groups.flatMap((group, index) => tomlGroup(event, group, index)) : [],
  );
}

function tomlGroup(event: string, group: unknown, index: number): FoundHook[] {
  const hooks = isRecord(group) ? group['hooks'] : undefined;
  const matcher = isRecord(group) ? textIn(group, 'matcher') : undefined;
  if (!Array.isArray(hooks)) return [];
  return hooks.flatMap((hook: unknown, place) => {
    const command = isRecord(hook) ? textIn(hook, 'command') : undefined;
    if (!isRecord(hook) || command === undefined || hook['type'] !== 'command') return [];
    return [
      {
        event,
        matcher,
        group: index,
        place,
        command,
        timeout: numberIn(hook, 'timeout'),
        async: hook['async'] === true,
        statusMessage: textIn(hook, 'statusMessage'),
        additionalContextLimit: numberIn(hook, 'additionalContextLimit'),
      },
    ];
  });
}

function textIn(table: Record<string, unknown>, key: string): string | undefined {
  const value = table[key];
  return typeof value === 'string' ? value : undefined;
}

function numberIn(table: Record<string, unknown>, key: string): number | undefined {
  const value = table[key];
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

/** Hooks files of the plugins that config.toml switches on. */
function pluginFolders(cache: string, config: Record<string, unknown>): { pluginId: string; file: string }[] {
  const plugins = config['plugins'];
  if (!isRecord(plugins)) return [];
  return Object.entries(plugins).flatMap(([pluginId, settings]) => {
    const [name, marketplace] = pluginId.split('@');
    const isOn = isRecord(settings) && settings['enabled'] !== false;
    if (!isOn || !name || !marketplace || !isPlainName(name) || !isPlainName(marketplace)) return [];
    const folder = path.join(cache, marketplace, name);
    const version = activeVersion(folder);
    return version === undefined ? [] : [{ pluginId, file: path.join(folder, version, 'hooks', 'hooks.json') }];
  });
}

const isPlainName = (name: string): boolean => /^[\w-][\w.-]*$/.test(name);
