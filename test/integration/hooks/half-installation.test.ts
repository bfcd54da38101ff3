import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { expect, test } from 'vitest';
import { tempFolder } from '../../support/temp-bucket.ts';

test.each(['csep', 'cli'])('%s --from-stdin whose hooks are not there exits 0 and says nothing', async (bin) => {
  const folder = tempFolder();
  const bundle = await rolldown({ input: `src/${bin}.ts`, platform: 'node', external: [/^node:/] });
  await bundle.write({ dir: folder, format: 'cjs', entryFileNames: 'bin.cjs', chunkFileNames: '[name].cjs' });
  await bundle.close();
  const hooks = fs.readdirSync(folder).filter((name) => name.startsWith('run-hook'));
  expect(hooks).toHaveLength(1);
  for (const name of hooks) fs.rmSync(path.join(folder, name));
  const ended = spawnSync(process.execPath, [path.join(folder, 'bin.cjs'), 'session-start', '--from-stdin'], {
    input: '{}',
    env: { HOME: folder, PATH: process.env['PATH'] },
    encoding: 'utf8',
  });
  expect([ended.status, ended.stdout, ended.stderr]).toEqual([0, '', '']);
});
