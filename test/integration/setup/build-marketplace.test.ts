import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildMarketplace } from '../../../scripts/build-marketplace.mjs';

const SCRIPT = fileURLToPath(new URL('../../../scripts/build-marketplace.mjs', import.meta.url));

let folder = '';
let source = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'csep-layout-'));
  source = path.join(folder, 'source');
  for (const [file, text] of [
    ['.codex-plugin/plugin.json', '{"name":"ours"}'],
    ['hooks/hooks.json', '{}'],
    ['dist/hook.cjs', ''],
  ] as const) {
    fs.mkdirSync(path.dirname(path.join(source, file)), { recursive: true });
    fs.writeFileSync(path.join(source, file), text);
  }
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const call = (...words: string[]) =>
  spawnSync(process.execPath, [SCRIPT, ...words], { cwd: folder, encoding: 'utf8', timeout: 60_000 });

describe('build-marketplace', () => {
  test('prints its usage for --help and makes no folder of that name', () => {
    const { status, stdout } = call('--help');

    expect([status, stdout.split('\n')[0]]).toEqual([0, 'usage: node scripts/build-marketplace.mjs FOLDER']);
    expect(fs.readdirSync(folder)).toEqual(['source']);
  });

  test.each([[[]], [['']], [['--folder']], [['a', 'b']]])('takes %j for wrong usage and makes nothing', (words) => {
    const { status, stdout, stderr } = call(...words);

    expect([status, stdout, stderr.split(' ')[0]]).toEqual([2, '', 'usage:']);
    expect(fs.readdirSync(folder)).toEqual(['source']);
  });

  test('refuses a folder with something else in it and leaves it as it was', () => {
    const taken = path.join(folder, 'photos');
    fs.mkdirSync(taken);
    fs.writeFileSync(path.join(taken, 'cat.jpg'), '');

    expect(() => buildMarketplace(source, taken)).toThrow('is not empty');
    expect(fs.readdirSync(taken)).toEqual(['cat.jpg']);
  });

  test('into dist/ itself takes along neither that layout nor the one before', () => {
    const target = path.join(source, 'dist', 'marketplace');
    buildMarketplace(source, target);
    const { pluginRoot } = buildMarketplace(source, target);

    expect(fs.readdirSync(path.join(pluginRoot, 'dist'))).toEqual(['hook.cjs']);
    expect(fs.readdirSync(path.dirname(pluginRoot))).toEqual(['ours']);
  });

  test.each(['new', 'empty', 'ours'])('lays the plugin out in a folder that is %s', (state) => {
    const target = path.join(folder, 'target');
    if (state === 'empty') fs.mkdirSync(target);
    if (state === 'ours') buildMarketplace(source, target);
    const { pluginRoot } = buildMarketplace(source, target);

    expect(fs.readdirSync(pluginRoot).toSorted()).toEqual(['.codex-plugin', 'dist', 'hooks']);
  });
});
