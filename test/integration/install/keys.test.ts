import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { planKeys, writeKeys } from '../../../src/install/provider-key.ts';
import type { KeysWish } from '../../../src/install/provider-key.ts';
import { withProviderEnvironment } from '../../../src/kernel/provider-environment.ts';
import { InstallLab } from '../../support/install-lab.ts';

let lab: InstallLab;
let repository: string;
beforeEach(() => {
  lab = new InstallLab();
  repository = path.join(lab.folder, 'repo');
  fs.mkdirSync(repository);
});
afterEach(() => lab.dispose());

const file = (): string => path.join(lab.home, '.env.provider');
const old = (): string => path.join(repository, '.env.provider');

const written = (): string | undefined => (fs.existsSync(file()) ? fs.readFileSync(file(), 'utf8') : undefined);

const git = (...words: string[]): Buffer => execFileSync('git', ['-C', repository, ...words]);

function keys(wish: KeysWish): string[] {
  const plan = planKeys(lab.home, wish, lab.world.env);
  if (!plan.ok) throw new Error(JSON.stringify(plan.failure));
  writeKeys(plan.value);
  return plan.value.notes;
}

describe('a key', () => {
  test('goes into .env.provider of the home, for its owner only, and is what reviewers read', () => {
    keys({ provider: 'minimax', apiKey: 'sk-$x "y" #z' });

    expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
    expect(withProviderEnvironment(lab.world).env).toMatchObject({
      CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER: 'minimax',
      MINIMAX_API_KEY: 'sk-$x "y" #z',
    });
  });

  test('of the provider that the active profile names goes in without a word about the reviewer', () => {
    keys({ provider: 'minimax', apiKey: 'sk-1', profile: { name: 'mine', provider: 'minimax' } });

    expect(fs.readFileSync(file(), 'utf8')).toBe('MINIMAX_API_KEY=sk-1\n');
  });

  test('of a provider that takes none is wrong usage, as is a provider that nobody knows', () => {
    expect(planKeys(lab.home, { provider: 'heuristic', apiKey: 'x' }, {})).toMatchObject({
      ok: false,
      failure: { reason: 'usage' },
    });
    expect(planKeys(lab.home, { provider: 'nobody' }, {})).toMatchObject({ ok: false, failure: { reason: 'usage' } });
    expect(planKeys(lab.home, { apiKey: 'x' }, {})).toMatchObject({ ok: false, failure: { reason: 'usage' } });
  });

  test('that is missing is told, and one that is there already is not asked for', () => {
    expect(keys({ provider: 'minimax' }).join(' ')).toContain('minimax has no key yet');
    expect(keys({ provider: 'minimax', apiKey: 'sk-1' }).join(' ')).not.toContain('no key yet');
    expect(keys({ provider: 'minimax' }).join(' ')).not.toContain('no key yet');
    expect(keys({ provider: 'heuristic' }).join(' ')).not.toContain('no key yet');
  });

  test.each(['MINIMAX_API_KEY=\nOTHER=1\n', 'MINIMAX_API_KEY=""\n', 'export MINIMAX_API_KEY= # paste here\n'])(
    'whose line is empty is missing: %j',
    (text) => {
      fs.mkdirSync(lab.home, { recursive: true });
      fs.writeFileSync(file(), text);

      expect(keys({ provider: 'minimax' }).join(' ')).toContain('minimax has no key yet');
    },
  );

  test('is in no note', () => {
    expect(keys({ provider: 'minimax', apiKey: 'sk-secret' }).join(' ')).not.toContain('sk-secret');
  });
});

