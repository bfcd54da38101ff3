#!/usr/bin/env node
// npm start: the whole loop on a recorded session, with the built program, in a home of its own.
// No key, no network, no Codex; the real home is not touched.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const ROLLOUT = path.join(ROOT, 'examples', 'rollout.jsonl');
const SESSION = '0199c0de-0000-7000-8000-00000000d3e0';
const RECALL_QUERY = 'which command runs the tests and the linter';

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'csep-demo-'));
const repo = path.join(work, 'repo');
const home = path.join(work, 'home');
const transcript = path.join(work, 'rollout.jsonl');
const env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:CODEX|CSEP|OPENAI|ANTHROPIC|MINIMAX)_/.test(name)),
  ),
  HOME: work,
  CODEX_HOME: path.join(work, 'codex'),
  CODEX_SELF_EVOLUTION_HOME: home,
};

prepare();
say(
  'A recorded Codex session',
  `${path.relative(ROOT, ROLLOUT)}: the user states wishes, corrects the assistant, a command fails and is mended.`,
);
say('1. The turn stops', 'The Stop hook queues it and returns; a detached worker reviews it (heuristic reviewer).');
hook('stop-review', {
  turn_id: 'demo',
  hook_event_name: 'Stop',
  stop_hook_active: false,
  last_assistant_message: 'Done.',
});
const bucket = waitForEnvelope();
say('2. The scheduler scans', 'Pending suggestions are compiled (script backend) and promoted by one rename.');
const scan = JSON.parse(program('cli.js', 'scan', '--now', '--json'));
tell(
  `Buckets promoted: ${scan.aggregate.buckets_processed}, envelopes: ${scan.results[0]?.processed_count ?? 0}, suggestions discarded: ${scan.aggregate.total_discarded}`,
);
say('3. What was learned');
showLearned();
say('4. Where it lies', bucket);
say('5. What the next session is given', 'A developer message at its start:');
quote(
  JSON.parse(hook('session-start', { hook_event_name: 'SessionStart', source: 'startup' })).hookSpecificOutput
    .additionalContext,
);
say('6. Asking during a turn', `csep recall "${RECALL_QUERY}"`);
quote(program('csep.js', 'recall', RECALL_QUERY, '--cwd', repo));
say(
  'That was the loop',
  `Everything above lies in ${work}; remove that folder when you have seen enough. README.md tells how to use it with your own Codex.`,
);

function prepare() {
  fs.mkdirSync(path.join(repo, '.git'), { recursive: true });
  fs.writeFileSync(path.join(repo, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  fs.mkdirSync(env.CODEX_HOME);
  fs.copyFileSync(ROLLOUT, transcript);
}

function hook(command, event) {
  const input = JSON.stringify({ session_id: SESSION, transcript_path: transcript, cwd: repo, ...event });
  return node('hook.cjs', [command, '--from-stdin'], input);
}

function program(entry, ...args) {
  return node(entry, args, '');
}

function node(entry, args, input) {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [path.join(ROOT, 'dist', entry), ...args], {
    cwd: repo,
    env,
    input,
    encoding: 'utf8',
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${entry} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

/** The worker is detached; a minute is far more than it needs. */
function waitForEnvelope() {
  const projects = path.join(home, 'projects');
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const name = fs.existsSync(projects) ? fs.readdirSync(projects).find((entry) => !entry.startsWith('.')) : undefined;
    const pending = name && path.join(projects, name, 'suggestions', 'pending');
    const found =
      pending && fs.existsSync(pending) ? fs.readdirSync(pending).filter((entry) => entry.endsWith('.json')) : [];
    if (name && found.length > 0) {
      tell(`suggestions/pending/${found[0]}`);
      return path.join(projects, name);
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
  throw new Error(`The worker left no suggestion within a minute; see ${home}/logs/plugin.log`);
}

function showLearned() {
  const memory = readJson('memory/memory.json');
  for (const record of memory.user) tell(`about you       ${record.summary}`);
  for (const record of memory.global) tell(`this repository ${record.summary}`);
  for (const record of readJson('recall/index.json').records) tell(`to recall       ${record.summary}`);
  for (const skill of readJson('skills/manifest.json').skills)
    tell(`as a skill      ${skill.skill_id}: ${skill.description}`);
}

function readJson(relative) {
  return JSON.parse(fs.readFileSync(path.join(bucket, relative), 'utf8'));
}

function say(title, text = '') {
  console.log(`\n${title}${text === '' ? '' : `\n   ${text}`}`);
}

function tell(text) {
  console.log(`   ${text}`);
}

function quote(text) {
  for (const line of text.trim().split('\n')) console.log(`   | ${line}`);
}
