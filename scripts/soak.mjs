// @ts-check
// Kills, stops and wakes real processes of the program on one bucket, at random, and counts afterwards:
// npm run soak -- --minutes 2 [--seed 7] [--facts 10000]
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'rolldown';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const FACTS_PER_ENVELOPE = 100;
/** Processes at work at any time: more than there are cores, so that they get into each other's way. */
const WORKERS = 4;
const COMMIT = '^rename .*/generations/[0-9]+$';

/**
 * @typedef {object} Soak
 * @property {string} home
 * @property {string} repo
 * @property {string} base
 * @property {NodeJS.ProcessEnv} env
 * @property {string} cli
 * @property {string} preload
 * @property {() => number} random
 * @property {Map<number, string[]>} receipts envelopes that each generation applied, by its number
 * @property {string[]} wrong
 * @property {{ kills: number, stops: number, facts: number, recalls: number, rivals: number }} counts
 */

/**
 * @typedef {object} Outcome
 * @property {number} facts
 * @property {number} lost
 * @property {number} doubled
 * @property {number} kills
 * @property {number} stops holders that were stopped in front of their commit
 * @property {number} rivals of them, those that somebody else had overtaken when they were woken
 * @property {number} recalls
 * @property {number} generations
 * @property {string[]} wrong what else was not as it should be
 */

/**
 * Runs until the time is over (or so many facts are deposited), lets everything come to rest, counts.
 * @param {{ minutes: number, seed: number, facts?: number, log?: (text: string) => void }} options
 * @returns {Promise<Outcome>}
 */
export async function soak({ minutes, seed, facts = Number.POSITIVE_INFINITY, log = () => undefined }) {
  const base = fs.mkdtempSync(path.join(quickFolder(), 'csep-soak-'));
  try {
    const run = await setUp(base, seed);
    const until = Date.now() + minutes * 60_000;
    let told = Date.now();
    await Promise.all(
      Array.from({ length: WORKERS }, async (_, worker) => {
        while (Date.now() < until && run.counts.facts < facts) {
          await oneStep(run, worker);
          if (Date.now() - told < 10_000) continue;
          told = Date.now();
          log(`facts ${run.counts.facts}, kills ${run.counts.kills}, stops ${run.counts.stops}`);
        }
      }),
    );
    await comeToRest(run);
    return count(run);
  } finally {
    fs.rmSync(base, { recursive: true, force: true });
  }
}