describe('the reviewer that was chosen', () => {
  test('is not written when it reviews anyway: a profile that is made later must count', () => {
    expect(keys({ provider: 'heuristic' })).toEqual([]);
    expect(written()).toBeUndefined();
  });

  test('takes out the line that named another one, and leaves all others', () => {
    fs.mkdirSync(lab.home);
    fs.writeFileSync(file(), '# mine\nexport CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER=minimax\nMINIMAX_API_KEY=x\n');
    expect(keys({ provider: 'heuristic' }).join(' ')).toContain('heuristic reviews');
    expect(written()).toBe('# mine\nMINIMAX_API_KEY=x\n');
    expect(keys({ provider: 'heuristic' })).toEqual([]);
  });

  test('takes out a line that is all there is, and the file with it', () => {
    keys({ provider: 'codex-cli' });
    expect(written()).toBe('CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER=codex-cli\n');
    keys({ provider: 'heuristic' });
    expect(written()).toBeUndefined();
    fs.writeFileSync(file(), '');
    keys({});
    expect(written()).toBe('');
  });

  test('is written where the active profile names another, and that is said', () => {
    const notes = keys({ provider: 'heuristic', profile: { name: 'mine', provider: 'minimax' } });

    expect(written()).toBe('CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER=heuristic\n');
    expect(notes.join(' ')).toContain('counts more than the profile mine');
  });
});

describe("a repository's old .env.provider", () => {
  test('moves into the home', () => {
    fs.writeFileSync(old(), '# mine\nOPENAI_API_KEY=one\n', { mode: 0o644 });
    const notes = keys({ adoptFrom: old() });

    expect(fs.readFileSync(file(), 'utf8')).toBe('# mine\nOPENAI_API_KEY=one\n');
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
    expect(fs.existsSync(old())).toBe(false);
    expect(notes.join(' ')).toContain('replace its keys');
  });

  test('stays where the home says something else, and nothing of the home is lost', () => {
    fs.mkdirSync(lab.home);
    fs.writeFileSync(file(), 'OPENAI_API_KEY=mine\n');
    fs.writeFileSync(old(), 'OPENAI_API_KEY=theirs\nMINIMAX_API_KEY=new\n');
    const notes = keys({ adoptFrom: old() });

    expect(fs.readFileSync(file(), 'utf8')).toBe('OPENAI_API_KEY=mine\nMINIMAX_API_KEY=new\n');
    expect(fs.existsSync(old())).toBe(true);
    expect(notes.join(' ')).toContain('OPENAI_API_KEY');
  });

  test('stays where git tracks it, and its keys are to be replaced', () => {
    fs.writeFileSync(old(), 'OPENAI_API_KEY=one\n');
    git('init', '--quiet');
    git('add', '.env.provider');
    const notes = keys({ adoptFrom: old() });

    expect(fs.existsSync(old())).toBe(true);
    expect(fs.readFileSync(file(), 'utf8')).toBe('OPENAI_API_KEY=one\n');
    expect(notes.join(' ')).toContain('git tracks it');
  });

  test('that is not there is said', () => {
    expect(planKeys(lab.home, { adoptFrom: old() }, {})).toMatchObject({
      ok: false,
      failure: { reason: 'file-missing' },
    });
  });
});

test("launchd's job of the Python version is said, and goes with --replace-python, with a backup", async () => {
  const job = path.join(lab.folder, 'Library', 'LaunchAgents', 'com.codex-self-evolution.preflight.plist');
  fs.mkdirSync(path.dirname(job), { recursive: true });
  fs.writeFileSync(
    job,
    '<plist><string>uvx --from codex-self-evolution-plugin codex-self-evolution scan</string></plist>',
  );

  // The real one would stop a job of whoever runs the tests.
  const bin = path.join(lab.folder, 'bin');
  fs.mkdirSync(bin);
  fs.writeFileSync(path.join(bin, 'launchctl'), `#!/bin/sh\necho "$@" > '${lab.folder}/launchctl.txt'\n`, {
    mode: 0o755,
  });
  lab.world.env = { ...lab.world.env, PATH: bin };

  expect(await lab.install()).toMatchObject({ reason: 'install-conflict', what: expect.stringContaining(job) });
  const summary = await lab.install({ replacePython: true });
  expect(summary).toMatchObject({ commands: [expect.stringContaining('launchctl bootout')] });
  expect(fs.readFileSync(path.join(lab.folder, 'launchctl.txt'), 'utf8')).toMatch(
    /^bootout gui\/\d+\/com\.codex-self-evolution\.preflight\n$/,
  );
  expect(fs.existsSync(job)).toBe(false);
  expect(fs.readdirSync(path.join(lab.home, 'backups')).join(' ')).toContain('preflight.plist');
  expect(await lab.install()).toMatchObject({ changed: false });
});
