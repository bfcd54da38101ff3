import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/contracts/settings.ts';
import { Status } from '../../../src/contracts/status.ts';
import { examine } from '../../../src/health/doctor.ts';
import { gatherFacts } from '../../../src/health/gather-facts.ts';
import { readStatus } from '../../../src/health/read-status.ts';
import { readTools } from '../../../src/health/read-tools.ts';
import type { SchedulerStatus } from '../../../src/install/scheduler.ts';
import type { World } from '../../../src/kernel/world.ts';
import { noteFailure } from '../../../src/trouble/note-health.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';
import { memory, note, tempBucket } from '../../support/temp-bucket.ts';

const noScheduler = (): SchedulerStatus => ({
  kind: null,
  label: null,
  unit_path: null,
  unit_exists: false,
  loaded: null,
  last_tick: null,
  error: null,
});

const statusOf = async (world: World): Promise<Status> =>
  (await readStatus(world, { settings: DEFAULT_SETTINGS, noTools: true, scheduler: noScheduler })).status;

/** Every path with its kind, mode, size, times and bytes. */
function treeHash(folder: string): string {
  const hash = createHash('sha256');
  const walk = (at: string): void => {
    const stat = fs.lstatSync(at, { bigint: true });
    hash.update(`${at} ${stat.mode} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}\n`);
    if (stat.isFile()) hash.update(fs.readFileSync(at));
    if (stat.isDirectory()) for (const name of fs.readdirSync(at).toSorted()) walk(path.join(at, name));
  };
  if (fs.existsSync(folder)) walk(folder);
  return hash.digest('hex');
}

async function usedBucket(): Promise<TempBucket> {
  const bucket = tempBucket();
  bucket.deposit('one', [memory('Run make verify'), note('The port is 4711')]);
  await bucket.compile();
  bucket.deposit('two', [memory('Ask before you push')]);
  return bucket;
}