/** @param {string} base @param {number} seed @returns {Promise<Soak>} */
async function setUp(base, seed) {
  const output = /** @type {const} */ ({
    dir: path.join(base, 'program'),
    format: 'cjs',
    entryFileNames: '[name].cjs',
  });
  // The sources of now, not a build of before.
  for (const input of [{ cli: 'src/cli.ts' }, { preload: 'test/support/fault-preload.ts' }])
    await build({ cwd: ROOT, platform: 'node', external: [/^node:/], logLevel: 'silent', input, output });
  const [home, repo, codex] = ['home', 'repo', 'codex'].map((name) => path.join(base, name));
  if (!home || !repo || !codex) throw new Error('no folders');
  for (const folder of [home, path.join(repo, '.git'), codex, path.join(base, 'payloads')])
    fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(repo, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  return {
    base,
    home,
    repo,
    env: { PATH: process.env['PATH'], HOME: base, CODEX_HOME: codex, CODEX_SELF_EVOLUTION_HOME: home },
    cli: path.join(base, 'program', 'cli.cjs'),
    preload: path.join(base, 'program', 'preload.cjs'),
    random: randomOf(seed),
    receipts: new Map(),
    wrong: [],
    counts: { kills: 0, stops: 0, facts: 0, recalls: 0, rivals: 0 },
  };
}

/** One process or two of them, whatever the dice say; one worker mostly deposits, the others mostly compile. @param {Soak} run @param {number} worker */
async function oneStep(run, worker) {
  const dice = run.random();
  if (worker < 1 && dice < 0.85) return await deposit(run);
  if (dice < 0.5) return await overtake(run);
  if (dice < 0.9) return await promoteAndDie(run);
  return await recall(run);
}

/** A review from a payload file; one that is killed is repeated until it ends by itself. @param {Soak} run */
async function deposit(run) {
  const number = run.counts.facts / FACTS_PER_ENVELOPE;
  run.counts.facts += FACTS_PER_ENVELOPE;
  const file = path.join(run.base, 'payloads', `${number}.json`);
  fs.writeFileSync(file, JSON.stringify(payloadOf(run, number)));
  for (;;) {
    const dies = run.random() < 0.3;
    const { code, killed, stderr } = await start(
      run,
      ['stop-review', '--hook-payload', file],
      dies ? killer(run, 16) : {},
    );
    if (killed) continue;
    if (code !== 0) run.wrong.push(`a deposit ended with ${code}: ${stderr}`);
    return;
  }
}

/** A compile or a scan that kills itself in front of one of its calls, or lives. @param {Soak} run */
async function promoteAndDie(run) {
  const args =
    run.random() < 0.5 ? ['compile', '--once', '--batch-size', '3', '--repo-root', run.repo] : ['scan', '--now'];
  const { code, killed, stderr } = await start(run, args, run.random() < 0.6 ? killer(run, 110) : {});
  if (!killed && code !== 0) run.wrong.push(`${args[0]} ended with ${code}: ${stderr}`);
  // The next must not wait until the lock of the dead has the age at which it is taken over.
  if (killed) age(run, 10_000, false);
  readReceipts(run);
}

/**
 * Two that both believe that they own the lock: one is stopped in front of its commit, its lock is made
 * older than any holder may be, another promotes, and then the first is woken, or killed.
 * @param {Soak} run
 */
async function overtake(run) {
  const stopped = start(run, ['compile', '--once', '--batch-size', '3', '--repo-root', run.repo], {
    FAULT_STOP: COMMIT,
  });
  const { child } = stopped;
  if (!(await hasStopped(stopped))) return void (await stopped);
  run.counts.stops += 1;
  const before = highest(run);
  age(run, 3_600_000, true);
  if (run.random() < 0.7) await start(run, ['compile', '--once', '--batch-size', '3', '--repo-root', run.repo], {});
  else await promoteAndDie(run);
  if (highest(run) > before) run.counts.rivals += 1;
  if (run.random() < 0.3) {
    child.kill('SIGKILL');
    run.counts.kills += 1;
  }
  child.kill('SIGCONT');
  await stopped;
  readReceipts(run);
}

/** Readers never fail, and what they show belongs together. @param {Soak} run */
async function recall(run) {
  run.counts.recalls += 1;
  const { code, stderr } = await start(
    run,
    ['recall', '--query', 'token of the soak', '--cwd', run.repo, '--format', 'json'],
    {},
  );
  if (code !== 0) run.wrong.push(`recall ended with ${code}: ${stderr}`);
}

/** @param {Soak} run @param {number} most @returns {Record<string, string>} */
const killer = (run, most) => ({ FAULT_KILL: String(1 + Math.floor(run.random() * most)) });

/**
 * @typedef {{ code: number | null, killed: boolean, stderr: string }} Ended
 * @typedef {Promise<Ended> & { child: import('node:child_process').ChildProcess }} Started
 */

/** @param {Soak} run @param {string[]} args @param {Record<string, string>} faults @returns {Started} */
function start(run, args, faults) {
  const child = spawn(process.execPath, ['--require', run.preload, run.cli, ...args], {
    env: { ...run.env, FAULT_ROOT: run.home, ...faults },
    cwd: run.repo,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return Object.assign(endOf(run, child, 'FAULT_KILL' in faults), { child });
}

/** @param {Soak} run @param {import('node:child_process').ChildProcess} child @param {boolean} dies @returns {Promise<Ended>} */
function endOf(run, child, dies) {
  let stderr = '';
  child.stderr?.on('data', (bytes) => (stderr += String(bytes)));
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      const killed = signal === 'SIGKILL';
      if (killed && dies) run.counts.kills += 1;
      resolve({ code, killed, stderr });
    });
  });
}

/** Waits until the process has stopped itself; false when it ended instead. @param {Started} started */
async function hasStopped({ child }) {
  while (child.exitCode === null && child.signalCode === null) {
    if (stateOf(child.pid) === 'T') return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

/** @param {number | undefined} pid */
function stateOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat[stat.lastIndexOf(')') + 2];
  } catch {
    return undefined;
  }
}

/** Makes the lock older, as if the clock had gone on. @param {Soak} run @param {number} ms @param {boolean} ownerToo */
function age(run, ms, ownerToo) {
  const then = new Date(Date.now() - ms);
  const folder = path.join(bucketOf(run), 'compiler');
  try {
    const lock = path.join(folder, 'compile.lock.d');
    if (fs.statSync(lock).mtime > then) fs.utimesSync(lock, then, then);
  } catch {
    // Given up meanwhile.
  }
  if (!ownerToo) return;
  const file = path.join(folder, 'compile.lock');
  try {
    const owner = JSON.parse(fs.readFileSync(file, 'utf8'));
    const beside = path.join(run.base, `owner-${process.hrtime.bigint()}`);
    fs.writeFileSync(beside, JSON.stringify({ ...owner, created_at: `${then.toISOString().slice(0, 19)}Z` }));
    fs.renameSync(beside, file);
  } catch {
    // Somebody else has the lock by now.
  }
}

/** @param {Soak} run */
function bucketOf(run) {
  const projects = path.join(run.home, 'projects');
  const name = fs.existsSync(projects) ? fs.readdirSync(projects).find((entry) => !entry.startsWith('.')) : undefined;
  return path.join(projects, name ?? 'none');
}

/** @param {Soak} run @returns {number[]} */
function generationsOf(run) {
  const folder = path.join(bucketOf(run), 'generations');
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => /^[1-9]\d*$/.test(name))
    .map(Number)
    .toSorted((a, b) => a - b);
}

/** @param {Soak} run */
const highest = (run) => generationsOf(run).at(-1) ?? 0;

