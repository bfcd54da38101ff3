import path from 'node:path';
import { countEnvelopes, pendingEnvelopes } from '../bucket/pending.ts';
import { queueNames } from '../capture/read-queue.ts';
import { countAwaitingYes } from '../compile/proposals.ts';
import { isoSeconds } from '../kernel/clock.ts';
import { DiskFailure } from '../kernel/disk-failure.ts';
import { modifiedMs } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import type { BucketReport, Stations } from './model.ts';
import { readLibrary } from './read-library.ts';
import type { Library } from './read-library.ts';
import { readTimeline } from './read-timeline.ts';
import type { Timeline } from './read-timeline.ts';
import { readTrouble, reviewFiles } from './read-trouble.ts';
import type { Trouble } from './read-trouble.ts';
import { readUse } from './read-use.ts';
import type { Use } from './read-use.ts';
import { showableLine } from './showable.ts';

export interface BucketPlace {
  id: string;
  root: string | null;
  layout: BucketLayout;
}

/** How much of one bucket goes onto the page. */
export interface BucketLimits {
  records: number;
  /** Generations whose changes are worked out. */
  compared: number;
}

/** Reads one bucket without changing anything in it; what cannot be read is told on the page. */
export function readBucket(place: BucketPlace, limits: BucketLimits): BucketReport {
  const { layout } = place;
  const problems: string[] = [];
  const library = orElse(problems, EMPTY_LIBRARY, () => readLibrary(layout, limits.records));
  const timeline = orElse(problems, EMPTY_TIMELINE, () => readTimeline(layout, { compared: limits.compared }));
  const use = orElse(problems, NO_USE, () => readUse(layout));
  const all = [...library.problems, ...timeline.problems, ...problems];
  const trouble = orElse(all, NO_TROUBLE, () => readTrouble(layout, all));
  const recall = library.recall.map((record) => ({ ...record, used: use.byRecord.get(record.id) ?? 0 }));
  const stations = readStations(layout, { library, timeline, use, trouble });
  return {
    id: place.id,
    name: showableLine(place.root ? path.basename(place.root) || place.root : place.id, 80),
    root: place.root === null ? null : showableLine(place.root),
    stations,
    memory: library.memory,
    skills: library.skills,
    recall,
    generations: timeline.rows,
    use: use.days,
    trouble: trouble.rows,
    discards: timeline.discards,
    totals: { recall: library.recordCount, generations: timeline.total, discards: timeline.discardCount },
    last_activity: [stations.promoted_at, stations.oldest_queued, stations.oldest_pending, use.last]
      .map((at) => at ?? '')
      .reduce((a, b) => (a > b ? a : b)),
  };
}

const EMPTY_LIBRARY: Library = { generation: null, memory: [], skills: [], recall: [], recordCount: 0, problems: [] };
const EMPTY_TIMELINE: Timeline = { rows: [], total: 0, discards: [], discardCount: 0, problems: [] };
const NO_USE: Use = { days: [], byRecord: new Map(), sessionsGiven: 0, last: '' };
const NO_TROUBLE: Trouble = { rows: [], retrying: 0, setAside: 0 };

/** A disk that refuses one part of a bucket costs the page that part. */
function orElse<T>(problems: string[], otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DiskFailure)) throw error;
    const { failure } = error;
    problems.push('path' in failure ? `${failure.path}: ${failure.reason}` : failure.reason);
    return otherwise;
  }
}

interface Parts {
  library: Library;
  timeline: Timeline;
  use: Use;
  trouble: Trouble;
}

function readStations(layout: BucketLayout, { library, timeline, use, trouble }: Parts): Stations {
  const envelopes = countEnvelopes(layout);
  const queued = queueNames(layout).map((name) => modifiedMs(path.join(layout.queue, name)));
  const [oldest] = pendingEnvelopes(layout, 1);
  const ours = library.skills.filter((skill) => skill.ours);
  return {
    sessions: reviewFiles(layout).length,
    queued: queued.length,
    oldest_queued: queued.length > 0 ? isoSeconds(new Date(Math.min(...queued))) : null,
    retrying: trouble.retrying,
    ...envelopes,
    oldest_pending: oldest ? isoSeconds(new Date(oldest.since)) : null,
    generation: library.generation,
    promoted_at: timeline.rows[0]?.at ?? null,
    user_notes: library.memory.filter(({ scope }) => scope === 'user').length,
    global_notes: library.memory.filter(({ scope }) => scope === 'global').length,
    skills: ours.filter(({ status }) => status === 'active').length,
    retired_skills: ours.filter(({ status }) => status === 'retired').length,
    recall: library.recordCount,
    sessions_given: use.sessionsGiven,
    set_aside: trouble.setAside,
    awaiting_yes: countAwaitingYes(layout),
  };
}