describe('status', () => {
  test('has exactly the documented shape, and tells what lies in a bucket', async () => {
    const bucket = await usedBucket();
    const status = await statusOf(bucket.world);

    expect(v.safeParse(Status, status).issues).toBeUndefined();
    expect(status.buckets).toHaveLength(1);
    expect(status.buckets[0]).toMatchObject({
      project: bucket.bucket.id,
      archived: false,
      generation: 1,
      counts: { pending: 1, done: 1, generations: 1, set_aside: 0 },
      lock: { locked: false },
      last_receipt: { generation: 1, backend: 'script', processed_count: 1, error: null },
      problems: [],
    });
  });

  test('changes nothing: not a byte, not a time, not a lock', async () => {
    const { world, folder } = await usedBucket();
    noteFailure(world, 'review', '401');
    const before = treeHash(folder);
    const facts = await gatherFacts(world, { noTools: true, online: false, scheduler: noScheduler });
    examine(facts);

    expect(treeHash(folder)).toBe(before);
  });

  test('makes no home where there is none', async () => {
    const { world } = tempBucket();
    const home = path.join(world.home, 'nowhere');
    const facts = await gatherFacts({ ...world, home }, { noTools: true, online: false, scheduler: noScheduler });

    expect(facts.status.buckets).toEqual([]);
    expect(fs.existsSync(home)).toBe(false);
  });

  test('never tells a key, only its name', async () => {
    const { world } = tempBucket();
    const secret = ['sk', 'ant', 'q8Zk3vN8qLr5Ty7Wb2Xc9Md4Hf6Jg1Ps'].join('-');
    fs.writeFileSync(
      path.join(world.home, '.env.provider'),
      `# ${secret}\nexport OPENAI_API_KEY="${secret}"\nANTHROPIC_API_KEY=\nOTHER=${secret}\n${secret}\n`,
      { mode: 0o600 },
    );
    const status = await statusOf(world);

    expect(JSON.stringify(status)).not.toContain(secret);
    expect(status.env_provider).toMatchObject({
      exists: true,
      mode: '0600',
      keys_set: ['OPENAI_API_KEY'],
      keys_unset: ['ANTHROPIC_API_KEY', 'MINIMAX_API_KEY'],
      other_keys_set: ['OTHER'],
    });
  });

  test('counts archived buckets, and what was given to sessions in 24 hours', async () => {
    const bucket = await usedBucket();
    const now = bucket.world.clock.now().getTime();
    const at = (hours: number): string => new Date(now - hours * 3_600_000).toISOString();
    bucket.write(
      'usage.jsonl',
      [
        { at: at(30), by: 'prompt-recall', ids: ['old'] },
        { at: at(2), by: 'prompt-recall', ids: ['a', 'b'] },
        { at: at(1), by: 'recall', ids: ['a'] },
        { at: at(1), by: 'recall', ids: [] },
        { by: 'recall', ids: ['no time'] },
      ]
        .map((line) => JSON.stringify(line))
        .join('\n') + '\n{"torn',
    );
    fs.cpSync(bucket.bucket.layout.stateDir, `${bucket.bucket.layout.stateDir}.archived.20260101T000000`, {
      recursive: true,
    });
    const status = await statusOf(bucket.world);

    expect(status.buckets.map(({ archived }) => archived)).toEqual([false, true]);
    expect(status.buckets[0]?.usage).toEqual({ injected: 2, shown: 1, asked: 2, in_vain: 1 });
  });

  test('reports hand edits that nobody can read, parked or in their place', async () => {
    const bucket = await usedBucket();
    bucket.write('recall/index.json', '{"records": [');
    bucket.write('edits/1.memory__USER.md.unreadable', 'x');
    bucket.write('proposals/run-1/proposal.json', '{}');
    bucket.write('proposals/envelope.0.json', '{}');
    const status = await statusOf(bucket.world);
    expect(status.buckets[0]?.counts).toMatchObject({ unparsable_edits: 2, proposals: 1 });

    expect(status.buckets[0]?.unparsable_edits.map((file) => path.basename(file))).toEqual([
      '1.memory__USER.md.unreadable',
      'index.json',
    ]);
  });

  const BREAKAGES: [string, (bucket: TempBucket) => void][] = [
    ['a receipt that is no JSON', (bucket) => bucket.write('compiler/last_receipt.json', '{')],
    ['a lock file that is cut', (bucket) => bucket.write('compiler/compile.lock', '{"pid"')],
    ['mirrors.json that is an array', (bucket) => bucket.write('mirrors.json', '[]')],
    [
      'an envelope that is a folder',
      (bucket) => fs.mkdirSync(path.join(bucket.bucket.layout.failed, 'x.json'), { recursive: true }),
    ],
    ['a log of garbage', (bucket) => fs.writeFileSync(path.join(bucket.world.home, 'logs.txt'), 'x')],
    ['health.json that is a folder', (bucket) => fs.mkdirSync(path.join(bucket.world.home, 'health.json'))],
    [
      'budget.json of binary',
      (bucket) => fs.writeFileSync(path.join(bucket.world.home, 'budget.json'), Buffer.from([0, 255, 1])),
    ],
    ['.env.provider that is a folder', (bucket) => fs.mkdirSync(path.join(bucket.world.home, '.env.provider'))],
    [
      'config.toml that is broken',
      (bucket) => fs.writeFileSync(path.join(bucket.world.home, 'config.toml'), '[review\n'),
    ],
    [
      'hooks.json that is malformed',
      (bucket) => fs.writeFileSync(path.join(bucket.codexHome, 'hooks.json'), '{"hooks":'),
    ],
    [
      "Codex's config.toml that is broken",
      (bucket) => fs.writeFileSync(path.join(bucket.codexHome, 'config.toml'), '[[['),
    ],
    ['usage.jsonl that is a folder', (bucket) => fs.mkdirSync(path.join(bucket.bucket.layout.stateDir, 'usage.jsonl'))],
    [
      'generations that are a file',
      (bucket) => {
        fs.rmSync(bucket.bucket.layout.generations, { recursive: true });
        bucket.write('generations', 'x');
      },
    ],
    [
      'install.json of a newer version',
      (bucket) => {
        fs.mkdirSync(path.join(bucket.world.home, 'app'));
        fs.writeFileSync(path.join(bucket.world.home, 'app', 'install.json'), '{"version": 9}');
      },
    ],
  ];

  test.each(BREAKAGES)('goes on with %s', async (_what, spoil) => {
    const bucket = await usedBucket();
    spoil(bucket);
    const facts = await gatherFacts(bucket.world, { noTools: true, online: false, scheduler: noScheduler });

    expect(v.safeParse(Status, facts.status).issues).toBeUndefined();
    expect(facts.status.buckets).toHaveLength(1);
    expect(facts.status.buckets[0]?.counts.pending).toBe(1);
    expect(() => examine(facts)).not.toThrow();
  });

  test('knows what is queued, since when, and what the last review said', async () => {
    const bucket = await usedBucket();
    bucket.write('review/queue/s1.t1.json', '{}');
    bucket.write('review/queue/s1.t2.json', '{}');
    bucket.write(
      'sessions/s1.review.json',
      JSON.stringify({
        schema_version: 1,
        session_id: 's1',
        cursor: null,
        chains: [],
        outbox: null,
        attempts: 2,
        next_attempt_at: null,
        last_error: '401 from x',
      }),
    );
    const { review, recent_activity: recent } = await statusOf(bucket.world);

    expect(review).toMatchObject({ queued: 2, last_error: '401 from x' });
    expect(Date.parse(review.oldest ?? '')).toBeGreaterThan(0);
    expect(recent.retries.reviews).toBe(1);
  });

  test('sees a thousand buckets', async () => {
    const { world } = tempBucket();
    for (let index = 0; index < 1_000; index++) {
      const folder = path.join(world.home, 'projects', `-srv-repo-${index}`);
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(
        path.join(folder, 'bucket.json'),
        JSON.stringify({ version: 1, root: `/srv/repo-${index}`, identity: null, created_at: '' }),
      );
    }
    const status = await statusOf(world);

    expect(status.buckets).toHaveLength(1_001);
  });
});

