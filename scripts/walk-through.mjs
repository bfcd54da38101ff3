#!/usr/bin/env node
// @ts-check
// A stranger's first hour, without the hour: from `npm pack` to a promoted memory and out again, in an empty
// folder with a HOME and a CODEX_HOME of its own. Prints what a person would type, what came of it, and how long it
// took; exits with 1 at the first step that does not do what it promises.
//   node scripts/walk-through.mjs [--without-codex] [--keep]
// With the pinned Codex where it is installed (scripts/install-codex.mjs), against a model on the loopback;
// otherwise the hooks are called as Codex would call them, with the recorded session in examples/. No key, no
// network, no scheduler.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { installedCodex } from './install-codex.mjs';
import { startMockModel } from './mock-model.mjs';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const FLAGS = ['--without-codex', '--keep'];
const WORKER_DEADLINE_MS = 120_000;
const COMMAND_DEADLINE_MS = 300_000;

const unknown = process.argv.slice(2).filter((word) => !FLAGS.includes(word));
if (unknown.length > 0) {
  console.error(`usage: node scripts/walk-through.mjs [${FLAGS.join('] [')}]`);
  process.exit(2);
}
const launcher = process.argv.includes('--without-codex') ? undefined : installedCodex(process.env);

const work = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'csep-walk-')));
const at = (/** @type {string[]} */ ...parts) => path.join(work, ...parts);
const home = at('user', '.codex-self-evolution');
const codexHome = at('user', '.codex');
const repo = at('user', 'shop-api');
const installed = at('user', 'try-it');
const csep = path.join(installed, 'node_modules', '.bin', 'csep');
/** A shell's, and nothing else of the machine's: no key, no Codex home, no settings of npm. */
const env = {
  ...Object.fromEntries(
    ['PATH', 'LANG', 'SHELL', 'SystemRoot'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  ),
  PATH: [at('bin'), path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
  HOME: at('user'),
  TMPDIR: at('tmp'),
  CODEX_HOME: codexHome,
  MOCK_KEY: 'no-key',
  NO_COLOR: '1',
};

const model = await startMockModel();
const begun = Date.now();
let count = 0;
try {
  await walk();
  console.log(
    `\nDone: ${count} steps in ${seconds(Date.now() - begun)}, with ${launcher ? 'Codex' : 'a recorded session'}.`,
  );
} catch (error) {
  console.error(`\nStep ${count} failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await model.close();
  if (process.argv.includes('--keep')) console.log(`Everything lies in ${work}.`);
  else fs.rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}

async function walk() {
  for (const folder of ['user', 'user/.codex', 'user/try-it', 'bin', 'tmp', 'pack']) fs.mkdirSync(at(folder));
  fs.writeFileSync(path.join(codexHome, 'config.toml'), model.config);
  const before = snapshot(codexHome);
  fs.mkdirSync(repo);
  await run('git', ['init', '--quiet'], { cwd: repo });
  const session = launcher ? codexSessions(launcher) : recordedSessions();

  const tarball = await step('npm pack', 'The package, as it would be published', async (tell) => {
    await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', at('pack')], { cwd: ROOT });
    const [name = ''] = fs.readdirSync(at('pack'));
    tell(`${name}, ${Math.round(fs.statSync(at('pack', name)).size / 1000)} kB`);
    return at('pack', name);
  });

  await step(
    `npm install --prefix . ${path.basename(tarball)}`,
    'Into an empty folder, without a network',
    async (tell) => {
      await run(
        'npm',
        ['install', '--prefix', '.', '--offline', '--no-audit', '--no-fund', '--loglevel=error', tarball],
        {
          cwd: installed,
        },
      );
      const packages = fs.readdirSync(path.join(installed, 'node_modules')).filter((name) => !name.startsWith('.'));
      assert.deepEqual(packages, ['codex-self-evolution-plugin'], 'the package brings no other along');
      tell(`csep ${(await run(csep, ['--version'])).trim()}`);
    },
  );

  await step('npx csep install --yes --trust', 'Three hooks for Codex; no questions, no scheduler', async (tell) => {
    const told = await json(['install', '--yes', '--trust']);
    assert.deepEqual(
      told.hooks.map((/** @type {{ status: string }} */ hook) => hook.status),
      Array.from({ length: 3 }, () => 'trusted'),
    );
    for (const { event, status } of told.hooks) tell(`${event}: ${status}`);
    assert.equal((await json(['install', '--yes', '--trust'])).changed, false, 'a second time changes nothing');
    // What is installed runs without the package beside it.
    fs.rmSync(installed, { recursive: true });
    fs.mkdirSync(installed);
  });

  await step(session.types, 'A session in which something is worth keeping', async (tell) => {
    await session.first();
    tell(`waits to be promoted: ${await pendingEnvelope()}`);
  });

  await step('csep scan --now', 'What a scheduler would run every five minutes', async (tell) => {
    const { counts } = await json(['scan', '--now']);
    assert.deepEqual([counts.run, counts.failed], [1, 0], 'one repository is compiled');
    const memory = fs.readFileSync(path.join(bucket(), 'memory', 'MEMORY.md'), 'utf8');
    assert.match(memory, session.learned, 'what the session taught is in MEMORY.md');
    for (const line of memory.split('\n').filter((text) => text.startsWith('## '))) tell(line);
  });

  await step(session.typesAgain, 'The next session begins with it', async (tell) => {
    const context = await session.second();
    assert.match(context, session.learned, 'the next session is given what was learned');
    tell(context.split('\n').find((line) => session.learned.test(line)) ?? '');
  });

  await step(`csep recall "${session.query}"`, 'What the model does when it wants to know more', async (tell) => {
    const found = await run(program(), ['recall', session.query], { cwd: repo });
    assert.match(found, session.recalled, 'recall finds it');
    tell(found.split('\n').find((line) => session.recalled.test(line)) ?? '');
  });

  await step('csep status; csep doctor', 'Is it alive, is it well', async (tell) => {
    const status = await json(['status']);
    assert.equal(status.buckets?.length ?? 1, 1);
    const { level, counts, checks } = await json(['doctor']);
    assert.equal(counts.broken, 0, 'nothing is broken');
    tell(`doctor: ${level}, ${JSON.stringify(counts)}`);
    for (const finding of checks)
      if (finding.level !== 'ok') tell(`${finding.level}: ${finding.says ?? finding.check}`);
  });

  await step('csep report', 'The same as a page', async (tell) => {
    const { path: page, bytes } = await json(['report']);
    assert.match(fs.readFileSync(page, 'utf8'), session.learned, 'the page shows what was learned');
    tell(`${path.relative(at('user'), page)}, ${Math.round(bytes / 1000)} kB`);
  });

  await step('csep uninstall', 'Out again; the data stays', async (tell) => {
    await json(['uninstall', '--yes']);
    assert.deepEqual(ours(snapshot(codexHome)), ours(before), 'Codex is as it was');
    const left = fs.readdirSync(home);
    assert.deepEqual(
      left.filter((name) => ['app', 'cache'].includes(name)),
      [],
      'nothing of the program is left',
    );
    assert.deepEqual(fs.readdirSync(repo), ['.git'], 'the repository was never touched');
    assert.ok(left.includes('projects'), 'the data is kept');
    tell(`kept: ${left.join(', ')}`);
  });

  await step('csep uninstall --purge --yes', 'The data, too', async (tell) => {
    // The program is gone from the home; the package, unpacked anew, is what a person would call again.
    await run(
      'npm',
      ['install', '--prefix', '.', '--offline', '--no-audit', '--no-fund', '--loglevel=error', tarball],
      {
        cwd: installed,
      },
    );
    await json(['uninstall', '--purge', '--yes']);
    assert.ok(!fs.existsSync(home), 'the home is gone');
    assert.deepEqual(ours(snapshot(codexHome)), ours(before), 'Codex is as it was');
    tell('nothing is left');
  });
}

/** @returns the command that the installation has put into the home */
function program() {
  return path.join(home, 'app', 'csep');
}

/**
 * @template T
 * @param {string} typed what a person would type
 * @param {string} what
 * @param {(tell: (line: string) => void) => Promise<T>} act
 * @returns {Promise<T>}
 */
async function step(typed, what, act) {
  count += 1;
  console.log(`\n${count}. ${what}\n   $ ${typed}`);
  const from = Date.now();
  const result = await act((line) => console.log(`   ${line.length > 160 ? `${line.slice(0, 159)}…` : line}`));
  console.log(`   (${seconds(Date.now() - from)})`);
  return result;
}

/** @param {number} milliseconds */
function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/**
 * @typedef {object} Sessions
 * @property {string} types
 * @property {string} typesAgain
 * @property {() => Promise<void>} first
 * @property {() => Promise<string>} second what the model is given
 * @property {RegExp} learned
 * @property {string} query
 * @property {RegExp} recalled
 */

/** @param {string} prompt */
function exec(prompt) {
  return run('codex', ['exec', prompt], { cwd: repo });
}

/** @param {string} codex @returns {Sessions} */
function codexSessions(codex) {
  const shim = `#!/bin/sh\nexec '${process.execPath}' '${codex}' "$@"\n`;
  fs.writeFileSync(at('bin', 'codex'), shim, { mode: 0o755 });
  const wish = 'Remember: always run the tests with `make verify`, never with pytest directly.';
  return {
    types: `codex exec '${wish}'`,
    typesAgain: "codex exec 'Please fix the failing test.'",
    first: async () => void (await exec(wish)),
    second: async () => {
      const from = model.requests.length;
      await exec('Please fix the failing test.');
      return developerTexts(model.requests[from] ?? '{}');
    },
    learned: /make verify/,
    query: 'how are the tests run here',
    recalled: /make verify/,
  };
}

/** @param {string} request body of what Codex asked the model */
function developerTexts(request) {
  const { input = [] } = JSON.parse(request);
  return input
    .filter((/** @type {{ role?: string }} */ entry) => entry.role === 'developer')
    .flatMap((/** @type {{ content: { text?: string }[] }} */ entry) => entry.content.map(({ text = '' }) => text))
    .join('\n');
}

/** @returns {Sessions} */
function recordedSessions() {
  const transcript = at('user', 'rollout.jsonl');
  fs.copyFileSync(path.join(ROOT, 'examples', 'rollout.jsonl'), transcript);
  const common = { session_id: '0199c0de-0000-7000-8000-00000000d3e0', transcript_path: transcript, cwd: repo };
  const stop = { turn_id: 'turn-1', stop_hook_active: false, last_assistant_message: 'Done.' };
  return {
    types: 'codex    (recorded: the user states wishes, a command fails and is mended)',
    typesAgain: 'codex    (its SessionStart hook)',
    first: async () => void (await callHook('Stop', { ...common, ...stop })),
    second: async () => {
      const answer = await callHook('SessionStart', {
        ...common,
        session_id: '0199c0de-0000-7000-8000-00000000d3e1',
        source: 'startup',
      });
      return JSON.parse(answer).hookSpecificOutput.additionalContext;
    },
    learned: /alembic/,
    query: 'which command runs the tests',
    recalled: /uv run pytest/,
  };
}

/**
 * Runs the command that stands in hooks.json, as Codex does: by a shell, with the event on stdin.
 * @param {string} event
 * @param {Record<string, unknown>} fields
 */
function callHook(event, fields) {
  const { hooks } = JSON.parse(fs.readFileSync(path.join(codexHome, 'hooks.json'), 'utf8'));
  const input = JSON.stringify({ ...fields, hook_event_name: event });
  return run('/bin/sh', ['-c', hooks[event][0].hooks[0].command], { cwd: repo, input });
}

/** @param {string[]} words @returns {Promise<any>} */
async function json(words) {
  const command = fs.existsSync(program()) ? program() : csep;
  return JSON.parse(await run(command, [...words, '--json'], { cwd: repo }));
}

/** @param {string} command @param {string[]} args @param {{ cwd?: string, input?: string }} [options] @returns {Promise<string>} */
function run(command, args, { cwd = at('user'), input = '' } = {}) {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      { cwd, env, timeout: COMMAND_DEADLINE_MS, maxBuffer: 1e8 },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout);
        return reject(new Error(`${path.basename(command)} ${args.join(' ')}: ${error.message}\n${stdout}${stderr}`));
      },
    );
    // A program that does not read what it is given may end before it was.
    child.stdin?.on('error', () => undefined).end(input);
  });
}