/** Retention may remove old generations, so their receipts are read as they appear. @param {Soak} run */
function readReceipts(run) {
  for (const number of generationsOf(run)) {
    if (run.receipts.has(number)) continue;
    const facts = readJson(path.join(bucketOf(run), 'generations', String(number), 'generation.json'));
    if (facts) run.receipts.set(number, facts.receipt.envelopes);
  }
}

/** @param {string} file */
function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The scheduler comes by until nothing waits. @param {Soak} run */
async function comeToRest(run) {
  for (let round = 0; round < 40; round++) {
    age(run, 10_000, false);
    const { code, stderr } = await start(run, ['scan', '--now'], {});
    if (code !== 0) run.wrong.push(`the last scans end with ${code}: ${stderr}`);
    readReceipts(run);
    if (waiting(run) === 0 && round > 1) return;
  }
  run.wrong.push(`${waiting(run)} envelopes still wait`);
}

/** @param {Soak} run */
function waiting(run) {
  const at = (/** @type {string} */ state) => path.join(bucketOf(run), 'suggestions', state);
  return ['pending', 'processing', 'failed'].reduce((sum, state) => sum + jsonNames(at(state)).length, 0);
}

/** @param {string} folder */
const jsonNames = (folder) =>
  fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => /^[^.].*\.json$/.test(name)) : [];

/** @param {Soak} run @returns {Outcome} */
function count(run) {
  const tokens = new Map();
  const folder = path.join(bucketOf(run), 'generations', String(highest(run)));
  for (const name of fs.readdirSync(folder).filter((entry) => entry.endsWith('.jsonl')))
    for (const line of fs.readFileSync(path.join(folder, name), 'utf8').split('\n'))
      for (const [token] of line.matchAll(/token-\d+-\d+-x/g))
        tokens.set(token, new Set([...(tokens.get(token) ?? []), line]));
  let lost = 0;
  let doubled = 0;
  for (let fact = 0; fact < run.counts.facts; fact++) {
    const lines = tokens.get(tokenOf(fact))?.size ?? 0;
    if (lines === 0) lost += 1;
    if (lines > 1) doubled += 1;
  }
  const applied = [...run.receipts.values()].flat();
  // Merged texts would hide it: the receipts tell what was applied, and how often.
  doubled += (applied.length - new Set(applied).size) * FACTS_PER_ENVELOPE;
  const aside = path.join(bucketOf(run), 'set-aside');
  if (jsonNames(aside).length > 0) run.wrong.push(`set aside: ${jsonNames(aside).join(', ')}`);
  const { facts, kills, stops, recalls, rivals } = run.counts;
  return { facts, lost, doubled, kills, stops, rivals, recalls, generations: run.receipts.size, wrong: run.wrong };
}

/** @param {number} fact */
const tokenOf = (fact) => `token-${Math.floor(fact / FACTS_PER_ENVELOPE)}-${fact % FACTS_PER_ENVELOPE}-x`;

/** @param {Soak} run @param {number} number */
function payloadOf(run, number) {
  const suggestions = Array.from({ length: FACTS_PER_ENVELOPE }, (_, at) => {
    const words = Array.from({ length: 12 }, () => wordOf(run)).join(' ');
    const token = tokenOf(number * FACTS_PER_ENVELOPE + at);
    return {
      summary: `${token} ${wordOf(run)}`,
      confidence: 0.8,
      details: { content: `${token} ${words}.` },
    };
  });
  return {
    session_id: `soak-${number}`,
    thread_id: `soak-${number}`,
    turn_id: 'turn-1',
    cwd: run.repo,
    hook_event_name: 'Stop',
    last_assistant_message: `Done with ${number}.`,
    reviewer_provider: 'dummy',
    provider_stub_response: { recall_candidate: suggestions },
  };
}

const SYLLABLES =
  'ba be bi bo bu da de di do du ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu ra re ri ro ru'.split(' ');

/** @param {Soak} run */
const wordOf = (run) =>
  Array.from({ length: 3 }, () => SYLLABLES[Math.floor(run.random() * SYLLABLES.length)]).join('');

/** mulberry32: small, and the same everywhere. @param {number} seed */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function quickFolder() {
  return fs.existsSync('/dev/shm') ? '/dev/shm' : fs.realpathSync(os.tmpdir());
}

async function main() {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '2' }, seed: { type: 'string' }, facts: { type: 'string' } },
  });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
  console.log(`seed ${seed}`);
  const facts = values.facts === undefined ? {} : { facts: Number(values.facts) };
  const outcome = await soak({ minutes: Number(values.minutes), seed, ...facts, log: console.log });
  for (const what of outcome.wrong) console.log(`wrong: ${what}`);
  const { stops, rivals, generations, recalls } = outcome;
  console.log(
    `stopped in front of the commit ${stops}, overtaken ${rivals}, generations ${generations}, recalls ${recalls}`,
  );
  console.log(`lost ${outcome.lost}, doubled ${outcome.doubled}, kills ${outcome.kills}, facts ${outcome.facts}`);
  process.exitCode = outcome.lost + outcome.doubled + outcome.wrong.length === 0 ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) await main();
