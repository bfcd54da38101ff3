import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packed, problemsOf } from '../../scripts/package-report.mjs';
import { VERSION } from '../../src/version.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

describe('the tarball of npm pack', () => {
  let folder = '';
  let tarball = '';
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'csep-package-')));
    for (const name of ['user', 'empty', 'tmp']) mkdirSync(join(folder, name));
    call('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], repository);
    tarball = join(folder, `codex-self-evolution-plugin-${VERSION}.tgz`);
    call('npm', ['install', '--prefix', '.', '--offline', '--no-audit', '--no-fund', tarball]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  /** As in a shell of somebody who has nothing but Node; what was printed. Throws when it fails. */
  function call(command: string, args: readonly string[], cwd = join(folder, 'empty')): string {
    const user = join(folder, 'user');
    const ended = spawnSync(command, args, {
      cwd,
      encoding: 'utf8',
      env: {
        PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
        HOME: user,
        TMPDIR: join(folder, 'tmp'),
        CODEX_HOME: join(user, '.codex'),
        CODEX_SELF_EVOLUTION_HOME: join(user, 'home'),
      },
    });
    if (ended.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${ended.stderr}${ended.stdout}`);
    return ended.stdout;
  }
  const bin = (name: string): string => join(folder, 'empty', 'node_modules', '.bin', name);

  test('holds the program and nothing of its making, and none of it is too large', () => {
    expect(problemsOf(packed(repository))).toEqual([]);
  });

  test('brings no other package along', () => {
    const modules = readdirSync(join(folder, 'empty', 'node_modules')).filter((name) => !name.startsWith('.'));

    expect(modules).toEqual(['codex-self-evolution-plugin']);
  });

  test('has its bins, all of this version', () => {
    for (const name of ['csep', 'codex-self-evolution', 'codex-self-evolution-plugin'])
      expect(call(bin(name), ['--version'])).toBe(`${VERSION}\n`);
  });

  test('has hooks that do their work in a folder without any other package', () => {
    const program = join(folder, 'alone', 'dist');
    mkdirSync(dirname(program));
    call('cp', ['-R', join(folder, 'empty', 'node_modules', 'codex-self-evolution-plugin', 'dist'), program]);

    expect(call(process.execPath, [join(repository, '.ci', 'run-hooks.mjs'), join(program, 'hook.cjs')])).toContain(
      'all as they should be',
    );
  });

  test('is called by npx without an installation, and a dry run of install leaves nothing', () => {
    const told: unknown = JSON.parse(
      call('npx', ['--offline', '--yes', `file:${tarball}`, 'install', '--dry-run', '--json']),
    );

    expect(told).toMatchObject({ dry_run: true, changed: true, version: VERSION });
    expect(readdirSync(join(folder, 'user')).filter((name) => name !== '.npm')).toEqual([]);
  });

  test('installs a program that lives on when the package is gone, for a Codex that never ran', () => {
    call(bin('csep'), ['install', '--yes', '--json']);
    const launcher = join(folder, 'user', 'home', 'app', 'csep');
    rmSync(join(folder, 'empty', 'node_modules'), { recursive: true });

    expect(call(launcher, ['--version'])).toBe(`${VERSION}\n`);
    expect(readFileSync(join(folder, 'user', '.codex', 'hooks.json'), 'utf8')).not.toContain('node_modules');
    call(launcher, ['uninstall', '--no-scheduler', '--json']);
    expect(existsSync(join(folder, 'user', 'home', 'app'))).toBe(false);
  });
});
