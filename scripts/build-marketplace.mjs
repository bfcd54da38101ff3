#!/usr/bin/env node
// @ts-check
// Lays out a local marketplace that `codex plugin marketplace add` accepts:
//   node scripts/build-marketplace.mjs FOLDER
// It holds the built plugin and nothing else. The repository itself must never be the plugin's
// folder: Codex copies all of it, .git and node_modules included, and trusts (or distrusts) it as one.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { argv, exit, pid, stderr, stdout } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const MARKETPLACE = 'codex-self-evolution';

const USAGE = `usage: node scripts/build-marketplace.mjs FOLDER

Lays out a local marketplace with the built plugin in FOLDER, which is new, empty, or was made by
this script before, and prints the two codex commands that install the plugin from there.
`;
/** What a plugin needs to run. Dependencies are inside dist/. */
const PARTS = ['.codex-plugin', 'hooks'];
/** Of dist/: an older layout by this very script. */
const NOT_OF_THE_PROGRAM = ['marketplace'];

/**
 * Writes marketplace and plugin below `folder` and returns the plugin's name and folder. An older
 * plugin there is replaced; whatever else lies in the folder stays. Throws when the program is not
 * built or the folder has something else in it already.
 * @param {string} source root of this repository
 * @param {string} folder
 * @returns {{ plugin: string, pluginRoot: string }}
 */
export function buildMarketplace(source, folder) {
  if (!existsSync(join(source, 'dist', 'hook.cjs')))
    throw new Error('dist/hook.cjs is missing: run npm run build first');
  const { name: plugin } = JSON.parse(readFileSync(join(source, '.codex-plugin', 'plugin.json'), 'utf8'));
  const manifest = join(folder, '.agents', 'plugins', 'marketplace.json');
  refuseForeign(folder, manifest);

  const pluginRoot = join(folder, 'plugins', plugin);
  const stage = `${pluginRoot}.stage-${pid}`;
  mkdirSync(stage, { recursive: true });
  const program = readdirSync(join(source, 'dist')).filter((name) => !NOT_OF_THE_PROGRAM.includes(name));
  for (const part of [...PARTS, ...program.map((name) => join('dist', name))])
    cpSync(join(source, part), join(stage, part), { recursive: true, dereference: true });
  rmSync(pluginRoot, { recursive: true, force: true });
  renameSync(stage, pluginRoot);

  const entry = { name: plugin, source: { source: 'local', path: `./plugins/${plugin}` } };
  mkdirSync(dirname(manifest), { recursive: true });
  writeFileSync(manifest, `${JSON.stringify({ name: MARKETPLACE, plugins: [entry] }, null, 2)}\n`);
  return { plugin, pluginRoot };
}

/**
 * A folder is ours when its marketplace is. What lies in any other was put there for another purpose.
 * @param {string} folder
 * @param {string} manifest
 */
function refuseForeign(folder, manifest) {
  if (existsSync(manifest)) {
    const { name } = JSON.parse(readFileSync(manifest, 'utf8'));
    if (name !== MARKETPLACE) throw new Error(`${manifest} belongs to the marketplace "${name}"; nothing was changed`);
  } else if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Error(`${folder} is not empty and no marketplace of ours; nothing was changed. Name a new folder`);
  }
}

/** @param {string[]} words */
function main(words) {
  const [given, ...more] = words;
  if (given === '--help' || given === '-h') return stdout.write(USAGE);
  if (given === undefined || given === '' || given.startsWith('-') || more.length > 0) {
    stderr.write(USAGE);
    return exit(2);
  }
  try {
    const folder = resolve(given);
    const { plugin } = buildMarketplace(fileURLToPath(new URL('..', import.meta.url)), folder);
    return stdout.write(`codex plugin marketplace add "${folder}"\ncodex plugin add ${plugin}@${MARKETPLACE}\n`);
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return exit(1);
  }
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(argv[1])).href) main(argv.slice(2));
