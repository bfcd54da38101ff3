import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { BucketHandle } from '../../../../src/bucket/open-bucket.ts';
import { openBucket } from '../../../../src/bucket/open-bucket.ts';
import type { Event } from '../../../../src/contracts/event.ts';
import type { Failure } from '../../../../src/contracts/failure.ts';
import { fail, succeed } from '../../../../src/contracts/failure.ts';
import type { StopInput } from '../../../../src/contracts/hook.ts';
import { enqueueStop } from '../../../../src/capture/enqueue-stop.ts';
import { reviewWaiting } from '../../../../src/capture/review-queue.ts';
import type { QueuePass } from '../../../../src/capture/review-queue.ts';
import { runWorker } from '../../../../src/capture/worker.ts';
import type { World } from '../../../../src/kernel/world.ts';
import type { Review, Reviewer, ReviewTask } from '../../../../src/reviewer/reviewer.ts';

/** A clock that only the test moves. */
class TestClock {
  ms: number;

  constructor(start = '2026-11-20T12:00:00Z') {
    this.ms = Date.parse(start);
  }

  now(): Date {
    return new Date(this.ms);
  }

  pass(seconds: number): void {
    this.ms += seconds * 1_000;
  }
}

/** A reviewer that the test commands: it keeps each user message as one memory entry. */
export class TestReviewer implements Reviewer {
  readonly costs: boolean;
  readonly tasks: ReviewTask[] = [];
  /** Whose messages it keeps. */
  keeps: 'user' | 'assistant' = 'user';
  /** What the next calls answer instead of a review. */
  failures: Failure[] = [];
  /** Runs while the reviewer is being asked. */
  meanwhile: () => void | Promise<void> = () => undefined;

  constructor(costs = false) {
    this.costs = costs;
  }

  async review(task: ReviewTask): Promise<{ ok: true; value: Review } | { ok: false; failure: Failure }> {
    this.tasks.push(task);
    await this.meanwhile();
    const failure = this.failures.shift();
    if (failure) return fail(failure);
    const suggestions = task.items
      .filter((turnItem) => turnItem.kind === 'user' || turnItem.kind === 'assistant')
      .filter(({ kind }) => kind === this.keeps)
      .map(({ text }) => ({
        family: 'memory_updates' as const,
        summary: text.slice(0, 80),
        confidence: 1,
        details: {
          scope: 'global' as const,
          action: 'add' as const,
          content: text,
          source_paths: [],
          basis: 'user' as const,
        },
      }));
    return succeed({ suggestions, skipped: [] });
  }
}

/** A home, a repository, a Codex home and one bucket, all temporary. */
export class Rig {
  readonly base: string;
  readonly home: string;
  readonly cwd: string;
  readonly codexHome: string;
  readonly clock = new TestClock();
  readonly log: { event: string; facts: Record<string, unknown> }[] = [];
  /** What scans told. */
  readonly events: Event[] = [];
  reviewer: TestReviewer = new TestReviewer();

  constructor() {
    this.base = fs.mkdtempSync(path.join(os.tmpdir(), 'csep-capture-'));
    this.home = path.join(this.base, 'home');
    this.cwd = path.join(this.base, 'repo');
    this.codexHome = path.join(this.base, 'codex');
    for (const folder of [this.home, this.cwd, this.codexHome]) fs.mkdirSync(folder);
    onTestFinished(() => fs.rmSync(this.base, { recursive: true, force: true }));
  }

  get world(): World {
    return {
      home: this.home,
      env: { HOME: this.base, CODEX_HOME: this.codexHome, PATH: process.env['PATH'] },
      clock: this.clock,
      diagnostics: { log: (event, facts = {}) => void this.log.push({ event, facts }) },
    };
  }

  /** Reviewers with a name of their own; `reviewer` has all others. */
  readonly reviewers: Record<string, TestReviewer> = {};

  private named(name: string): TestReviewer {
    return this.reviewers[name] ?? this.reviewer;
  }

  get bucket(): BucketHandle {
    return openBucket(this.home, this.cwd, this.clock, this.world.env);
  }

  session(id = '0199c0de-0000-7000-8000-00000000000a'): TestSession {
    return new TestSession(this, id);
  }

