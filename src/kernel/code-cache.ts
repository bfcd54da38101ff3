import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { crc32 } from './crc32.ts';
import { restoreShortLife } from './short-life.ts';

export interface ChunkPlace {
  /** Folder of the bundle; other files are Node's to load. */
  programs: string;
  /** Where what V8 made of the chunks is kept; undefined: nowhere. */
  cache: CodeCachePlace | undefined;
}

interface CodeCachePlace {
  /** Our home: nothing is kept before it exists. */
  home: string;
  /** What is called: each call runs other functions of the same files. */
  call: string;
}

type Require = (id: string) => unknown;

interface Loaded {
  script: vm.Script;
  file: string;
}

const OTHERS_MAY_WRITE = 0o022;
const UNUSED_MS = 30 * 24 * 3_600_000;
/** Behind V8's bytes in a file of the cache: their CRC-32. */
const CHECK_BYTES = 4;

/**
 * `require` for a bin: chunks of the bundle (`./…cjs`: each a function expression, in ASCII) are loaded here, all else by
 * `usual`. Their names are the names of files, so nothing is looked for: Node's own way to a file costs a third of a
 * millisecond each. Chunks may ask for one another.
 *
 * They come from V8's code cache where there is one: compiling them is a third of what a hook costs, and it
 * compiles the same bytes each time. The first run of a version pays for the cache as it ends. (Node has such a cache from
 * 22.1 on; this one is for 20, too, and stays in our home.) Whatever is wrong with a cache, the file is compiled as ever.
 */
export function chunkLoader(usual: Require, { programs, cache }: ChunkPlace): Require {
  const compiled = cache ? compilerWithCache(cache) : (file: string) => compile(file, undefined);
  const known = new Map<string, { exports: unknown }>();
  const load = (file: string): unknown => {
    const before = known.get(file);
    if (before) return before.exports;
    const own = { exports: {} };
    // From the moment in which it begins, as in Node: chunks in a ring find what is there so far.
    known.set(file, own);
    try {
      const code: unknown = compiled(file).runInThisContext();
      const folder = path.dirname(file);
      if (typeof code === 'function') code.call(own.exports, own.exports, requireFrom(folder), own, file, folder);
      return own.exports;
    } catch (error) {
      known.delete(file);
      throw error;
    }
  };
  const requireFrom =
    (folder: string): Require =>
    (id) => {
      const file = id.startsWith('.') && id.endsWith('.cjs') ? path.join(folder, id) : '';
      return file.startsWith(programs) ? load(file) : usual(id);
    };
  return requireFrom(programs);
}

/** Read byte by byte: as UTF-8 a text costs a look at all of it, and with one other letter twice the memory. */
const compile = (filename: string, cachedData: Buffer | undefined): vm.Script =>
  new vm.Script(fs.readFileSync(filename, 'latin1'), { filename, ...(cachedData ? { cachedData } : {}) });

function compilerWithCache({ home, call }: CodeCachePlace): (filename: string) => vm.Script {
  const folder = path.join(home, 'cache', `code-${process.version}-${process.arch}`);
  const made: Loaded[] = [];
  // Only then: functions that have run are in the cache, too.
  process.on('exit', () => keep(made, { folder, home }));
  return (filename) => {
    const { size, mtimeMs } = fs.statSync(filename);
    const file = path.join(folder, `${call}-${path.basename(filename)}-${size}-${Math.round(mtimeMs)}`);
    const cachedData = readCache(file);
    const script = compile(filename, cachedData);
    if (!cachedData || script.cachedDataRejected) made.push({ script, file });
    return script;
  };
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

/** V8 checks the head of a cache only and crashes on a damaged body, in every hook from then on. */
function undamaged(bytes: Buffer): Buffer | undefined {
  const code = bytes.subarray(0, bytes.length - CHECK_BYTES);
  return crc32(code) === bytes.readUInt32LE(code.length) ? code : undefined;
}

function keep(made: readonly Loaded[], { folder, home }: { folder: string; home: string }): void {
  if (made.length === 0 || !fs.existsSync(home)) return;
  try {
    restoreShortLife();
    makeFolders(folder);
    for (const { script, file } of made) {
      const aside = `${file}.${process.pid}.tmp`;
      const code = script.createCachedData();
      const check = Buffer.alloc(CHECK_BYTES);
      check.writeUInt32LE(crc32(code));
      // Flushed: V8 believes a cache of the right length, and a power cut may leave one of zeros.
      fs.writeFileSync(aside, Buffer.concat([code, check]), { flag: 'wx', mode: 0o600, flush: true });
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
