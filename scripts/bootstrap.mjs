#!/usr/bin/env node
// One command on a fresh clone: installs from the lockfile and builds when that is missing or stale,
// then runs what was asked for. Needs nothing but Node and npm; waits for another one doing the same.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const STAMP = path.join(ROOT, 'node_modules', '.csep-stamp.json');
const INSTALL_LOCK = path.join(ROOT, '.csep-installing');

const TASKS = {
  start: () => run(process.execPath, ['scripts/demo.mjs', ...rest]),
  test: () => run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...rest]),
  e2e: () =>
    run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.e2e.config.ts', ...rest]),
  page: () =>
    run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.page.config.ts', ...rest]),
  'walk-through': () => run(process.execPath, ['scripts/walk-through.mjs', ...rest]),
  bench: () => run(process.execPath, ['bench/bench.mjs', ...rest]),
};

const [task = 'start', ...rest] = process.argv.slice(2);
if (!Object.hasOwn(TASKS, task)) {
  console.error(`bootstrap: there is no task "${task}"; known: ${Object.keys(TASKS).join(', ')}`);
  process.exit(2);
}
requireNode();
installWhenStale();
buildWhenStale();
TASKS[task]();

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22) return;
  console.error(
    `This project needs Node 20.19 or later in line 20, or 22.12 and later; this is ${process.versions.node}.`,
  );
  process.exit(1);
}

function installWhenStale() {
  const wanted = digestOf(['package.json', 'package-lock.json']);
  // Behind a link lies another clone's: npm would empty it first.
  if (readStamp().install === wanted || npmHasInstalled() || isLink('node_modules')) return;
  withInstallLock(() => {
    if (readStamp().install === wanted) return;
    console.error('Installing the development tools from the lockfile …');
    // The build is ours to do, with its own stamp.
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    run(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], process.platform === 'win32');
    writeStamp({ install: wanted });
  });
}

/** Somebody ran `npm ci` by hand: npm's own record is then younger than what it was made from. */
function npmHasInstalled() {
  if (readStamp().install !== undefined) return false;
  const record = modified(path.join('node_modules', '.package-lock.json'));
  return record > modified('package.json') && record > modified('package-lock.json');
}

function isLink(file) {
  return fs.lstatSync(path.join(ROOT, file), { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function modified(file) {
  return fs.statSync(path.join(ROOT, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function buildWhenStale() {
  const wanted = digestOf(['package.json', 'rolldown.config.mjs', ...filesBelow('src')]);
  if (readStamp().build === wanted && fs.existsSync(path.join(ROOT, 'dist', 'hook.cjs'))) return;
  withInstallLock(() => {
    if (readStamp().build === wanted && fs.existsSync(path.join(ROOT, 'dist', 'hook.cjs'))) return;
    quietly(process.execPath, ['node_modules/rolldown/bin/cli.mjs', '-c']);
    writeStamp({ ...readStamp(), build: wanted });
  });
}

/** Two commands started at once on one clone must not install over each other. */
function withInstallLock(work) {
  const deadline = Date.now() + 15 * 60_000;
  while (!takeLock()) {
    if (Date.now() > deadline)
      throw new Error(`Another installation holds ${INSTALL_LOCK}; remove it when none is running.`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
  try {
    work();
  } finally {
    fs.rmSync(INSTALL_LOCK, { force: true });
  }
}

function takeLock() {
  try {
    fs.writeFileSync(INSTALL_LOCK, String(process.pid), { flag: 'wx' });
    process.on('exit', () => ownsLock() && fs.rmSync(INSTALL_LOCK, { force: true }));
    return true;
  } catch {
    if (!ownerIsAlive()) fs.rmSync(INSTALL_LOCK, { force: true });
    return false;
  }
}

function lockOwner() {
  try {
    return Number(fs.readFileSync(INSTALL_LOCK, 'utf8'));
  } catch {
    return 0;
  }
}

/** A declaration, because the exit listener may run before this line would. */
function ownsLock() {
  return lockOwner() === process.pid;
}

function ownerIsAlive() {
  const owner = lockOwner();
  // Empty for the moment between creating and writing it.
  if (owner === 0) return true;
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function digestOf(files) {
  const hash = createHash('sha256').update(process.versions.modules);
  for (const file of files) hash.update(`\n${file}\n`).update(fs.readFileSync(path.join(ROOT, file)));
  return hash.digest('hex');
}

function filesBelow(folder) {
  return fs
    .readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath ?? entry.path, entry.name)).replaceAll('\\', '/'))
    .toSorted();
}

function readStamp() {
  try {
    return JSON.parse(fs.readFileSync(STAMP, 'utf8'));
  } catch {
    return {};
  }
}

function writeStamp(stamp) {
  fs.writeFileSync(STAMP, JSON.stringify(stamp));
}

/** Shows what a step printed only when it failed. */
function quietly(command, args) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8' });
  if (error) throw error;
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}`);
  process.exit(status ?? 1);
}

function run(command, args, shell = false) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', shell });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
