import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeLeaseOn } from '../../../src/capture/lease.ts';
import { inTurn } from '../../../src/install/in-turn.ts';
import { InstallLab, theirConfig, THEIR_HOOKS } from '../../support/install-lab.ts';

/** A whole program, as install copies it: the commands built, the hooks as empty files. */
let dist = '';
beforeAll(async () => {
  dist = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'csep-at-once-'));
  const bundle = await rolldown({ input: { csep: 'src/csep.ts' }, platform: 'node', external: [/^node:/] });
  await bundle.write({ dir: dist, format: 'cjs', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].cjs' });
  await bundle.close();
  for (const file of ['hook.cjs', 'cli.js']) fs.writeFileSync(path.join(dist, file), '');
  fs.writeFileSync(path.join(dist, 'package.json'), '{ "type": "commonjs" }');
});
afterAll(() => fs.rmSync(dist, { recursive: true, force: true }));

async function csep(lab: InstallLab, ...words: string[]): Promise<string> {
  const child = spawn(process.execPath, [path.join(dist, 'csep.js'), ...words, '--json'], {
    cwd: lab.folder,
    env: { PATH: process.env['PATH'], HOME: lab.folder, CODEX_HOME: lab.codexHome },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString('utf8')));
  const [code] = await once(child, 'close');
  return `${String(code)} ${said}`.trim();
}

const install = (lab: InstallLab) => csep(lab, 'install', '--trust');
const uninstall = (lab: InstallLab) => csep(lab, 'uninstall', '--no-scheduler');

describe('installs and uninstalls at the same time', () => {
  test.each([1, 2, 3])('go one after the other, and nobody is asked to run again (round %i)', async () => {
    const lab = new InstallLab();
    lab.write('hooks.json', THEIR_HOOKS);
    lab.write('config.toml', theirConfig(lab.at('hooks.json')));
    const ends = await Promise.all([install(lab), uninstall(lab), install(lab), uninstall(lab), install(lab)]);

    expect(ends).toEqual(['0', '0', '0', '0', '0']);
    expect(await uninstall(lab)).toBe('0');
    expect([lab.read('hooks.json'), lab.read('config.toml')]).toEqual([THEIR_HOOKS, theirConfig(lab.at('hooks.json'))]);
    expect(fs.readdirSync(lab.codexHome).toSorted()).toEqual(['config.toml', 'hooks.json']);
    expect(fs.readdirSync(lab.home)).toEqual(['backups']);
    lab.dispose();
  });
});

const turns = (lab: InstallLab) => ({
  folder: path.join(lab.home, 'app', 'installing'),
  key: '0123456789abcdef',
  facts: {},
  sync: false,
});

describe('a turn', () => {
  test('waits for the one before it', async () => {
    const lab = new InstallLab();
    const first = takeLeaseOn(lab.world, turns(lab));
    const done: string[] = [];
    const second = inTurn(lab.world, async () => {
      done.push('second');
      return { ok: true, value: undefined };
    });
    await new Promise((resolve) => setImmediate(resolve));
    done.push('first');
    first?.release();
    await second;

    expect(done).toEqual(['first', 'second']);
    lab.dispose();
  });

  test('leaves no folder where nothing came of it, and keeps none from working where none can be written', async () => {
    const lab = new InstallLab();
    expect(await inTurn(lab.world, async () => ({ ok: true, value: 1 }))).toEqual({ ok: true, value: 1 });
    expect(fs.existsSync(lab.home)).toBe(false);

    fs.writeFileSync(lab.home, 'a file');
    expect(await inTurn(lab.world, async () => ({ ok: true, value: 2 }))).toEqual({ ok: true, value: 2 });
    lab.dispose();
  });
});
