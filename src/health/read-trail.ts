import path from 'node:path';
import { isRecord, textOr } from '../contracts/json.ts';
import type { Settings } from '../contracts/settings.ts';
import { STATES } from '../bucket/envelope-file.ts';
import { pendingEnvelopes } from '../bucket/pending.ts';
import { isoSeconds } from '../kernel/clock.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { listNames, modifiedMs, readText } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { homeLayout, schedulerLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import type { Trail } from './doctor-facts.ts';
import { readLog } from './read-log.ts';

const WINDOW_MS = 13 * 24 * 3_600_000;

/** What hooks and reviews have left within 13 days, told by names and times. */
export function readTrail(world: World, layouts: readonly BucketLayout[], { log }: Pick<Settings, 'log'>): Trail {
  const since = world.clock.now().getTime() - WINDOW_MS;
  const isRecent = (file: string): boolean => modifiedMs(file) >= since;
  const recentIn = (folder: string, ending: string): number => {
    const names = attempt(() => (isRecent(folder) ? listNames(folder) : []));
    if (!names.ok) return 0;
    return names.value.filter((name) => name.endsWith(ending) && isRecent(path.join(folder, name))).length;
  };
  const lines = readLog(homeLayout(world.home).log, { sinceMs: since, kept: log.kept });
  const hooks = lines.filter(({ event }) => event.startsWith('hook.'));
  const last = hooks.at(-1);
  return {
    lastHook: last ? isoSeconds(new Date(last.at)) : null,
    reviewed: sum(layouts.map((layout) => recentIn(layout.sessions, '.review.json'))),
    envelopes: sum(layouts.flatMap((layout) => STATES.map((state) => recentIn(layout[state], '.json')))),
  };
}

/** The oldest of what waits for a scan: an envelope, or a turn that waits since `oldestTurn`. */
export function waitingSince(oldestTurn: string | null, layouts: readonly BucketLayout[]): string | null {
  const envelopes = layouts.flatMap((layout) => {
    const oldest = attempt(() => pendingEnvelopes(layout, 1));
    return oldest.ok ? oldest.value.map(({ since }) => since) : [];
  });
  const times = [...envelopes, Date.parse(oldestTurn ?? '')].filter((time) => time > 0);
  return times.length === 0 ? null : isoSeconds(new Date(Math.min(...times)));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Hosts that leases and locks in this home name, this one excepted. */
export function otherHosts(home: string, layouts: readonly BucketLayout[], own: string): string[] {
  const folders = [homeLayout(home).workers, schedulerLayout(home).leases];
  const leases = folders.flatMap((folder) => {
    const names = attempt(() => listNames(folder));
    return names.ok ? names.value.map((name) => path.join(folder, name)) : [];
  });
  const hosts = [...leases, ...layouts.map(({ lockOwner }) => lockOwner)].flatMap(hostIn);
  return [...new Set(hosts)].filter((host) => host !== own).toSorted();
}

function hostIn(file: string): string[] {
  const text = attempt(() => readText(file, 64_000));
  try {
    const value: unknown = JSON.parse(text.ok ? (text.value ?? 'null') : 'null');
    const host = isRecord(value) ? textOr(value['host'], '') : '';
    return host === '' ? [] : [host];
  } catch {
    return [];
  }
}
