import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

/** A bin with one chunk, as the bundler makes them: its first line starts the cache. */
let root = '';
let programs = '';
let home = '';

beforeAll(async () => {
  root = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'csep-code-cache-'));
  programs = path.join(root, 'dist');
  const bundle = await rolldown({ input: 'src/code-cache.ts', platform: 'node', external: [/^node:/] });
  await bundle.write({ dir: programs, format: 'cjs', entryFileNames: 'code-cache.cjs' });
  await bundle.close();
  fs.writeFileSync(
    path.join(programs, 'bin.cjs'),
    'require = require("./code-cache.cjs").requireChunk; console.log(require("./chunk.cjs").said, require("../outside.cjs").said);',
  );
  fs.writeFileSync(path.join(root, 'outside.cjs'), 'exports.said = __filename.length > 0;');
});

beforeEach(() => {
  home = fs.mkdtempSync(path.join(root, 'home-'));
  writeChunk('one');
});

afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const chunk = (): string => path.join(programs, 'chunk.cjs');
/** A chunk as the build makes them. */
const functionAround = (code: string): string => `(function(exports,require,module,__filename,__dirname){${code}\n})`;
const writeChunk = (word: string): void =>
  fs.writeFileSync(chunk(), functionAround(`const say = () => "${word}"; exports.said = say();`));
const run = (command = 'recall', env: Record<string, string> = {}): string =>
  execFileSync(process.execPath, [path.join(programs, 'bin.cjs'), command], {
    env: { ...process.env, CODEX_SELF_EVOLUTION_HOME: home, ...env },
    encoding: 'utf8',
  }).trim();

/** Files of the cache with their bytes and times. */
function kept(): { file: string; mtimeMs: number; mode: number }[] {
  const folder = path.join(home, 'cache', `code-${process.version}-${process.arch}`);
  return fs.readdirSync(folder).map((name) => {
    const file = path.join(folder, name);
    const { mtimeMs, mode } = fs.statSync(file);
    return { file, mtimeMs, mode: mode & 0o777 };
  });
}
const only = () => {
  const [first, ...others] = kept();
  if (!first || others.length > 0) throw new Error('not one file');
  return first;
};

test('the second run takes what the first one kept, for our own chunks only, in files that only the user reads', () => {
  expect(run()).toBe('one true');
  const first = only();
  expect(path.basename(first.file)).toMatch(/^recall-chunk\.cjs-/);
  expect(first.mode).toBe(0o600);
  expect(run()).toBe('one true');
  expect(only()).toEqual(first);
});

test('each call keeps the functions that it runs', () => {
  run('recall');
  run('stop-review');
  expect(kept().map(({ file }) => path.basename(file).split('.')[0])).toEqual(['recall-chunk', 'stop-review-chunk']);
});

test('chunks that ask for one another are loaded once, each with what it is in a folder of its own', () => {
  fs.mkdirSync(path.join(programs, 'parts'), { recursive: true });
  const part = (name: string, code: string): void =>
    fs.writeFileSync(path.join(programs, 'parts', name), functionAround(code));
  part('a.cjs', 'exports.name = "a"; exports.other = require("./b.cjs"); exports.file = [__filename, __dirname];');
  part(
    'b.cjs',
    'exports.times = (exports.times ?? 0) + 1; exports.first = require("./a.cjs").name; exports.node = !!require("node:fs").statSync;',
  );
  fs.writeFileSync(
    chunk(),
    functionAround(
      'const a = require("./parts/a.cjs"); require("./parts/b.cjs"); exports.said = JSON.stringify([a.other, a.file]);',
    ),
  );
  const parts = path.join(programs, 'parts');
  const said = `${JSON.stringify([{ times: 1, first: 'a', node: true }, [path.join(parts, 'a.cjs'), parts]])} true`;
  expect([run(), run()]).toEqual([said, said]);
  expect(kept()).toHaveLength(3);
});

test('the cache of a call that let V8 optimize after all is good for the next one', () => {
  const optimize = `process.noDeprecation = true; process.binding('v8').setFlagsFromString('--opt');`;
  fs.writeFileSync(chunk(), functionAround(`${optimize} exports.said = "slow";`));
  expect(run()).toBe('slow true');
  const first = only();
  expect(run()).toBe('slow true');
  expect(only()).toEqual(first);
});

test('a chunk that cannot be loaded is missing each time that it is asked for', () => {
  const ask = 'const ask = () => { try { require("./missing.cjs"); return "there"; } catch { return "missing"; } };';
  fs.writeFileSync(chunk(), functionAround(`${ask} exports.said = [ask(), ask()].join();`));
  expect(run()).toBe('missing,missing true');
});

test('a program that was changed without growing is not answered by the old cache', () => {
  run();
  writeChunk('two');
  fs.utimesSync(chunk(), new Date(), new Date(Date.now() + 5_000));
  expect(run()).toBe('two true');
});

function spoilFrom(file: string, at: number): void {
  fs.writeFileSync(file, fs.readFileSync(file).fill(0, at));
}

function spoilOneBit(file: string): void {
  const bytes = fs.readFileSync(file);
  const at = Math.floor(bytes.length / 3);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  fs.writeFileSync(file, bytes);
}

test.each([
  ['cut off', (file: string) => fs.truncateSync(file, 10)],
  ['no cache at all', (file: string) => fs.writeFileSync(file, 'nonsense '.repeat(100))],
  ['zeros behind its head', (file: string) => spoilFrom(file, 64)],
  ['zeros in its second half', (file: string) => spoilFrom(file, fs.statSync(file).size / 2)],
  ['empty', (file: string) => fs.truncateSync(file)],
  ['spoiled in one bit', (file: string) => spoilOneBit(file)],
])('a cache that is %s is compiled anew and replaced', (_, spoil) => {
  run();
  const good = fs.readFileSync(only().file);
  spoil(only().file);
  expect(run()).toBe('one true');
  expect(fs.readFileSync(only().file).length).toBe(good.length);
});

test('a cache that others may write, or that is a link, is not read', () => {
  run();
  const { file } = only();
  const elsewhere = path.join(home, 'elsewhere');
  fs.renameSync(file, elsewhere);
  fs.symlinkSync(elsewhere, file);
  expect(run()).toBe('one true');
  expect(fs.lstatSync(file).isSymbolicLink()).toBe(false);
  fs.chmodSync(file, 0o666);
  expect(run()).toBe('one true');
  expect(only().mode).toBe(0o600);
});

test('a cache folder that is a link is not followed, and the program works', () => {
  const elsewhere = path.join(root, 'elsewhere');
  fs.mkdirSync(elsewhere);
  fs.symlinkSync(elsewhere, path.join(home, 'cache'));
  expect(run()).toBe('one true');
  expect(fs.readdirSync(elsewhere)).toEqual([]);
});

test('commands that nobody waits for keep nothing, and a home that is not there is not made', () => {
  run('status');
  expect(fs.existsSync(path.join(home, 'cache'))).toBe(false);
  const missing = path.join(home, 'missing');
  expect(run('recall', { CODEX_SELF_EVOLUTION_HOME: missing })).toBe('one true');
  expect(fs.existsSync(missing)).toBe(false);
});
