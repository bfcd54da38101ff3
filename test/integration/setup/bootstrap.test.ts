import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const BOOTSTRAP = fileURLToPath(new URL('../../../scripts/bootstrap.mjs', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'csep-bootstrap-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** A clone with nothing in it but what the script looks at; its demo prints a word. */
function clone(): string {
  const root = path.join(folder, 'clone');
  const manifest = { name: 'it', version: '1.0.0' };
  const files = {
    'package.json': JSON.stringify(manifest),
    'package-lock.json': JSON.stringify({ ...manifest, lockfileVersion: 3, packages: { '': manifest } }),
    'rolldown.config.mjs': '',
    'src/cli.ts': '',
    'dist/hook.cjs': '',
    'scripts/demo.mjs': 'console.log("the demo");',
    'scripts/bootstrap.mjs': fs.readFileSync(BOOTSTRAP, 'utf8'),
  };
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  }
  return root;
}

/** Packages that hold a bundler that does nothing, and something that npm would remove. */
function packages(): string {
  const modules = path.join(folder, 'node_modules');
  fs.mkdirSync(path.join(modules, 'rolldown', 'bin'), { recursive: true });
  fs.writeFileSync(path.join(modules, 'rolldown', 'bin', 'cli.mjs'), '');
  fs.writeFileSync(path.join(modules, 'theirs.txt'), 'of another clone');
  return modules;
}

describe('npm start', () => {
  test("in a clone with linked node_modules uses them and never installs into another's", () => {
    const root = clone();
    const modules = packages();
    fs.symlinkSync(modules, path.join(root, 'node_modules'), 'junction');
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/bootstrap.mjs', 'start'], {
      cwd: root,
      encoding: 'utf8',
    });

    expect([status, stdout, stderr]).toEqual([0, 'the demo\n', '']);
    expect(fs.readdirSync(modules)).toContain('theirs.txt');
  });

  test('takes a task that there is not for wrong usage', () => {
    const { status, stderr } = spawnSync(process.execPath, [BOOTSTRAP, 'stat'], { encoding: 'utf8' });

    expect(status).toBe(2);
    expect(stderr).toContain('there is no task "stat"');
  });
});
