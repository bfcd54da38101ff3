// Homes of several sizes for the benchmark, made by the program itself.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { runOnce } from './measure.mjs';

const SAMPLE_ROLLOUT = path.join(import.meta.dirname, '..', 'test', 'fixtures', 'rollouts', 'rollout-sample.jsonl');

const SUBJECTS =
  'gateway scheduler cache index router worker ledger parser broker renderer exporter importer monitor balancer registry replica'.split(
    ' ',
  );
const VERBS =
  'restarts rejects compresses caches retries forwards validates rotates flushes migrates throttles indexes'.split(' ');
const OBJECTS =
  'sessions tokens batches snapshots packets invoices uploads queries manifests certificates webhooks thumbnails'.split(
    ' ',
  );
const PLACES = 'Frankfurt Dublin Osaka Taipei Zurich Oslo Madrid Porto Lyon Turin Ghent Bergen'.split(' ');

const pick = (list, number) => list[number % list.length];

/** A note that no other number has: words repeat as they do in real stores, numbers and names do not. */
export function noteText(number) {
  const subject = pick(SUBJECTS, number);
  const verb = pick(VERBS, Math.floor(number / 16));
  const object = pick(OBJECTS, Math.floor(number / 192));
  const place = pick(PLACES, Math.floor(number / 7));
  const code = createHash('sha1').update(String(number)).digest('hex').slice(0, 7);
  return {
    summary: `The ${subject} ${verb} ${object} (case ${number})`,
    content: `In ${place} the ${subject} ${verb} ${object} after ${(number % 90) + 10} seconds; error E${code} goes away with \`${subject}ctl ${verb} --${object} --limit ${number}\`, see src/${subject}/${verb}-${object}.ts.`,
  };
}

const envelope = (id, cwd, suggestions) => ({
  schema_version: 1,
  suggestion_id: id,
  idempotency_key: id,
  thread_id: 'bench',
  cwd,
  repo_fingerprint: '',
  reviewer_timestamp: '2026-11-20T10:00:00Z',
  suggestions,
  source_authority: [],
  state: 'pending',
  attempt_count: 0,
  review_snapshot_path: null,
  failure_reason: null,
  transition_log: [],
});

/** A home with one bucket, made by the Stop-less way: an envelope in pending/, or an older home's index. */
export class BenchHome {
  constructor(folder, program) {
    this.folder = folder;
    this.program = program;
    this.home = path.join(folder, 'home');
    this.repo = path.join(folder, 'repo');
    this.env = { HOME: folder, CODEX_HOME: path.join(folder, 'codex'), CODEX_SELF_EVOLUTION_HOME: this.home };
    this.next = 0;
    fs.mkdirSync(path.join(this.repo, '.git'), { recursive: true });
    fs.writeFileSync(path.join(this.repo, '.git', 'HEAD'), 'ref: refs/heads/main\n');
    fs.mkdirSync(this.env.CODEX_HOME, { recursive: true });
    const input = JSON.stringify({
      session_id: 'bench',
      transcript_path: null,
      cwd: this.repo,
      hook_event_name: 'SessionStart',
      source: 'startup',
    });
    runOnce({ args: [program.hook, 'session-start', '--from-stdin'], input, env: this.env });
    this.bucket = path.join(this.home, 'projects', fs.readdirSync(path.join(this.home, 'projects'))[0]);
  }

  /** A session's record, as a Stop hook is told of it. @returns its path */
  transcript() {
    const file = path.join(this.env.CODEX_HOME, 'sessions', 'rollout-bench.jsonl');
    if (!fs.existsSync(file)) {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.copyFileSync(SAMPLE_ROLLOUT, file);
    }
    return file;
  }

  deposit(suggestions) {
    const id = `bench${String(this.next++).padStart(11, '0')}`;
    const pending = path.join(this.bucket, 'suggestions', 'pending');
    fs.mkdirSync(pending, { recursive: true });
    fs.writeFileSync(path.join(pending, `${id}.json`), JSON.stringify(envelope(id, this.repo, suggestions)));
  }

  depositNotes(count, from) {
    this.deposit(
      Array.from({ length: count }, (_, index) => {
        const { summary, content } = noteText(from + index);
        return { family: 'recall_candidate', summary, details: { content } };
      }),
    );
  }

  depositMemory(count) {
    this.deposit(
      Array.from({ length: count }, (_, index) => ({
        family: 'memory_updates',
        summary: `Rule ${index} of the ${pick(SUBJECTS, index)}`,
        details: {
          content: `The ${pick(SUBJECTS, index)} must never exceed ${index + 3} open ${pick(OBJECTS, index)} in ${pick(PLACES, index)}.`,
          scope: index % 4 === 0 ? 'user' : 'global',
        },
      })),
    );
  }

  /** As the Python plugin left it: an index without a generation; the next compile takes it over. */
  importNotes(count) {
    const records = Array.from({ length: count }, (_, number) => {
      const { summary, content } = noteText(number);
      return {
        id: createHash('sha1').update(content).digest('hex').slice(0, 12),
        summary,
        content,
        source_paths: [],
        repo_fingerprint: '',
        cwd: this.repo,
        thread_id: 't',
        turn_id: '',
        source_updated_at: '',
      };
    });
    fs.mkdirSync(path.join(this.bucket, 'recall'), { recursive: true });
    fs.writeFileSync(
      path.join(this.bucket, 'recall', 'index.json'),
      `{"records":[${records.map((record) => JSON.stringify(record)).join(',')}]}`,
    );
  }

  compile() {
    return runOnce(this.compileCall());
  }

  compileCall() {
    return { args: [this.program.cli, 'compile', '--repo-root', this.repo, '--json'], env: this.env };
  }
}

/** Copies an idle bucket many times, times and all; each copy belongs to a repository of its own. */
export function multiplyBucket(home, count) {
  const projects = path.join(home.home, 'projects');
  const facts = JSON.parse(fs.readFileSync(path.join(home.bucket, 'bucket.json'), 'utf8'));
  for (let number = 0; number < count; number++) {
    const root = `${home.folder}/copies/r${number}`;
    const target = path.join(projects, root.replaceAll(/[/\\:]/g, '-'));
    const copied = spawnSync('cp', ['-a', home.bucket, target]);
    if (copied.status !== 0) throw new Error(String(copied.stderr));
    fs.writeFileSync(path.join(target, 'bucket.json'), JSON.stringify({ ...facts, root }));
  }
}
