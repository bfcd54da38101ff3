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

/** The program as people start it: bundled once per test file, in a process of its own, on a temporary home. */
export function builtCsep(): (temp: TempBucket, words: readonly string[], env?: Record<string, string>) => Ran {
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
  return (temp, words, env = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(dist, 'csep.js'), ...words], {
      cwd: temp.repo,
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
  };
}
