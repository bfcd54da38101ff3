import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { CodexRig } from './codex-rig.ts';
import { waitFor } from './wait-for.ts';

/** Just what the tests look at in an envelope; its whole shape is tested elsewhere. */
const Envelope = v.looseObject({
  suggestion_id: v.string(),
  state: v.string(),
  suggestions: v.array(
    v.looseObject({ family: v.string(), summary: v.string(), details: v.record(v.string(), v.unknown()) }),
  ),
});
export type Envelope = v.InferOutput<typeof Envelope>;

const Scan = v.looseObject({
  results: v.array(
    v.looseObject({ compile_status: v.nullable(v.string()), processed_count: v.number(), error: v.unknown() }),
  ),
  counts: v.looseObject({ run: v.number(), skipped: v.number(), failed: v.number() }),
});
export type Scan = v.InferOutput<typeof Scan>;

/** Every file below a folder, as paths relative to it; none when there is no such folder. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path), { throwIfNoEntry: false })?.isFile() === true)
    .toSorted();
}

/** Envelopes that wait for a compile, in all buckets. */
export function pendingEnvelopes(home: string): Envelope[] {
  return filesBelow(home)
    .filter((path) => /^projects[\\/][^\\/]+[\\/]suggestions[\\/]pending[\\/][^\\/.][^\\/]*\.json$/.test(path))
    .map((path) => v.parse(Envelope, JSON.parse(readFileSync(join(home, path), 'utf8'))));
}

/** Reviews that are queued and not yet done, in all buckets. */
export function queuedReviews(home: string): string[] {
  return filesBelow(home).filter((path) => /[\\/]review[\\/]queue[\\/][^\\/.][^\\/]*\.json$/.test(path));
}

/** The worker is detached: nobody can wait for it, only for what it leaves. */
export async function depositedEnvelope(rig: CodexRig): Promise<Envelope> {
  try {
    return await waitFor('an envelope in pending/', () => pendingEnvelopes(rig.home)[0]);
  } catch (cause) {
    throw new Error(`No envelope came into pending/. ${whatLiesIn(rig.home)}`, { cause });
  }
}

/** For a failed test's message: the folder is gone by the time that somebody reads it. */
function whatLiesIn(home: string): string {
  const log = join(home, 'logs', 'plugin.log');
  const files = filesBelow(home);
  return `The home holds ${files.length === 0 ? 'nothing' : files.join(', ')}\n${existsSync(log) ? readFileSync(log, 'utf8') : ''}`;
}

/** `codex-self-evolution scan`, as a person types it. */
export async function scan(rig: CodexRig, env: Record<string, string> = {}): Promise<Scan> {
  return v.parse(Scan, await rig.program(['scan', '--home', rig.home, '--json'], { env }));
}

/** Puts an envelope of ours or of the Python plugin into the repository's bucket, and promotes it. */
export async function promote(
  rig: CodexRig,
  suggestions: readonly Record<string, unknown>[],
  env: Record<string, string> = {},
): Promise<Scan> {
  const started = await rig.program(['session-start', '--cwd', rig.repo, '--json']);
  const { state_dir: bucket, repo_fingerprint } = v.parse(Bucket, started);
  const pending = join(bucket, 'suggestions', 'pending');
  mkdirSync(pending, { recursive: true });
  const id = 'deposited-by-a-test';
  const envelope = {
    schema_version: 1,
    suggestion_id: id,
    idempotency_key: id,
    thread_id: 'an-earlier-thread',
    cwd: rig.repo,
    repo_fingerprint,
    reviewer_timestamp: '2026-01-02T03:04:05Z',
    suggestions,
    source_authority: ['hook_payload'],
    state: 'pending',
    attempt_count: 0,
    review_snapshot_path: null,
    failure_reason: null,
    transition_log: [],
  };
  writeFileSync(join(pending, `${id}.json`), `${JSON.stringify(envelope, null, 2)}\n`);
  return scan(rig, env);
}

const Bucket = v.looseObject({ state_dir: v.string(), repo_fingerprint: v.string() });