/** The hook's worker is detached: nobody can wait for it, only for what it leaves. */
async function pendingEnvelope() {
  const deadline = Date.now() + WORKER_DEADLINE_MS;
  for (;;) {
    const found = names(bucket(), 'suggestions', 'pending').find((name) => name.endsWith('.json'));
    if (found !== undefined && names(home, 'workers').length === 0) return `suggestions/pending/${found}`;
    if (Date.now() > deadline)
      throw new Error(
        `no suggestion came; ${names(home, 'logs').length > 0 ? fs.readFileSync(path.join(home, 'logs', 'plugin.log'), 'utf8') : 'there is no log'}`,
      );
    await pause(50);
  }
}

function bucket() {
  return path.join(home, 'projects', names(home, 'projects').find((name) => !name.startsWith('.')) ?? 'none-yet');
}

/** @param {string[]} parts */
function names(...parts) {
  const folder = path.join(...parts);
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}

/** Files of a folder with their bytes. @param {string} folder @returns {Map<string, string>} */
function snapshot(folder) {
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    files
      .filter((name) => fs.statSync(path.join(folder, name), { throwIfNoEntry: false })?.isFile())
      .map((name) => [name, fs.readFileSync(path.join(folder, name), 'latin1')]),
  );
}

/** What an installation touches; sessions, caches and logs are Codex's own. @param {Map<string, string>} files */
function ours(files) {
  return [...files].filter(([name]) => /^(?:config\.toml|hooks\.json|skills.csep-.*)$/.test(name));
}
