import { isRecord } from '../contracts/json.ts';
import type { TreeNotice } from './check-tree.ts';
import { dotted } from './written-names.ts';

/** A tree of the Python plugin's schemas 1 and 2 as one of ours. */
export interface LiftedTree {
  tree: Record<string, unknown>;
  /** Where a part of the new tree stood in the old one, by the dotted path of the new one. */
  origins: ReadonlyMap<string, readonly string[]>;
  /** What has no meaning here, in the old paths. */
  notices: TreeNotice[];
}

type Table = Record<string, unknown>;

interface Lift {
  origins: Map<string, readonly string[]>;
  notices: TreeNotice[];
}

export const CURRENT_SCHEMA = 3;

/** Agents that older versions had and this one has not. */
const GONE_BACKENDS = ['agent:pi'];

/**
 * Lifts a tree of schema 1 (one `[reviewer]`) or 2 (`[profiles.*]` with `subprocess`, lists as
 * `retry_backoff`, `compile.allow_fallback`). What is plain is taken over, all else stays where it is
 * for the check to complain about, or is told as gone.
 */
export function liftOlderTree(old: Table): LiftedTree {
  const lift: Lift = { origins: new Map(), notices: [] };
  const { reviewer, profiles: oldProfiles, compile, scheduler, skill_synthesis: synthesis, log, ...rest } = old;
  const profiles = liftProfiles(oldProfiles, reviewer, lift);
  if (synthesis !== undefined) lift.notices.push(gone(['skill_synthesis'], 'this version needs no such step'));
  const tree: Table = {
    ...activeAmong(profiles),
    ...rest,
    schema_version: CURRENT_SCHEMA,
    ...(profiles === undefined ? {} : { profiles }),
    ...(compile === undefined ? {} : { compile: isRecord(compile) ? liftCompile(compile, lift) : compile }),
    ...(scheduler === undefined
      ? {}
      : { scheduler: isRecord(scheduler) ? withoutGoneBackend(scheduler, 'scheduler', lift) : scheduler }),
    ...(log === undefined ? {} : { log: isRecord(log) ? liftLog(log, lift) : log }),
  };
  if (tree['active_profile'] === '') Object.assign(tree, activeAmong(profiles));
  return { tree, origins: lift.origins, notices: lift.notices };
}

const gone = (writtenPath: readonly string[], why: string): TreeNotice => ({
  writtenPath,
  problem: `is ignored: ${why}`,
});

/** Older versions took the only profile, or the one called default, when none was named. */
function activeAmong(profiles: unknown): Table {
  const names = isRecord(profiles) ? Object.keys(profiles) : [];
  const taken = names.length === 1 ? names[0] : names.find((name) => name === 'default');
  return taken === undefined ? {} : { active_profile: taken };
}

function liftProfiles(profiles: unknown, reviewer: unknown, lift: Lift): unknown {
  const given = profiles ?? (reviewer === undefined ? undefined : {});
  if (!isRecord(given)) return given;
  const lifted = Object.entries(given).map(([name, profile]): [string, unknown] => [
    name,
    isRecord(profile) ? liftProfile(profile, ['profiles', name], name, lift) : profile,
  ]);
  if (!isRecord(reviewer)) return Object.fromEntries(lifted);
  if (Object.hasOwn(given, 'default')) {
    lift.notices.push(gone(['reviewer'], 'there is a profile called default'));
    return Object.fromEntries(lifted);
  }
  lift.origins.set('profiles.default', ['reviewer']);
  return Object.fromEntries([['default', liftProfile(reviewer, ['reviewer'], 'default', lift)], ...lifted]);
}

function liftProfile(profile: Table, oldPath: readonly string[], name: string, lift: Lift): Table {
  const { subprocess, ...lifted } = profile;
  const newPath = ['profiles', name];
  if (isRecord(subprocess)) {
    for (const [key, value] of Object.entries(subprocess)) {
      if (lifted[key] !== undefined) continue;
      lifted[key] = value;
      lift.origins.set(dotted([...newPath, key]), [...oldPath, 'subprocess', key]);
    }
  } else if (subprocess !== undefined) lifted['subprocess'] = subprocess;
  if (Array.isArray(lifted['retry_backoff'])) {
    const first: unknown = lifted['retry_backoff'][0];
    const problem = 'is one number now: the first of the list is taken, and doubled for each further retry';
    lift.notices.push({ writtenPath: [...oldPath, 'retry_backoff'], problem });
    if (first === undefined) delete lifted['retry_backoff'];
    else lifted['retry_backoff'] = first;
  }
  if ((lifted['provider'] ?? '') === '') {
    lift.notices.push({ writtenPath: oldPath, problem: 'names no provider: minimax, as in older versions' });
    lifted['provider'] = 'minimax';
  }
  return lifted;
}

function liftCompile(compile: Table, lift: Lift): Table {
  const { allow_fallback: fallback, pi, ...lifted } = withoutGoneBackend(compile, 'compile', lift);
  if (pi !== undefined) lift.notices.push(gone(['compile', 'pi'], 'this version does not know the agent'));
  if (fallback === undefined || lifted['fallback'] !== undefined) return lifted;
  lift.origins.set('compile.fallback', ['compile', 'allow_fallback']);
  return { ...lifted, fallback };
}

function withoutGoneBackend(table: Table, section: string, lift: Lift): Table {
  const { backend, ...others } = table;
  if (typeof backend !== 'string' || !GONE_BACKENDS.includes(backend)) return table;
  lift.notices.push(
    gone([section, 'backend'], `there is no ${backend} any more; script merges unless you name an agent`),
  );
  return others;
}

function liftLog(log: Table, lift: Lift): Table {
  const { retention_days: days, ...others } = log;
  if (days !== undefined)
    lift.notices.push(gone(['log', 'retention_days'], 'the log is limited by size (max_bytes, kept)'));
  return others;
}
