import { defineCommand } from 'citty';
import { secretNotices } from '../config/find-secrets.ts';
import type { Notice } from '../config/notice.ts';
import { noticeText } from '../config/notice.ts';
import { readConfiguration } from '../config/read-settings.ts';
import type { Configuration } from '../config/read-settings.ts';
import { shownValues, sourceText } from '../config/show-settings.ts';
import type { ShownValue } from '../config/show-settings.ts';
import { succeed } from '../contracts/failure.ts';
import { homeLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import { explainReviewer } from '../reviewer/explain-reviewer.ts';
import { homeFlag, jsonFlag } from './arguments.ts';
import { commandWorld, runCommand } from './edge.ts';
import { printResult } from './output.ts';

/** `config show`: every setting with its value and its source. */
export const showCommand = defineCommand({
  meta: { name: 'show', description: 'Every setting with its value and where it comes from (example: config show)' },
  args: { ...homeFlag, ...jsonFlag },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => showConfig(world),
      (shown) => printResult(shown, () => showText(shown), args),
    );
  },
});

function showConfig(world: World) {
  const configuration = readConfiguration(world);
  if (!configuration.ok) return configuration;
  const { settings, text } = configuration.value;
  const reviewer = explainReviewer(configuration.value, world.env);
  return succeed({
    path: homeLayout(world.home).config,
    exists: text !== null,
    active_profile: settings.activeProfile,
    values: byKey(shownValues(configuration.value)),
    reviewer: { values: byKey(reviewer.values), key: reviewer.key },
    warnings: warningsOf(configuration.value),
  });
}

const byKey = (values: readonly ShownValue[]): Record<string, Omit<ShownValue, 'key'>> =>
  Object.fromEntries(values.map(({ key, ...rest }) => [key, rest]));

const warningsOf = ({ warnings, text }: Configuration): Notice[] => [...warnings, ...secretNotices(text ?? '')];

type Shown = Extract<ReturnType<typeof showConfig>, { ok: true }>['value'];

function showText(shown: Shown): string {
  const { key } = shown.reviewer;
  const rows = [
    ...valueRows(shown.values),
    ...valueRows(shown.reviewer.values),
    ...(key === null ? [] : [['reviewer.key', key.set ? 'set' : 'not set', key.variable]]),
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [
    `${shown.path}${shown.exists ? '' : ' (not there; `csep config init` writes one)'}`,
    '',
    ...rows.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    ...noticeLines('warning', shown.warnings),
  ].join('\n');
}

const valueRows = (values: Shown['values']): string[][] =>
  Object.entries(values).map(([key, { value, source }]) => [key, JSON.stringify(value), sourceText(source)]);

export const noticeLines = (kind: string, notices: readonly Notice[]): string[] =>
  notices.map((notice) => `${kind}: ${noticeText(notice)}`);
