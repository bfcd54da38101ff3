import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';

/** Where the programs lie and where what V8 made of them may be kept. */
export interface CodeCachePlace {
  /** Folder of the bundle; other files load as ever. */
  programs: string;
  /** Our home: nothing is kept before it exists. */
  home: string;
  /** What is called: each call runs other functions of the same files. */
  call: string;
  /** `require.extensions` of Node's loader. */
  extensions: NodeJS.RequireExtensions;
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
export function useCodeCache({ programs, home, call, extensions }: CodeCachePlace): void {
  const usual = extensions['.js'];
  const folder = path.join(home, 'cache', `code-${process.version}-${process.arch}`);
  const made: Loaded[] = [];
  const compiled = (filename: string): unknown => {
    const { size, mtimeMs } = fs.statSync(filename);
    const file = path.join(folder, `${call}-${path.basename(filename)}-${size}-${Math.round(mtimeMs)}`);
    const cachedData = readCache(file);
    const script = new vm.Script(wrapped(fs.readFileSync(filename, 'utf8')), {
      filename,
      ...(cachedData ? { cachedData } : {}),
    });
    if (!cachedData || script.cachedDataRejected) made.push({ script, file });
    return script.runInThisContext();
  };
  const known: Chunks['known'] = new Map();
  extensions['.cjs'] = (module, filename) => {
    if (filename.startsWith(programs)) loadChunk(module, filename, { programs, compiled, known });
    else usual?.(module, filename);
  };
  // Only now: functions that have run are in the cache, too.
  process.on('exit', () => keep(made, { folder, home }));
}

/** As Node wraps a module; on the first line, so that lines keep their numbers. */
const wrapped = (source: string): string =>
  `(function (exports, require, module, __filename, __dirname) { ${source}\n})`;

interface Chunks {
  programs: string;
  /** The function around a file's code. */
  compiled: (filename: string) => unknown;
  /** Chunks by file name, from the moment in which they begin: they may ask for one another. */
  known: Map<string, { exports: unknown }>;
}

/**
 * Runs a chunk and, when it asks for them, its neighbours: their names are the names of files, so nothing needs to be
 * looked for. Everything else is Node's to load.
 */
function loadChunk(module: NodeJS.Module, filename: string, { programs, compiled, known }: Chunks): void {
  const load = (file: string, own: { exports: unknown }): unknown => {
    const before = known.get(file);
    if (before) return before.exports;
    known.set(file, own);
    const code = compiled(file);
    const folder = path.dirname(file);
    const required = (id: string): unknown => {
      const next = id.startsWith('.') && id.endsWith('.cjs') ? path.join(folder, id) : '';
      return next.startsWith(programs) ? load(next, { exports: {} }) : module.require(id);
    };
    if (typeof code === 'function') code.call(own.exports, own.exports, required, own, file, folder);
    return own.exports;
  };
  module.exports = load(filename, module);
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
