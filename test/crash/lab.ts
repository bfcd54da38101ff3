import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readKnowledge } from '../../src/assets/read-memory.ts';
import { readCurrentGeneration, readFacts } from '../../src/assets/read-generation.ts';
import { listGenerations } from '../../src/assets/generation-folder.ts';
import { scriptBackend } from '../../src/backend/script.ts';
import { deposit } from '../../src/bucket/deposit.ts';
import { bucketAt, openBucket } from '../../src/bucket/open-bucket.ts';
import type { BucketHandle } from '../../src/bucket/open-bucket.ts';
import { enqueueStop } from '../../src/capture/enqueue-stop.ts';
import { reviewWaiting } from '../../src/capture/review-queue.ts';
import { runWorker } from '../../src/capture/worker.ts';
import { describe as inWords } from '../../src/commands/describe.ts';
import { compileBucket } from '../../src/compile/compile.ts';
import type { CompileOptions } from '../../src/compile/compile.ts';
import { forget } from '../../src/compile/forget.ts';
import { rollback } from '../../src/compile/rollback.ts';
import { scanBuckets } from '../../src/compile/scan.ts';
import type { Event } from '../../src/contracts/event.ts';
import type { Failure } from '../../src/contracts/failure.ts';
import { systemWorld } from '../../src/kernel/world.ts';
import type { World } from '../../src/kernel/world.ts';
import { recall } from '../../src/recall/recall.ts';
import { anEnvelope } from '../support/temp-bucket.ts';

/**
 * One home in which the program dies over and over again. Its path stays the same, so that a state
 * can be put back from memory: records hold absolute paths.
 */
export class Lab {
  readonly folder: string;
  readonly home: string;
  readonly repo: string;
  readonly codexHome: string;
  readonly world: World;
  readonly events: Event[] = [];
  #ordinal = 0;
  #turn = 0;

  constructor() {
    this.folder = fs.mkdtempSync(path.join(quickFolder(), 'csep-crash-'));
    this.home = path.join(this.folder, 'home');
    this.repo = path.join(this.folder, 'repo');
    this.codexHome = path.join(this.folder, 'codex');
    this.world = systemWorld({ HOME: this.folder, CODEX_HOME: this.codexHome }, this.home);
  }

