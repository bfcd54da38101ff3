#!/usr/bin/env node
// @ts-check
// Runs the built hooks with recorded input, under the Node that runs this file:
//   node .ci/run-hooks.mjs dist/hook.cjs
// Every hook must exit 0 and print its protocol or nothing. Works in a temporary home.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { argv, env, execPath, stdout, version } from 'node:process';

const hookProgram = resolve(argv[2] ?? 'dist/hook.cjs');
const program = join(dirname(hookProgram), 'cli.js');
const work = mkdtempSync(join(tmpdir(), 'csep-hooks-'));
const repo = join(work, 'repo');
const home = join(work, 'home');
const clean = Object.entries(env).filter(([name]) => !/^(?:CODEX|CSEP|OPENAI|ANTHROPIC|MINIMAX)_/.test(name));
const environment = { ...Object.fromEntries(clean), HOME: work, USERPROFILE: work, CODEX_SELF_EVOLUTION_HOME: home };
const note = 'The integration tests of this repository need Redis on port 6380.';
/** What every event of Codex carries. */
const common = { session_id: '0199c0de-0000-7000-8000-0000000000c1', transcript_path: null, cwd: repo };

try {
  mkdirSync(repo);
  assert.equal(hook('session-start', sessionStart()), '', 'a new repository has nothing to say');
  plant();
  const context = protocol(hook('session-start', sessionStart()), 'SessionStart');
  assert.match(context, /Redis on port 6380/, 'the next session is given what was learned');
  protocol(hook('prompt-recall', prompt('Which port does Redis need for the integration tests?')), 'UserPromptSubmit');
  assert.equal(hook('prompt-recall', prompt('hello')), '', 'a prompt that matches nothing gets nothing');
  assert.equal(hook('stop-review', stop()), '', 'the Stop hook prints nothing');
  assert.equal(hook('stop-review', 'no JSON'), '', 'broken input is not answered');
  assert.equal(hook('no-such-hook', '{}'), '', 'an unknown hook is not answered');
  untilReviewed();
  stdout.write(`hooks: all as they should be under Node ${version}\n`);
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 5 });
}

/** One session's suggestions, from the reviewer that repeats what its payload says, promoted at once. */
function plant() {
  const details = { content: note, source_paths: [] };
  const payload = join(work, 'stop.json');
  writeFileSync(
    payload,
    JSON.stringify({
      ...common,
      transcript: `user: ${note}`,
      reviewer_provider: 'dummy',
      provider_stub_response: {
        memory_updates: [
          { summary: 'Integration tests need Redis', details: { ...details, scope: 'global', action: 'add' } },
        ],
        recall_candidate: [{ summary: 'Redis port of the integration tests', details }],
        skill_action: [],
      },
    }),
  );
  node([program, 'stop-review', '--hook-payload', payload], '');
  assert.equal(
    JSON.parse(node([program, 'scan', '--now', '--json'], '')).counts.run,
    1,
    'the scan promotes one bucket',
  );
}

/** @param {string} text @param {string} event @returns {string} */
function protocol(text, event) {
  const { hookSpecificOutput, ...others } = JSON.parse(text);
  assert.deepEqual(others, {}, 'Codex refuses keys that it does not know');
  assert.equal(hookSpecificOutput.hookEventName, event);
  return hookSpecificOutput.additionalContext;
}

function sessionStart() {
  return { ...common, hook_event_name: 'SessionStart', source: 'startup' };
}

/** @param {string} text */
function prompt(text) {
  return { ...common, hook_event_name: 'UserPromptSubmit', turn_id: 'turn-1', prompt: text };
}

function stop() {
  const event = { hook_event_name: 'Stop', turn_id: 'turn-1', stop_hook_active: false };
  return { ...common, ...event, last_assistant_message: 'Done.' };
}

/** @param {string} name @param {unknown} payload @returns {string} */
function hook(name, payload) {
  return node([hookProgram, name, '--from-stdin'], typeof payload === 'string' ? payload : JSON.stringify(payload));
}

/** @param {string[]} args @param {string} input @returns {string} */
function node(args, input) {
  const child = spawnSync(execPath, args, { cwd: repo, env: environment, input, encoding: 'utf8' });
  assert.ifError(child.error);
  assert.equal(child.status, 0, `${args.join(' ')} exits 0; it wrote: ${child.stderr}`);
  return child.stdout;
}

/** The Stop hook's worker goes on when the hook is done: it takes the turn from the queue, then it ends. */
function untilReviewed() {
  const deadline = Date.now() + 60_000;
  while (isBusy() && Date.now() < deadline) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  assert.ok(!isBusy(), 'the worker reviews the turn and ends');
}

function isBusy() {
  return [...queues(), join(home, 'workers')].some((folder) => !isEmpty(folder));
}

function queues() {
  const projects = join(home, 'projects');
  return readdirSync(projects).map((bucket) => join(projects, bucket, 'review', 'queue'));
}

/** @param {string} folder */
function isEmpty(folder) {
  return !existsSync(folder) || readdirSync(folder).length === 0;
}