  /** What the Stop hook does; the worker is started by the test. @returns whether one would have been started */
  async stop(input: Partial<StopInput> & { session_id: string }): Promise<boolean> {
    let started = false;
    const payload = {
      hook_event_name: 'Stop' as const,
      cwd: this.cwd,
      transcript_path: null,
      turn_id: '',
      stop_hook_active: false,
      last_assistant_message: null,
      ...input,
    };
    await enqueueStop(this.world, payload, { start: () => void (started = true) });
    return started;
  }

  work(session: string): Promise<void> {
    const { stateDir } = this.bucket.layout;
    return runWorker(
      this.world,
      { stateDir, session },
      { findReviewer: async (_world, name) => succeed(this.named(name)) },
    );
  }

  scan(now = false): Promise<QueuePass> {
    return reviewWaiting(this.world, {
      now,
      report: (event) => void this.events.push(event),
      findReviewer: async (_world, name) => succeed(this.named(name)),
    });
  }

  queue(): string[] {
    return fs.readdirSync(this.bucket.layout.queue).filter((name) => name.endsWith('.json'));
  }

  /** Contents of everything that lies in pending/, sorted: what was learned, with repeats. */
  learned(): string[] {
    const { pending } = this.bucket.layout;
    const contents: string[] = fs
      .readdirSync(pending)
      .filter((name) => /^[^.].*\.json$/.test(name))
      .flatMap((name) => {
        const envelope = JSON.parse(fs.readFileSync(path.join(pending, name), 'utf8'));
        return envelope.suggestions.map((suggestion: { details: { content: string } }) => suggestion.details.content);
      });
    return contents.toSorted();
  }

  record(session: string): Record<string, unknown> {
    return JSON.parse(fs.readFileSync(path.join(this.bucket.layout.sessions, `${session}.review.json`), 'utf8'));
  }

  /** Makes the leases as young as the test's clock says. */
  freshenLeases(): void {
    for (const name of this.leases())
      fs.utimesSync(path.join(this.home, 'workers', name), this.clock.now(), this.clock.now());
  }

  leases(): string[] {
    const folder = path.join(this.home, 'workers');
    return fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  }
}

/** A Codex session that grows a paginated rollout as Codex 0.169 writes it. */
export class TestSession {
  readonly id: string;
  readonly transcript: string;
  readonly #rig: Rig;
  #ordinal = 0;
  #turn = 0;

  constructor(rig: Rig, id: string) {
    this.#rig = rig;
    this.id = id;
    const folder = path.join(rig.codexHome, 'sessions', '2026', '11', '20');
    fs.mkdirSync(folder, { recursive: true });
    this.transcript = path.join(folder, `rollout-2026-11-20T12-00-00-${id}.jsonl`);
    this.#line('session_meta', { session_id: id, id, cwd: rig.cwd, source: 'exec', history_mode: 'paginated' });
  }

  get turn(): string {
    return `turn-${this.#turn}`;
  }

  /** One turn: what the user said and what the assistant answered. */
  say(text: string, answer = 'Done.'): this {
    this.#turn += 1;
    this.#line('event_msg', { type: 'task_started', turn_id: this.turn });
    this.#item({ type: 'UserMessage', content: [{ type: 'text', text }] });
    this.#item({ type: 'AgentMessage', content: [{ type: 'Text', text: answer }], phase: 'final_answer' });
    return this;
  }

  /** @returns whether the hook would have started a worker */
  stop(input: Partial<StopInput> = {}): Promise<boolean> {
    return this.#rig.stop({ session_id: this.id, turn_id: this.turn, transcript_path: this.transcript, ...input });
  }

  work(): Promise<void> {
    return this.#rig.work(this.id);
  }

  #item(content: Record<string, unknown>): void {
    this.#line('event_msg', { type: 'item_completed', thread_id: this.id, turn_id: this.turn, item: content });
  }

  #line(type: string, payload: Record<string, unknown>): void {
    const line = { timestamp: this.#rig.clock.now().toISOString(), ordinal: this.#ordinal++, type, payload };
    fs.appendFileSync(this.transcript, `${JSON.stringify(line)}\n`);
    fs.utimesSync(this.transcript, this.#rig.clock.now(), this.#rig.clock.now());
  }
}
