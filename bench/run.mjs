// @ts-check
/**
 * Runs one bench: `node bench/run.mjs recall-quality --data DIR`. Node 20 cannot run TypeScript, so the bench is bundled
 * into a temporary folder first.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rolldown } from 'rolldown';

const OUTSIDE = ['rolldown', 'playwright-core'];

/** @type {import('rolldown').Plugin} What a bench uses of the tools, bundler and browser driver, is the installed one. */
const toolsStayOutside = {
  name: 'tools-stay-outside',
  resolveId: (id) => (OUTSIDE.includes(id) ? { id: import.meta.resolve(id), external: true } : null),
};

const [name = '', ...rest] = process.argv.slice(2);
const folder = mkdtempSync(path.join(tmpdir(), 'csep-bench-'));
try {
  const bundle = await rolldown({
    input: path.join(import.meta.dirname, `${name}.ts`),
    platform: 'node',
    external: [/^node:/],
    plugins: [toolsStayOutside],
  });
  await bundle.write({ file: path.join(folder, 'bench.mjs'), format: 'esm' });
  const done = spawnSync(process.execPath, ['--expose-gc', path.join(folder, 'bench.mjs'), ...rest], {
    stdio: 'inherit',
  });
  process.exitCode = done.status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
