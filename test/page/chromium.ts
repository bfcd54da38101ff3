import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface OpenPage {
  page: Page;
  /** Everything that a quiet page never does: console lines, errors, dialogs, requests, violations of its policy. */
  noise: string[];
}

/** One browser for a file of tests. */
export function useChromium(): { open: (file: string, options?: BrowserContextOptions) => Promise<OpenPage> } {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env['CSEP_CHROMIUM'] ?? '/usr/bin/chromium',
      args: ARGUMENTS,
    });
  });
  afterAll(async () => await browser?.close());
  return {
    open: async (file, options = {}) => {
      if (!browser) throw new Error('the browser is not there yet');
      const context = await browser.newContext({
        locale: 'en-GB',
        timezoneId: 'UTC',
        reducedMotion: 'reduce',
        ...options,
      });
      onTestFinished(async () => await context.close());
      const page = await context.newPage();
      const noise: string[] = [];
      const own = pathToFileURL(file).href;
      page.on('console', (message) => void noise.push(`console ${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => void noise.push(`error: ${error.message}`));
      page.on('request', (request) => {
        if (request.url() !== own && !request.url().startsWith('data:')) noise.push(`request: ${request.url()}`);
      });
      page.on('dialog', (dialog) => {
        noise.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      await page.exposeFunction('noteViolation', (what: string) => void noise.push(`violation: ${what}`));
      await page.addInitScript(
        `addEventListener('securitypolicyviolation', (event) => noteViolation(event.violatedDirective + ' ' + event.blockedURI))`,
      );
      await page.goto(own);
      await page.locator('h1').waitFor();
      return { page, noise };
    },
  };
}

/** A number on the page, as a number. */
async function numberOn(page: Page, selector: string): Promise<number> {
  const text = await page.locator(selector).first().textContent();
  return Number((text ?? '').replaceAll(/[^\d.-]/g, '') || Number.NaN);
}

export const figureOn = (page: Page, name: string): Promise<number> => numberOn(page, `[data-figure="${name}"]`);
export const stationOn = (page: Page, key: string): Promise<number> =>
  numberOn(page, `svg.loop:visible [data-station="${key}"]`);

const AXE = path.join(path.dirname(createRequire(import.meta.url).resolve('axe-core/package.json')), 'axe.min.js');

/** Ids of the rules that axe finds broken, with the first element of each. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // Evaluated by the debugger, to which the page's policy does not apply.
  await page.evaluate(fs.readFileSync(AXE, 'utf8'));
  const found: unknown = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html.slice(0, 200) + ' ' + failureSummary).slice(0, 3).join(' | ')))`,
  );
  return Array.isArray(found) ? found.map(String) : ['axe gave no answer'];
}
