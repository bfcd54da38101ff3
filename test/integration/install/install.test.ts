import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { renderSkillFile } from '../../../src/assets/managed-skills.ts';
import { PLUGIN_OWNER } from '../../../src/contracts/skills.ts';
import type { Skill } from '../../../src/contracts/skills.ts';
import { readCodexHooks, readHookTrust } from '../../../src/install/trust-status.ts';
import { sha256 } from '../../../src/kernel/digest.ts';
import { DiskFailure } from '../../../src/kernel/disk-failure.ts';
import { replaceForeignFile } from '../../../src/kernel/foreign-file.ts';
import { VERSION } from '../../../src/version.ts';
import { InstallLab, theirConfig, THEIR_HOOKS } from '../../support/install-lab.ts';

let lab: InstallLab;
beforeEach(() => {
  lab = new InstallLab(`us er's "$HOME" %PATH%`);
});
afterEach(() => lab.dispose());

const theirs = (): void => {
  lab.write('hooks.json', THEIR_HOOKS);
  lab.write('config.toml', theirConfig(lab.at('hooks.json')));
};
const statuses = (): string[] => readHookTrust(lab.codexHome).map(({ event, status }) => `${event} ${status}`);
const hookCommands = (): string[] => readCodexHooks(lab.codexHome).hooks.map(({ command, key }) => `${key} ${command}`);

const commandOf = (event: string): string =>
  readHookTrust(lab.codexHome).find((hook) => hook.event === event)?.command ?? '';
const sh = (command: string, env: Record<string, string> = {}) =>
  spawnSync('/bin/sh', ['-c', command], {
    encoding: 'utf8',
    env: { HOME: lab.folder, PATH: '/usr/bin:/bin', ...env },
  });
const pythonHook = (name: string) => ({
  hooks: [
    {
      type: 'command',
      command: `uvx --from codex-self-evolution-plugin codex-self-evolution ${name} --from-stdin`,
    },
  ],
});

const SKILL: Skill = {
  skill_id: 'tests',
  action: 'create',
  title: 'Tests',
  description: 'How the tests run',
  content: 'make verify',
  path: 'managed/tests.md',
  status: 'active',
  owner: PLUGIN_OWNER,
  managed: true,
  created_by: 'suggestion',
  updated_at: '2026-11-20T12:00:00Z',
  retired_at: null,
};

/** Codex 0.169, as far as plugins are concerned: it copies one into its cache, and leaves the folders above. */
function standInCodex(): void {
  const plugin = 'codex-self-evolution-plugin';
  const script = `#!/bin/sh
cache="$CODEX_HOME/plugins/cache/codex-self-evolution/${plugin}"
case "$1 $2" in
'plugin add')
  mkdir -p "$cache"
  cp -R "$CSEP_MARKETPLACE/plugins/${plugin}" "$cache/1"
  printf '[plugins."%s"]\\nenabled = true\\n' "$3" >"$CODEX_HOME/config.toml" ;;
'plugin remove') rm -rf "$cache" "$CODEX_HOME/config.toml" ;;
esac
`;
  const bin = path.join(lab.folder, 'bin');
  fs.mkdirSync(bin);
  fs.writeFileSync(path.join(bin, 'codex'), script, { mode: 0o755 });
  const CSEP_MARKETPLACE = path.join(lab.home, 'app', 'marketplace');
  lab.world.env = { ...lab.world.env, PATH: `${bin}:/usr/bin:/bin`, CSEP_MARKETPLACE };
}

