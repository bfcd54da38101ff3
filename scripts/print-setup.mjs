#!/usr/bin/env node
// @ts-check
// Prints what a person puts into other programs' files, with the paths of this clone:
//   node scripts/print-setup.mjs           hooks.json for Codex
//   node scripts/print-setup.mjs --cron    the line for `crontab -e`
import { readFileSync, realpathSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { argv, execPath, exit, platform, stderr, stdout } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const USAGE = `usage: node scripts/print-setup.mjs [--cron]

Without a flag: hooks.json for Codex, with the paths of this clone.
--cron: the line for crontab -e that runs scan every five minutes.
`;

/** How hooks/hooks.json names the program; Codex fills the variable in for plugins only. */
const PROGRAM = /"\$(?:PLUGIN_ROOT|\{PLUGIN_ROOT\})\/dist\/hook\.cjs"/;

/** @typedef {{ command: string, commandWindows?: string }} Hook */

/**
 * The plugin's hooks as a hooks.json that needs no plugin. Windows keeps both commands, since Codex
 * asks for `command` everywhere; elsewhere the one for Windows would only be in the way.
 * @param {string} root absolute path of the clone
 * @param {string} [system] a value of process.platform
 * @returns {string} JSON
 */
export function hooksJson(root, system = platform) {
  const windows = system === 'win32';
  const file = JSON.parse(readFileSync(new URL('../hooks/hooks.json', import.meta.url), 'utf8'));
  const program = (windows ? win32 : posix).join(root, 'dist', 'hook.cjs');
  for (const hook of hooksOf(file)) {
    hook.command = put(hook.command, quoteForShell(program));
    if (windows && hook.commandWindows !== undefined)
      hook.commandWindows = put(hook.commandWindows, quoteForCmd(program));
    else delete hook.commandWindows;
  }
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * The line of a crontab. cron takes an unescaped % for the end of the command, and its versions
 * differ in what a backslash in front of anything else means.
 * @param {string} node absolute path
 * @param {string} root absolute path of the clone
 * @throws for a path that cannot be written in a crontab
 */
export function cronLine(node, root) {
  const words = [node, posix.join(root, 'dist', 'cli.js')];
  const unwritable = words.find((word) => /[\\\n]/.test(word));
  if (unwritable !== undefined)
    throw new Error(`${unwritable} has a backslash or a line break, which a crontab cannot hold; move it elsewhere`);
  const command = words.map(quoteForShell).join(' ');
  return `*/5 * * * * ${command.replaceAll('%', String.raw`\%`)} scan >/dev/null 2>&1\n`;
}

/** @param {{ hooks: Record<string, { hooks: Hook[] }[]> }} file */
const hooksOf = (file) => Object.values(file.hooks).flatMap((groups) => groups.flatMap(({ hooks }) => hooks));

/**
 * @param {string} command
 * @param {string} quoted
 */
function put(command, quoted) {
  if (!PROGRAM.test(command)) throw new Error(`hooks/hooks.json has a command without $PLUGIN_ROOT: ${command}`);
  return command.replace(PROGRAM, () => quoted);
}

/**
 * One word of a POSIX shell. A single quote is written without a backslash, for cron's sake.
 * @param {string} word
 */
const quoteForShell = (word) => `'${word.replaceAll("'", `'"'"'`)}'`;

/**
 * One word of cmd.exe. File names there have no quotes; a % outside of them, behind a caret, begins
 * no variable.
 * @param {string} word
 */
const quoteForCmd = (word) => `"${word.replaceAll('%', '"^%"')}"`;

/** @param {string[]} words */
function main(words) {
  const [flag, ...more] = words;
  if (flag === '--help' || flag === '-h') return stdout.write(USAGE);
  if (more.length > 0 || (flag !== undefined && flag !== '--cron')) {
    stderr.write(USAGE);
    return exit(2);
  }
  const root = fileURLToPath(new URL('..', import.meta.url));
  try {
    return stdout.write(flag === undefined ? hooksJson(root) : cronLine(execPath, root));
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return exit(1);
  }
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(realpathSync(argv[1])).href) main(argv.slice(2));
