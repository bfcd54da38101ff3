import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { writeYear } from '../test/support/year-home.ts';
import { plantTrouble } from '../test/support/year-trouble.ts';

/**
 * The report page of a year: 365 generations and 10,000 records in one repository, some more in two others. How long
 * `csep report` takes (a whole process, the ratio to `node -e 0` beside it), how large the page is, and what Chromium
 * needs until it can be used and until a search has its answer. With `--screenshots DIR` it takes the pictures of the docs.
 */

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    home: { type: 'string' },
    screenshots: { type: 'string' },
  },
});
const runs = Number(values.runs);
const program = path.join(process.cwd(), 'dist', 'csep.js');
const folder = values.home ?? mkdtempSync(path.join(os.tmpdir(), 'csep-report-'));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

function timed(args: string[]): number {
  const env = { PATH: process.env['PATH'], HOME: folder };
  const start = performance.now();
  const done = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return performance.now() - start;
}

async function makeHome(): Promise<void> {
  const now = new Date();
  const before = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
  const year = { folder, days: 365, records: 10_000, recordDays: 365 };
  await writeYear({ ...year, repository: 'atlas', until: new Date(now.getTime() - 25 * 60_000) });
  await writeYear({ ...year, repository: 'paper-boat', days: 48, records: 160, recordDays: 48, until: before(2) });
  await writeYear({ ...year, repository: 'weather-station', days: 14, records: 31, recordDays: 14, until: before(61) });
  plantTrouble(path.join(folder, 'home'), 'paper-boat', now);
}

/** From the navigation until the words are on the screen and a key press is answered. */
const READY = `new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))`;
/** From a key press to the answer, painted. */
const SEARCH = `(async (words) => {
  const field = document.querySelector('#search');
  const start = performance.now();
  field.value = words;
  field.dispatchEvent(new Event('input'));
  const scripted = performance.now() - start;
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return [scripted, performance.now() - start, document.querySelectorAll('li.record').length];
})`;

async function measurePage(browser: Browser, url: string): Promise<void> {
  const ready: number[] = [];
  const first: number[] = [];
  const next: number[] = [];
  for (let run = 0; run < runs; run++) {
    const page = await browser.newPage();
    await page.goto(url);
    ready.push(Number(await page.evaluate(READY)));
    for (const [index, words] of ['pool parallel', 'billing retries', 'case 9876', 'webhooks tenant', 'e'].entries()) {
      const answer: unknown = await page.evaluate(`${SEARCH}(${JSON.stringify(words)})`);
      const took = Array.isArray(answer) ? Number(answer[1]) : Number.NaN;
      (index === 0 ? first : next).push(took);
    }
    await page.close();
  }
  say(`usable after ${median(ready).toFixed(0)} ms (worst ${Math.max(...ready).toFixed(0)})`);
  say(
    `first search ${median(first).toFixed(0)} ms (prepares the records), later ones ${median(next).toFixed(0)} ms (worst ${Math.max(...next).toFixed(0)})`,
  );
}

const PICTURES: [name: string, options: BrowserContextOptions][] = [
  ['report-light', { viewport: { width: 1200, height: 980 }, colorScheme: 'light' }],
  ['report-dark', { viewport: { width: 1200, height: 980 }, colorScheme: 'dark' }],
  ['report-phone', { viewport: { width: 390, height: 844 }, colorScheme: 'light' }],
];

async function takePictures(browser: Browser, url: string, to: string): Promise<void> {
  mkdirSync(to, { recursive: true });
  for (const [name, options] of PICTURES) {
    const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
    const page = await context.newPage();
    await page.goto(url);
    // Without a Chinese font the name of the other language would be two boxes on the picture.
    await page.evaluate(`document.querySelector('.languages').remove()`);
    await page.screenshot({ path: path.join(to, `${name}.png`) });
    if (name === 'report-light') {
      await page.setViewportSize({ width: 1200, height: 700 });
      for (const part of ['changes', 'recall']) {
        if (part === 'recall') await page.locator('#search').fill('pool billing');
        await page.evaluate(`document.querySelector('#${part}').scrollIntoView()`);
        await page.screenshot({ path: path.join(to, `report-${part}.png`) });
      }
    }
    await context.close();
  }
}

const browser = await chromium.launch({
  executablePath: process.env['CSEP_CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  if (values.home === undefined) await makeHome();
  const home = path.join(folder, 'home');
  const file = path.join(folder, 'report.html');
  const bare: number[] = [];
  const built: number[] = [];
  for (let run = 0; run < runs; run++) {
    bare.push(timed(['-e', '0']));
    built.push(timed([program, 'report', '--home', home, '--out', file]));
  }
  say(
    `page made in ${median(built).toFixed(0)} ms, ${(median(built) / median(bare)).toFixed(1)} times a bare start (${median(bare).toFixed(0)} ms)`,
  );
  say(`page of ${(statSync(file).size / 1e6).toFixed(2)} MB`);
  await measurePage(browser, pathToFileURL(file).href);
  if (values.screenshots !== undefined) await takePictures(browser, pathToFileURL(file).href, values.screenshots);
} finally {
  await browser.close();
  if (values.home === undefined) rmSync(folder, { recursive: true, force: true });
}