describe('install', () => {
  test('puts three trusted hooks beside those of others, whose lines and keys stay', async () => {
    theirs();
    const before = hookCommands();
    const summary = await lab.install();

    expect(summary).toMatchObject({ changed: true, way: 'hooks' });
    expect(statuses().toSorted()).toEqual(['SessionStart trusted', 'Stop trusted', 'UserPromptSubmit trusted']);
    expect(hookCommands().filter((hook) => hook.includes('their-tool'))).toEqual(before);
    expect(lab.read('config.toml')?.startsWith(theirConfig(lab.at('hooks.json')))).toBe(true);
    const hooks = lab.read('hooks.json') ?? '';
    for (const line of THEIR_HOOKS.split('\n').slice(1, 3)) expect(hooks).toContain(line);
  });

  test('again and again changes nothing, not even a time', async () => {
    theirs();
    await lab.install();
    const after = lab.picture();

    expect(await lab.install()).toMatchObject({ changed: false });
    expect(await lab.install({ trust: false })).toMatchObject({ changed: false });
    expect(lab.picture()).toEqual(after);
  });

  test('without --trust leaves config.toml alone, and says that the hooks wait', async () => {
    theirs();
    const summary = await lab.install({ trust: false });

    expect(lab.read('config.toml')).toBe(theirConfig(lab.at('hooks.json')));
    expect(summary).toMatchObject({
      hooks: [{ status: 'untrusted' }, { status: 'untrusted' }, { status: 'untrusted' }],
    });
    await lab.install();
    expect(statuses()).toHaveLength(3);
    expect(statuses().every((status) => status.endsWith(' trusted'))).toBe(true);
  });

  test('--dry-run shows every change and makes none', async () => {
    theirs();
    const before = lab.picture();
    const summary = await lab.install({}, true);

    expect(lab.picture()).toEqual(before);
    expect(JSON.stringify(summary)).toContain('+       ');
    expect(summary).toMatchObject({
      dry_run: true,
      files: [{ action: 'created' }, {}, {}, { action: 'changed' }, { action: 'changed' }],
    });
  });

  test('--dry-run names the copy of the program as long as it is not there', async () => {
    const program = path.join(lab.home, 'app', VERSION);

    expect(await lab.install({}, true)).toMatchObject({
      files: expect.arrayContaining([expect.objectContaining({ path: program })]),
    });
    await lab.install();
    expect(fs.existsSync(path.join(program, 'hook.cjs'))).toBe(true);
    expect(await lab.install({}, true)).toMatchObject({ files: [] });
  });

  test.each([
    ['hooks.json', '{\n  "hooks": {},\n}', 'line 3, column 1'],
    ['hooks.json', '\uFEFF{}', 'line 1, column 1'],
    ['config.toml', 'a = 1\nb = \n', 'line 2'],
  ])('refuses a malformed %s with the line, and changes nothing', async (name, text, place) => {
    lab.write(name, text);
    const before = lab.picture();
    const failure = await lab.install();

    expect(failure).toMatchObject({ reason: 'file-invalid', path: lab.at(name) });
    expect(JSON.stringify(failure)).toContain(place);
    expect(lab.picture()).toEqual(before);
  });

  test('and uninstall leave a home that is a link to a folder a link', async () => {
    const behind = path.join(lab.folder, 'behind');
    fs.mkdirSync(behind);
    fs.symlinkSync(behind, lab.home);
    await lab.install();

    expect(await lab.uninstall()).toMatchObject({ dry_run: false });
    expect(fs.readlinkSync(lab.home)).toBe(behind);
  });

  test('says in words that the folder of Codex is a file', async () => {
    fs.rmSync(lab.codexHome, { recursive: true });
    fs.writeFileSync(lab.codexHome, '');

    // Which of the two is Node's choice: 20 and 26 differ.
    const code = expect.stringMatching(/^(?:ENOTDIR|EEXIST)$/);
    expect(await lab.install()).toMatchObject({ reason: 'disk-failed', code });
  });

  test('follows links of a dotfiles folder, and keeps the modes of the files behind them', async () => {
    const dotfiles = path.join(lab.folder, 'dotfiles');
    fs.mkdirSync(dotfiles);
    fs.writeFileSync(path.join(dotfiles, 'hooks.json'), THEIR_HOOKS);
    fs.chmodSync(path.join(dotfiles, 'hooks.json'), 0o664);
    fs.symlinkSync(path.join(dotfiles, 'hooks.json'), lab.at('hooks.json'));
    await lab.install();

    expect(fs.lstatSync(lab.at('hooks.json')).isSymbolicLink()).toBe(true);
    expect(fs.statSync(path.join(dotfiles, 'hooks.json')).mode & 0o777).toBe(0o664);
    expect(fs.readFileSync(path.join(dotfiles, 'hooks.json'), 'utf8')).toContain('stop-review');
    expect(statuses()).toHaveLength(3);
    await lab.uninstall();
    expect(fs.readFileSync(path.join(dotfiles, 'hooks.json'), 'utf8')).toBe(THEIR_HOOKS);
  });

  test('refuses a file of another user', async () => {
    theirs();
    const us = vi.spyOn(process, 'getuid').mockReturnValue(54_321);
    const failure = await lab.install();
    us.mockRestore();

    expect(failure).toMatchObject({ reason: 'file-unreadable', detail: expect.stringContaining('another user') });
    expect(lab.read('hooks.json')).toBe(THEIR_HOOKS);
  });

  test('does not bury what somebody writes while it works', () => {
    theirs();
    expect(() => replaceForeignFile(lab.at('hooks.json'), 'new', 'what was read')).toThrow(DiskFailure);
    expect(lab.read('hooks.json')).toBe(THEIR_HOOKS);
    expect(fs.readdirSync(lab.codexHome).toSorted()).toEqual(['config.toml', 'hooks.json']);
  });

  test('mends a hook that was edited by hand, and its trust fits again', async () => {
    await lab.install();
    lab.write(
      'hooks.json',
      (lab.read('hooks.json') ?? '').replace('stop-review --from-stdin', 'stop-review --from-stdin --x'),
    );
    expect(statuses()).toContain('Stop modified');

    await lab.install({ trust: false });
    expect(statuses().every((status) => status.endsWith(' trusted'))).toBe(true);
  });

  test('of another build keeps the one before, and only that', async () => {
    const builds = ['one', 'two', 'three'];
    for (const build of builds) {
      fs.writeFileSync(path.join(lab.program, 'chunks', 'a.cjs'), build);
      await lab.install();
    }
    const app = path.join(lab.home, 'app');
    const versions = fs.readdirSync(app).filter((name) => /^\d/.test(name));
    const texts = versions.map((name) => fs.readFileSync(path.join(app, name, 'chunks', 'a.cjs'), 'utf8'));

    expect(texts.toSorted()).toEqual(['three', 'two']);
    expect(statuses().every((status) => status.endsWith(' trusted'))).toBe(true);
    expect(fs.readFileSync(path.join(app, 'hook'), 'utf8')).toContain(
      versions.find((_name, index) => texts[index] === 'three'),
    );
  });

  test.each(['hook.cjs', 'cli.js', 'csep.js', 'package.json'])(
    'of a program without its %s is refused and changes nothing',
    async (part) => {
      fs.rmSync(path.join(lab.program, part));

      expect(await lab.install()).toMatchObject({ reason: 'file-missing' });
      expect(fs.existsSync(lab.home)).toBe(false);
    },
  );

  test('makes no more than a few backups, one for each text', async () => {
    for (let round = 0; round < 12; round++) {
      lab.write('hooks.json', JSON.stringify({ description: `${round}`, hooks: {} }));
      await lab.install();
    }

    expect(fs.readdirSync(path.join(lab.home, 'backups')).length).toBeLessThanOrEqual(7);
  });
});

