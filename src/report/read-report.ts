import { listBuckets } from '../bucket/list-buckets.ts';
import { spentDays } from '../agents/budget-history.ts';
import { readSpent } from '../agents/budget.ts';
import type { Limits } from '../agents/budget.ts';
import { readHealth } from '../trouble/read-health.ts';
import { HEALTH_STEP_NAMES } from '../trouble/step-names.ts';
import { timestamp } from '../kernel/clock.ts';
import { modifiedMs } from '../kernel/files.ts';
import type { World } from '../kernel/world.ts';
import { VERSION } from '../version.ts';
import type { BucketReport, HealthRow, Language, ReportModel } from './model.ts';
import { readBucket } from './read-bucket.ts';
import type { BucketPlace } from './read-bucket.ts';
import { showableLine } from './showable.ts';

export interface ReportRequest {
  /** Null: the reader's browser decides. */
  language: Language | null;
  /** Only this bucket; undefined: all of the home. */
  only?: BucketPlace | undefined;
  /** What a day of reviews may cost. */
  limits: Limits;
  /** Recall records on one page, all buckets together; 20,000 when nothing is said. */
  records?: number;
}

/** Recall records on one page, all buckets together; what is more is counted. 20,000 are about 10 MB. */
const MOST_RECORDS = 20_000;
/** Generations whose changes are worked out, in one bucket and in all. */
const MOST_COMPARED = 40;
/** Days of cost. */
const MOST_DAYS = 370;
const MOST_COMPARED_IN_ALL = 200;

/** Everything that the page shows, read from the home without changing anything in it. */
export function readReport(world: World, request: ReportRequest): ReportModel {
  const { live, archived, leftOut } = listBuckets(world.home);
  const places: BucketPlace[] = request.only ? [request.only] : live;
  const buckets = readBuckets(places, request.records ?? MOST_RECORDS);
  return {
    schema_version: 1,
    program: VERSION,
    generated_at: timestamp(world.clock),
    home: showableLine(world.home),
    language: request.language,
    opens_at: request.only?.id ?? null,
    buckets: buckets.toSorted((a, b) => (a.last_activity > b.last_activity ? -1 : 1)),
    archived: request.only ? [] : archived.map(({ name }) => showableLine(name)),
    left_out: request.only
      ? []
      : leftOut.map(({ name, reason }) => ({ name: showableLine(name), reason: showableLine(reason) })),
    cost: costOf(world, request.limits),
    health: healthOf(world),
  };
}

/** What the page has room for goes to the repositories that were used last: whoever opens it asks about these. */
function readBuckets(places: readonly BucketPlace[], mostRecords: number): BucketReport[] {
  let records = mostRecords;
  let compared = MOST_COMPARED_IN_ALL;
  return lastUsedFirst(places).map((place) => {
    const bucket = readBucket(place, { records, compared: Math.min(compared, MOST_COMPARED) });
    records -= bucket.recall.length;
    compared -= bucket.generations.filter(({ changes }) => changes !== null).length;
    return bucket;
  });
}

/** By the times of files: what happened in a bucket is known only when all of it has been read. */
function lastUsedFirst(places: readonly BucketPlace[]): BucketPlace[] {
  const used = places.map((place) => {
    const { queue, pending, usage, generations, lastReceipt } = place.layout;
    return { place, at: Math.max(...[queue, pending, usage, generations, lastReceipt].map(modifiedMs)) };
  });
  return used.toSorted((a, b) => b.at - a.at).map(({ place }) => place);
}

function costOf(world: World, limits: Limits): ReportModel['cost'] {
  const { day, calls, tokens } = readSpent(world);
  const today = { day, calls, tokens };
  const past = spentDays(world.home).filter((spent) => spent.day < day);
  return { today, limits: { calls: limits.calls, tokens: limits.tokens }, days: [...past.slice(-MOST_DAYS), today] };
}

function healthOf(world: World): HealthRow[] {
  const health = readHealth(world.home);
  return HEALTH_STEP_NAMES.flatMap((step) => {
    const { failures = 0, since, last_failure: last, message } = health[step] ?? {};
    if (failures === 0) return [];
    return [{ step, failures, since: since ?? '', last: last ?? '', message: showableLine(message ?? '') }];
  });
}
