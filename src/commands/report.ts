import path from 'node:path';
import { defineCommand } from 'citty';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { settingsOf } from '../config/read-settings.ts';
import { counted } from '../kernel/counted.ts';
import { makeFolder } from '../kernel/write-files.ts';
import { homeLayout, withoutTilde } from '../kernel/home.ts';
import { renderFile } from '../kernel/render-file.ts';
import { startDetached } from '../kernel/start-detached.ts';
import type { World } from '../kernel/world.ts';
import type { Language, ReportModel } from '../report/model.ts';
import { PAGE_ASSETS } from '../report/page-assets.ts';
import { readReport } from '../report/read-report.ts';
import { renderPage } from '../report/render-page.ts';
import { homeFlag, jsonFlag } from './arguments.ts';
import { bucketOfFlags, commandWorld, runCommand } from './edge.ts';
import { printResult } from './output.ts';

export const reportCommand = defineCommand({
  meta: {
    name: 'report',
    description:
      'Write one page on what was learned, from which sessions, how it is used and what went wrong; it loads and sends nothing (examples: report --open, report --cwd . --lang zh --out page.html)',
  },
  args: {
    open: { type: 'boolean', description: 'Show the page in the browser', default: false },
    out: { type: 'string', description: 'File to write (default: report.html in the home)', valueHint: 'FILE' },
    cwd: { type: 'string', description: 'Only the repository of this folder (default: all of the home)' },
    all: { type: 'boolean', description: 'All repositories, whatever --cwd says', default: false },
    lang: { type: 'string', description: "en or zh (default: the browser's language; the page can switch)" },
    ...homeFlag,
    ...jsonFlag,
  },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => makeReport(world, args),
      (written) => printResult(written, () => writtenText(written), args),
    );
  },
});

interface ReportFlags {
  open: boolean;
  all: boolean;
  out?: string | undefined;
  cwd?: string | undefined;
  lang?: string | undefined;
}

/** What `report` prints. */
interface WrittenReport {
  path: string;
  bytes: number;
  buckets: number;
  notes: number;
  skills: number;
  recall: number;
  generations: number;
  /** Null: not asked for. False: there is no program that opens pages. */
  opened: boolean | null;
}

function makeReport(world: World, flags: ReportFlags): Result<WrittenReport> {
  const language = languageOf(flags.lang);
  if (language === undefined) return fail({ reason: 'usage', detail: `--lang is en or zh, not "${flags.lang}"` });
  const only = flags.cwd && !flags.all ? bucketOfFlags(world, { cwd: flags.cwd }) : undefined;
  if (flags.cwd && !flags.all && !only) {
    return fail({
      reason: 'usage',
      detail: `${flags.cwd} has no bucket yet; without --cwd the page shows all of them`,
    });
  }
  const { dailyCalls: calls, dailyTokens: tokens } = settingsOf(world).review;
  const model = readReport(world, { language, only, limits: { calls, tokens } });
  const page = renderPage(model, PAGE_ASSETS);
  const file = flags.out ? path.resolve(withoutTilde(flags.out, world.env)) : homeLayout(world.home).report;
  makeFolder(path.dirname(file));
  renderFile(file, page);
  return succeed({
    ...countsOf(model),
    path: file,
    bytes: Buffer.byteLength(page),
    opened: flags.open ? show(world, file) : null,
  });
}

function languageOf(flag: string | undefined): Language | null | undefined {
  if (flag === undefined) return null;
  return flag === 'en' || flag === 'zh' ? flag : undefined;
}

function countsOf({ buckets }: ReportModel): Omit<WrittenReport, 'path' | 'bytes' | 'opened'> {
  const sum = (count: (bucket: ReportModel['buckets'][number]) => number): number =>
    buckets.reduce((total, bucket) => total + count(bucket), 0);
  return {
    buckets: buckets.length,
    notes: sum((bucket) => bucket.memory.length),
    skills: sum((bucket) => bucket.stations.skills),
    recall: sum((bucket) => bucket.totals.recall),
    generations: sum((bucket) => bucket.totals.generations),
  };
}

/** Programs that show a file as a double click would. explorer.exe takes a path as it is, where `start` needs a shell. */
const OPENERS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', win32: 'explorer.exe' };

const show = (world: World, file: string): boolean =>
  startDetached(OPENERS[process.platform] ?? 'xdg-open', [file], world.env) !== undefined;

function writtenText(written: WrittenReport): string {
  const { path: file, bytes, buckets, notes, skills, recall, opened } = written;
  const knows = `${counted(notes, 'note')}, ${counted(skills, 'skill')} and ${counted(recall, 'recall record')} of ${counted(buckets, 'repository', 'repositories')}`;
  return [
    `${file} (${Math.ceil(bytes / 1000)} kB): ${knows}.`,
    opened === null ? 'Open it in a browser, or: csep report --open' : undefined,
    opened === false ? 'No program here opens pages; open the file in a browser yourself.' : undefined,
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}