describe('what is in the way', () => {
  test("hooks of ours in config.toml are a person's text: said, not touched", async () => {
    lab.write(
      'config.toml',
      '[[hooks.Stop]]\n[[hooks.Stop.hooks]]\ntype = "command"\ncommand = "csep stop-review --from-stdin"\n',
    );
    const before = lab.picture();

    expect(await lab.install({ switchWay: true })).toMatchObject({ reason: 'install-conflict' });
    expect(lab.picture()).toEqual(before);
  });

  test('hooks of ours in the repository are said, and go with --switch', async () => {
    const repository = path.join(lab.folder, 'repo');
    const file = path.join(repository, '.codex', 'hooks.json');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const text =
      '{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "x"}]}, {"hooks": [{"type": "command", "command": "node /old/dist/hook.cjs stop-review --from-stdin"}]}]}}';
    fs.writeFileSync(file, text);

    expect(await lab.install({ repository })).toMatchObject({
      reason: 'install-conflict',
      what: expect.stringContaining(file),
    });
    expect(await lab.install({ repository, switchWay: true })).toMatchObject({ changed: true });
    expect(fs.readFileSync(file, 'utf8')).toBe(
      '{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "x"}]}]}}',
    );
  });

  test('the Python version is said, and goes with --replace-python without moving anybody', async () => {
    const other = { hooks: [{ type: 'command', command: 'their-tool stop' }] };
    lab.write(
      'hooks.json',
      JSON.stringify(
        { hooks: { Stop: [pythonHook('stop-review'), other], SessionStart: [pythonHook('session-start')] } },
        null,
        2,
      ),
    );
    lab.write(
      'config.toml',
      `[hooks.state.${JSON.stringify(`${lab.at('hooks.json')}:stop:0:0`)}]\ntrusted_hash = "sha256:00"\n`,
    );
    const before = lab.picture();

    expect(await lab.install()).toMatchObject({ reason: 'install-conflict', what: expect.stringContaining('Python') });
    expect(lab.picture()).toEqual(before);
    await lab.install({ replacePython: true });
    expect(hookCommands().filter((hook) => hook.includes('their-tool'))).toEqual([
      `${lab.at('hooks.json')}:stop:1:0 their-tool stop`,
    ]);
    expect(lab.read('hooks.json')).not.toContain('uvx');
    expect(lab.read('config.toml')).not.toContain(':stop:0:0"');
    expect(statuses().every((status) => status.endsWith(' trusted'))).toBe(true);
  });
});

