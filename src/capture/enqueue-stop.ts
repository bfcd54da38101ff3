import path from 'node:path';
import { openBucket, openBucketAt } from '../bucket/open-bucket.ts';
import type { StopInput } from '../contracts/hook.ts';
import type { QueueEntry } from '../contracts/review.ts';
import { isoSeconds } from '../kernel/clock.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import { codexHome } from '../kernel/home.ts';
import { refuseLinksIn } from '../kernel/links.ts';
import { realPath } from '../kernel/move-files.ts';
import { NESTED_FLAG } from '../kernel/process.ts';
import { renderJson } from '../kernel/render-json.ts';
import { startDetached } from '../kernel/start-detached.ts';
import type { World } from '../kernel/world.ts';
import { workerWanted } from './lease-name.ts';
import type { SessionPlace } from './lease-name.ts';
import { queueName } from './queue-name.ts';

export interface EnqueueOptions {
  /** The bucket's folder itself; without it (and without CODEX_STATE_DIR) the bucket of `cwd`. */
  stateDir?: string;
  /** Folder of hook.cjs, which is the worker as well; without it the folder of the running program. */
  programFolder?: string;
  /** Starts the process that will review the session. Tests put their own in its place. */
  start?: (world: World, place: SessionPlace, programFolder: string) => void | Promise<void>;
}

/** Longest last message that is kept when there is no transcript, in characters. */
const LONGEST_MESSAGE = 20_000;
/** How much of it the rules read, in characters: Codex waits, and a hook that is killed loses the turn. */
const MOST_READ = 2 * LONGEST_MESSAGE;
/** No value that the rules know without its end is longer, in characters; they see a key by its beginning. */
const LONGEST_SECRET = 5_000;

/** Stops of one turn that get a name of their own; more mean that something runs in a circle. */
const MOST_STOPS_OF_A_TURN = 50;

/**
 * What the Stop hook does: notes the turn in review/queue/ and starts a detached worker. It runs
 * while Codex waits, so it loads no schema library, no crypto, and does not sync.
 *
 * A subagent's stop and a session that we started ourselves are nothing to review.
 * @throws DiskFailure; the hook that calls this catches everything
 */
export async function enqueueStop(world: World, input: StopInput, options: EnqueueOptions = {}): Promise<void> {
  if (world.env[NESTED_FLAG] || input.agent_id !== undefined) return;
  const { start = startWorker, stateDir = world.env['CODEX_STATE_DIR'] } = options;
  const bucket = stateDir
    ? openBucketAt(stateDir, input.cwd, world.clock, world.env)
    : openBucket(world.home, input.cwd, world.clock, world.env);
  refuseLinksIn(path.dirname(bucket.layout.queue));
  makeFolder(bucket.layout.queue);
  writeEntry(bucket.layout.queue, await entryOf(world, input));
  const place = { stateDir: bucket.layout.stateDir, session: input.session_id };
  // The entry is written before the lease is looked at, and a worker lists the queue after it gave its
  // lease up: one of the two always sees the other.
  if (workerWanted(world, place)) await start(world, place, options.programFolder ?? runningFolder());
}

async function entryOf(world: World, input: StopInput): Promise<QueueEntry> {
  const transcript = input.transcript_path ?? null;
  const message = input.last_assistant_message;
  return {
    schema_version: 1,
    session_id: input.session_id,
    turn_id: input.turn_id,
    transcript_path: transcript,
    cwd: input.cwd,
    queued_at: isoSeconds(world.clock.now()),
    codex_home: codexHome(world.env),
    // With a transcript everything is there; without one (codex exec --ephemeral) this is all that there is.
    ...(transcript === null && message ? { last_assistant_message: await redacted(message) } : {}),
  };
}

/** The rules are loaded when there are words to redact: that is a tenth of this hook's own time, and the rare case. */
async function redacted(message: string): Promise<string> {
  const { redactBuiltin } = await import('../safety/redact-builtin.ts');
  const kept = redactBuiltin(message.slice(0, MOST_READ));
  // The cut may have halved a secret, and half of one looks like a word. What was redacted before it brings it near.
  const end = message.length > MOST_READ ? Math.max(0, kept.length - LONGEST_SECRET) : kept.length;
  return kept.slice(0, Math.min(end, LONGEST_MESSAGE));
}

function writeEntry(queue: string, entry: QueueEntry): void {
  const content = renderJson(entry);
  for (let count = 1; count <= MOST_STOPS_OF_A_TURN; count++) {
    const file = path.join(queue, queueName(entry.session_id, entry.turn_id, count));
    if (writeDurably(file, content, { exclusive: true, sync: false })) return;
  }
}

const runningFolder = (): string => path.dirname(realPath(process.argv[1] ?? ''));

function startWorker(world: World, place: SessionPlace, programFolder: string): void {
  const bundle = path.join(programFolder, 'hook.cjs');
  const args = [bundle, 'worker', '--home', world.home, '--state-dir', place.stateDir, '--session', place.session];
  startDetached(process.execPath, args, { ...world.env, [NESTED_FLAG]: '1' });
}
