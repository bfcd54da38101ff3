import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageAssets } from '../../scripts/page-assets.mjs';
import { useChromium } from './chromium.ts';
import { bucketIn, put, tempFolder, worldIn } from './homes.ts';

const chromium = useChromium();
const folder = tempFolder();
const program = path.join(folder, 'program', 'csep.js');

beforeAll(async () => {
  const bundle = await rolldown({
    input: path.join(import.meta.dirname, '..', '..', 'src', 'csep.ts'),
    platform: 'node',
    external: [/^node:/],
    plugins: [pageAssets],
  });
  await bundle.write({ dir: path.dirname(program), format: 'cjs', entryFileNames: 'csep.js' });
  const bucket = bucketIn(worldIn(folder), folder, 'repo');
  put(bucket, 'recall/index.json', { records: [{ id: 'aaaaaaaaaaaa', summary: 'Redis port', content: '6380' }] });
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }));

function csep(
  args: string[],
  more: Record<string, string> = {},
): { status: number | null; stdout: string; stderr: string } {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    CODEX_SELF_EVOLUTION_HOME: path.join(folder, 'home'),
    ...more,
  };
  return spawnSync(process.execPath, [program, 'report', ...args], { cwd: folder, env, encoding: 'utf8' });
}

const answerOf = (stdout: string): Record<string, unknown> => JSON.parse(stdout);

test('the built program writes a page that works, for its owner alone', async () => {
  const done = csep([]);
  expect([done.status, done.stderr]).toEqual([0, '']);
  const file = path.join(folder, 'home', 'report.html');
  expect(answerOf(done.stdout)).toMatchObject({ path: file, buckets: 1, recall: 1, notes: 0, opened: null });
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  expect(answerOf(done.stdout)['bytes']).toBe(fs.statSync(file).size);
  const { page, noise } = await chromium.open(file);
  expect(await page.locator('li.record').textContent()).toContain('Redis port');
  expect(noise).toEqual([]);
});

test('it writes where it is told, in the language that it is told', () => {
  const done = csep(['--out', 'sub/page.html', '--lang', 'zh']);
  expect(answerOf(done.stdout)['path']).toBe(path.join(folder, 'sub', 'page.html'));
  expect(fs.readFileSync(path.join(folder, 'sub', 'page.html'), 'utf8')).toContain('<html lang="zh-Hans">');
});

test('--cwd shows one repository, --all the others as well', () => {
  bucketIn(worldIn(folder), folder, 'other');
  expect(answerOf(csep(['--cwd', 'repo']).stdout)).toMatchObject({ buckets: 1, recall: 1 });
  expect(answerOf(csep(['--cwd', 'repo', '--all']).stdout)).toMatchObject({ buckets: 2 });
});

test('what cannot be shown is wrong usage, and nothing is written', () => {
  for (const args of [['--lang', 'de'], ['--cwd', '.'], ['--nonsense']]) {
    const done = csep([...args, '--out', 'never.html']);
    expect([args, done.status]).toEqual([args, 2]);
  }
  expect(fs.existsSync(path.join(folder, 'never.html'))).toBe(false);
});

test('--open hands the file to the system and does not wait', async () => {
  const bin = path.join(folder, 'bin');
  const opened = path.join(folder, 'opened');
  fs.mkdirSync(bin);
  const script = `#!/bin/sh\nprintf '%s\\n' "$#" "$1" > '${opened}.new' && mv '${opened}.new' '${opened}'\n`;
  // One per system: which of them is asked is the program's business.
  for (const opener of ['xdg-open', 'open']) fs.writeFileSync(path.join(bin, opener), script, { mode: 0o755 });
  const done = csep(['--open', '--out', "a page's file.html"], { PATH: `${bin}:/usr/bin:/bin` });
  expect(answerOf(done.stdout)['opened']).toBe(true);
  await expect.poll(() => fs.existsSync(opened), { timeout: 30_000 }).toBe(true);
  expect(fs.readFileSync(opened, 'utf8')).toBe(`1\n${path.join(folder, "a page's file.html")}\n`);
});

test('where nothing opens pages it says so, and the page is there', () => {
  const empty = path.join(folder, 'empty');
  fs.mkdirSync(empty);
  const done = csep(['--open', '--out', 'unopened.html'], { PATH: empty });
  expect([done.status, answerOf(done.stdout)['opened']]).toEqual([0, false]);
  expect(fs.existsSync(path.join(folder, 'unopened.html'))).toBe(true);
});

test('a link in the place of the page is not written through', () => {
  const victim = path.join(folder, 'victim');
  fs.writeFileSync(victim, 'mine');
  fs.symlinkSync(victim, path.join(folder, 'linked.html'));
  expect(csep(['--out', 'linked.html']).status).toBe(1);
  expect(fs.readFileSync(victim, 'utf8')).toBe('mine');
});
