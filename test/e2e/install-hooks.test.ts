import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { readHookTrust } from '../../src/install/trust-status.ts';
import { type CodexRig, complaints, withCodex } from './support/codex-rig.ts';
import { depositedEnvelope } from './support/home-view.ts';
import { type HooksFile, trustTables } from './support/hooks-file.ts';
import { listHooks } from './support/plugin.ts';

/** Another tool, whose hooks leave a line each time that they run. */
function otherTool(rig: CodexRig): { install: () => void; runs: () => string[] } {
  const journal = join(rig.temporary, 'other-tool.txt');
  const command = (event: string): string => `echo ${event} >> '${journal}'`;
  const hooks: HooksFile['hooks'] = {
    SessionStart: [{ matcher: 'startup|resume', hooks: [{ type: 'command', command: command('start') }] }],
    Stop: [{ hooks: [{ type: 'command', command: command('stop'), timeout: 5 }] }],
  };
  return {
    install: () => {
      writeFileSync(join(rig.codexHome, 'hooks.json'), `${JSON.stringify({ hooks }, null, '\t')}\n\n`);
      const config = join(rig.codexHome, 'config.toml');
      const tables = trustTables({ hooks }, join(rig.codexHome, 'hooks.json'));
      writeFileSync(config, `# by hand\n${readFileSync(config, 'utf8')}${tables}\n# the end, without a line break`);
    },
    runs: () => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').filter(Boolean) : []),
  };
}

const filesOf = (rig: CodexRig): string[] =>
  ['hooks.json', 'config.toml'].map((name) => readFileSync(join(rig.codexHome, name), 'utf8'));

/** What our reader says of every hook of ours, and what Codex says. */
async function bothOpinions(rig: CodexRig): Promise<[string[], string[]]> {
  const ours = readHookTrust(rig.codexHome);
  const theirs = await listHooks(rig);
  const keys = ours.map(({ key }) => key);
  return [
    ours.map(({ key, status, hash }) => `${key} ${status} ${hash}`).toSorted(),
    theirs
      .filter(({ key }) => keys.includes(key))
      .map(({ key, trustStatus, currentHash }) => `${key} ${trustStatus} ${currentHash}`)
      .toSorted(),
  ];
}

/** What `doctor` finds, by check, with its exit code; and what of it a person would read. */
function doctor(rig: CodexRig): { code: number | null; levels: Record<string, string>; said: string } {
  const run = spawnSync(
    process.execPath,
    [join(inject('pluginRoot'), 'dist', 'cli.js'), 'doctor', '--no-tools', '--json'],
    {
      env: rig.env,
      encoding: 'utf8',
    },
  );
  const checks: { check: string; level: string; says: string; fix?: string }[] = JSON.parse(run.stdout).checks;
  return {
    code: run.status,
    levels: Object.fromEntries(checks.map(({ check, level }) => [check, level])),
    said: checks.map(({ check, says, fix = '' }) => `${check}: ${says}\n${fix}`).join('\n'),
  };
}

/** A folder for PATH with `codex` in it: what plugins are installed with. */
function pathWithCodex(rig: CodexRig): string {
  const bin = join(rig.temporary, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'codex'), `#!/bin/sh\nexec '${process.execPath}' '${inject('codexLauncher')}' "$@"\n`, {
    mode: 0o755,
  });
  for (const name of ['sh', 'git', 'dirname']) symlinkSync(realpathSync(`/usr/bin/${name}`), join(bin, name));
  symlinkSync(process.execPath, join(bin, 'node'));
  return bin;
}

