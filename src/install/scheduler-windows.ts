import { schedulerLayout } from '../kernel/home.ts';
import { NO_PLAN, UNIT_MARK, saidBy } from './scheduler-row.ts';
import type { SchedulerFound, SchedulerHost, SchedulerJob, SchedulerRow } from './scheduler-row.ts';
import { escapeXml } from './scheduler-launchd.ts';

const NAME = 'codex-self-evolution-preflight';

/** Windows Task Scheduler, by schtasks and a task in XML (schema 1.2). */
export const windowsTask: SchedulerRow = {
  kind: 'windows-task',
  label: NAME,
  isAvailable: (host) => host.findProgram('schtasks') !== undefined,
  unitPath: (host) => taskPath(host),
  look,
  plan: (host, job) => ({
    files: [{ path: taskPath(host), content: renderTask(job), encoding: 'utf16le' }],
    commands: [{ argv: ['schtasks', '/Create', '/TN', NAME, '/XML', taskPath(host), '/F'] }],
    removals: [],
  }),
  planRemoval: (host, found) =>
    found.exists
      ? {
          files: [],
          commands: [{ argv: ['schtasks', '/Delete', '/TN', NAME, '/F'], mayFail: found.loaded !== true }],
          removals: [taskPath(host)],
        }
      : NO_PLAN,
  startCommand: () => ['schtasks', '/Run', '/TN', NAME],
};

const taskPath = (host: SchedulerHost): string => schedulerLayout(host.home).task;

function look(host: SchedulerHost): SchedulerFound {
  const text = host.readFile(taskPath(host))?.toString('utf16le') ?? null;
  // The task lies in its home, and says nothing of another one that can be read without asking.
  const found = { text, exists: text !== null, elsewhere: false, foreign: false, loaded: null, error: null };
  if (host.findProgram('schtasks') === undefined) return found;
  const run = host.run(['schtasks', '/Query', '/TN', NAME]);
  if (run.status === null) return { ...found, error: `schtasks: ${saidBy(run)}` };
  const loaded = run.status === 0;
  return { ...found, exists: found.exists || loaded, loaded };
}

/**
 * A start that was missed is made up for, a second one while the first runs is not made. The program has no window
 * (`conhost --headless`): a console would come up in front of the user at every tick.
 */
export function renderTask(job: SchedulerJob): string {
  return [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    '  <RegistrationInfo>',
    `    <Description>${UNIT_MARK}. Settings are in config.toml, [scheduler].</Description>`,
    '  </RegistrationInfo>',
    '  <Triggers>',
    '    <TimeTrigger>',
    '      <Repetition>',
    `        <Interval>PT${job.minutes}M</Interval>`,
    '        <StopAtDurationEnd>false</StopAtDurationEnd>',
    '      </Repetition>',
    '      <StartBoundary>2026-01-01T00:00:00</StartBoundary>',
    '      <Enabled>true</Enabled>',
    '    </TimeTrigger>',
    '  </Triggers>',
    '  <Principals>',
    '    <Principal id="Author">',
    '      <LogonType>InteractiveToken</LogonType>',
    '      <RunLevel>LeastPrivilege</RunLevel>',
    '    </Principal>',
    '  </Principals>',
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <StartWhenAvailable>true</StartWhenAvailable>',
    '    <Hidden>true</Hidden>',
    '    <ExecutionTimeLimit>PT2H</ExecutionTimeLimit>',
    '    <Priority>8</Priority>',
    '  </Settings>',
    '  <Actions Context="Author">',
    '    <Exec>',
    String.raw`      <Command>%SystemRoot%\System32\conhost.exe</Command>`,
    `      <Arguments>${escapeXml(`--headless ${commandLine(job.argv)}`)}</Arguments>`,
    '    </Exec>',
    '  </Actions>',
    '</Task>',
    '',
  ].join('\r\n');
}

/** A launcher in batch needs its interpreter, which takes off the outer quotation marks (`/s`) and keeps the others. */
function commandLine(argv: readonly string[]): string {
  const line = argv.map(windowsWord).join(' ');
  return argv[0]?.toLowerCase().endsWith('.cmd') ? `cmd.exe /d /s /c "${line}"` : line;
}

/** One argument, as CommandLineToArgvW reads it: backslashes count only before a quotation mark. */
export function windowsWord(text: string): string {
  if (/^[^\s"]+$/.test(text)) return text;
  return `"${text.replaceAll(/(\\*)"/g, String.raw`$1$1\"`).replaceAll(/(\\+)$/g, '$1$1')}"`;
}
