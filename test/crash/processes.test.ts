import { spawn } from 'node:child_process';
import path from 'node:path';
import { build } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { soak } from '../../scripts/soak.mjs';
import { memory, note } from '../support/temp-bucket.ts';
import { countEnvelopes } from '../../src/bucket/pending.ts';
import { Lab } from './lab.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

let lab: Lab;
beforeAll(async () => {
  lab = new Lab();
  lab.clear();
  for (const input of [{ cli: 'src/cli.ts' }, { hook: 'src/hook.ts' }]) {
    const output = { dir: path.join(lab.folder, 'program'), format: 'cjs', entryFileNames: '[name].cjs' } as const;
    await build({ cwd: ROOT, platform: 'node', external: [/^node:/], logLevel: 'silent', input, output });
  }
});
afterAll(() => lab.dispose());

interface Ended {
  code: number | null;
  output: string;
  errors: string;
}

function run(program: 'cli' | 'hook', args: string[], input = ''): Promise<Ended> {
  const env = { ...lab.world.env, PATH: process.env['PATH'], CODEX_SELF_EVOLUTION_HOME: lab.home };
  const child = spawn(process.execPath, [path.join(lab.folder, 'program', `${program}.cjs`), ...args], {
    cwd: lab.repo,
    env,
  });
  const ended: Ended = { code: null, output: '', errors: '' };
  child.stdout.on('data', (bytes) => (ended.output += String(bytes)));
  child.stderr.on('data', (bytes) => (ended.errors += String(bytes)));
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ ...ended, code })));
}

const SUBJECTS = ['pnpm', 'vitest', 'oxlint', 'docker', 'postgres', 'redis', 'terraform', 'ansible'];

function stopHook(subject: string, number: number): Promise<Ended> {
  const session = `0199c0de-0000-7000-8000-00000000010${number}`;
  const transcript = lab.sessionOf(session, `Remember: always use ${subject} in this repository, never anything else.`);
  const payload = {
    session_id: session,
    turn_id: 'turn-1',
    transcript_path: transcript,
    cwd: lab.repo,
    hook_event_name: 'Stop',
    stop_hook_active: false,
    last_assistant_message: 'Done.',
  };
  return run('hook', ['stop-review', '--from-stdin'], JSON.stringify(payload));
}

const times = <T>(count: number, start: () => Promise<T>): Promise<T>[] => Array.from({ length: count }, start);

describe('eight Stop hooks, four scans, two compiles, four recalls and a rollback at once', () => {
  test('lose no envelope, promote none twice, and no reader fails or mixes generations', async () => {
    lab.deposit('old-1', [note('Staging', 'The staging database takes a minute to wake up.')]);
    await lab.compile();
    lab.deposit('old-2', [memory('Use make verify', 'Run make verify before every commit.')]);
    await lab.compile();
    lab.deposit('new-1', [note('Gateway', 'The gateway test fails when port 8080 is taken.')]);
    const recalls = times(4, () =>
      run('cli', ['recall', '--query', 'staging database minute', '--cwd', lab.repo, '--json']),
    );
    const others = [
      ...SUBJECTS.map((subject, at) => stopHook(subject, at)),
      ...times(4, () => run('cli', ['scan', '--now'])),
      ...times(2, () => run('cli', ['compile', '--once', '--repo-root', lab.repo])),
      run('cli', ['rollback', '1']),
    ];
    for (const ended of await Promise.all(recalls)) {
      expect(ended).toMatchObject({ code: 0, errors: '' });
      expect(JSON.parse(ended.output).results).toHaveLength(1);
    }
    for (const { code, errors } of await Promise.all(others)) expect({ code, errors }).toMatchObject({ code: 0 });
    await until(async () => (await lab.scan()).idle && lab.leases().length === 0);
    const entries = lab.entries();
    const known = SUBJECTS.map((subject) => entries.filter((entry) => entry.includes(subject)).length);
    // A rollback takes back what was promoted before it; what it took back must then have been applied once.
    expect(known.every((count) => count <= 1)).toBe(true);
    expect([...lab.applied().values()].every((count) => count === 1)).toBe(true);
    expect(lab.applied().size).toBe(SUBJECTS.length + 3);
    expect(countEnvelopes(lab.bucket.layout)).toMatchObject({ pending: 0, processing: 0, failed: 0, done: 11 });
    expect(entries.filter((entry) => entry.includes('staging database'))).toHaveLength(1);
    expect(lab.causes().filter((cause) => cause === 'rollback')).toHaveLength(1);
  });
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe('processes that are killed, stopped in front of their commit and woken late', () => {
  test('lose nothing and double nothing', async () => {
    const outcome = await soak({ minutes: 0.3, seed: 20_261_120, facts: 6_000 });
    expect(outcome).toMatchObject({ lost: 0, doubled: 0, wrong: [] });
    expect(outcome.facts).toBeGreaterThan(0);
  });
});