describe('install beside another tool', () => {
  test('has both run, and uninstall leaves the other one and every byte as they were', async () => {
    await withCodex(async (rig) => {
      const other = otherTool(rig);
      other.install();
      const before = filesOf(rig);
      await rig.program(['install', '--trust', '--json']);
      const healthy = doctor(rig);
      const [ours, theirs] = await bothOpinions(rig);
      const session = await rig.exec('Always use tabs in this repository, never spaces. Remember that.');

      expect(healthy).toMatchObject({ code: 0, levels: { 'hooks-present': 'ok', 'hooks-trusted': 'ok' } });
      expect(ours).toEqual(theirs);
      expect(ours).toHaveLength(3);
      expect(ours.every((line) => line.includes(' trusted '))).toBe(true);
      expect(other.runs()).toEqual(['start', 'stop']);
      expect(complaints(session)).toEqual([]);
      await depositedEnvelope(rig);
      await rig.quiet();

      await rig.program(['uninstall', '--no-scheduler', '--json']);
      expect(filesOf(rig)).toEqual(before);
      await rig.exec('hello again');
      expect(other.runs()).toEqual(['start', 'stop', 'start', 'stop']);
      expect(readdirSync(rig.home)).toContain('projects');
    });
  });

  test('and a hook that was edited by hand is modified for us as it is for Codex', async () => {
    await withCodex(async (rig) => {
      otherTool(rig).install();
      await rig.program(['install', '--trust', '--json']);
      const file = join(rig.codexHome, 'hooks.json');
      writeFileSync(
        file,
        readFileSync(file, 'utf8').replace('stop-review --from-stdin', 'stop-review --from-stdin --verbose'),
      );
      const [ours, theirs] = await bothOpinions(rig);
      const found = doctor(rig);

      expect(found).toMatchObject({ code: 1, levels: { 'hooks-present': 'ok', 'hooks-trusted': 'broken' } });
      expect(found.said).toMatch(/hooks-trusted: .*stop.* changed since they were trusted/i);
      expect(found.said).toMatch(/type \/hooks in Codex and trust them again, or run csep install --trust/);
      expect(ours).toEqual(theirs);
      expect(ours.filter((line) => line.includes(' modified '))).toHaveLength(1);
      await rig.program(['install', '--json']);
      expect(readHookTrust(rig.codexHome).map(({ status }) => status)).toEqual(['trusted', 'trusted', 'trusted']);
    });
  });

  test('in a folder whose name means something to a shell', async () => {
    await withCodex(async (rig) => {
      const home = join(rig.temporary, `it's "my" $HOME`);
      await rig.program(['install', '--trust', '--home', home, '--json']);
      const session = await rig.exec('hello', { env: { CODEX_SELF_EVOLUTION_HOME: '' } });

      expect(complaints(session)).toEqual([]);
      expect(readFileSync(join(home, 'logs', 'plugin.log'), 'utf8')).toContain('hook.stop-review');
      await rig.quiet();
    }, 'it "costs" $HOME `id` \'here\'');
  });

  test('leaves an empty group where one that came later would lose its trust', async () => {
    await withCodex(async (rig) => {
      const other = otherTool(rig);
      await rig.program(['install', '--trust', '--json']);
      const file = join(rig.codexHome, 'hooks.json');
      const later = {
        hooks: [{ type: 'command' as const, command: `echo later >> '${join(rig.temporary, 'other-tool.txt')}'` }],
      };
      const hooks = JSON.parse(readFileSync(file, 'utf8'));
      hooks.hooks.Stop.push(later);
      writeFileSync(file, JSON.stringify(hooks));
      const placed = { hooks: { Stop: [{ hooks: [] }, later] } };
      writeFileSync(
        join(rig.codexHome, 'config.toml'),
        readFileSync(join(rig.codexHome, 'config.toml'), 'utf8') + trustTables(placed, file),
      );
      await rig.program(['uninstall', '--no-scheduler', '--json']);
      await rig.exec('hello');

      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(placed);
      expect(other.runs()).toEqual(['later']);
    });
  });
});

