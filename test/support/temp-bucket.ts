import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { deposit } from '../../src/bucket/deposit.ts';
import { openBucket } from '../../src/bucket/open-bucket.ts';
import type { BucketHandle } from '../../src/bucket/open-bucket.ts';
import * as v from 'valibot';
import { Envelope } from '../../src/contracts/envelope.ts';
import type { Event } from '../../src/contracts/event.ts';
import { scriptBackend } from '../../src/backend/script.ts';
import { compileBucket } from '../../src/compile/compile.ts';
import type { CompileOptions } from '../../src/compile/compile.ts';
import type { CompileSummary } from '../../src/compile/summary.ts';
import { systemWorld } from '../../src/kernel/world.ts';
import type { World } from '../../src/kernel/world.ts';

/** A home, a Codex home and a repository of their own, gone when the test is over. */
export interface TempBucket {
  folder: string;
  repo: string;
  codexHome: string;
  world: World;
  bucket: BucketHandle;
  events: Event[];
  deposit(id: string, suggestions: unknown[], more?: Record<string, unknown>): void;
  compile(options?: Partial<CompileOptions>): Promise<CompileSummary>;
  read(relative: string): string;
  readJson(relative: string): Record<string, unknown>;
  list(relative: string): string[];
  write(relative: string, text: string): void;
}

export function tempFolder(): string {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'csep-bucket-'));
  // A detached worker may still write its last line.
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }));
  return folder;
}

export function tempBucket(): TempBucket {
  const folder = tempFolder();
  const repo = path.join(folder, 'repo');
  const codexHome = path.join(folder, 'codex');
  fs.mkdirSync(path.join(repo, '.git'), { recursive: true });
  fs.writeFileSync(path.join(repo, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  fs.mkdirSync(codexHome);
  const world = systemWorld({ HOME: folder, CODEX_HOME: codexHome }, path.join(folder, 'home'));
  const bucket = openBucket(world.home, repo, world.clock, world.env);
  const events: Event[] = [];
  const at = (relative: string): string => path.join(bucket.layout.stateDir, relative);
  return {
    folder,
    repo,
    codexHome,
    world,
    bucket,
    events,
    deposit: (id, suggestions, more = {}) => void deposit(bucket.layout, anEnvelope(id, suggestions, more)),
    compile: async (options = {}) => {
      const settings = {
        backend: scriptBackend,
        fallback: null,
        batchSize: 100,
        report: (event: Event) => void events.push(event),
      };
      const result = await compileBucket(world, bucket, { ...settings, ...options });
      if (!result.ok) throw new Error(JSON.stringify(result.failure));
      return result.value;
    },
    read: (relative) => fs.readFileSync(at(relative), 'utf8'),
    readJson: (relative) => JSON.parse(fs.readFileSync(at(relative), 'utf8')),
    list: (relative) => (fs.existsSync(at(relative)) ? fs.readdirSync(at(relative)).toSorted() : []),
    write: (relative, text) => {
      fs.mkdirSync(path.dirname(at(relative)), { recursive: true });
      fs.writeFileSync(at(relative), text);
    },
  };
}

export const anEnvelope = (id: string, suggestions: unknown[], more: Record<string, unknown> = {}): Envelope =>
  v.parse(Envelope, {
    schema_version: 1,
    suggestion_id: id,
    idempotency_key: `key-${id}`,
    thread_id: 'thread-1',
    cwd: '/repo',
    repo_fingerprint: '',
    reviewer_timestamp: '2026-11-20T10:00:00Z',
    suggestions,
    source_authority: ['transcript'],
    state: 'pending',
    attempt_count: 0,
    review_snapshot_path: null,
    failure_reason: null,
    transition_log: [],
    ...more,
  });

export const memory = (summary: string, content = summary, details: Record<string, unknown> = {}): unknown => ({
  family: 'memory_updates',
  summary,
  details: { content, ...details },
});

export const note = (summary: string, content = summary, details: Record<string, unknown> = {}): unknown => ({
  family: 'recall_candidate',
  summary,
  details: { content, ...details },
});

export const skill = (skillId: string, details: Record<string, unknown> = {}): unknown => ({
  family: 'skill_action',
  summary: `Skill ${skillId}`,
  details: {
    action: 'create',
    skill_id: skillId,
    title: `How to ${skillId}`,
    description: `Use when you want to ${skillId}`,
    content: `1. Look at the state of ${skillId}.\n2. Run the script.\n3. Check the outcome.`,
    ...details,
  },
});
