import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildMarketplace } from '../../scripts/build-marketplace.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const Versioned = v.looseObject({ name: v.string(), version: v.string() });

describe('the marketplace folder', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'csep-layout-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('holds the manifest, the hooks and the built program, and nothing else of the repository', () => {
    const { pluginRoot } = buildMarketplace(repository, folder);

    expect(readdirSync(pluginRoot).toSorted()).toEqual(['.codex-plugin', 'dist', 'hooks']);
    expect(readdirSync(folder).toSorted()).toEqual(['.agents', 'plugins']);
  });

  test('loses what an older build of the plugin had, and keeps what is not ours', () => {
    const { pluginRoot } = buildMarketplace(repository, folder);
    writeFileSync(join(pluginRoot, 'dist', 'of-yesterday.js'), '');
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    buildMarketplace(repository, folder);

    expect(readdirSync(join(pluginRoot, 'dist'))).not.toContain('of-yesterday.js');
    expect(readdirSync(dirname(pluginRoot))).toEqual(['codex-self-evolution-plugin']);
    expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  });

  test('of somebody else is refused and left as it was', () => {
    const manifest = join(folder, '.agents', 'plugins', 'marketplace.json');
    mkdirSync(dirname(manifest), { recursive: true });
    writeFileSync(manifest, '{"name":"theirs","plugins":[]}');

    expect(() => buildMarketplace(repository, folder)).toThrow('belongs to the marketplace "theirs"');
    expect(readdirSync(folder)).toEqual(['.agents']);
  });

  test('carries the version of the package', () => {
    const versions = ['package.json', '.codex-plugin/plugin.json'].map((path) =>
      v.parse(Versioned, JSON.parse(readFileSync(join(repository, path), 'utf8'))),
    );

    expect(versions[1]).toMatchObject({ name: versions[0]?.name, version: versions[0]?.version });
  });
});
