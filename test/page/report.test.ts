import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeYear } from '../support/year-home.ts';
import { accessibilityProblems, figureOn, stationOn, useChromium } from './chromium.ts';
import { bucketIn, HOSTILE, put, putHostile, tempFolder, worldIn, writePage } from './homes.ts';

const chromium = useChromium();
const NOW = new Date('2026-11-20T10:00:00Z');

const PHONE = { viewport: { width: 390, height: 844 } };
const VIEWS = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['phone', PHONE],
  ['phone, dark', { ...PHONE, colorScheme: 'dark' }],
  ['Chinese', { locale: 'zh-CN' }],
] as const;

/** One home per group, removed at its end. */
function ownFolder(): { folder: string } {
  const own = { folder: '' };
  beforeAll(() => {
    own.folder = tempFolder();
  });
  afterAll(() => fs.rmSync(own.folder, { recursive: true, force: true }));
  return own;
}

describe('an empty home', () => {
  const own = ownFolder();

  test('says what to do next, in a page that is quiet and accessible', async () => {
    const file = writePage(worldIn(own.folder), own.folder);
    for (const [name, options] of VIEWS) {
      const { page, noise } = await chromium.open(file, options);
      expect([name, await page.locator('.steps li').count()]).toEqual([name, 5]);
      expect(await page.locator('.steps').textContent()).toContain('codex-self-evolution-plugin install');
      expect([name, ...(await accessibilityProblems(page))]).toEqual([name]);
      expect([name, ...noise]).toEqual([name]);
    }
  });

  test('counts nothing at every station', async () => {
    const { page } = await chromium.open(writePage(worldIn(own.folder), own.folder));
    for (const key of ['stop', 'queue', 'review', 'pending', 'compile', 'generation', 'knowledge', 'next']) {
      expect([key, (await stationOn(page, key)) || 0]).toEqual([key, 0]);
    }
  });

  test('a bucket that has learned nothing yet is not told to install', async () => {
    const folder = path.join(own.folder, 'quiet');
    const world = worldIn(folder);
    bucketIn(world, folder, 'repo');
    const { page } = await chromium.open(writePage(world, folder));
    expect(await page.locator('.steps li').count()).toBe(4);
    expect(await page.locator('.steps').textContent()).not.toContain('plugin install');
  });
});

