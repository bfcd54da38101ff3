import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import type { PowerJournal } from './fault-journal.ts';

/**
 * A layer between the program and node:fs that knows every call which changes something below one
 * folder, and can die, fail or stop at any of them. It is installed before the program is loaded
 * (graceful-fs copies node:fs when it is loaded) and does nothing until it is armed.
 *
 * Only calls that change something are counted: a mkdir of a folder that is there, an exclusive
 * create that finds its target, an unlink of nothing pass through. Node's recursive mkdir and rm are
 * taken apart, because the system sees them call by call.
 */

export type CallKind =
  | 'open'
  | 'write'
  | 'fsync'
  | 'rename'
  | 'link'
  | 'unlink'
  | 'mkdir'
  | 'rmdir'
  | 'chmod'
  | 'copy'
  | 'truncate'
  | 'utimes'
  | 'symlink';

export interface Call {
  /** From 1, in the order in which the calls were made. */
  number: number;
  kind: CallKind;
  /** What it changes: of two names the new one. */
  path: string;
  from?: string;
  /** Where it was made; only when the session asks for it. */
  stack?: string;
}

/** What happens instead of a call. */
export type Fate =
  | { kind: 'pass' }
  /** Nothing of this call and of all later ones reaches the disk. */
  | { kind: 'die' }
  /** Half of the bytes are written, then as above. Calls that write nothing simply die. */
  | { kind: 'tear' }
  | { kind: 'fail'; code: string }
  /** Runs in front of the call, which is then made: for children that kill or stop themselves. */
  | { kind: 'first'; step: () => void };

export interface Session {
  /** Calls below this folder count; no other is touched. */
  root: string;
  fateOf: (call: Call) => Fate;
  journal?: PowerJournal;
  /** Notes stacks, which takes its time. */
  stacks?: boolean;
  calls: Call[];
  dead: boolean;
}

/** What a dead process's calls throw. Whatever catches it can change nothing any more. */
export class Death extends Error {
  readonly code = 'EDEAD';
}

/** The untouched functions, for tests that look at or lay something. */
export const real = { ...fs };

const state: { session: Session | undefined; waitsForDisk: boolean } = { session: undefined, waitsForDisk: true };
const openFiles = new Map<number, { path: string; append: boolean }>();

const inert: Fate = { kind: 'pass' };

/** From now on calls below `root` are counted and meet their fate. */
export function arm(session: Partial<Session> & { root: string }): Session {
  openFiles.clear();
  state.session = { fateOf: () => inert, calls: [], dead: false, ...session };
  return state.session;
}

export function disarm(): void {
  state.session = undefined;
}

type Step<T> = () => T;

/** Lets a call meet its fate. `torn` is the half of a write. */
function meet<T>(call: Omit<Call, 'number'>, step: Step<T>, torn?: Step<unknown>): T {
  const { session } = state;
  if (!session || !isBelow(session.root, call.path)) return step();
  if (session.dead) throw new Death('the process is dead');
  const numbered: Call = { number: session.calls.length + 1, ...call };
  if (session.stacks) numbered.stack = new Error('here').stack ?? '';
  session.calls.push(numbered);
  const fate = session.fateOf(numbered);
  switch (fate.kind) {
    case 'pass':
      return step();
    case 'first':
      fate.step();
      return step();
    case 'fail':
      throw refusal(fate.code, call);
    case 'tear':
      torn?.();
      break;
    case 'die':
      break;
  }
  session.dead = true;
  throw new Death(`died at call ${numbered.number}: ${call.kind} ${call.path}`);
}

const refusal = (code: string, call: Omit<Call, 'number'>): Error =>
  Object.assign(new Error(`${code}: injected, ${call.kind} '${call.path}'`), {
    code,
    syscall: call.kind,
    path: call.path,
  });

const isBelow = (root: string, file: string): boolean => file === root || file.startsWith(`${root}${path.sep}`);

const isArmed = (file: string): boolean => state.session !== undefined && isBelow(state.session.root, file);

const lies = (file: string): boolean => real.lstatSync(file, { throwIfNoEntry: false }) !== undefined;

const nameOf = (file: fs.PathLike): string => path.resolve(String(file));

const journal = (): PowerJournal | undefined => state.session?.journal;

function writes(flags: fs.OpenMode): boolean {
  if (typeof flags === 'string') return flags !== 'r' && flags !== 'rs';
  return (flags & (fs.constants.O_WRONLY | fs.constants.O_RDWR)) !== 0;
}

function isExclusive(flags: fs.OpenMode): boolean {
  return typeof flags === 'string' ? flags.includes('x') : (flags & fs.constants.O_EXCL) !== 0;
}

const appends = (flags: fs.OpenMode): boolean =>
  typeof flags === 'string' ? flags.startsWith('a') : (flags & fs.constants.O_APPEND) !== 0;

const truncates = (flags: fs.OpenMode): boolean =>
  typeof flags === 'string' ? flags.startsWith('w') : (flags & fs.constants.O_TRUNC) !== 0;

