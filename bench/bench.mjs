#!/usr/bin/env node
// npm run bench: what the hooks, recall, compile and scan cost, beside their budgets. Exits 1 when one is exceeded.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BenchHome, multiplyBucket, noteText } from './homes.mjs';
import { measure, report } from './measure.mjs';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const program = {
  hook: path.join(ROOT, 'dist', 'hook.cjs'),
  cli: path.join(ROOT, 'dist', 'cli.js'),
  csep: path.join(ROOT, 'dist', 'csep.js'),
};
const argument = (name, fallback) => {
  const index = process.argv.indexOf(name);
  return index === -1 ? fallback : process.argv[index + 1];
};
const ROUNDS = Number(argument('--rounds', '11'));
const only = argument('--only', '');

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'csep-bench-'));
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));
const say = (text) => process.stderr.write(`${text}\n`);

const hook = (home, command, event) => ({
  args: [program.hook, command, '--from-stdin'],
  input: JSON.stringify({
    session_id: '0199c0de-0000-7000-8000-000000000001',
    transcript_path: null,
    cwd: home.repo,
    ...event,
  }),
  env: home.env,
});
const recall = (home) => ({
  args: [program.csep, 'recall', 'gateway rejects tokens error', '--cwd', home.repo],
  env: home.env,
});
/** A new session each time: what was given once is not given again, and would cost less. */
const prompt = (home) => {
  const call = { args: [program.hook, 'prompt-recall', '--from-stdin'], env: home.env };
  let number = 0;
  return {
    call,
    before: () => {
      const { content } = noteText(500);
      call.input = JSON.stringify({
        session_id: `bench-${number++}`,
        turn_id: 't',
        transcript_path: null,
        cwd: home.repo,
        hook_event_name: 'UserPromptSubmit',
        prompt: `How do I get rid of this: ${content}`,
      });
    },
  };
};

/** The Stop hook's worker goes on when the hook is done; the next sample waits for it. */
function untilWorkersAreGone(home) {
  const folder = path.join(home.home, 'workers');
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline && fs.existsSync(folder) && fs.readdirSync(folder).length > 0) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
  }
}

function homeWithNotes(count) {
  say(`making a home of ${count} records …`);
  const home = new BenchHome(path.join(work, `n${count}`), program);
  home.importNotes(count);
  home.depositNotes(1, count);
  home.compile();
  return home;
}

function memoryCases() {
  const home = new BenchHome(path.join(work, 'memory'), program);
  home.depositMemory(200);
  home.compile();
  let turn = 0;
  const stop = hook(home, 'stop-review', {});
  return [
    {
      name: 'session-start, 200 memory entries',
      limit: 1.25,
      memoryLimitMb: 70,
      call: hook(home, 'session-start', { hook_event_name: 'SessionStart', source: 'startup' }),
    },
    {
      name: 'stop-review --from-stdin, until it returns',
      limit: 1.3,
      memoryLimitMb: 70,
      call: stop,
      before: () => {
        stop.input = JSON.stringify({
          session_id: `bench-${turn}`,
          turn_id: `turn-${turn++}`,
          transcript_path: home.transcript(),
          cwd: home.repo,
          hook_event_name: 'Stop',
          stop_hook_active: false,
          last_assistant_message: 'Done.',
        });
      },
      after: () => untilWorkersAreGone(home),
    },
  ];
}

function recallCases() {
  const limits = [
    [1_000, 1.25, 70],
    [10_000, 1.3, 70],
    [100_000, 2, 80],
  ];
  return limits.flatMap(([count, limit, memoryLimitMb]) => {
    const home = homeWithNotes(count);
    const injection = prompt(home);
    const cases = [
      { name: `recall, ${count} records`, limit, memoryLimitMb, call: recall(home) },
      { name: `prompt-recall, ${count} records`, limit, memoryLimitMb, ...injection },
    ];
    return count === 1_000 ? cases : [...cases, compileCase(home, count)];
  });
}

function compileCase(home, count) {
  const added = count === 10_000 ? 100 : 20;
  let next = count + 1_000;
  return {
    name: `compile of ${added} suggestions into ${count} records`,
    limit: 10,
    call: home.compileCall(),
    before: () => {
      home.depositNotes(added, next);
      next += added;
    },
  };
}

function scanCases() {
  say('making a home of 1,000 idle buckets …');
  const home = new BenchHome(path.join(work, 'scan'), program);
  home.depositMemory(5);
  home.compile();
  multiplyBucket(home, 999);
  return [
    { name: 'scan over 1,000 idle buckets', limit: 3, call: { args: [program.cli, 'scan', '--json'], env: home.env } },
  ];
}

const groups = { hooks: memoryCases, recall: recallCases, scan: scanCases };
const chosen = Object.entries(groups).filter(([name]) => only === '' || only === name);
if (chosen.length === 0) {
  say(`bench: --only takes one of ${Object.keys(groups).join(', ')}`);
  process.exit(2);
}
const over = report(
  measure(
    chosen.flatMap(([, make]) => make()),
    ROUNDS,
  ),
);
if (over.length > 0) {
  say(`\nOver budget: ${over.join('; ')}`);
  process.exitCode = 1;
}
