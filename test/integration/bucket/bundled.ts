import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'rolldown';
import { temporaryFolder } from './git-lab.ts';

/**
 * Runs a piece of the program in several real processes that start their work at the same moment:
 * each says that it is ready, and all are told to go when all have.
 *
 * @param source a module that may import from `src/`; the work itself is its exported `race(...args)`
 * @returns what each process returned
 */
export async function raced(source: string, argumentLists: string[][]): Promise<unknown[]> {
  const program = await bundled(source);
  const racers = argumentLists.map((args) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    return { child, outcome: outputOf(child), ready: once(child.stdout, 'readable') };
  });
  await Promise.all(racers.map((racer) => racer.ready));
  for (const { child } of racers) child.stdin.end('go');
  return Promise.all(racers.map((racer) => racer.outcome));
}

async function outputOf(child: ChildProcess): Promise<unknown> {
  let text = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => (text += part));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`a racer ended with ${String(code)}`);
  return JSON.parse(text.slice(READY.length));
}

const READY = 'ready\n';

async function bundled(source: string): Promise<string> {
  const base = temporaryFolder();
  const entry = join(base, 'entry.ts');
  const root = resolve(import.meta.dirname, '../../..');
  writeFileSync(
    entry,
    `${source.replaceAll("'src/", `'${root}/src/`)}
process.stdout.write(${JSON.stringify(READY)});
process.stdin.on('data', () => {}).on('end', () => process.stdout.write(JSON.stringify(race(...process.argv.slice(2)))));
`,
  );
  const file = join(base, 'racer.mjs');
  await build({
    cwd: root,
    input: entry,
    platform: 'node',
    external: [/^node:/],
    output: { file, format: 'esm' },
    logLevel: 'silent',
  });
  return file;
}