describe('uninstall', () => {
  test('leaves hooks.json and config.toml as they were, byte for byte', async () => {
    theirs();
    const before = [lab.read('hooks.json'), lab.read('config.toml')];
    await lab.install();
    await lab.uninstall();

    expect([lab.read('hooks.json'), lab.read('config.toml')]).toEqual(before);
    expect(fs.existsSync(path.join(lab.home, 'app'))).toBe(false);
  });

  test('removes files that were not there before', async () => {
    await lab.install();
    expect(lab.read('hooks.json')).toBeDefined();
    await lab.uninstall();

    expect(fs.readdirSync(lab.codexHome)).toEqual([]);
  });

  test('removes the folder of a Codex that had never run', async () => {
    fs.rmdirSync(lab.codexHome);
    await lab.install();
    expect(statuses()).toHaveLength(3);
    await lab.install();
    await lab.uninstall();

    expect(fs.existsSync(lab.codexHome)).toBe(false);
  });

  test.each([
    ['that were not there before us', undefined],
    ['and leaves those that were', 'plugins/cache'],
  ])('of a plugin removes the empty folders of its copy %s', async (_, before) => {
    standInCodex();
    if (before !== undefined) fs.mkdirSync(lab.at(before), { recursive: true });
    expect(await lab.install({ way: 'plugin', trust: false })).toMatchObject({ changed: true });
    expect(readHookTrust(lab.codexHome)).toHaveLength(3);
    expect(await lab.install({ way: 'plugin', trust: false })).toMatchObject({ changed: false });
    await lab.uninstall();

    expect(fs.readdirSync(lab.codexHome, { recursive: true })).toEqual(before === undefined ? [] : ['plugins', before]);
  });

  test('removes the folder of skills that holds nothing but ours', async () => {
    await lab.install();
    const skill = lab.at('skills/csep-0a1b2c-tests/SKILL.md');
    fs.mkdirSync(path.dirname(skill), { recursive: true });
    fs.writeFileSync(skill, renderSkillFile('csep-0a1b2c-tests', SKILL, 'bucket', sha256));
    await lab.uninstall();

    expect(fs.existsSync(lab.at('skills'))).toBe(false);
  });

  test('cuts out only what is ours where others have changed the files since', async () => {
    theirs();
    await lab.install();
    lab.write('config.toml', `${lab.read('config.toml')}\n[projects."/x"]\ntrust_level = "trusted"\n`);
    const hooks = JSON.parse(lab.read('hooks.json') ?? '');
    hooks.hooks.Stop.push({ hooks: [{ type: 'command', command: 'later-tool' }] });
    lab.write('hooks.json', JSON.stringify(hooks));
    const foreign = hookCommands().filter((hook) => hook.includes('-tool'));
    await lab.uninstall();

    expect(hookCommands()).toEqual(foreign);
    expect(lab.read('config.toml')).toBe(
      `${theirConfig(lab.at('hooks.json'))}\n\n[projects."/x"]\ntrust_level = "trusted"\n`,
    );
    expect(JSON.parse(lab.read('hooks.json') ?? '').hooks.Stop[1]).toEqual({ hooks: [] });
  });

  test('keeps the data and says so; --purge removes it, and leaves what is not ours', async () => {
    await lab.install();
    for (const folder of [path.join('projects', 'a'), path.join('cache', 'code-v20')])
      fs.mkdirSync(path.join(lab.home, folder), { recursive: true });
    fs.writeFileSync(path.join(lab.home, 'photos.zip'), 'mine');
    const kept = await lab.uninstall();

    expect(kept).toMatchObject({
      kept: [{ path: `${lab.home}/photos.zip` }, { path: `${lab.home}/projects`, why: 'your data' }],
    });
    expect(fs.readdirSync(lab.home)).toEqual(['photos.zip', 'projects']);
    for (const log of ['budget-history.jsonl', 'budget-history.jsonl.1'])
      fs.writeFileSync(path.join(lab.home, log), '{}\n');
    const purged = await lab.uninstall({ purge: true });
    expect(purged).toMatchObject({ kept: [{ path: `${lab.home}/photos.zip`, why: 'not ours' }] });
    expect(fs.readdirSync(lab.home)).toEqual(['photos.zip']);
  });

  test('takes away the folders of the home that nothing lies in any more', async () => {
    await lab.install();
    for (const name of ['workers', 'notices', 'scheduler/leases', 'logs'])
      fs.mkdirSync(path.join(lab.home, name), { recursive: true });
    fs.writeFileSync(path.join(lab.home, 'logs', 'plugin.log'), 'mine');
    const summary = await lab.uninstall();

    expect(fs.readdirSync(lab.home)).toEqual(['logs']);
    expect(summary).toMatchObject({ kept: [{ path: `${lab.home}/logs`, why: 'your data' }] });
  });

  test('--dry-run changes nothing', async () => {
    theirs();
    await lab.install();
    const before = lab.picture();
    await lab.uninstall({ dryRun: true });

    expect(lab.picture()).toEqual(before);
  });

  test('again says that nothing was installed', async () => {
    expect(await lab.uninstall()).toMatchObject({ files: [], skills_removed: [] });
    expect(fs.existsSync(lab.home)).toBe(false);
  });
});

