import fs from 'node:fs';
import path from 'node:path';
import { scriptBackend } from '../../src/backend/script.ts';
import { deposit } from '../../src/bucket/deposit.ts';
import { openBucket } from '../../src/bucket/open-bucket.ts';
import type { BucketHandle } from '../../src/bucket/open-bucket.ts';
import { compileBucket } from '../../src/compile/compile.ts';
import { Envelope } from '../../src/contracts/envelope.ts';
import { recallId } from '../../src/kernel/digest.ts';
import { systemWorld } from '../../src/kernel/world.ts';
import type { World } from '../../src/kernel/world.ts';
import * as v from 'valibot';

/**
 * A home that was lived in: one promotion a day for as long as asked, with notes, skills and records that read like
 * those of real work, made by the program itself under a clock that the caller owns.
 */

export interface YearOptions {
  /** An empty folder; home, repositories and Codex home are made in it. */
  folder: string;
  /** Name of the repository. */
  repository: string;
  days: number;
  /** Recall records in all. */
  records: number;
  /** The records come in the last so many days (default: all): a large store makes each promotion slower. */
  recordDays?: number;
  /** The last promotion; the others lie a day apart before it. */
  until: Date;
}

const DAY_MS = 86_400_000;

const AREAS = ['billing', 'search', 'importer', 'gateway', 'scheduler', 'mailer', 'exports', 'sessions'];
const THINGS = ['retries', 'time zones', 'pagination', 'migrations', 'rate limits', 'fixtures', 'webhooks', 'locks'];
const CAUSES = [
  'the connection pool is one too small under the parallel runner',
  'the clock of the container is UTC and the fixture is not',
  'the cache key lacks the tenant',
  'the index is built only after the first write',
  'the mock answers in another order than the service',
  'a trailing slash makes it another route',
];
const REMEDIES = [
  'set POOL_SIZE={n} in .env.test',
  'run `npm run db:reset -- --seed {n}` first',
  'wait for the `ready` event before request {n}',
  'pin the adapter to 4.{n}',
  'pass --batch {n}',
  'sort by id before comparing, see case {n}',
];

const NOTES: readonly [scope: 'user' | 'global', summary: string, content: string][] = [
  [
    'user',
    'Answers in short sentences, code first',
    'Show the diff before the explanation; leave out greetings and summaries of what was just said.',
  ],
  [
    'global',
    'Tests run with `npm test -- --run`',
    'The watcher keeps the port of the preview server; always pass --run, also for a single file.',
  ],
  [
    'global',
    'Generated files under src/gen come from the schema',
    'Change schema/*.graphql and run `npm run codegen`; edits in src/gen are gone after the next build.',
  ],
  [
    'user',
    'Prefers small commits with the reason in the subject',
    'One change per commit. The subject says why, the body how it was checked.',
  ],
  [
    'global',
    'Integration tests need Redis on port 6380',
    'Port 6379 belongs to the developer’s own instance; docker compose up -d redis-test starts the other one.',
  ],
  [
    'global',
    'Money is stored in minor units',
    'All amounts are integers of cents; format only in the view, with formatMoney().',
  ],
  [
    'user',
    'Wants to be asked before a dependency is added',
    'Name the alternative without a dependency first, with the lines it would take.',
  ],
  [
    'global',
    'Releases are cut from main on Tuesdays',
    'Tag vX.Y.Z on main after the nightly is green; the pipeline publishes, nobody runs npm publish by hand.',
  ],
  [
    'global',
    'Feature flags live in config/flags.yaml',
    'A flag without an owner and a date of removal does not pass the review.',
  ],
  [
    'global',
    'The staging database is restored every night at 03:00 UTC',
    'Data that a test needs in the morning belongs into seeds/staging.sql.',
  ],
];

