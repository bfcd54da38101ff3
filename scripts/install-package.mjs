// @ts-check
// Installs one pinned npm package outside the clone, on demand, for the end-to-end tests. Needs nothing but Node
// and npm: it runs before anything else is installed.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { argv, env, execPath, exit, platform, stderr, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';

/**
 * @typedef {object} PinnedPackage
 * @property {string} name the npm package
 * @property {string} program what people call it; also the beginning of its folder's name
 * @property {string} version the one version whose behaviour the tests state; a newer one is a decision, not an accident
 * @property {string} launcher its file inside the package
 * @property {'node' | 'native'} runsAs whether Node runs the launcher, or the system
 * @property {string} size for people who wait
 * @property {string} [setup] a script of the package that completes it: npm is told to run none
 */

const STAGE_PREFIX = '.installing-';
/** Such a package unpacks to about 400 MB; a slow link may need a while. */
const INSTALL_DEADLINE_MS = 20 * 60_000;
const ANSWER_DEADLINE_MS = 60_000;
/** A stage that nobody renamed for a day belongs to an install that died. */
const ABANDONED_AFTER_MS = 24 * 60 * 60_000;

/**
 * Where a version lies. `CSEP_E2E_CACHE` names another folder to keep versions in.
 * @param {PinnedPackage} pinned
 * @param {NodeJS.ProcessEnv} environment
 * @returns {{ cache: string, target: string }}
 */
function locationOf({ program, version }, environment) {
  const cache =
    environment['CSEP_E2E_CACHE'] ||
    join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'codex-self-evolution-plugin');
  return { cache, target: join(cache, `${program}-${version}`) };
}

/**
 * The launcher inside an install, or undefined when the install is not there or is of another version.
 * @param {PinnedPackage} pinned
 * @param {string} root
 * @returns {string | undefined}
 */
function launcherIn(pinned, root) {
  const packageRoot = join(root, 'node_modules', ...pinned.name.split('/'));
  const launcher = join(packageRoot, ...pinned.launcher.split('/'));
  if (!existsSync(launcher)) return undefined;
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  return version === pinned.version ? launcher : undefined;
}

/**
 * The launcher's path, when this version is there already.
 * @param {PinnedPackage} pinned
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string | undefined}
 */
export const installedPackage = (pinned, environment) => launcherIn(pinned, locationOf(pinned, environment).target);

/**
 * Installs unless this version is there, and returns the launcher's path.
 * @param {PinnedPackage} pinned
 * @param {NodeJS.ProcessEnv} environment
 * @returns {string}
 */
export function installPackage(pinned, environment) {
  const { cache, target } = locationOf(pinned, environment);
  const present = launcherIn(pinned, target);
  if (present !== undefined) return present;
  mkdirSync(cache, { recursive: true });
  sweepAbandonedStages(cache);
  const stage = join(cache, `${STAGE_PREFIX}${pinned.version}-${randomUUID()}`);
  try {
    fillStage(pinned, stage);
    publish(pinned, stage, target);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  const launcher = launcherIn(pinned, target);
  if (launcher === undefined)
    throw new Error(`${target} holds something else than ${pinned.name} ${pinned.version}; remove it`);
  return launcher;
}

/** @param {PinnedPackage} pinned @param {string} stage */
function fillStage(pinned, stage) {
  const wanted = `${pinned.name}@${pinned.version}`;
  mkdirSync(stage);
  // Without a manifest of its own npm would look for one in the folders above.
  writeFileSync(join(stage, 'package.json'), '{ "private": true }\n');
  // No path among them: a shell, which Windows needs to start npm's batch file, would split it at spaces.
  const npmArguments = ['install', '--prefix', '.', '--no-audit', '--no-fund', '--ignore-scripts'];
  stderr.write(`Installing ${wanted} (about ${pinned.size}, once) ...\n`);
  const installed = spawnSync('npm', [...npmArguments, wanted], {
    cwd: stage,
    stdio: ['ignore', 2, 2],
    timeout: INSTALL_DEADLINE_MS,
    shell: platform === 'win32',
  });
  if (installed.status !== 0) {
    throw new Error(`npm could not install ${wanted} (${installed.error ?? `exit ${installed.status}`})`);
  }
  if (pinned.setup !== undefined) setUp(pinned, stage, pinned.setup);
  checkAnswer(pinned, launcherIn(pinned, stage));
}

/** @param {PinnedPackage} pinned @param {string} stage @param {string} script */
function setUp(pinned, stage, script) {
  const packageRoot = join(stage, 'node_modules', ...pinned.name.split('/'));
  const ended = spawnSync(execPath, [script], {
    cwd: packageRoot,
    stdio: ['ignore', 2, 2],
    timeout: ANSWER_DEADLINE_MS,
  });
  if (ended.status !== 0)
    throw new Error(`${script} of ${pinned.name} failed (${ended.error ?? `exit ${ended.status}`})`);
}

/**
 * The package's version says little when the binary for this platform is missing: ask the binary.
 * @param {PinnedPackage} pinned
 * @param {string | undefined} launcher
 */
function checkAnswer({ program, version, runsAs }, launcher) {
  if (launcher === undefined) throw new Error(`npm installed another version than ${version}`);
  const [command, ...args] = runsAs === 'node' ? [execPath, launcher] : [launcher];
  const answer = spawnSync(command, [...args, '--version'], { encoding: 'utf8', timeout: ANSWER_DEADLINE_MS });
  if (answer.status !== 0 || !answer.stdout.split(/\s+/).includes(version)) {
    throw new Error(
      `${program} --version answered ${JSON.stringify(answer.stdout)}, expected ${version}: ${answer.stderr}`,
    );
  }
}

/**
 * One rename makes the install visible. Whoever comes second finds a full folder and takes that one.
 * @param {PinnedPackage} pinned
 * @param {string} stage
 * @param {string} target
 */
function publish(pinned, stage, target) {
  try {
    renameSync(stage, target);
  } catch (error) {
    if (launcherIn(pinned, target) === undefined) throw error;
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

/**
 * Makes a module a program: called by its own name it installs, and prints the launcher's path.
 * @param {string} moduleUrl
 * @param {(environment: NodeJS.ProcessEnv) => string} install
 */
export function asProgram(moduleUrl, install) {
  if (argv[1] === undefined || moduleUrl !== pathToFileURL(argv[1]).href) return;
  try {
    stdout.write(`${install(env)}\n`);
  } catch (error) {
    stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    exit(1);
  }
}
