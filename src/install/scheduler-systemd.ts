import path from 'node:path';
import { NO_PLAN, scansElsewhere, UNIT_MARK } from './scheduler-row.ts';
import type { SchedulerHost, SchedulerJob, SchedulerRow } from './scheduler-row.ts';

const NAME = 'codex-self-evolution-preflight';
const TIMER = `${NAME}.timer`;
const SERVICE = `${NAME}.service`;

/** Linux with a systemd session of the user (systemd.timer(5), systemd.exec(5)). */
export const systemd: SchedulerRow = {
  kind: 'systemd',
  label: TIMER,
  // Without a manager of the user's own, systemctl is there and can do nothing.
  isAvailable: (host) =>
    host.findProgram('systemctl') !== undefined && host.isFolder(path.join(runtimeFolder(host), 'systemd')),
  unitPath: timerPath,
  look: (host) => {
    const texts = [timerPath(host), servicePath(host)].map((file) => host.readFile(file)?.toString('utf8'));
    const there = texts.filter((text) => text !== undefined);
    return {
      text: texts[0] ?? null,
      exists: there.some((text) => text.includes(UNIT_MARK)),
      elsewhere: scansElsewhere(host, texts[1] ?? null, (log) => `${appending(log)}\n`),
      foreign: there.some((text) => !text.includes(UNIT_MARK)),
      loaded: isActive(host),
      error: null,
    };
  },
  plan: (host, job) => ({
    files: [
      { path: servicePath(host), content: renderService(job) },
      { path: timerPath(host), content: renderTimer(job) },
    ],
    commands: [
      { argv: ['systemctl', '--user', 'daemon-reload'] },
      { argv: ['systemctl', '--user', 'enable', TIMER] },
      // A timer that runs keeps its old times until it is started again.
      { argv: ['systemctl', '--user', 'restart', TIMER] },
    ],
    removals: [],
  }),
  planRemoval: (host, found) =>
    found.exists
      ? {
          files: [],
          commands: [{ argv: ['systemctl', '--user', 'disable', '--now', TIMER], mayFail: true }],
          removals: [timerPath(host), servicePath(host)],
          lastCommands: [{ argv: ['systemctl', '--user', 'daemon-reload'], mayFail: true }],
        }
      : NO_PLAN,
  startCommand: () => ['systemctl', '--user', 'start', '--no-block', SERVICE],
};

const runtimeFolder = (host: SchedulerHost): string => host.env['XDG_RUNTIME_DIR'] || `/run/user/${host.uid ?? 0}`;

function unitFolder(host: SchedulerHost): string {
  const given = host.env['XDG_CONFIG_HOME'];
  const config = given && path.isAbsolute(given) ? given : path.join(host.userFolder, '.config');
  return path.join(config, 'systemd', 'user');
}
function timerPath(host: SchedulerHost): string {
  return path.join(unitFolder(host), TIMER);
}
const servicePath = (host: SchedulerHost): string => path.join(unitFolder(host), SERVICE);

function isActive(host: SchedulerHost): boolean | null {
  if (host.findProgram('systemctl') === undefined) return null;
  return host.run(['systemctl', '--user', 'is-active', '--quiet', TIMER]).status === 0;
}

/** A tick that falls into a sleep or a power-off is made up for once (Persistent). */
export const renderTimer = (job: SchedulerJob): string =>
  [
    `# ${UNIT_MARK}. Settings are in config.toml, [scheduler].`,
    '[Unit]',
    'Description=Start codex-self-evolution when sessions may be waiting',
    '',
    '[Timer]',
    `OnCalendar=*:0/${job.minutes}`,
    'Persistent=true',
    'AccuracySec=15s',
    '',
    '[Install]',
    'WantedBy=timers.target',
    '',
  ].join('\n');

/** A oneshot service: while it runs its timer does not start it a second time. */
export const renderService = (job: SchedulerJob): string =>
  [
    `# ${UNIT_MARK}. Settings are in config.toml, [scheduler].`,
    '[Unit]',
    'Description=Review waiting Codex sessions and compile what they taught (codex-self-evolution)',
    '',
    '[Service]',
    'Type=oneshot',
    `ExecStart=${commandLine(job.argv)}`,
    ...Object.entries(job.environment).map(([name, value]) => `Environment=${quoted(`${name}=${value}`)}`),
    'Nice=10',
    'IOSchedulingClass=idle',
    'TimeoutStartSec=2h',
    appending(job.log),
    'StandardError=inherit',
    '',
  ].join('\n');

/** To the end of the line, without quotes; only specifiers are read in it. */
const appending = (log: string): string => `StandardOutput=append:${withoutSpecifiers(log)}`;

/** In arguments a dollar sign begins a variable; in the program's path it does not. */
function commandLine(argv: readonly string[]): string {
  const [program = '', ...args] = /["'\\]/.test(argv[0] ?? '') ? [...THROUGH_SHELL, ...argv] : argv;
  return [quoted(program), ...args.map((word) => quoted(word).replaceAll('$', '$$$$'))].join(' ');
}

/** systemd refuses a program whose path holds a quotation mark or a backslash; as an argument it may. */
const THROUGH_SHELL = ['/bin/sh', '-c', 'exec "$0" "$@"'];

/** systemd.syntax(7), Quoting; percent signs are specifiers everywhere. */
const quoted = (text: string): string =>
  `"${withoutSpecifiers(text.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`))}"`;

const withoutSpecifiers = (text: string): string => text.replaceAll('%', '%%');
