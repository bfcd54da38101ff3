import { fc, test as propertyTest } from '@fast-check/vitest';
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { planJob } from '../../../src/install/scheduler-job.ts';
import { launchd, renderPlist } from '../../../src/install/scheduler-launchd.ts';
import { renderService, renderTimer, systemd } from '../../../src/install/scheduler-systemd.ts';
import { renderTask, windowsTask, windowsWord } from '../../../src/install/scheduler-windows.ts';
import { awkwardJob, bareHost, plainJob } from '../../support/scheduler-job.ts';

const SYSTEMCTL = (): string => '/usr/bin/systemctl';
const PYTHON_PLIST = (): Buffer =>
  Buffer.from('<plist><string>uvx --from codex-self-evolution-plugin</string></plist>');

describe('the job', () => {
  const request = { kind: 'launchd', program: ['/h/app/csep'], intervalSeconds: 300, nodeFolder: '/nvm/bin' } as const;

  test('finds node, codex and opencode where they are today, and standard folders', () => {
    const host = bareHost({ findProgram: (name) => (name === 'codex' ? '/opt/codex/bin/codex' : undefined) });

    expect(planJob(host, request).environment['PATH']).toBe(
      '/nvm/bin:/opt/codex/bin:/home/u/.local/bin:/home/u/.opencode/bin:/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    );
  });

  test('carries the homes only where they are not the usual ones', () => {
    expect(Object.keys(planJob(bareHost(), request).environment)).toEqual(['PATH']);
    expect(
      planJob(bareHost({ home: '/data/csep', env: { HOME: '/home/u', CODEX_HOME: '/data/codex' } }), request)
        .environment,
    ).toMatchObject({
      CODEX_SELF_EVOLUTION_HOME: '/data/csep',
      CODEX_HOME: '/data/codex',
    });
  });

  test.each([
    [300, 5],
    [3_600, 5],
    [90, 1],
    [10, 1],
    [240, 4],
  ])('of an interval of %d s ticks every %d minutes', (intervalSeconds, minutes) => {
    expect(planJob(bareHost(), { ...request, intervalSeconds }).minutes).toBe(minutes);
  });

  test('of Windows says the home by a flag, as a task has no variables', () => {
    const job = planJob(bareHost({ home: '/data/csep' }), { ...request, kind: 'windows-task' });

    expect(job.argv).toEqual(['/h/app/csep', 'scan', '--trigger', 'scheduler', '--home', '/data/csep']);
    expect(job.environment).toEqual({});
  });
});

describe('launchd', () => {
  test('is told by the template of the repository what it is told by the program', () => {
    const template = fs.readFileSync('launchd/com.codex-self-evolution.preflight.plist', 'utf8');
    const job = plainJob({
      argv: ['/Users/YOU/.codex-self-evolution/app/csep', 'scan', '--trigger', 'scheduler'],
      environment: { PATH: '/Users/YOU/.local/bin:/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' },
      log: '/Users/YOU/.codex-self-evolution/logs/scheduler.log',
    });

    expect(template).toBe(renderPlist(job));
  });

  test('loads the job of the logged-in user, after what was loaded before', () => {
    const plan = launchd.plan(bareHost(), plainJob(), launchd.look(bareHost()));

    expect(plan.commands.map((command) => command.argv.join(' '))).toEqual([
      'launchctl bootout gui/501/com.codex-self-evolution.preflight',
      'launchctl enable gui/501/com.codex-self-evolution.preflight',
      'launchctl bootstrap gui/501 /home/u/Library/LaunchAgents/com.codex-self-evolution.preflight.plist',
    ]);
  });

  test('takes a plist that we did not write for a foreign one', () => {
    const readFile = PYTHON_PLIST;

    expect(launchd.look(bareHost({ readFile }))).toMatchObject({ exists: false, foreign: true });
    expect(launchd.look(bareHost({ readFile: () => Buffer.from(renderPlist(plainJob())) }))).toMatchObject({
      exists: true,
      foreign: false,
    });
  });
});

describe('systemd', () => {
  test('reads percent signs, quotes, backslashes and dollar signs as they are', () => {
    const service = renderService(awkwardJob({ argv: [String.raw`/a b/50%/$c`, '--home', String.raw`/x$y"\z`] }));

    expect(service).toContain(String.raw`ExecStart="/a b/50%%/$c" "--home" "/x$$y\"\\z"`);
    expect(service).toContain('StandardOutput=append:/home/o\'neil & co/50%% "off"/logs/scheduler.log');
  });

  test('starts a program of a name that systemd refuses through a shell', () => {
    expect(renderService(awkwardJob({ argv: [`/o'neil/csep`, 'scan'] }))).toContain(
      String.raw`ExecStart="/bin/sh" "-c" "exec \"$$0\" \"$$@\"" "/o'neil/csep" "scan"`,
    );
  });

  test('makes up for what a sleep swallowed', () => {
    expect(renderTimer(plainJob())).toContain('OnCalendar=*:0/5\nPersistent=true\n');
  });

  test('works where the user has a manager of their own', () => {
    const findProgram = SYSTEMCTL;

    expect(systemd.isAvailable(bareHost({ findProgram }))).toBe(false);
    expect(systemd.isAvailable(bareHost({ findProgram, isFolder: (path) => path === '/run/user/501/systemd' }))).toBe(
      true,
    );
  });

  test('keeps its units where XDG_CONFIG_HOME says', () => {
    expect(systemd.unitPath(bareHost({ env: { XDG_CONFIG_HOME: '/c' } }))).toMatch(/^\/c\/systemd\/user\/.*\.timer$/);
    expect(systemd.unitPath(bareHost())).toMatch(/^\/home\/u\/\.config\/systemd\/user\//);
  });
});

/** As CommandLineToArgvW (and Node's runtime) reads one argument. */
function asWindowsReadsIt(word: string): string {
  let out = '';
  let quoted = false;
  for (const [, slashes = '', next = ''] of word.matchAll(/(\\*)([^\\]|$)/g)) {
    if (next !== '"') out += slashes + next;
    else if (slashes.length % 2 === 1) out += `${'\\'.repeat((slashes.length - 1) / 2)}"`;
    else {
      out += '\\'.repeat(slashes.length / 2);
      quoted = !quoted;
    }
  }
  return quoted ? 'an open quotation' : out;
}

describe('the Windows task', () => {
  const path = fc.string({ minLength: 1, unit: fc.constantFrom('\\', '"', ' ', 'a', ':', '&', "'") });
  propertyTest.prop([path])('gives the program the argument that was put in', (text) => {
    expect(asWindowsReadsIt(windowsWord(text))).toBe(text);
  });

  test('escapes what XML cannot bear, and never runs twice at once', () => {
    const task = renderTask(awkwardJob());

    expect(task).toContain('neil &amp; co/50% \\"off\\"/app/csep" scan');
    expect(task).toContain('<MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>');
    expect(task).toContain('<StartWhenAvailable>true</StartWhenAvailable>');
    expect(task).toContain('<Interval>PT5M</Interval>');
  });

  test('starts a launcher in batch through its interpreter', () => {
    const argv = [String.raw`C:\Users\Ann B\app\csep.cmd`, 'scan'];

    expect(renderTask(plainJob({ argv }))).toContain(
      String.raw`<Arguments>--headless cmd.exe /d /s /c ""C:\Users\Ann B\app\csep.cmd" scan"</Arguments>`,
    );
  });

  test('is created from a file and asked about by its name', () => {
    const argv = windowsTask.plan(bareHost(), plainJob(), windowsTask.look(bareHost())).commands[0]?.argv;

    expect(argv?.slice(0, 4)).toEqual(['schtasks', '/Create', '/TN', 'codex-self-evolution-preflight']);
    expect(argv?.at(-1)).toBe('/F');
  });
});
