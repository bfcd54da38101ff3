import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { stageRecall, type StagedRecall } from '../src/assets/stage-recall.ts';
import type { Generation } from '../src/contracts/generation.ts';
import type { RecallRecord } from '../src/contracts/recall.ts';

/**
 * How long a cold process takes to find three records among 1k, 10k, 100k and (--million) 1M generated ones, and what it
 * needs of memory, as ratios to `node -e 0` in the same run: runs interleaved, medians. Then what building and adding cost.
 */

const QUERY =
  'how does the scheduler retry --no-verify uploads when module w41 fails with ERR_TIMEOUT in src/w7/queue.ts';
const CHUNK = 1_000;

/** A generator of its own, so that every run has the same records (Lehmer, modulus 2^31 - 1). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const TOPICS = ['scheduler', 'retry', 'upload', 'module', 'fails', 'queue', 'timeout', 'cache', 'token', 'branch'];

/** Words with the frequencies of a language: the n-th is used about 1/n as often as the first. A topic is in 1 to 5 % of the notes. */
function wordsFrom(random: () => number, count: number): string {
  return Array.from({ length: count }, () => {
    const rank = Math.floor(Math.exp(random() * Math.log(200_000)));
    return (rank % 100 === 0 ? TOPICS[rank / 100 - 1] : undefined) ?? `w${rank.toString(36)}`;
  }).join(' ');
}

function recordsFor(chunk: number, count: number): RecallRecord[] {
  const random = randomFrom(chunk + 1);
  return Array.from({ length: count }, (_, index) => {
    const number = chunk * CHUNK + index;
    return {
      id: number.toString(16).padStart(12, '0'),
      summary: wordsFrom(random, 9),
      content: wordsFrom(random, 60),
      source_paths: [`src/w${number % 97}/queue.ts`],
      repo_fingerprint: '',
      cwd: `/repo/packages/${number % 7}`,
      thread_id: `thread-${number}`,
      turn_id: '1',
      source_updated_at: new Date(1.7e12 + number * 60_000).toISOString(),
    };
  });
}

interface Store extends Staged {
  records: number;
  buildMs: number;
}

/** A generation's recall, without the rest of it. */
interface Staged extends StagedRecall {
  folder: string;
  files: Generation['files'];
  written: number;
}

/** Lays the next generation as compile does, without fsync. */
function stage(folder: string, from: Staged | undefined, added: readonly RecallRecord[]): Staged {
  mkdirSync(folder);
  const files: Generation['files'] = {};
  const put = (name: string, bytes: Uint8Array): void => {
    writeFileSync(path.join(folder, name), bytes);
    files[name] = { sha256: '', size: bytes.length };
  };
  const before = from && { folder: from.folder, chunks: from.chunks, files: from.files };
  const recall = stageRecall({ folder, put, from: before, added, replaced: new Map(), removed: new Set() });
  return { ...recall, folder, files: { ...files, ...recall.linked }, written: Object.keys(files).length };
}

/** Records per promotion while a store is built: a million at once would not fit into memory. */
const STEP = 40_000;

function storeOf(parent: string, records: number): Store {
  let staged: Staged | undefined;
  let buildMs = 0;
  for (let built = 0; built < records; built += STEP) {
    const batch: RecallRecord[] = [];
    for (let at = built; at < Math.min(records, built + STEP); at += CHUNK)
      batch.push(...recordsFor(at / CHUNK, Math.min(CHUNK, records - at)));
    const start = performance.now();
    const next = stage(path.join(parent, `${records}-${built}`), staged, batch);
    buildMs += performance.now() - start;
    if (staged) rmSync(staged.folder, { recursive: true });
    staged = next;
  }
  if (!staged) throw new Error('a store needs records');
  return { ...staged, records, buildMs };
}

const PROBE = `
import { openRecallStore } from ${JSON.stringify(path.resolve('src/assets/recall-store.ts'))};
const store = openRecallStore(process.argv[2]);
const hits = store.search(process.argv[3], { topK: 3 });
if (hits.length !== 3) process.exitCode = 3;
`;