  /** An empty home, a repository, a Codex home. */
  clear(): void {
    for (const name of fs.readdirSync(this.folder)) fs.rmSync(path.join(this.folder, name), { recursive: true });
    for (const folder of [this.home, path.join(this.repo, '.git'), this.codexHome])
      fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(this.repo, '.git', 'HEAD'), 'ref: refs/heads/main\n');
    this.#ordinal = 0;
    this.#turn = 0;
    this.events.length = 0;
  }

  /** Goes on from a state that was put back: the next turn's number is the transcript's. */
  restart(): void {
    const text = fs.existsSync(this.transcript) ? fs.readFileSync(this.transcript, 'utf8') : '';
    this.#ordinal = text.split('\n').length - 1;
    this.#turn = text.split('task_started').length - 1;
    this.events.length = 0;
  }

  dispose(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  get bucket(): BucketHandle {
    return openBucket(this.home, this.repo, this.world.clock, this.world.env);
  }

  /** Of the only bucket, if there is one yet. */
  get stateDir(): string {
    const projects = path.join(this.home, 'projects');
    const names = fs.existsSync(projects) ? fs.readdirSync(projects).filter((name) => !name.startsWith('.')) : [];
    return path.join(projects, names[0] ?? 'none');
  }

  at(relative: string): string {
    return path.join(this.bucket.layout.stateDir, relative);
  }

  write(relative: string, text: string): void {
    fs.mkdirSync(path.dirname(this.at(relative)), { recursive: true });
    fs.writeFileSync(this.at(relative), text);
  }

  deposit(id: string, suggestions: unknown[]): void {
    deposit(this.bucket.layout, anEnvelope(id, suggestions));
  }

  get options(): CompileOptions {
    return {
      backend: scriptBackend,
      fallback: null,
      batchSize: 100,
      report: (event: Event) => void this.events.push(event),
    };
  }

  /** @returns what went wrong, undefined when nothing did */
  async compile(): Promise<Failure | undefined> {
    const result = await compileBucket(this.world, this.bucket, this.options);
    return result.ok ? undefined : result.failure;
  }

  async rollback(target: number): Promise<Failure | undefined> {
    const { world, bucket } = this;
    const report = (event: Event): void => void this.events.push(event);
    const result = await rollback({ world, bucket, report, target, dryRun: false, patienceMs: 0 });
    return result.ok ? undefined : result.failure;
  }

  async forget(query: string): Promise<Failure | undefined> {
    const { world, bucket } = this;
    const report = (event: Event): void => void this.events.push(event);
    const how = { scope: 'all' as const, dryRun: false, keepHistory: false, yes: true, patienceMs: 0 };
    const result = await forget({ world, bucket, report, query, ...how });
    return result.ok ? undefined : result.failure;
  }

  /** What the scheduler runs: reviews, then compiles. @returns what went wrong, and whether there was anything to do */
  async scan(): Promise<{ wrong: string[]; idle: boolean }> {
    const reviews = await reviewWaiting(this.world, { now: true, report: (event) => void this.events.push(event) });
    const results = await scanBuckets(this.world, {
      backend: 'script',
      options: async () => this.options,
      describe: inWords,
    });
    const wrong = [
      ...results.flatMap((result) => (result.error === null ? [] : [result.error])),
      ...(reviews.failed > 0 ? [`${reviews.failed} reviews failed`] : []),
    ];
    const idle = reviews.queued === 0 && results.every((result) => result.compile_status === 'skip_empty');
    return { wrong, idle };
  }

  /** One turn of a Codex session, in the rollout format of Codex 0.169. */
  say(text: string): void {
    this.#turn += 1;
    const started = this.#ordinal > 0;
    const lines = turnLines({ session: SESSION, turn: this.turn, text, ...(started ? {} : { cwd: this.repo }) });
    const numbered = lines.map((line) => JSON.stringify({ ...line, ordinal: this.#ordinal++ }));
    fs.mkdirSync(path.dirname(this.transcript), { recursive: true });
    fs.writeFileSync(this.transcript, `${numbered.join('\n')}\n`, { flag: 'a' });
  }

  /** Another session with one turn. @returns its transcript */
  sessionOf(session: string, text: string): string {
    const lines = turnLines({ session, turn: 'turn-1', text, cwd: this.repo });
    const file = this.transcript.replace(SESSION, session);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, lines.map((line, ordinal) => `${JSON.stringify({ ...line, ordinal })}\n`).join(''));
    return file;
  }

  leases(): string[] {
    const folder = path.join(this.home, 'workers');
    return fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  }

  get turn(): string {
    return `turn-${this.#turn}`;
  }

  get transcript(): string {
    return path.join(this.codexHome, 'sessions', `rollout-2026-11-20T12-00-00-${SESSION}.jsonl`);
  }

  /** What the Stop hook does; its worker is `work`. */
  async stop(): Promise<void> {
    await enqueueStop(
      this.world,
      {
        hook_event_name: 'Stop',
        session_id: SESSION,
        turn_id: this.turn,
        transcript_path: this.transcript,
        cwd: this.repo,
        stop_hook_active: false,
        last_assistant_message: 'Done.',
      },
      { start: () => undefined },
    );
  }

  async work(): Promise<void> {
    await runWorker(this.world, { stateDir: this.bucket.layout.stateDir, session: SESSION });
  }

  /** What readers are shown, in an order that does not depend on time. */
  async view(): Promise<View> {
    // A home that is not there yet shows nothing; to look for its bucket would make it.
    if (!fs.existsSync(this.stateDir)) return { memory: [], skills: [], recall: [], problems: [] };
    const { memory, skills, problems } = readKnowledge(bucketAt(this.stateDir, this.repo).layout);
    const found = new Set<string>();
    for (const query of QUERIES) {
      const { results } = await recall(this.world, { cwd: this.repo, query, topK: 10, scope: 'repo' });
      for (const result of results) found.add(result.content);
    }
    return {
      memory: [...memory.user, ...memory.global].map((record) => record.content).toSorted(),
      skills: skills.map((skill) => `${skill.skill_id} ${skill.status}`).toSorted(),
      recall: [...found].toSorted(),
      problems,
    };
  }

  /** Everything that the newest sound generation holds, as one text per entry. */
  entries(): string[] {
    const { current } = readCurrentGeneration(this.bucket.layout);
    if (!current) return [];
    const records = current.facts.recall_chunks.flatMap((chunk) =>
      fs
        .readFileSync(path.join(current.folder.folder, `${chunk.name}.jsonl`), 'utf8')
        .split('\n')
        .filter((line) => line !== ''),
    );
    const { user, global } = current.memory;
    return [...[...user, ...global, ...current.skills].map((entry) => JSON.stringify(entry.content)), ...records];
  }

  /** Why each generation was made. */
  causes(): string[] {
    return listGenerations(this.bucket.layout).flatMap((folder) => {
      const facts = readFacts(folder);
      return facts.ok ? [facts.value.cause] : [];
    });
  }

  /** How often each envelope was applied, by the receipts of all generations that there are. */
  applied(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const folder of listGenerations(this.bucket.layout)) {
      const facts = readFacts(folder);
      for (const id of facts.ok ? facts.value.receipt.envelopes : []) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }
}

interface Said {
  session: string;
  turn: string;
  text: string;
  /** Given with the first turn of a session. */
  cwd?: string;
}

const line = (type: string, payload: Record<string, unknown>) => ({
  timestamp: new Date().toISOString(),
  type,
  payload,
});

function turnLines({ session, turn, text, cwd }: Said): Record<string, unknown>[] {
  const of = { thread_id: session, turn_id: turn };
  const said = { type: 'UserMessage', content: [{ type: 'text', text }] };
  const answered = { type: 'AgentMessage', content: [{ type: 'Text', text: 'Done.' }], phase: 'final_answer' };
  const meta = { session_id: session, id: session, cwd, source: 'exec', history_mode: 'paginated' };
  return [
    ...(cwd === undefined ? [] : [line('session_meta', meta)]),
    line('event_msg', { type: 'task_started', turn_id: turn }),
    line('event_msg', { type: 'item_completed', ...of, item: said }),
    line('event_msg', { type: 'item_completed', ...of, item: answered }),
  ];
}

/** Memory where there is some: thousands of homes are laid, and no test waits for a disk. */
function quickFolder(): string {
  try {
    fs.accessSync('/dev/shm', fs.constants.W_OK);
    return '/dev/shm';
  } catch {
    return fs.realpathSync(os.tmpdir());
  }
}

const SESSION = '0199c0de-0000-7000-8000-00000000000a';

/** Each finds one record of the scenarios. */
const QUERIES = ['gateway test port 8080 taken', 'staging database wake up minute', 'importer gigabytes of memory'];

export interface View {
  memory: string[];
  skills: string[];
  recall: string[];
  problems: string[];
}

/** A folder held in memory, to be laid again. Hard links become files of their own. */
export interface Image {
  folder: string;
  entries: { file: string; bytes: Buffer | undefined; mode: number }[];
}

export function imageOf(folder: string): Image {
  const entries: Image['entries'] = [];
  const visit = (at: string): void => {
    for (const entry of fs.readdirSync(at, { withFileTypes: true })) {
      const file = path.join(at, entry.name);
      const { mode } = fs.lstatSync(file);
      entries.push({ file, bytes: entry.isDirectory() ? undefined : fs.readFileSync(file), mode: mode & 0o777 });
      if (entry.isDirectory()) visit(file);
    }
  };
  visit(folder);
  return { folder, entries };
}

export function lay(image: Image): void {
  for (const name of fs.readdirSync(image.folder)) fs.rmSync(path.join(image.folder, name), { recursive: true });
  for (const { file, bytes, mode } of image.entries) {
    if (bytes === undefined) fs.mkdirSync(file, { mode });
    else fs.writeFileSync(file, bytes, { mode });
  }
}
