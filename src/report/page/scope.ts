import type {
  BucketReport,
  DiscardRow,
  GenerationRow,
  MemoryRow,
  RecallRow,
  ReportModel,
  SkillRow,
  Stations,
  TroubleRow,
  UseDay,
} from '../model.ts';

/** Which repository something belongs to; null where only one is shown. */
export type InRepository<T> = T & { repository: string | null };

/** What is on the page right now: one repository, or all of them together. */
export interface Scope {
  /** Null: all. */
  bucket: BucketReport | null;
  buckets: readonly BucketReport[];
  stations: Stations;
  totals: BucketReport['totals'];
  memory: InRepository<MemoryRow>[];
  skills: InRepository<SkillRow>[];
  recall: InRepository<RecallRow>[];
  generations: InRepository<GenerationRow>[];
  trouble: InRepository<TroubleRow>[];
  discards: InRepository<DiscardRow>[];
  use: UseDay[];
}

export function scopeOf(model: ReportModel, id: string | null): Scope {
  const chosen = model.buckets.find((bucket) => bucket.id === id) ?? null;
  const buckets = chosen ? [chosen] : model.buckets;
  const named = buckets.length > 1;
  const gather = <T extends object>(list: (bucket: BucketReport) => readonly T[]): InRepository<T>[] =>
    buckets.flatMap((bucket) => list(bucket).map((entry) => ({ ...entry, repository: named ? bucket.name : null })));
  return {
    bucket: chosen,
    buckets,
    stations: buckets.map(({ stations }) => stations).reduce(addStations, NO_STATIONS),
    totals: {
      recall: sum(buckets.map(({ totals }) => totals.recall)),
      generations: sum(buckets.map(({ totals }) => totals.generations)),
      discards: sum(buckets.map(({ totals }) => totals.discards)),
    },
    memory: gather((bucket) => bucket.memory).toSorted((a, b) => compare(lastAt(b), lastAt(a))),
    skills: gather((bucket) => bucket.skills),
    recall: newestFirst(gather((bucket) => bucket.recall)),
    generations: newestFirst(gather((bucket) => bucket.generations)),
    trouble: newestFirst(gather((bucket) => bucket.trouble)),
    discards: newestFirst(gather((bucket) => bucket.discards)),
    use: addDays(buckets.flatMap(({ use }) => use)),
  };
}

const newestFirst = <T extends { at: string }>(rows: readonly T[]): T[] => rows.toSorted((a, b) => compare(b.at, a.at));
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** When a note was last confirmed. */
export const lastAt = (note: MemoryRow): string =>
  note.origins.reduce((latest, { at }) => (at > latest ? at : latest), '');

const NO_STATIONS: Stations = {
  sessions: 0,
  queued: 0,
  oldest_queued: null,
  retrying: 0,
  pending: 0,
  processing: 0,
  oldest_pending: null,
  done: 0,
  failed: 0,
  discarded: 0,
  generation: null,
  promoted_at: null,
  user_notes: 0,
  global_notes: 0,
  skills: 0,
  retired_skills: 0,
  recall: 0,
  sessions_given: 0,
  set_aside: 0,
  awaiting_yes: 0,
};

const ADDED = [
  'sessions',
  'queued',
  'retrying',
  'pending',
  'processing',
  'done',
  'failed',
  'discarded',
  'user_notes',
  'global_notes',
  'skills',
  'retired_skills',
  'recall',
  'sessions_given',
  'set_aside',
  'awaiting_yes',
] as const;

function addStations(a: Stations, b: Stations): Stations {
  const total: Stations = {
    ...a,
    oldest_queued: earlier(a.oldest_queued, b.oldest_queued),
    oldest_pending: earlier(a.oldest_pending, b.oldest_pending),
    promoted_at: later(a.promoted_at, b.promoted_at),
    generation: b.generation ?? a.generation,
  };
  for (const key of ADDED) total[key] = a[key] + b[key];
  return total;
}

const earlier = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b < a) ? b : a);
const later = (a: string | null, b: string | null): string | null => (a === null || (b !== null && b > a) ? b : a);

function addDays(days: readonly UseDay[]): UseDay[] {
  const byDay = new Map<string, UseDay>();
  for (const day of days) {
    const known = byDay.get(day.day);
    if (!known) byDay.set(day.day, { ...day });
    else {
      known.sessions += day.sessions;
      known.records += day.records;
      known.in_vain += day.in_vain;
    }
  }
  return [...byDay.values()].toSorted((a, b) => compare(a.day, b.day));
}

/** Oldest of a wait that is normal: a scheduler looks every few minutes. */
const LONG_WAIT_MS = 6 * 3_600_000;

/** Whether something has waited so long that nobody seems to come for it. */
export const waitsTooLong = (since: string | null, now: string): boolean =>
  since !== null && Date.parse(now) - Date.parse(since) > LONG_WAIT_MS;

/** How many things a person may have to look at. */
export function attentionCount(model: ReportModel, { trouble, stations }: Pick<Scope, 'trouble' | 'stations'>): number {
  const now = model.generated_at;
  const waits = [stations.oldest_queued, stations.oldest_pending].filter((since) => waitsTooLong(since, now));
  return model.health.length + trouble.length + waits.length;
}
