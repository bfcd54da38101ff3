import fs from 'node:fs';
import { createRequire } from 'node:module';
import Module from 'node:module';
import path from 'node:path';
import vm from 'node:vm';

/** Where the programs lie and where what V8 made of them may be kept. */
export interface CodeCachePlace {
  /** Folder of the bundle; other files load as ever. */
  programs: string;
  /** Our home: nothing is kept before it exists. */
  home: string;
}

interface Loaded {
  script: vm.Script;
  file: string;
}

const OTHERS_MAY_WRITE = 0o022;
const UNUSED_MS = 30 * 24 * 3_600_000;

/**
 * Lets the bundle's `.cjs` files load from V8's code cache: compiling them is a third of what a hook
 * costs, and it compiles the same bytes each time. The first run of a version pays for the cache as it
 * ends. (Node has such a cache from 22.1 on; this one is for 20, too, and stays in our home.)
 * Whatever is wrong with a cache, the file is compiled as ever.
 */
export function useCodeCache({ programs, home }: CodeCachePlace): void {
  const { extensions } = createRequire(path.join(programs, 'code-cache.cjs'));
  const usual = extensions['.js'];
  const folder = path.join(home, 'cache', `code-${process.version}-${process.arch}`);
  const made: Loaded[] = [];
  extensions['.cjs'] = (module, filename) => {
    if (!filename.startsWith(programs)) return usual?.(module, filename);
    const { size, mtimeMs } = fs.statSync(filename);
    const file = path.join(folder, `${path.basename(filename)}-${size}-${Math.round(mtimeMs)}`);
    const cachedData = readCache(file);
    const source = Module.wrap(fs.readFileSync(filename, 'utf8'));
    const script = new vm.Script(source, { filename, ...(cachedData ? { cachedData } : {}) });
    if (!cachedData || script.cachedDataRejected) made.push({ script, file });
    const run: unknown = script.runInThisContext();
    if (typeof run !== 'function') return usual?.(module, filename);
    const load = (id: string): unknown => module.require(id);
    run.call(module.exports, module.exports, load, module, filename, path.dirname(filename));
  };
  // Only now: functions that have run are in the cache, too.
  process.on('exit', () => keep(made, { folder, home }));
}

/** A cache is code: one that somebody else could have written is none. */
function readCache(file: string): Buffer | undefined {
  try {
    const { uid, mode } = fs.lstatSync(file);
    const ours = process.getuid === undefined || uid === process.getuid();
    const regular = (mode & fs.constants.S_IFMT) === fs.constants.S_IFREG;
    return ours && regular && (mode & OTHERS_MAY_WRITE) === 0 ? undamaged(fs.readFileSync(file)) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * V8 checks the head of a cache only and crashes on a damaged body, in every hook from then on. So a cache
 * is kept twice in its file, and the halves are compared: a hundred times quicker than any checksum here.
 */
function undamaged(bytes: Buffer): Buffer | undefined {
  const half = bytes.subarray(0, bytes.length / 2);
  return half.equals(bytes.subarray(half.length)) ? half : undefined;
}

function keep(made: readonly Loaded[], { folder, home }: { folder: string; home: string }): void {
  if (made.length === 0 || !fs.existsSync(home)) return;
  try {
    makeFolders(folder);
    for (const { script, file } of made) {
      const aside = `${file}.${process.pid}.tmp`;
      const once = script.createCachedData();
      // Flushed: V8 believes a cache of the right length, and a power cut may leave one of zeros.
      fs.writeFileSync(aside, Buffer.concat([once, once]), { flag: 'wx', mode: 0o600, flush: true });
      fs.renameSync(aside, file);
    }
    sweep(folder);
  } catch {
    // The next run is as slow as this one was, and nothing else.
  }
}

/** @throws when one of them is a link: it would lead out of the home */
function makeFolders(folder: string): void {
  for (const each of [path.dirname(folder), folder]) {
    fs.mkdirSync(each, { recursive: true, mode: 0o700 });
    if (!fs.lstatSync(each).isDirectory()) throw new Error(`${each} is no folder`);
  }
}

/** What older versions left. */
function sweep(folder: string): void {
  const root = path.dirname(folder);
  for (const file of fs.readdirSync(root).flatMap((name) => filesIn(path.join(root, name)))) {
    const { atimeMs, mtimeMs } = fs.lstatSync(file);
    if (Date.now() - Math.max(atimeMs, mtimeMs) > UNUSED_MS) fs.unlinkSync(file);
  }
}

const filesIn = (folder: string): string[] => fs.readdirSync(folder).map((name) => path.join(folder, name));