async function bundledProbe(parent: string): Promise<string> {
  const source = path.join(parent, 'probe.ts');
  const file = path.join(parent, 'probe.cjs');
  writeFileSync(source, PROBE);
  const bundle = await rolldown({ input: source, platform: 'node', external: [/^node:/] });
  await bundle.write({ file, format: 'cjs' });
  return file;
}

interface Cost {
  wallMs: number;
  cpuMs: number;
  peakMb: number;
}

/** Preloaded for the second run: the process itself tells its CPU time and peak memory. */
const TELL = path.resolve('bench/peak-memory.cjs');

function cost(told: string, argv: readonly string[]): Cost {
  const start = performance.now();
  const plain = spawnSync(process.execPath, argv, { stdio: 'ignore' });
  const wallMs = performance.now() - start;
  if (plain.status !== 0) throw new Error(`the probe ended with ${plain.status}: it did not find three records`);
  spawnSync(process.execPath, ['-r', TELL, ...argv], { env: { ...process.env, CSEP_PEAK_FILE: told } });
  const [kilobytes = 0, cpuMs = 0] = readFileSync(told, 'utf8').split(' ').map(Number);
  return { wallMs, cpuMs, peakMb: kilobytes / 1024 };
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

function measure(probe: string, stores: readonly Store[], runs: number): void {
  const told = path.join(path.dirname(probe), 'told');
  const cases = new Map([
    ['node -e 0', ['-e', '0']],
    ...stores.map(({ folder, records }): [string, string[]] => [String(records), [probe, folder, QUERY]]),
  ]);
  const costs = new Map([...cases.keys()].map((name): [string, Cost[]] => [name, []]));
  for (let run = 0; run < runs; run++) for (const [name, argv] of cases) costs.get(name)?.push(cost(told, argv));
  const base = costs.get('node -e 0') ?? [];
  console.log(`cold process, ${runs} interleaved runs, medians`);
  for (const [name, all] of costs) {
    const of = (part: (one: Cost) => number): string => {
      const [mine, bare] = [median(all.map(part)), median(base.map(part))];
      return `${mine.toFixed(1).padStart(8)} (${(mine / bare).toFixed(2)})`;
    };
    console.log(
      `  ${name.padStart(10)}  wall ms ${of((one) => one.wallMs)}  CPU ms ${of((one) => one.cpuMs)}  peak MB ${of((one) => one.peakMb)}`,
    );
  }
}

/** What a batch of 20 costs: the chunks that it touches are built, the others linked. */
function addBatch(store: Store): { ms: number; linked: number; written: number } {
  const folder = `${store.folder}-next`;
  const start = performance.now();
  const next = stage(folder, store, recordsFor(Math.ceil(store.records / CHUNK), 20));
  const ms = performance.now() - start;
  rmSync(folder, { recursive: true });
  return { ms, linked: Object.keys(next.linked).length, written: next.written };
}

const { values } = parseArgs({
  options: { million: { type: 'boolean', default: false }, runs: { type: 'string', default: '15' } },
});
const parent = mkdtempSync(path.join(os.tmpdir(), 'csep-recall-speed-'));
try {
  const sizes = [1_000, 10_000, 100_000, ...(values.million ? [1_000_000] : [])];
  // A last chunk that is not full: the usual case, and the dearer one.
  const stores = sizes.map((size) => storeOf(parent, size - 500));
  measure(await bundledProbe(parent), stores, Number(values.runs));
  console.log('building all, and adding 20 records (files written and linked, without fsync)');
  for (const store of stores) {
    const { ms, linked, written } = addBatch(store);
    console.log(
      `  ${String(store.records).padStart(10)}  build ${(store.buildMs / store.records).toFixed(3)} ms a record, ` +
        `add ${ms.toFixed(0)} ms (${written} written, ${linked} linked)`,
    );
  }
} finally {
  rmSync(parent, { recursive: true, force: true });
}
