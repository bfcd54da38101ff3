import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll } from 'vitest';
import type { TempBucket } from '../../support/temp-bucket.ts';

export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface BuiltCsep {
  (temp: TempBucket, words: readonly string[], env?: Record<string, string>): Ran;
  /** In a folder that is removed before the program starts. */
  inGoneFolder: (temp: TempBucket, words: readonly string[]) => Ran;
}

/** The program as people start it: bundled once per test file, in a process of its own, on a temporary home. */
export function builtCsep(): BuiltCsep {
  let dist = '';
  beforeAll(async () => {
    dist = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'csep-built-'));
    const bundle = await rolldown({ input: { csep: 'src/csep.ts' }, platform: 'node', external: [/^node:/] });
    await bundle.write({
      dir: dist,
      format: 'cjs',
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].cjs',
    });
    await bundle.close();
    fs.writeFileSync(path.join(dist, 'package.json'), '{ "type": "commonjs" }');
  });
  afterAll(() => fs.rmSync(dist, { recursive: true, force: true }));
  const program = (): string => path.join(dist, 'csep.js');
  return Object.assign(
    (temp: TempBucket, words: readonly string[], env?: Record<string, string>) =>
      start(temp, { argv: [process.execPath, program(), ...words], cwd: temp.repo, env }),
    {
      inGoneFolder: (temp: TempBucket, words: readonly string[]) => {
        const cwd = fs.mkdtempSync(path.join(temp.folder, 'gone-'));
        const script = 'rmdir "$PWD" && exec "$@"';
        return start(temp, { argv: ['sh', '-c', script, 'sh', process.execPath, program(), ...words], cwd });
      },
    },
  );
}

interface Start {
  argv: readonly string[];
  cwd: string;
  env?: Record<string, string> | undefined;
}

function start(temp: TempBucket, { argv, cwd, env = {} }: Start): Ran {
  const [file = '', ...args] = argv;
  const { status, stdout, stderr } = spawnSync(file, args, {
    cwd,
    env: {
      PATH: process.env['PATH'],
      HOME: temp.folder,
      CODEX_HOME: temp.codexHome,
      CODEX_SELF_EVOLUTION_HOME: temp.world.home,
      ...env,
    },
    encoding: 'utf8',
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}
