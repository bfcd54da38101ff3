import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildHook } from './support/built-hook.ts';
import { Rig } from './support/rig.ts';

/** The real bundle in real processes: what Codex starts, and what that starts. */

let folder: string;
let hook: string;
beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'csep-hook-'));
  hook = await buildHook(folder);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  output: string;
}

const environment = (rig: Rig): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  HOME: rig.base,
  CODEX_HOME: rig.codexHome,
  CODEX_SELF_EVOLUTION_HOME: rig.home,
});

function start(rig: Rig, args: string[]): ChildProcess {
  return spawn(process.execPath, [hook, ...args], { env: environment(rig), stdio: ['pipe', 'pipe', 'pipe'] });
}

function ended(child: ChildProcess, input = ''): Promise<Ended> {
  let output = '';
  child.stdout?.on('data', (bytes) => (output += String(bytes)));
  child.stderr?.on('data', (bytes) => (output += String(bytes)));
  child.stdin?.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

function stopHook(rig: Rig, session: { id: string; transcript: string }, turn: string): Promise<Ended> {
  const payload = {
    session_id: session.id,
    turn_id: turn,
    transcript_path: session.transcript,
    cwd: rig.cwd,
    hook_event_name: 'Stop',
    stop_hook_active: false,
    last_assistant_message: 'Done.',
  };
  return ended(start(rig, ['stop-review', '--from-stdin']), JSON.stringify(payload));
}

const runWorker = (rig: Rig, session: string): ChildProcess =>
  start(rig, ['worker', '--home', rig.home, '--state-dir', rig.bucket.layout.stateDir, '--session', session]);

/** Waits for something that other processes bring about; the test's own deadline is the limit. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const wish = (subject: string): string => `Remember: always use ${subject} in this repository, never anything else.`;

describe('the Stop hook as a process', () => {
  test('says nothing, and the worker that it starts deposits what was said', async () => {
    const rig = new Rig();
    const session = rig.session().say(wish('pnpm'));
    expect(await stopHook(rig, session, 'turn-1')).toEqual({ code: 0, output: '' });
    await until(() => rig.learned().length > 0 && rig.queue().length === 0 && rig.leases().length === 0);
    expect(rig.learned().join()).toContain('pnpm');
  });

  test('eight at once on one session lose and double nothing', async () => {
    const rig = new Rig();
    const session = rig.session();
    const subjects = ['pnpm', 'vitest', 'oxlint', 'docker', 'postgres', 'redis', 'terraform', 'ansible'];
    for (const subject of subjects) session.say(wish(subject));
    const all = await Promise.all(subjects.map((_, at) => stopHook(rig, session, `turn-${at + 1}`)));
    expect(all.every(({ code, output }) => code === 0 && output === '')).toBe(true);
    await until(() => rig.queue().length === 0 && rig.leases().length === 0);
    const learned = rig.learned().join('\n');
    for (const subject of subjects) expect(learned.split(subject)).toHaveLength(2);
  });
});

describe('a worker process', () => {
  test('that is killed leaves everything to the next', async () => {
    const rig = new Rig();
    const session = rig.session().say(wish('pnpm'));
    await session.stop();
    // Killed at as many different moments of its short life as a few tries can meet.
    for (const delay of [40, 80, 120, 160]) {
      const worker = runWorker(rig, session.id);
      const end = ended(worker);
      await new Promise((resolve) => setTimeout(resolve, delay));
      worker.kill('SIGKILL');
      await end;
    }
    expect(await ended(runWorker(rig, session.id))).toEqual({ code: 0, output: '' });
    expect(rig.learned()).toHaveLength(1);
    expect(rig.queue()).toEqual([]);
    expect(rig.leases()).toEqual([]);
  });

  test('without its arguments does nothing and says nothing', async () => {
    const rig = new Rig();
    expect(await ended(start(rig, ['worker', '--home', rig.home]))).toEqual({ code: 0, output: '' });
    expect(
      await ended(
        start(rig, ['worker', '--home', rig.home, '--state-dir', path.join(rig.base, 'nowhere'), '--session', 's']),
      ),
    ).toEqual({ code: 0, output: '' });
    expect(fs.existsSync(path.join(rig.base, 'nowhere', 'review'))).toBe(false);
  });
});
