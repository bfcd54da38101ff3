import path from 'node:path';
import pluginHooks from '../../hooks/hooks.json' with { type: 'json' };
import pluginManifest from '../../.codex-plugin/plugin.json' with { type: 'json' };
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import { isRecord, textOr } from '../contracts/json.ts';
import { sha256 } from '../kernel/digest.ts';
import { exists, factsOf, isFolder, listNames, readBytes } from '../kernel/files.ts';
import { appLayout } from '../kernel/home.ts';
import { copyFile, moveFolderExclusively, removeEmptyFolder, removeFolder } from '../kernel/move-files.ts';
import { renderFile } from '../kernel/render-file.ts';
import { makeFolder } from '../kernel/write-files.ts';
import { activeVersion } from './active-version.ts';
import { codexFiles, MARKETPLACE, PLUGIN, PLUGIN_ID } from './codex-files.ts';
import { callAppServer, runCodex } from './codex-program.ts';
import type { CodexProgram } from './codex-program.ts';

/**
 * Lays out `app/marketplace/` with the plugin around an installed version of the program. Never the
 * repository itself: Codex copies all of a plugin's folder and trusts it as one.
 *
 * @param app folder of the installed version
 * @returns the marketplace's folder
 */
export function layOutMarketplace(home: string, app: string): string {
  const { marketplace } = appLayout(home);
  const plugins = path.join(marketplace, 'plugins');
  const root = path.join(plugins, PLUGIN);
  const stage = `${root}.stage-${process.pid}`;
  removeFolder(stage);
  copyFolder(app, path.join(stage, 'dist'));
  for (const [file, content] of [
    ['.codex-plugin/plugin.json', pluginManifest],
    ['hooks/hooks.json', pluginHooks],
  ] as const) {
    makeFolder(path.dirname(path.join(stage, file)));
    renderFile(path.join(stage, file), `${JSON.stringify(content, null, 2)}\n`);
  }
  removeFolder(root);
  moveFolderExclusively(stage, root);
  for (const name of listNames(plugins)) if (name !== PLUGIN) removeFolder(path.join(plugins, name));
  const manifest = path.join(marketplace, '.agents', 'plugins', 'marketplace.json');
  makeFolder(path.dirname(manifest));
  const entry = { name: PLUGIN, source: { source: 'local', path: `./plugins/${PLUGIN}` } };
  renderFile(manifest, `${JSON.stringify({ name: MARKETPLACE, plugins: [entry] }, null, 2)}\n`);
  return marketplace;
}

function copyFolder(from: string, to: string): void {
  makeFolder(to);
  for (const name of listNames(from)) {
    if (isFolder(path.join(from, name))) copyFolder(path.join(from, name), path.join(to, name));
    else copyFile(path.join(from, name), path.join(to, name));
  }
}

/** `codex plugin marketplace add` and `codex plugin add`; again: the plugin anew. */
export function addPlugin(codex: CodexProgram, marketplace: string): Result<void> {
  const market = runCodex(codex, ['plugin', 'marketplace', 'add', marketplace, '--json']);
  if (!market.ok) return market;
  const plugin = runCodex(codex, ['plugin', 'add', PLUGIN_ID, '--json']);
  return plugin.ok ? succeed(undefined) : plugin;
}

/** The opposite. A plugin of another marketplace leaves the marketplace where it is. */
export function removePlugin(codex: CodexProgram, pluginId: string): Result<void> {
  const plugin = runCodex(codex, ['plugin', 'remove', pluginId, '--json']);
  if (!plugin.ok || pluginId !== PLUGIN_ID) return plugin.ok ? succeed(undefined) : plugin;
  const market = runCodex(codex, ['plugin', 'marketplace', 'remove', MARKETPLACE, '--json']);
  return market.ok ? succeed(undefined) : market;
}

/**
 * Trusts the plugin's hooks by what Codex itself says their hash is, as its `/hooks` does; no others.
 * @returns how many
 */
export async function trustPlugin(codex: CodexProgram): Promise<Result<number>> {
  let count = 0;
  const answers = await callAppServer(codex, [
    () => ({ method: 'hooks/list', params: { cwds: [codex.cwd] } }),
    ([list]) => {
      const edits = pluginHooksIn(list).map(({ key, currentHash }) => ({
        keyPath: 'hooks.state',
        mergeStrategy: 'upsert',
        value: { [key]: { trusted_hash: currentHash } },
      }));
      count = edits.length;
      return { method: 'config/batchWrite', params: { edits, reloadUserConfig: true } };
    },
  ]);
  return answers.ok ? succeed(count) : answers;
}

function pluginHooksIn(list: unknown): { key: string; currentHash: string }[] {
  const data: unknown = isRecord(list) && Array.isArray(list['data']) ? list['data'][0] : undefined;
  const hooks: unknown[] = isRecord(data) && Array.isArray(data['hooks']) ? data['hooks'] : [];
  return hooks.flatMap((hook) =>
    isRecord(hook) && hook['pluginId'] === PLUGIN_ID
      ? [{ key: textOr(hook['key'], ''), currentHash: textOr(hook['currentHash'], '') }]
      : [],
  );
}

/** Where Codex has copied the plugin; undefined when it has not. */
export function installedPlugin(codexHome: string): string | undefined {
  const folder = path.join(codexFiles(codexHome).pluginCache, MARKETPLACE, PLUGIN);
  const version = activeVersion(folder);
  return version === undefined ? undefined : path.join(folder, version);
}

/** Folders that Codex makes above a plugin of ours and leaves when that goes; the innermost first. */
function foldersAbovePlugin(codexHome: string): string[] {
  const { pluginCache } = codexFiles(codexHome);
  return [path.join(pluginCache, MARKETPLACE), pluginCache, path.dirname(pluginCache)];
}

/** Those of them that are not there yet. */
export const missingFoldersAbovePlugin = (codexHome: string): string[] =>
  foldersAbovePlugin(codexHome).filter((folder) => !exists(folder));

/** Removes what is empty of the folders above our plugin. @param made those that were not there before us */
export function removeFoldersAbovePlugin(codexHome: string, made: readonly string[]): void {
  const [own, ...shared] = foldersAbovePlugin(codexHome);
  for (const folder of [own ?? '', ...shared.filter((name) => made.includes(name))]) removeEmptyFolder(folder);
}

/** Sum over everything in a folder that Codex's trust covers: names, kinds, bytes, what may be run. */
export function folderDigest(folder: string): string {
  const lines: string[] = [];
  const visit = (at: string, relative: string): void => {
    for (const name of listNames(at)) {
      const facts = factsOf(path.join(at, name));
      const inner = `${relative}${name}`;
      if (facts?.kind === 'folder') {
        lines.push(`${inner}/`);
        visit(path.join(at, name), `${inner}/`);
      } else {
        const sum = facts?.kind === 'file' ? sha256(readBytes(path.join(at, name)) ?? '') : facts?.kind;
        lines.push(`${inner} ${sum ?? ''} ${(facts?.mode ?? 0) & 0o111}`);
      }
    }
  };
  visit(folder, '');
  return sha256(lines.join('\n'));
}
