import path from 'node:path';
import { DiskFailure } from './disk-failure.ts';
import { exists, isFolder, lookAt } from './files.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The user's home folder, from the environment first (tests and services set it); the module is loaded for the rest only.
 * @throws DiskFailure for an account without one
 */
export const userFolder = (env: Environment): string => env['HOME'] || env['USERPROFILE'] || folderOfAccount();

function folderOfAccount(): string {
  try {
    return process.getBuiltinModule('node:os').homedir();
  } catch {
    const detail = 'this account has no home folder; set HOME or CODEX_SELF_EVOLUTION_HOME';
    throw new DiskFailure({ reason: 'file-unreadable', path: '~', detail });
  }
}

/** `~` and `~/x` as a shell would read them; a variable that no shell has set may hold them as they are. */
export const withoutTilde = (given: string, env: Environment): string =>
  /^~(?:$|[/\\])/.test(given) ? path.join(userFolder(env), given.slice(1)) : given;

/**
 * Where everything of ours lies: `CODEX_SELF_EVOLUTION_HOME` or `~/.codex-self-evolution`. A leading `~/` is
 * the user's folder, and so is what any other relative path starts from, never the working directory: hooks
 * run in repositories, and memory in there would be committed, and be another one in every folder.
 */
export function homeFolder(env: Environment): string {
  const given = withoutTilde(env['CODEX_SELF_EVOLUTION_HOME'] || '.codex-self-evolution', env);
  return path.isAbsolute(given) ? path.resolve(given) : path.resolve(userFolder(env), given);
}

/**
 * A home that is no folder, or lies below something that is none, looks like one in which nothing is known, until
 * somebody wants to write.
 * @throws DiskFailure `file-invalid`, which says so
 */
export function refuseFileAsHome(home: string): void {
  let at = home;
  while (!exists(at) && path.dirname(at) !== at) at = path.dirname(at);
  // With the dot a link is followed.
  if (!exists(at) || isFolder(`${at}${path.sep}.`)) return;
  const what = { file: 'a file', folder: 'a folder', link: 'a link that leads to no folder', other: 'no folder' };
  const detail = `it is ${what[lookAt(at)?.kind ?? 'other']}, and the home must be a folder (CODEX_SELF_EVOLUTION_HOME or --home names it)`;
  throw new DiskFailure({ reason: 'file-invalid', path: at, detail });
}

/** Codex's own folder. As Codex reads the variable, a relative path starts from the working directory. */
export const codexHome = (env: Environment): string =>
  path.resolve(withoutTilde(env['CODEX_HOME'] || path.join(userFolder(env), '.codex'), env));

/** Files of the home that belong to no bucket. */
export function homeLayout(home: string) {
  return {
    home,
    projects: path.join(home, 'projects'),
    providerEnvironment: path.join(home, '.env.provider'),
    config: path.join(home, 'config.toml'),
    log: path.join(home, 'logs', 'plugin.log'),
    budget: path.join(home, 'budget.json'),
    budgetHistory: path.join(home, 'budget-history.jsonl'),
    codexHomes: path.join(home, 'codex-homes.json'),
    workers: path.join(home, 'workers'),
    idleBuckets: path.join(home, 'idle-buckets.json'),
    report: path.join(home, 'report.html'),
    agentRuns: path.join(home, 'agent-runs'),
    health: path.join(home, 'health.json'),
    notices: path.join(home, 'notices'),
  };
}

/** What scans leave for one another, for `status`, and for sessions that would start one. */
export function schedulerLayout(home: string) {
  const at = (name: string): string => [home, 'scheduler', name].join(path.sep);
  return {
    folder: [home, 'scheduler'].join(path.sep),
    lastTick: at('last-tick.json'),
    asked: at('run-now'),
    leases: at('leases'),
    starts: at('starts'),
    task: at('task.xml'),
    log: [home, 'logs', 'scheduler.log'].join(path.sep),
  };
}

/** What `install` lays into the home: the program by version, and the two small scripts that find it. */
export function appLayout(home: string) {
  const at = (name: string): string => [home, 'app', name].join(path.sep);
  return {
    folder: [home, 'app'].join(path.sep),
    record: at('install.json'),
    marketplace: at('marketplace'),
    backups: [home, 'backups'].join(path.sep),
    /** What V8 made of the programs (kernel/code-cache.ts). */
    cache: [home, 'cache'].join(path.sep),
    at,
    /** @param platform of `process.platform` */
    launchers: (platform: string) => {
      const ending = platform === 'win32' ? '.cmd' : '';
      return { hook: at(`hook${ending}`), program: at(`csep${ending}`) };
    },
  };
}

/** One path of a bucket alone: a scan asks for it a thousand times. */
export const queueFolder = (stateDir: string): string => [stateDir, 'review', 'queue'].join(path.sep);

/** Neither path.join nor lists of parts: thirty of them are a millisecond in a process that has just started. */
const within = (folder: string, name: string): string => folder + path.sep + name;

/** All paths of one bucket; nothing else in the program joins them. */
export function bucketLayout(stateDir: string) {
  const at = (name: string): string => within(stateDir, name);
  const suggestions = at('suggestions');
  const memoryFolder = at('memory');
  const recallFolder = at('recall');
  const skillsFolder = at('skills');
  const managedSkills = within(skillsFolder, 'managed');
  const compiler = at('compiler');
  const review = at('review');
  return {
    stateDir,
    facts: at('bucket.json'),
    olderFacts: at('.canonical_cwd'),
    suggestions,
    pending: within(suggestions, 'pending'),
    processing: within(suggestions, 'processing'),
    done: within(suggestions, 'done'),
    failed: within(suggestions, 'failed'),
    discarded: within(suggestions, 'discarded'),
    generations: at('generations'),
    memoryFolder,
    userMd: within(memoryFolder, 'USER.md'),
    memoryMd: within(memoryFolder, 'MEMORY.md'),
    memoryJson: within(memoryFolder, 'memory.json'),
    recallFolder,
    recallIndex: within(recallFolder, 'index.json'),
    recallMd: within(recallFolder, 'compiled.md'),
    skillsFolder,
    manifest: within(skillsFolder, 'manifest.json'),
    managedSkills,
    olderManifest: within(managedSkills, 'manifest.json'),
    mirrors: at('mirrors.json'),
    edits: at('edits'),
    proposals: at('proposals'),
    keptReceipts: at('receipts'),
    forgetting: at('forgetting'),
    trash: at('trash'),
    setAside: at('set-aside'),
    compiler,
    lockFolder: within(compiler, 'compile.lock.d'),
    lockOwner: within(compiler, 'compile.lock'),
    lastReceipt: within(compiler, 'last_receipt.json'),
    queue: within(review, 'queue'),
    snapshots: within(review, 'snapshots'),
    failedReviews: within(review, 'failed'),
    sessions: at('sessions'),
    usage: at('usage.jsonl'),
    linted: at('linted.json'),
  };
}
export type BucketLayout = ReturnType<typeof bucketLayout>;
