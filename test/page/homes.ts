import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openBucket } from '../../src/bucket/open-bucket.ts';
import type { BucketHandle } from '../../src/bucket/open-bucket.ts';
import { systemWorld } from '../../src/kernel/world.ts';
import type { World } from '../../src/kernel/world.ts';
import type { Language } from '../../src/report/model.ts';
import { PAGE_ASSETS } from '../../src/report/page-assets.ts';
import { readReport } from '../../src/report/read-report.ts';
import { renderPage } from '../../src/report/render-page.ts';

export const tempFolder = (): string => fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'csep-page-'));

/** A world over `<folder>/home`. */
export const worldIn = (folder: string, now?: Date): World => {
  const world = systemWorld({ HOME: folder, CODEX_HOME: path.join(folder, 'codex') }, path.join(folder, 'home'));
  return now ? { ...world, clock: { now: () => now } } : world;
};

export function bucketIn(world: World, folder: string, name: string): BucketHandle {
  const repo = path.join(folder, name);
  fs.mkdirSync(path.join(repo, '.git'), { recursive: true });
  fs.writeFileSync(path.join(repo, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  return openBucket(world.home, repo, world.clock, world.env);
}

/** Writes the page of a home. @returns its file */
export function writePage(world: World, folder: string, language: Language | null = null): string {
  const file = path.join(folder, 'report.html');
  const model = readReport(world, { language, limits: { calls: 200, tokens: 2_000_000 } });
  fs.writeFileSync(file, renderPage(model, PAGE_ASSETS));
  return file;
}

export function put(bucket: BucketHandle, name: string, content: unknown): void {
  const file = path.join(bucket.layout.stateDir, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

/** What would run, speak, ask the network or turn the text round, if it were anything else than text. */
export const HOSTILE =
  '</script><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=alert(3)><a href="javascript:alert(4)">x</a>' +
  '<style>*{display:none}</style><!-- ]]> \u2028\u2029 {{7*7}} ${7*7} \u202Etxt.exe\u2066 \u0000\u001B[31m &lt;b&gt; "\'`';

/** A bucket in which every text that can be anything is hostile, as an older program may have left it. */
export function putHostile(bucket: BucketHandle, giant: string): void {
  const origin = {
    suggestion_id: HOSTILE,
    thread_id: HOSTILE,
    turn_id: HOSTILE,
    at: HOSTILE,
    provider: HOSTILE,
    basis: 'user',
  };
  const note = {
    summary: HOSTILE,
    content: HOSTILE,
    source_paths: [HOSTILE],
    confidence: 0.5,
    provenance: [origin, origin],
  };
  put(bucket, 'memory/memory.json', {
    user: [
      { ...note, scope: 'user' },
      { ...note, scope: 'user', summary: giant, content: giant },
    ],
    global: [{ ...note, scope: 'global' }],
  });
  const record = {
    id: 'aaaaaaaaaaaa',
    summary: HOSTILE,
    content: HOSTILE,
    source_paths: [HOSTILE],
    thread_id: HOSTILE,
    created_at: HOSTILE,
  };
  put(bucket, 'recall/index.json', { records: [record, { ...record, id: HOSTILE, summary: giant, content: giant }] });
  const skill = {
    skill_id: HOSTILE,
    title: HOSTILE,
    description: HOSTILE,
    owner: 'codex-self-evolution-plugin',
    managed: true,
    updated_at: HOSTILE,
  };
  put(bucket, 'skills/manifest.json', { skills: [skill, { ...skill, description: giant }] });
  put(bucket, 'receipts/1.json', {
    schema_version: 1,
    generation: 1,
    from: null,
    cause: 'compile',
    created_at: HOSTILE,
    mirrors: {},
    adopted: { [HOSTILE]: [] },
    sessions: [HOSTILE, giant],
    receipt: {
      run_status: 'success',
      backend: HOSTILE,
      fallback_backend: HOSTILE,
      processed_count: 1,
      archived_count: 1,
      memory_records: 1,
      recall_records: 1,
      managed_skills: 1,
      item_receipts: [
        {
          suggestion_id: 'x',
          index: 0,
          family: HOSTILE,
          outcome: 'discarded',
          reason: 'low_signal',
          detail: HOSTILE,
          state: HOSTILE,
        },
      ],
      discarded_items: [{ reason: 'agent_invoke_failed', detail: HOSTILE }],
      skip_reason: null,
      memory_action_stats: { total: 0, by_action: {}, by_scope: {} },
      generation: 1,
      from_generation: null,
      envelopes: [],
      started_at: HOSTILE,
      ended_at: HOSTILE,
    },
  });
  put(bucket, 'sessions/s.review.json', {
    schema_version: 1,
    session_id: HOSTILE,
    cursor: null,
    chains: [],
    outbox: null,
    attempts: 2,
    next_attempt_at: null,
    last_error: giant,
  });
  put(bucket, 'review/failed/20261120T100000-x.json', {
    at: HOSTILE,
    session_id: HOSTILE,
    reason: HOSTILE,
    raw: giant,
  });
  put(bucket, 'set-aside/<img src=x onerror=alert(5)>.json', 'x');
  put(bucket, 'set-aside/<img src=x onerror=alert(5)>.json.reason.txt', HOSTILE);
  put(bucket, 'suggestions/failed/f1.json', {
    schema_version: 1,
    suggestion_id: 'f1',
    idempotency_key: 'f1',
    thread_id: HOSTILE,
    suggestions: [],
    state: 'failed',
    attempt_count: 3,
    failure_reason: HOSTILE,
    transition_log: [{ at: HOSTILE, from: 'processing', to: 'failed', reason: HOSTILE }],
  });
  put(bucket, 'usage.jsonl', `${JSON.stringify({ at: HOSTILE, by: HOSTILE, ids: [HOSTILE] })}\n${HOSTILE}\n`);
}