describe('the launcher', () => {
  const said = `process.stdout.write(process.argv.slice(2).join('|') + process.env.CODEX_SELF_EVOLUTION_HOME); process.exit(3);`;

  async function installed(node = process.execPath): Promise<void> {
    fs.writeFileSync(path.join(lab.program, 'hook.cjs'), said);
    fs.writeFileSync(path.join(lab.program, 'csep.js'), said);
    await lab.install({ node });
  }

  test('runs the installed program with its words, in its home, and no exit code of it reaches Codex', async () => {
    await installed();
    const run = sh(commandOf('Stop'));

    expect([run.stdout, run.stderr, run.status]).toEqual([`stop-review|--from-stdin${lab.home}`, '', 0]);
  });

  test('leaves the home to whoever names one', async () => {
    await installed();

    expect(sh(commandOf('Stop'), { CODEX_SELF_EVOLUTION_HOME: '/elsewhere' }).stdout).toContain('/elsewhere');
  });

  test('finds another node when the one of the installation is gone', async () => {
    await installed('/gone/bin/node');
    const folder = path.join(lab.folder, '.nvm', 'versions', 'node', 'v22.12.0', 'bin');
    fs.mkdirSync(folder, { recursive: true });
    fs.symlinkSync(process.execPath, path.join(folder, 'node'));
    const bin = path.join(lab.folder, 'bin');
    fs.mkdirSync(bin);
    fs.symlinkSync('/usr/bin/dirname', path.join(bin, 'dirname'));

    expect(sh(commandOf('Stop'), { PATH: bin }).stdout).toContain('stop-review');
  });

  test('passes by a node that is too old', async () => {
    await installed('/gone/bin/node');
    const bin = path.join(lab.folder, 'bin');
    fs.mkdirSync(bin);
    fs.writeFileSync(path.join(bin, 'node'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    fs.symlinkSync(process.execPath, path.join(fs.mkdtempSync(path.join(lab.folder, 'x')), 'node'));
    fs.mkdirSync(path.join(lab.folder, '.volta', 'bin'), { recursive: true });
    fs.symlinkSync(process.execPath, path.join(lab.folder, '.volta', 'bin', 'node'));

    expect(sh(commandOf('Stop'), { PATH: `${bin}:/usr/bin:/bin` }).stdout).toContain('stop-review');
  });

  test('finds another version when its own is gone, and is quiet when all are', async () => {
    await installed();
    const app = path.join(lab.home, 'app');
    const [version = ''] = fs.readdirSync(app).filter((name) => /^\d/.test(name));
    fs.renameSync(path.join(app, version), path.join(app, '0.7.9'));
    expect(sh(commandOf('Stop')).stdout).toContain('stop-review');

    fs.rmSync(path.join(app, '0.7.9'), { recursive: true });
    const stop = sh(commandOf('Stop'));
    expect([stop.stdout, stop.stderr, stop.status]).toEqual(['', '', 0]);
    const start = sh(commandOf('SessionStart'));
    expect([JSON.parse(start.stdout), start.stderr, start.status]).toEqual([
      { systemMessage: expect.stringContaining('csep install') },
      '',
      0,
    ]);
  });

  test('that is gone itself fails nobody', async () => {
    await installed();
    fs.rmSync(path.join(lab.home, 'app'), { recursive: true });

    expect(sh(commandOf('UserPromptSubmit')).status).toBe(0);
  });

  test('of the program hands its exit code on', async () => {
    await installed();
    const run = spawnSync(path.join(lab.home, 'app', 'csep'), ['status'], {
      encoding: 'utf8',
      env: { HOME: lab.folder, PATH: '/usr/bin:/bin' },
    });

    expect([run.stdout, run.status]).toEqual([`status${lab.home}`, 3]);
  });
});
