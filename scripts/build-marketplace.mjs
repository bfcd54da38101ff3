#!/usr/bin/env node
// @ts-check
// Lays out a local marketplace that `codex plugin marketplace add` accepts:
//   node scripts/build-marketplace.mjs FOLDER
// It holds the built plugin and nothing else. The repository itself must never be the plugin's
// folder: Codex copies all of it, .git and node_modules included, and trusts (or distrusts) it as one.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { argv, exit, pid, stderr, stdout } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const MARKETPLACE = 'codex-self-evolution';
/** What a plugin needs to run. Dependencies are inside dist/. */
const PARTS = ['.codex-plugin', 'hooks', 'dist'];

/**
 * Writes marketplace and plugin below `folder` and returns the plugin's name and folder. An older
 * plugin there is replaced; whatever else lies in the folder stays. Throws when the program is not
 * built or the folder belongs to another marketplace.
 * @param {string} source root of this repository
 * @param {string} folder
 * @returns {{ plugin: string, pluginRoot: string }}
 */
export function buildMarketplace(source, folder) {
  if (!existsSync(join(source, 'dist', 'hook.cjs')))
    throw new Error('dist/hook.cjs is missing: run npm run build first');
  const { name: plugin } = JSON.parse(readFileSync(join(source, '.codex-plugin', 'plugin.json'), 'utf8'));
  const manifest = join(folder, '.agents', 'plugins', 'marketplace.json');
  refuseForeign(manifest);

  const pluginRoot = join(folder, 'plugins', plugin);
  const stage = `${pluginRoot}.stage-${pid}`;
  mkdirSync(stage, { recursive: true });
  for (const part of PARTS) cpSync(join(source, part), join(stage, part), { recursive: true, dereference: true });
  rmSync(pluginRoot, { recursive: true, force: true });
  renameSync(stage, pluginRoot);

  const entry = { name: plugin, source: { source: 'local', path: `./plugins/${plugin}` } };
  mkdirSync(dirname(manifest), { recursive: true });
  writeFileSync(manifest, `${JSON.stringify({ name: MARKETPLACE, plugins: [entry] }, null, 2)}\n`);
  return { plugin, pluginRoot };
}

/** @param {string} manifest */
function refuseForeign(manifest) {
  if (!existsSync(manifest)) return;
  const { name } = JSON.parse(readFileSync(manifest, 'utf8'));
  if (name !== MARKETPLACE) throw new Error(`${manifest} belongs to the marketplace "${name}"; nothing was changed`);
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  try {
    if (argv[2] === undefined) throw new Error('usage: node scripts/build-marketplace.mjs FOLDER');
    const folder = resolve(argv[2]);
    const { plugin } = buildMarketplace(fileURLToPath(new URL('..', import.meta.url)), folder);
    stdout.write(`codex plugin marketplace add "${folder}"\ncodex plugin add ${plugin}@${MARKETPLACE}\n`);
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    exit(1);
  }
}