const patched = {
  openSync(file: fs.PathLike, flags: fs.OpenMode = 'r', mode?: fs.Mode): number {
    const name = nameOf(file);
    const step = (): number => {
      const fd = real.openSync(file, flags, mode);
      if (isArmed(name)) openFiles.set(fd, { path: name, append: appends(flags) });
      return fd;
    };
    if (!writes(flags) || (isExclusive(flags) && lies(name))) {
      const fd = step();
      if (isArmed(name)) journal()?.opened(fd, name);
      return fd;
    }
    const fd = meet({ kind: 'open', path: name }, step);
    if (isArmed(name)) journal()?.created(fd, name, truncates(flags));
    return fd;
  },

  closeSync(fd: number): void {
    openFiles.delete(fd);
    journal()?.closed(fd);
    real.closeSync(fd);
  },

  /** `where`: offset, length and position of bytes; position and encoding of a text. */
  writeSync(fd: number, content: string | NodeJS.ArrayBufferView, ...where: unknown[]): number {
    const bytes = bytesOf(content, where);
    const position = typeof content === 'string' ? where[0] : where[2];
    const at = typeof position === 'number' ? position : null;
    const open = openFiles.get(fd);
    if (!open) return real.writeSync(fd, bytes, 0, bytes.length, at);
    const put = (part: Buffer): number => {
      const written = real.writeSync(fd, part, 0, part.length, at);
      journal()?.wrote(fd, part.subarray(0, written), open.append ? 'end' : at);
      return written;
    };
    const half = bytes.subarray(0, Math.floor(bytes.length / 2));
    return meet(
      { kind: 'write', path: open.path },
      () => put(bytes),
      () => half.length > 0 && put(half),
    );
  },

  fsyncSync(fd: number): void {
    const open = openFiles.get(fd);
    const step = (): void => {
      if (state.waitsForDisk) real.fsyncSync(fd);
      journal()?.synced(fd);
    };
    if (open) meet({ kind: 'fsync', path: open.path }, step);
    else step();
  },

  renameSync(from: fs.PathLike, to: fs.PathLike): void {
    const [source, target] = [nameOf(from), nameOf(to)];
    if (!lies(source)) return real.renameSync(from, to);
    meet({ kind: 'rename', path: target, from: source }, () => {
      real.renameSync(from, to);
      journal()?.renamed(source, target);
    });
  },

  linkSync(from: fs.PathLike, to: fs.PathLike): void {
    const [source, target] = [nameOf(from), nameOf(to)];
    if (lies(target) || !lies(source)) return real.linkSync(from, to);
    meet({ kind: 'link', path: target, from: source }, () => {
      real.linkSync(from, to);
      journal()?.linked(source, target);
    });
  },

  unlinkSync(file: fs.PathLike): void {
    const name = nameOf(file);
    if (!lies(name)) return real.unlinkSync(file);
    meet({ kind: 'unlink', path: name }, () => {
      real.unlinkSync(file);
      journal()?.removed(name);
    });
  },

  mkdirSync(folder: fs.PathLike, options?: fs.Mode | fs.MakeDirectoryOptions | null): string | undefined {
    const name = nameOf(folder);
    const recursive = typeof options === 'object' && options?.recursive === true;
    const mode = typeof options === 'object' ? options?.mode : options;
    if (recursive && isArmed(name)) return makeEach(name, mode);
    if (lies(name)) return real.mkdirSync(folder, options);
    return meet({ kind: 'mkdir', path: name }, () => {
      const made = real.mkdirSync(folder, options);
      if (isArmed(name)) journal()?.madeFolder(name);
      return made;
    });
  },

  rmdirSync(folder: fs.PathLike): void {
    const name = nameOf(folder);
    if (!lies(name) || !isEmptyFolder(name)) return real.rmdirSync(folder);
    meet({ kind: 'rmdir', path: name }, () => {
      real.rmdirSync(folder);
      journal()?.removed(name);
    });
  },

  rmSync(file: fs.PathLike, options?: fs.RmOptions): void {
    const name = nameOf(file);
    if (!isArmed(name)) return real.rmSync(file, options);
    const facts = real.lstatSync(name, { throwIfNoEntry: false });
    if (!facts) {
      if (!options?.force) real.rmSync(file, options);
      return;
    }
    if (!facts.isDirectory()) return patched.unlinkSync(name);
    for (const entry of real.readdirSync(name).toSorted()) patched.rmSync(path.join(name, entry), options);
    patched.rmdirSync(name);
  },

  chmodSync(file: fs.PathLike, mode: fs.Mode): void {
    meet({ kind: 'chmod', path: nameOf(file) }, () => real.chmodSync(file, mode));
  },

  copyFileSync(from: fs.PathLike, to: fs.PathLike, mode?: number): void {
    const [source, target] = [nameOf(from), nameOf(to)];
    if (((mode ?? 0) & fs.constants.COPYFILE_EXCL) !== 0 && lies(target)) return real.copyFileSync(from, to, mode);
    meet({ kind: 'copy', path: target, from: source }, () => {
      real.copyFileSync(from, to, mode);
      journal()?.copied(source, target);
    });
  },

  truncateSync(file: fs.PathLike, length?: number | null): void {
    meet({ kind: 'truncate', path: nameOf(file) }, () => {
      real.truncateSync(file, length ?? 0);
      journal()?.truncated(nameOf(file), length ?? 0);
    });
  },

  utimesSync(file: fs.PathLike, accessed: fs.TimeLike, modified: fs.TimeLike): void {
    if (!lies(nameOf(file))) return real.utimesSync(file, accessed, modified);
    meet({ kind: 'utimes', path: nameOf(file) }, () => real.utimesSync(file, accessed, modified));
  },

  symlinkSync(target: fs.PathLike, file: fs.PathLike): void {
    meet({ kind: 'symlink', path: nameOf(file) }, () => real.symlinkSync(target, file));
  },

  writeFileSync(file: fs.PathOrFileDescriptor, content: string | NodeJS.ArrayBufferView, options?: unknown): void {
    if (typeof file === 'number') throw new Error('the fault layer knows writeFileSync by name only');
    if (!isArmed(nameOf(String(file)))) return real.writeFileSync(file, content, writeFileOptions(options));
    const fd = patched.openSync(String(file), writeFileOptions(options).flag ?? 'w');
    try {
      patched.writeSync(fd, content);
    } finally {
      patched.closeSync(fd);
    }
  },

  // What proper-lockfile calls: only the moment of the change matters, so the change is made at once.
  mkdir(folder: fs.PathLike, ...rest: unknown[]): void {
    later(rest, () => patched.mkdirSync(folder));
  },
  rmdir(folder: fs.PathLike, ...rest: unknown[]): void {
    later(rest, () => patched.rmdirSync(folder));
  },
  utimes(file: fs.PathLike, accessed: fs.TimeLike, modified: fs.TimeLike, ...rest: unknown[]): void {
    later(rest, () => patched.utimesSync(file, accessed, modified));
  },
};