const withPrograms = (programs: Record<string, string>): World => {
  const { world, folder } = tempBucket();
  const bin = path.join(folder, 'bin');
  fs.mkdirSync(bin);
  for (const [name, script] of Object.entries(programs))
    fs.writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { ...world, env: { ...world.env, PATH: `${bin}:/usr/bin:/bin` } };
};

describe('tools', () => {
  test('tell path and version, and are called as nested', async () => {
    const world = withPrograms({
      codex: 'test "$CODEX_SELF_EVOLUTION_NESTED" = 1 && echo "codex-cli 0.169.0"',
      opencode: 'exit 3',
    });
    const tools = await readTools(world);

    expect(tools.codex).toMatchObject({ available: true, version: '0.169.0', error: null });
    expect(tools.opencode).toMatchObject({ available: false, version: null, error: 'opencode --version ended with 3' });
    expect(tools.node.version).toBe(process.versions.node);
  });

  test('that hang are ended, with their children', async () => {
    const world = withPrograms({ codex: 'echo $$ > "$0.pid"; sleep 600 & wait' });
    const tools = await readTools(world);
    const pid = Number(fs.readFileSync(`${tools.codex.path}.pid`, 'utf8'));

    expect(tools.codex.error).toMatch(/did not end within 5 s/);
    expect(fs.existsSync(`/proc/${pid}`)).toBe(false);
  });

  test('are not started when only their places are asked for', async () => {
    const world = withPrograms({ codex: 'touch "$0.started"' });
    const tools = await readTools(world, { skipVersions: true });

    expect(tools.codex).toMatchObject({ available: true, version: null });
    expect(fs.existsSync(`${tools.codex.path}.started`)).toBe(false);
  });
});
