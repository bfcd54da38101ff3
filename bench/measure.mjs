// Whole processes, timed from outside, always as ratios to a bare Node start in the same run: the
// machine may be slow or shared, and a ratio of neighbours does not mind.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));

/** @typedef {{ args: string[], input?: string, env?: Record<string, string> }} Call arguments for node */
/** @typedef {{ name: string, limit: number, memoryLimitMb?: number, call: Call, before?: () => void, after?: () => void, okCodes?: number[] }} Case */

const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Runs node once. @returns milliseconds */
export function runOnce(call, okCodes = [0]) {
  const start = process.hrtime.bigint();
  const { status, error, stderr } = spawnSync(process.execPath, call.args, {
    input: call.input ?? '',
    env: { ...cleanEnvironment(), ...call.env },
    maxBuffer: 1 << 30,
  });
  const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
  if (error) throw error;
  if (!okCodes.includes(status))
    throw new Error(`node ${call.args.join(' ')} ended with ${String(status)}: ${String(stderr)}`);
  return elapsed;
}

/** Peak resident memory of one run, in MB, told by the process itself when it exits. */
export function peakMemory(call) {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'csep-peak-')), 'peak');
  runOnce({
    ...call,
    args: ['--require', path.join(HERE, 'peak-memory.cjs'), ...call.args],
    env: { ...call.env, CSEP_PEAK_FILE: file },
  });
  const kilobytes = Number(fs.readFileSync(file, 'utf8').split(' ')[0]);
  fs.rmSync(path.dirname(file), { recursive: true, force: true });
  return kilobytes / 1024;
}

function cleanEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:CODEX|CSEP|OPENAI|ANTHROPIC|MINIMAX|NODE_OPTIONS)/.test(name)),
  );
}

const BARE = { args: ['-e', '0'] };

/**
 * Measures the cases in turn, each run beside a bare start.
 * @param {Case[]} cases
 * @param {number} rounds
 */
export function measure(cases, rounds) {
  const ratios = new Map(cases.map(({ name }) => [name, []]));
  const times = new Map(cases.map(({ name }) => [name, []]));
  const bare = [];
  for (let round = -1; round < rounds; round++) {
    for (const { name, call, before, after } of cases) {
      before?.();
      const base = runOnce(BARE);
      const time = runOnce(call);
      after?.();
      // The first round warms the disk's cache and does not count.
      if (round < 0) continue;
      bare.push(base);
      times.get(name).push(time);
      ratios.get(name).push(time / base);
    }
  }
  return {
    bareMs: median(bare),
    rows: cases.map((item) => ({
      name: item.name,
      limit: item.limit,
      ratio: median(ratios.get(item.name)),
      ms: median(times.get(item.name)),
      memoryLimitMb: item.memoryLimitMb,
      memoryMb: item.memoryLimitMb === undefined ? undefined : (item.before?.(), peakMemory(item.call)),
    })),
  };
}

/** Prints the table. @returns names of rows that are over a limit */
export function report({ bareMs, rows }) {
  console.log(`bare node start: ${bareMs.toFixed(1)} ms (median)\n`);
  console.log(
    `${'case'.padEnd(52)} ${'ratio'.padStart(6)} ${'limit'.padStart(6)} ${'ms'.padStart(8)} ${'MB'.padStart(6)} ${'limit'.padStart(6)}`,
  );
  const over = [];
  for (const row of rows) {
    const tooSlow = row.ratio > row.limit;
    const tooLarge = row.memoryLimitMb !== undefined && row.memoryMb > row.memoryLimitMb;
    if (tooSlow || tooLarge) over.push(row.name);
    const memory = row.memoryMb === undefined ? ['', ''] : [row.memoryMb.toFixed(0), String(row.memoryLimitMb)];
    const line = [
      row.ratio.toFixed(2).padStart(6),
      row.limit.toFixed(2).padStart(6),
      row.ms.toFixed(1).padStart(8),
      memory[0].padStart(6),
      memory[1].padStart(6),
    ];
    console.log(`${row.name.padEnd(52)} ${line.join(' ')}${tooSlow || tooLarge ? '  OVER' : ''}`);
  }
  return over;
}