const SKILLS: readonly [id: string, title: string, description: string, content: string][] = [
  [
    'cut-a-release',
    'Cut a release',
    'Use when a version is to be published: checks, tag and notes in the order that the pipeline expects.',
    '1. Look whether the nightly of main is green.\n2. Run npm run changelog and read the result.\n3. Tag vX.Y.Z and push the tag.\n4. Watch the publish job; roll back with npm run unpublish.',
  ],
  [
    'reset-test-database',
    'Reset the test database',
    'Use when integration tests fail on missing or stale rows.',
    '1. docker compose up -d redis-test postgres-test\n2. npm run db:reset\n3. npm run db:seed -- --small\n4. Run the failing file alone once.',
  ],
  [
    'profile-a-slow-query',
    'Profile a slow query',
    'Use when an endpoint is slow and the time is spent in the database.',
    '1. Take the query from logs/slow.log.\n2. EXPLAIN (ANALYZE, BUFFERS) it on staging.\n3. Compare the rows that were estimated with those that came.\n4. Add the index in a migration of its own.',
  ],
];

const at = <T>(list: readonly T[], number: number): T => {
  const item = list[number % list.length];
  if (item === undefined) throw new Error('an empty list');
  return item;
};

/** Text of the n-th record; no two are alike. */
function recordText(number: number): { summary: string; content: string } {
  const area = at(AREAS, number);
  const thing = at(THINGS, Math.floor(number / 8));
  const cause = at(CAUSES, Math.floor(number / 5));
  const remedy = at(REMEDIES, Math.floor(number / 3)).replace('{n}', String(number));
  return {
    summary: `${area}: ${thing} fail in case ${number}`,
    content: `The ${area} tests on ${thing} fail now and then because ${cause}. What worked: ${remedy}; checked with \`npm test -- ${area}/${thing.replace(' ', '-')}-${number}.test.ts\`.`,
  };
}

const threadOf = (day: number): string =>
  `0199${(0xc0de + day).toString(16).padStart(4, '0')}-5a1e-7000-8000-${String(day).padStart(12, '0')}`;

/** @returns the world (its clock stands at the end) and the bucket */
export async function writeYear(options: YearOptions): Promise<{ world: World; bucket: BucketHandle; repo: string }> {
  const { folder, repository, days, records, until } = options;
  const repo = path.join(folder, repository);
  fs.mkdirSync(path.join(repo, '.git'), { recursive: true });
  fs.writeFileSync(path.join(repo, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  fs.mkdirSync(path.join(folder, 'codex'), { recursive: true });
  let now = new Date(until.getTime() - days * DAY_MS);
  const environment = { HOME: folder, CODEX_HOME: path.join(folder, 'codex') };
  const world: World = { ...systemWorld(environment, path.join(folder, 'home')), clock: { now: () => now } };
  const bucket = openBucket(world.home, repo, world.clock, world.env);
  const { recordDays = days } = options;
  const recordsBefore = (day: number): number => Math.floor(records * shareOf((day - days + recordDays) / recordDays));
  let known = 0;
  for (let day = 0; day < days; day++) {
    // Not every day at the same hour, and the last one exactly when it was asked for.
    now = new Date(until.getTime() - (days - 1 - day) * DAY_MS - (day === days - 1 ? 0 : (day % 9) * 3_600_000));
    const from = known;
    const to = Math.max(from, recordsBefore(day + 1));
    known = to;
    for (const [part, envelope] of envelopesOf(day, from, to, now).entries()) {
      deposit(
        bucket.layout,
        v.parse(Envelope, {
          ...envelope,
          suggestion_id: `${repository}-${day}-${part}`,
          idempotency_key: `${repository}-${day}-${part}`,
          cwd: repo,
        }),
      );
    }
    const compiled = await compileBucket(world, bucket, {
      backend: scriptBackend,
      fallback: null,
      batchSize: 100,
      report: told,
    });
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.failure));
    rememberSession(bucket, day, now);
    logUse(bucket, day, to, now);
  }
  return { world, bucket, repo };
}