describe('hostile content', () => {
  const own = ownFolder();

  test('is text and nothing else, in every field', async () => {
    const world = worldIn(own.folder, NOW);
    const giant = `${HOSTILE.repeat(20)}${'x'.repeat(1_000_000)}`;
    for (const name of ['one', 'two']) putHostile(bucketIn(world, own.folder, name), giant);
    const file = writePage(world, own.folder);
    expect(fs.statSync(file).size).toBeLessThan(1_000_000);
    for (const options of [{}, { locale: 'zh-CN' }, PHONE]) {
      const { page, noise } = await chromium.open(file, options);
      // Whatever is made only on request is made now.
      await page.evaluate(`for (const details of document.querySelectorAll('details')) details.open = true`);
      const unfolded = await page.evaluate(`(() => {
        const buttons = [...document.querySelectorAll('main .prose ~ button.link, main button.more')];
        for (const button of buttons) button.click();
        return buttons.length;
      })()`);
      expect(unfolded).toBeGreaterThan(4);
      await page.locator('#search').fill('<script>alert');
      expect(await page.locator('#recall li.record').count()).toBe(4);
      await page.locator('#search').fill(')[+*?');
      expect(noise).toEqual([]);
      expect(
        await page.evaluate(`document.querySelectorAll('#page script, #page img, #page style, #page iframe').length`),
      ).toBe(0);
      expect(
        await page.evaluate(
          `[...document.querySelectorAll('#page a')].every((a) => (a.getAttribute('href') ?? '').startsWith('#'))`,
        ),
      ).toBe(true);
      const shown = await page.locator('#page').textContent();
      expect(shown).toContain('<script>alert(1)</script>');
      expect(shown).toContain('‹U+202E›');
      expect(shown).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
    }
  });

  test('leaves the page accessible', async () => {
    const world = worldIn(own.folder, NOW);
    const { page } = await chromium.open(writePage(world, own.folder));
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  test('nothing of it stands in the file as markup', () => {
    const text = fs.readFileSync(path.join(own.folder, 'report.html'), 'utf8');
    expect(text.match(/<script/g)).toHaveLength(2);
    expect(text.match(/<\/script>/g)).toHaveLength(2);
    expect(text).not.toContain('<img');
    expect(text).not.toContain('\u2028');
  });

  test('a secret that slipped into the store does not reach the page', async () => {
    const folder = path.join(own.folder, 'leak');
    const world = worldIn(folder, NOW);
    const key = `ghp_${'a1B2c3D4e5'.repeat(3)}F6g7H8`;
    const bucket = bucketIn(world, folder, 'repo');
    put(bucket, 'recall/index.json', {
      records: [{ id: 'bbbbbbbbbbbb', summary: 'How to log in', content: `Use the token ${key} for it.` }],
    });
    const { page } = await chromium.open(writePage(world, folder));
    expect(await page.locator('li.record').textContent()).toContain('[redacted:');
    expect(fs.readFileSync(path.join(folder, 'report.html'), 'utf8')).not.toContain(key);
    // The run ends with a search of every home for secrets (leak-guard.ts): this one the test itself has put there.
    fs.rmSync(path.join(bucket.layout.stateDir, 'recall', 'index.json'));
  });
});

describe('a year of data', () => {
  const own = ownFolder();
  let file = '';

  beforeAll(async () => {
    const { folder } = own;
    const year = { folder, repository: 'atlas', days: 365, records: 10_000, recordDays: 30, until: NOW };
    const { world, bucket } = await writeYear(year);
    await writeYear({ folder, repository: 'paper-boat', days: 12, records: 40, until: NOW });
    put(bucket, 'review/queue/s.t.json', '{}');
    put(bucket, 'suggestions/pending/p1.json', '{}');
    put(bucket, 'sessions/failing.review.json', {
      schema_version: 1,
      session_id: 'failing',
      cursor: null,
      chains: [],
      outbox: null,
      attempts: 2,
      next_attempt_at: null,
      last_error: 'no answer',
    });
    fs.writeFileSync(path.join(world.home, 'budget-history.jsonl'), '{"day":"2026-11-18","calls":5,"tokens":1000}\n');
    fs.writeFileSync(
      path.join(world.home, 'budget.json'),
      JSON.stringify({ schema_version: 1, day: '2026-11-20', calls: 37, tokens: 412_800 }),
    );
    file = writePage({ ...world, clock: { now: () => NOW } }, folder);
  });

  test('is counted on the page as it lies in the files', async () => {
    const { page, noise } = await chromium.open(file);
    const buckets = bucketsOf(path.join(own.folder, 'home'));
    const total = (count: (bucket: string) => number): number =>
      buckets.reduce((sum, bucket) => sum + count(bucket), 0);
    const expected = {
      generations: total((bucket) => generationNumbers(bucket).size),
      recall: total((bucket) => listIn(json(bucket, 'recall/index.json'), 'records').length),
      'user-notes': total((bucket) => listIn(json(bucket, 'memory/memory.json'), 'user').length),
      'global-notes': total((bucket) => listIn(json(bucket, 'memory/memory.json'), 'global').length),
      skills: total((bucket) => listIn(json(bucket, 'skills/manifest.json'), 'skills').length),
      'sessions-given': total((bucket) => names(bucket, 'sessions', '.injected.json')),
      'records-given': total((bucket) => logged(bucket).reduce((sum, ids) => sum + ids.length, 0)),
      'in-vain': total((bucket) => logged(bucket).filter((ids) => ids.length === 0).length),
      discards: total(discardsOf),
      'today-calls': 37,
      'today-tokens': 412_800,
    };
    for (const [name, count] of Object.entries(expected))
      expect([name, await figureOn(page, name)]).toEqual([name, count]);
    expect(expected.recall).toBe(10_040);
    expect(expected.generations).toBe(377);
    const stations = {
      stop: total((bucket) => names(bucket, 'sessions', '.review.json')),
      queue: total((bucket) => names(bucket, 'review/queue', '.json')),
      review: 37,
      pending: total(
        (bucket) => names(bucket, 'suggestions/pending', '.json') + names(bucket, 'suggestions/processing', '.json'),
      ),
      compile: total(
        (bucket) => names(bucket, 'suggestions/done', '.json') + names(bucket, 'suggestions/discarded', '.json'),
      ),
      generation: expected.generations,
      knowledge: expected.recall + expected['user-notes'] + expected['global-notes'] + expected.skills,
      next: expected['sessions-given'],
    };
    for (const [key, count] of Object.entries(stations))
      expect([key, await stationOn(page, key)]).toEqual([key, count]);
    expect(noise).toEqual([]);
  });

  test('is shown for one repository alone, and for all again', async () => {
    const { page, noise } = await chromium.open(file);
    await page.locator('#repository').selectOption({ label: 'paper-boat' });
    expect(await page.locator('h1').textContent()).toBe('paper-boat');
    expect(await figureOn(page, 'recall')).toBe(40);
    expect(await stationOn(page, 'generation')).toBe(12);
    expect(await page.locator('#repositories').count()).toBe(0);
    await page.locator('#repository').selectOption({ index: 0 });
    await page.getByRole('button', { name: 'atlas' }).click();
    expect(await figureOn(page, 'recall')).toBe(10_000);
    expect(await page.evaluate('document.activeElement.id')).toBe('top');
    expect(noise).toEqual([]);
  });

  test('is found by words, paths and ids, with the words marked', async () => {
    const { page, noise } = await chromium.open(file);
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.id')).toBe('search');
    await page.keyboard.type('-9876. FAIL');
    await expect.poll(() => page.locator('li.record').count()).toBe(1);
    expect(await page.locator('li.record mark').first().textContent()).toBe('fail');
    expect(await page.locator('[data-results]').textContent()).toBe('1 of 10,040 records');
    await page.locator('#search').fill('no such word anywhere');
    expect(await page.locator('li.record').count()).toBe(0);
    await page.locator('#search').fill('');
    expect(await page.locator('li.record').count()).toBe(20);
    await page.locator('#recall button.more').click();
    expect(await page.locator('li.record').count()).toBe(40);
    await page.getByRole('radio', { name: 'Most used' }).check();
    expect(await page.locator('li.record').first().textContent()).toMatch(/used \d+ times?/);
    expect(noise).toEqual([]);
  });

  test('tells what a promotion changed, from which session and through which backend', async () => {
    const { page } = await chromium.open(file);
    const first = page.locator('li.generation').first();
    expect(await first.locator('.number').textContent()).toBe('365');
    expect(await first.textContent()).toContain('by script');
    expect(await first.textContent()).toContain('0199c24a…0364');
    expect(await first.locator('.changes li').count()).toBeGreaterThan(0);
    const shown = await page.locator('li.generation').count();
    await page.locator('#changes button.more').click();
    expect(await page.locator('li.generation').count()).toBe(shown * 2);
  });

  test('tells what each day cost', async () => {
    const { page } = await chromium.open(file);
    const charts = page.locator('#cost figure');
    expect(await charts.locator('svg').first().getAttribute('aria-label')).toBe('Calls per day: peak 37, 20 Nov 2026');
    await charts.first().locator('summary').click();
    expect(await charts.first().locator('tbody tr').allTextContents()).toEqual(['20 Nov 202637', '18 Nov 20265']);
  });

  test('marks trouble where it is', async () => {
    const { page } = await chromium.open(file);
    expect(await page.locator('svg.loop:visible .troubled').count()).toBe(1);
    expect(await page.locator('.attention').textContent()).toBe('1 thing needs a look');
    expect(await page.locator('#trouble').textContent()).toContain('no answer');
  });

  test('is accessible and quiet in light, in dark, on a phone and in Chinese', async () => {
    for (const [name, options] of VIEWS) {
      const { page, noise } = await chromium.open(file, options);
      expect([name, ...(await accessibilityProblems(page))]).toEqual([name]);
      await page.evaluate(`for (const details of document.querySelectorAll('details')) details.open = true`);
      expect([name, ...(await accessibilityProblems(page))]).toEqual([name]);
      expect([name, await page.evaluate('document.documentElement.scrollWidth <= innerWidth')]).toEqual([name, true]);
      expect([name, ...noise]).toEqual([name]);
    }
  });

  test('speaks the language of the browser, and the other on request', async () => {
    const { page } = await chromium.open(file, { locale: 'zh-CN' });
    expect(await page.evaluate('document.documentElement.lang')).toBe('zh-Hans');
    const chinese = await page.locator('#loop').textContent();
    expect(chinese).toContain('队列');
    expect(chinese).not.toMatch(/Queue|Pending|reviewed/);
    await page.getByRole('button', { name: 'EN' }).click();
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
    expect(await page.locator('#loop').textContent()).toContain('Queue');
    expect(await page.evaluate('document.activeElement.dataset.language')).toBe('en');
  });

  test('follows the system between light and dark, until the reader chooses', async () => {
    const { page } = await chromium.open(file, { colorScheme: 'dark' });
    const paper = (): Promise<unknown> => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const dark = await paper();
    await page.locator('button.theme').click();
    expect(await paper()).not.toBe(dark);
    expect(await page.locator('button.theme').getAttribute('aria-pressed')).toBe('false');
    await page.reload();
    expect(await paper()).not.toBe(dark);
  });

  test('can be walked through with the keyboard', async () => {
    const { page } = await chromium.open(file);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    expect(await page.evaluate('document.activeElement.getBoundingClientRect().top >= 0')).toBe(true);
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    const ring = `getComputedStyle(document.activeElement.querySelector('.dot') ?? document.activeElement)`;
    expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true);
    expect(await page.evaluate(`${ring}.strokeWidth === '6px' || ${ring}.outlineStyle !== 'none'`)).toBe(true);
  });

  test('stands still for those who asked for that', async () => {
    const still = await chromium.open(file, { reducedMotion: 'reduce' });
    expect(await still.page.locator('animateMotion').count()).toBe(0);
    const moving = await chromium.open(file, { reducedMotion: 'no-preference' });
    expect(await moving.page.locator('animateMotion').count()).toBe(2);
  });

  test('prints without what only a screen can use', async () => {
    const { page } = await chromium.open(file);
    await page.emulateMedia({ media: 'print' });
    for (const part of ['nav', '.controls', '.search', 'button.more'])
      expect([part, await page.locator(part).first().isVisible()]).toEqual([part, false]);
    expect(await page.locator('h2').first().isVisible()).toBe(true);
  });
});

// The home as files, without any reader of the program.

const bucketsOf = (home: string): string[] =>
  fs.readdirSync(path.join(home, 'projects')).map((name) => path.join(home, 'projects', name));

const names = (bucket: string, folder: string, ending: string): number =>
  fs.existsSync(path.join(bucket, folder))
    ? fs.readdirSync(path.join(bucket, folder)).filter((name) => name.endsWith(ending)).length
    : 0;

const json = (bucket: string, file: string): unknown =>
  fs.existsSync(path.join(bucket, file)) ? JSON.parse(fs.readFileSync(path.join(bucket, file), 'utf8')) : {};

function listIn(value: unknown, key: string): unknown[] {
  const list: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return Array.isArray(list) ? list : [];
}

function generationNumbers(bucket: string): Set<number> {
  const found = ['generations', 'receipts'].flatMap((folder) =>
    fs.existsSync(path.join(bucket, folder)) ? fs.readdirSync(path.join(bucket, folder)) : [],
  );
  return new Set(found.map((name) => Number.parseInt(name, 10)).filter((number) => number > 0));
}

function discardsOf(bucket: string): number {
  return [...generationNumbers(bucket)].reduce((sum, number) => {
    const kept = path.join(bucket, 'generations', String(number), 'generation.json');
    const facts: unknown = JSON.parse(
      fs.readFileSync(fs.existsSync(kept) ? kept : path.join(bucket, 'receipts', `${number}.json`), 'utf8'),
    );
    const receipt: unknown = typeof facts === 'object' && facts !== null ? Reflect.get(facts, 'receipt') : {};
    return (
      sum +
      listIn(receipt, 'item_receipts').filter(
        (item) => typeof item === 'object' && item !== null && Reflect.get(item, 'outcome') === 'discarded',
      ).length
    );
  }, 0);
}

const logged = (bucket: string): unknown[][] =>
  ['usage.jsonl.1', 'usage.jsonl']
    .map((name) => path.join(bucket, name))
    .filter((name) => fs.existsSync(name))
    .flatMap((name) => fs.readFileSync(name, 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => listIn(JSON.parse(line), 'ids'));