/** Asynchronous and other ways to change something that the program does not use: one that it begins to use shows. */
const UNKNOWN_WAYS = [
  'open',
  'write',
  'fsync',
  'rename',
  'link',
  'unlink',
  'rm',
  'chmod',
  'copyFile',
  'truncate',
  'symlink',
  'writeFile',
  'appendFile',
  'appendFileSync',
  'writev',
  'writevSync',
  'ftruncate',
  'ftruncateSync',
  'futimes',
  'futimesSync',
  'mkdtemp',
  'mkdtempSync',
  'fchmod',
  'fchmodSync',
  'cp',
  'cpSync',
  'fdatasync',
  'fdatasyncSync',
  'createWriteStream',
] as const;

function later(rest: readonly unknown[], step: () => unknown): void {
  const callback = rest.at(-1);
  if (typeof callback !== 'function') throw new TypeError('a callback is missing');
  let error: unknown = null;
  try {
    step();
  } catch (thrown) {
    error = thrown;
  }
  setImmediate(() => callback(error));
}

function makeEach(folder: string, mode: fs.Mode | null | undefined): string | undefined {
  if (lies(folder)) return real.mkdirSync(folder, { recursive: true });
  const first = makeEach(path.dirname(folder), mode);
  patched.mkdirSync(folder, mode ?? undefined);
  return first ?? folder;
}

const isEmptyFolder = (folder: string): boolean =>
  real.lstatSync(folder).isDirectory() && real.readdirSync(folder).length === 0;

const writeFileOptions = (options: unknown): { flag?: string } => {
  if (typeof options !== 'object' || options === null || !('flag' in options)) return {};
  return typeof options.flag === 'string' ? { flag: options.flag } : {};
};

function bytesOf(content: string | NodeJS.ArrayBufferView, [offset, length]: readonly unknown[]): Buffer {
  if (typeof content === 'string') return Buffer.from(content, 'utf8');
  const all = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const from = typeof offset === 'number' ? offset : 0;
  return all.subarray(from, typeof length === 'number' ? from + length : undefined);
}

function refuseUnknownWays(): void {
  for (const name of UNKNOWN_WAYS) {
    const original = real[name];
    const guarded = (...args: unknown[]): unknown => {
      const [first] = args;
      const file = typeof first === 'number' ? openFiles.get(first)?.path : nameOf(String(first));
      if (file !== undefined && isArmed(file)) throw new Error(`the fault layer does not know fs.${name} yet`);
      return Reflect.apply(original, fs, args);
    };
    Object.assign(fs, { [name]: guarded });
  }
}

/**
 * Puts the layer between node:fs and everything that is loaded from now on.
 * @param waitsForDisk false where power cuts are imagined: waiting for the real disk proves nothing there
 */
export function install(waitsForDisk: boolean): void {
  state.waitsForDisk = waitsForDisk;
  if (Reflect.get(fs, INSTALLED) === true) return;
  refuseUnknownWays();
  Object.assign(fs, patched);
  Reflect.set(fs, INSTALLED, true);
  syncBuiltinESMExports();
}

const INSTALLED = Symbol.for('csep.fault-layer');