function envelopesOf(day: number, from: number, to: number, now: Date): Record<string, unknown>[] {
  const suggestions: unknown[] = [];
  for (let number = from; number < to; number++) {
    const { summary, content } = recordText(number);
    const sources = [`src/${at(AREAS, number)}/${number % 40}.ts`];
    suggestions.push({
      family: 'recall_candidate',
      summary,
      details: { content, source_paths: sources, thread_id: threadOf(day), source_updated_at: iso(now) },
    });
  }
  if (day % 9 === 0) {
    const round = Math.floor(day / 9);
    const [scope, summary, content] = at(NOTES, round);
    const again = round >= NOTES.length;
    const details = again
      ? { action: 'replace', old_summary: summary, content: `${content} (Confirmed in round ${round}.)`, scope }
      : { content, scope };
    suggestions.push({
      family: 'memory_updates',
      summary,
      details: { ...details, basis: scope === 'user' ? 'user' : 'assistant' },
      confidence: 0.7 + (round % 4) / 10,
    });
  }
  if (day % 30 === 12) {
    const [skill_id, title, description, content] = at(SKILLS, Math.floor(day / 30));
    suggestions.push({
      family: 'skill_action',
      summary: title,
      details: { action: day < 90 ? 'create' : 'edit', skill_id, title, description, content },
    });
  }
  if (day % 7 === 3)
    suggestions.push({
      family: 'memory_updates',
      summary: `Old habit ${day}`,
      details: { action: 'remove', old_summary: `Old habit ${day}`, content: '' },
    });
  if (day % 10 === 5)
    suggestions.push({
      family: 'skill_action',
      summary: 'Skill of somebody else',
      details: { action: 'patch', skill_id: 'not-there', title: 'x', description: 'x', content: 'x' },
    });
  return [
    {
      schema_version: 1,
      thread_id: threadOf(day),
      repo_fingerprint: '',
      reviewer_timestamp: iso(now),
      suggestions,
      source_authority: ['transcript'],
      state: 'pending',
      attempt_count: 0,
      review_snapshot_path: null,
      failure_reason: null,
      transition_log: [],
    },
  ];
}

/** What reviewing and starting a session leave behind. */
function rememberSession(bucket: BucketHandle, day: number, now: Date): void {
  fs.mkdirSync(bucket.layout.sessions, { recursive: true, mode: 0o700 });
  const review = {
    schema_version: 1,
    session_id: threadOf(day),
    cursor: null,
    chains: [],
    outbox: null,
    attempts: 0,
    next_attempt_at: null,
  };
  write(path.join(bucket.layout.sessions, `${threadOf(day)}.review.json`), JSON.stringify(review), now);
  const given = { version: 1, given: ['a'], recalled: [] };
  write(path.join(bucket.layout.sessions, `${threadOf(day)}.injected.json`), JSON.stringify(given), now);
}

function logUse(bucket: BucketHandle, day: number, known: number, now: Date): void {
  const lines = Array.from({ length: day % 6 }, (_, time) => {
    const vain = (day + time) % 11 === 0;
    const ids = vain ? [] : [recallId(recordText((day * 37 + time * 101) % Math.max(1, known)).content)];
    return JSON.stringify({ at: iso(now), by: time % 2 === 0 ? 'prompt-recall' : 'recall', ids });
  });
  if (lines.length > 0) fs.appendFileSync(bucket.layout.usage, `${lines.join('\n')}\n`, { mode: 0o600 });
}

function write(file: string, text: string, now: Date): void {
  fs.writeFileSync(file, text, { mode: 0o600 });
  fs.utimesSync(file, now, now);
}

/** How much was known after so much of the time: some weeks teach more than others. */
function shareOf(time: number): number {
  const within = Math.min(1, Math.max(0, time));
  return within >= 1 ? 1 : Math.min(1, Math.max(0, within + 0.011 * Math.sin(within * 88)));
}

const told = (): void => undefined;

const iso = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
