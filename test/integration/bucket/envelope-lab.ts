import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { Envelope } from '../../../src/contracts/envelope.ts';
import { bucketLayout } from '../../../src/kernel/home.ts';
import type { BucketLayout } from '../../../src/kernel/home.ts';
import { temporaryFolder } from './git-lab.ts';

export const clock = { now: () => new Date('2026-03-04T05:06:07.890Z') };

/** A bucket without folders: every step has to make the ones that it needs. */
export function emptyBucket(): BucketLayout {
  const stateDir = join(temporaryFolder(), 'bucket');
  mkdirSync(stateDir);
  return bucketLayout(stateDir);
}

/** An envelope as a reviewer seals it. */
export function anEnvelope(id: string, changes: Record<string, unknown> = {}): Envelope {
  return v.parse(Envelope, {
    schema_version: 1,
    suggestion_id: id,
    idempotency_key: `key-of-${id}`,
    thread_id: 'thread',
    cwd: '/somewhere',
    repo_fingerprint: '',
    reviewer_timestamp: '2026-03-04T05:00:00Z',
    suggestions: [{ family: 'memory_updates', summary: 'Uses tabs', details: { content: 'Uses tabs' } }],
    source_authority: ['transcript'],
    state: 'pending',
    attempt_count: 0,
    review_snapshot_path: null,
    failure_reason: null,
    transition_log: [],
    ...changes,
  });
}

const FOLDERS = ['pending', 'processing', 'done', 'failed', 'discarded', 'setAside'] as const;

/** Where the files lie: `{ 'a.json': ['pending'] }`. */
export function whereabouts(layout: BucketLayout): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const folder of FOLDERS) {
    for (const name of namesIn(layout[folder])) (found[name] ??= []).push(folder);
  }
  return found;
}

export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

export function stored(
  layout: BucketLayout,
  state: Exclude<(typeof FOLDERS)[number], 'setAside'>,
  id: string,
): Envelope {
  return v.parse(Envelope, JSON.parse(readFileSync(join(layout[state], `${id}.json`), 'utf8')));
}