describe('install --plugin', () => {
  test('puts the plugin in and trusts it, refuses to be there twice, and leaves every byte as it was', async () => {
    await withCodex(async (rig) => {
      const other = otherTool(rig);
      other.install();
      const before = filesOf(rig);
      const env = { PATH: pathWithCodex(rig) };
      await rig.program(['install', '--plugin', '--trust', '--json'], { env });
      const listed = await listHooks(rig);
      expect(
        listed.filter(({ pluginId }) => pluginId === inject('pluginId')).map(({ trustStatus }) => trustStatus),
      ).toEqual(['trusted', 'trusted', 'trusted']);
      expect(readHookTrust(rig.codexHome).map(({ source, status }) => `${source} ${status}`)).toEqual([
        'plugin trusted',
        'plugin trusted',
        'plugin trusted',
      ]);
      const asInstalled = filesOf(rig);
      expect(await rig.program(['install', '--plugin', '--trust', '--json'], { env })).toMatchObject({
        changed: false,
      });
      expect(filesOf(rig)).toEqual(asInstalled);
      await expect(rig.program(['install', '--trust', '--json'], { env })).rejects.toThrow('--switch');
      await rig.exec('Always use tabs in this repository, never spaces. Remember that.');
      await depositedEnvelope(rig);
      await rig.quiet();
      expect(other.runs()).toEqual(['start', 'stop']);

      await rig.program(['uninstall', '--no-scheduler', '--json'], { env });
      expect(filesOf(rig)).toEqual(before);
      expect((await listHooks(rig)).map(({ trustStatus }) => trustStatus)).toEqual(['trusted', 'trusted']);
    });
  });

  test('changes over to hooks.json and back with --switch', async () => {
    await withCodex(async (rig) => {
      const env = { PATH: pathWithCodex(rig) };
      const ways = async (): Promise<string[]> =>
        (await listHooks(rig)).map(({ pluginId, trustStatus }) => `${pluginId ?? 'hooks.json'} ${trustStatus}`);
      await rig.program(['install', '--plugin', '--trust', '--json'], { env });
      await rig.program(['install', '--switch', '--trust', '--json'], { env });
      expect(await ways()).toEqual(['hooks.json trusted', 'hooks.json trusted', 'hooks.json trusted']);
      await rig.program(['install', '--plugin', '--switch', '--trust', '--json'], { env });
      expect(await ways()).toEqual(Array.from({ length: 3 }, () => `${inject('pluginId')} trusted`));
    });
  });
});

/** Types into a terminal of its own: each key when what it answers is on the screen. */
async function typing(rig: CodexRig, words: string, script: [string, string][]): Promise<string> {
  const cli = join(inject('pluginRoot'), 'dist', 'csep.js');
  const command = `stty cols 120 rows 40; '${process.execPath}' '${cli}' ${words}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: rig.repo,
    env: { ...rig.env, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = [...script];
  let screen = '';
  child.stdout.on('data', (chunk: Buffer) => {
    screen += chunk.toString('utf8');
    const [next] = waiting;
    if (!next || !screen.includes(next[0])) return;
    waiting.shift();
    child.stdin.write(next[1]);
  });
  const deadline = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await once(child, 'close');
  clearTimeout(deadline);
  return screen;
}

describe('the first run on a terminal', () => {
  test('asks, shows what it will do, and does it', async () => {
    await withCodex(async (rig) => {
      const screen = await typing(rig, 'install', [
        ['Who reviews your sessions?', '\r'],
        ['every five minutes', 'n'],
        ['Trust these three now?', 'y'],
        ['Go on?', 'y'],
      ]);

      expect(screen).toContain('This will be done');
      expect(screen).toContain('Codex trusts the hooks');
      expect(readHookTrust(rig.codexHome).map(({ status }) => status)).toEqual(['trusted', 'trusted', 'trusted']);
    });
  });

  test('asks before it removes what was learned', async () => {
    await withCodex(async (rig) => {
      await rig.program(['install', '--json']);
      const screen = await typing(rig, 'uninstall --purge --no-scheduler', [['Remove everything', 'n']]);

      expect(screen).toContain(rig.home);
      expect(readHookTrust(rig.codexHome)).toHaveLength(3);
      await expect(rig.program(['uninstall', '--purge', '--no-scheduler'])).rejects.toThrow('needs --yes');
      await rig.program(['uninstall', '--purge', '--yes', '--no-scheduler']);
      expect(existsSync(rig.home)).toBe(false);
    });
  });
});
