import path from 'node:path';
import { NO_PLAN, scansElsewhere, UNIT_MARK } from './scheduler-row.ts';
import type { SchedulerFound, SchedulerHost, SchedulerJob, SchedulerRow } from './scheduler-row.ts';

const LABEL = 'com.codex-self-evolution.preflight';

/** macOS: a LaunchAgent of the user (launchd.plist(5), launchctl(1)). */
export const launchd: SchedulerRow = {
  kind: 'launchd',
  label: LABEL,
  isAvailable: (host) => host.findProgram('launchctl') !== undefined,
  unitPath,
  look: (host) => {
    const text = host.readFile(unitPath(host))?.toString('utf8') ?? null;
    const isOurs = text?.includes(UNIT_MARK) ?? false;
    const elsewhere = isOurs && scansElsewhere(host, text, string);
    return { text, exists: isOurs, elsewhere, foreign: text !== null && !isOurs, loaded: isLoaded(host), error: null };
  },
  plan: (host, job) => ({
    files: [{ path: unitPath(host), content: renderPlist(job) }],
    commands: [
      { argv: ['launchctl', 'bootout', serviceOf(host)], mayFail: true },
      // A service that somebody once disabled would stay silent.
      { argv: ['launchctl', 'enable', serviceOf(host)], mayFail: true },
      // bootout returns before the service is gone, and bootstrap fails until it is.
      { argv: ['launchctl', 'bootstrap', domainOf(host), unitPath(host)], tries: 6 },
    ],
    removals: [],
  }),
  planRemoval: (host, found) => (found.exists ? removal(host) : NO_PLAN),
  startCommand: (host) => ['launchctl', 'kickstart', serviceOf(host)],
};

function unitPath(host: SchedulerHost): string {
  return path.join(host.userFolder, 'Library', 'LaunchAgents', `${LABEL}.plist`);
}

const domainOf = (host: SchedulerHost): string => `gui/${host.uid ?? 0}`;
const serviceOf = (host: SchedulerHost): string => `${domainOf(host)}/${LABEL}`;

function isLoaded(host: SchedulerHost): SchedulerFound['loaded'] {
  if (host.findProgram('launchctl') === undefined) return null;
  return host.run(['launchctl', 'print', serviceOf(host)]).status === 0;
}

const removal = (host: SchedulerHost) => ({
  files: [],
  commands: [{ argv: ['launchctl', 'bootout', serviceOf(host)], mayFail: true }],
  removals: [unitPath(host)],
});

/**
 * The property list. A start that falls into a sleep is not made up for; the next one, at most a tick after waking,
 * finds all that waits. RunAtLoad serves the login.
 */
export function renderPlist(job: SchedulerJob): string {
  const { argv, environment, log } = job;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    `<!-- ${UNIT_MARK}. Settings are in config.toml, [scheduler]. -->`,
    '<plist version="1.0">',
    '<dict>',
    ...entry('Label', [string(LABEL)]),
    ...entry('ProgramArguments', ['<array>', ...argv.map((word) => `  ${string(word)}`), '</array>']),
    ...entry('StartInterval', [`<integer>${job.minutes * 60}</integer>`]),
    ...entry('RunAtLoad', ['<true/>']),
    ...entry('ProcessType', [string('Background')]),
    ...entry('LowPriorityIO', ['<true/>']),
    ...entry('LowPriorityBackgroundIO', ['<true/>']),
    ...entry('Nice', ['<integer>10</integer>']),
    ...entry('EnvironmentVariables', ['<dict>', ...Object.entries(environment).flatMap(variable), '</dict>']),
    ...entry('StandardOutPath', [string(log)]),
    ...entry('StandardErrorPath', [string(log)]),
    '</dict>',
    '</plist>',
    '',
  ].join('\n');
}

const entry = (key: string, value: readonly string[]): string[] => [
  `  <key>${key}</key>`,
  ...value.map((line) => `  ${line}`),
];
const variable = ([name, value]: [string, string]): string[] => [
  `  <key>${escapeXml(name)}</key>`,
  `  ${string(value)}`,
];
const string = (text: string): string => `<string>${escapeXml(text)}</string>`;

/** For text between tags. */
export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
