#!/usr/bin/env node
// @ts-check
// Installs the Codex CLI that the end-to-end tests drive, on demand and outside the clone, and prints
// the path of its launcher. Needs nothing but Node and npm: it runs before anything else is installed.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { argv, env, execPath, exit, platform, stderr, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';

/** The one version whose behaviour the tests state. A newer one is a decision, not an accident. */
export const CODEX_VERSION = '0.169.0';

const STAGE_PREFIX = '.installing-';
/** Codex unpacks to about 400 MB; a slow link may need a while. */
const INSTALL_DEADLINE_MS = 20 * 60_000;
const ANSWER_DEADLINE_MS = 60_000;
/** A stage that nobody renamed for a day belongs to an install that died. */
const ABANDONED_AFTER_MS = 24 * 60 * 60_000;

/**
 * Where this version lies. `CSEP_E2E_CACHE` names another folder to keep versions in.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {{ cache: string, target: string }}
 */
export function codexLocation(environment) {
  const cache =
    environment['CSEP_E2E_CACHE'] ||
    join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'codex-self-evolution-plugin');
  return { cache, target: join(cache, `codex-${CODEX_VERSION}`) };
}

/**
 * The launcher inside an install, or undefined when the install is not there or is of another version.
 * @param {string} root
 * @returns {string | undefined}
 */
export function launcherIn(root) {
  const packageRoot = join(root, 'node_modules', '@openai', 'codex');
  const launcher = join(packageRoot, 'bin', 'codex.js');
  if (!existsSync(launcher)) return undefined;
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  return version === CODEX_VERSION ? launcher : undefined;
}

/**
 * Installs unless this version is there, and returns the launcher's path (a script for Node).
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string}
 */
export function installCodex(environment) {
  const { cache, target } = codexLocation(environment);
  const present = launcherIn(target);
  if (present !== undefined) return present;
  mkdirSync(cache, { recursive: true });
  sweepAbandonedStages(cache);
  const stage = join(cache, `${STAGE_PREFIX}${CODEX_VERSION}-${randomUUID()}`);
  try {
    fillStage(stage);
    publish(stage, target);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  const launcher = launcherIn(target);
  if (launcher === undefined) throw new Error(`${target} holds something else than Codex ${CODEX_VERSION}; remove it`);
  return launcher;
}

/** @param {string} stage */
function fillStage(stage) {
  mkdirSync(stage);
  // Without a manifest of its own npm would look for one in the folders above.
  writeFileSync(join(stage, 'package.json'), '{ "private": true }\n');
  // No path among them: a shell, which Windows needs to start npm's batch file, would split it at spaces.
  const npmArguments = ['install', '--prefix', '.', '--no-audit', '--no-fund', '--ignore-scripts'];
  stderr.write(`Installing @openai/codex@${CODEX_VERSION} (about 400 MB, once) ...\n`);
  const installed = spawnSync('npm', [...npmArguments, `@openai/codex@${CODEX_VERSION}`], {
    cwd: stage,
    stdio: ['ignore', 2, 2],
    timeout: INSTALL_DEADLINE_MS,
    shell: platform === 'win32',
  });
  if (installed.status !== 0) {
    throw new Error(
      `npm could not install @openai/codex@${CODEX_VERSION} (${installed.error ?? `exit ${installed.status}`})`,
    );
  }
  checkAnswer(launcherIn(stage));
}

/**
 * The package's version says little when the binary for this platform is missing: ask the binary.
 * @param {string | undefined} launcher
 */
function checkAnswer(launcher) {
  if (launcher === undefined) throw new Error(`npm installed another version than ${CODEX_VERSION}`);
  const answer = spawnSync(execPath, [launcher, '--version'], { encoding: 'utf8', timeout: ANSWER_DEADLINE_MS });
  if (answer.status !== 0 || !answer.stdout.split(/\s+/).includes(CODEX_VERSION)) {
    throw new Error(
      `codex --version answered ${JSON.stringify(answer.stdout)}, expected ${CODEX_VERSION}: ${answer.stderr}`,
    );
  }
}

/**
 * One rename makes the install visible. Whoever comes second finds a full folder and takes that one.
 * @param {string} stage
 * @param {string} target
 */
function publish(stage, target) {
  try {
    renameSync(stage, target);
  } catch (error) {
    if (launcherIn(target) === undefined) throw error;
  }
}

/** @param {string} cache */
function sweepAbandonedStages(cache) {
  for (const name of readdirSync(cache)) {
    if (!name.startsWith(STAGE_PREFIX)) continue;
    const stage = join(cache, name);
    const age = Date.now() - (statSync(stage, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > ABANDONED_AFTER_MS) rmSync(stage, { recursive: true, force: true });
  }
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  try {
    stdout.write(`${installCodex(env)}\n`);
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    exit(1);
  }
}
