import path from 'node:path';
import type { Settings } from '../contracts/settings.ts';
import type { BucketStatus, Status } from '../contracts/status.ts';
import { readSpent } from '../agents/budget.ts';
import type { BucketList } from '../bucket/list-buckets.ts';
import { listBuckets } from '../bucket/list-buckets.ts';
import { schedulerStatus } from '../install/scheduler.ts';
import type { SchedulerStatus } from '../install/scheduler.ts';
import { readCodexHooks } from '../install/trust-status.ts';
import type { CodexHooks } from '../install/trust-status.ts';
import { isoSeconds, timestamp } from '../kernel/clock.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { bucketLayout, codexHome, homeLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import { readHealth } from '../trouble/read-health.ts';
import { readBucketStatus } from './read-bucket-status.ts';
import type { BucketPlace } from './read-bucket-status.ts';
import { readEnvProvider } from './read-env-provider.ts';
import { failureText, hooksStatus } from './read-hooks-status.ts';
import { readLog } from './read-log.ts';
import { readQueueStatus } from './read-review-status.ts';
import { readTools } from './read-tools.ts';
import type { Tools } from './read-tools.ts';
import { WINDOW_MS } from './read-use.ts';
import { recentActivity } from './recent-activity.ts';

export interface StatusRequest {
  settings: Settings;
  /** Other programs (their versions, the system's scheduler) are not asked. */
  noTools: boolean;
  /** Tests put their own in place of what asks the machine. */
  scheduler?: (world: World) => SchedulerStatus;
  tools?: (world: World) => Promise<Tools>;
}

/** A status together with what it was made from, for `doctor`. */
export interface StatusReading {
  status: Status;
  hooks: CodexHooks;
}

/**
 * Everything that a support thread would ask for. Read-only: it takes no lock, makes no folder and writes
 * no line; whatever is damaged is told in its place and hides nothing else.
 */
export async function readStatus(world: World, request: StatusRequest): Promise<StatusReading> {
  const now = world.clock.now();
  const codex = codexHome(world.env);
  const hooks = readCodexHooks(codex);
  const list = listOf(world.home);
  const buckets = placesOf(list).map((place) => readBucketStatus(world, place));
  const queue = readQueueStatus(list.live.map(({ stateDir }) => bucketLayout(stateDir)));
  const scheduler = readScheduler(world, request);
  const health = readHealth(world.home);
  const { settings } = request;
  const status: Status = {
    timestamp: timestamp(world.clock),
    home: world.home,
    ...hooksStatus(codex, hooks),
    scheduler,
    env_provider: readEnvProvider(world.home),
    tools: await toolsOf(world, request),
    review: {
      queued: queue.queued,
      oldest: queue.oldestMs === null ? null : isoSeconds(new Date(queue.oldestMs)),
      budget: {
        calls: settings.review.dailyCalls,
        tokens: settings.review.dailyTokens,
        used_today: usedToday(world),
      },
      last_error: queue.lastError ?? health.review?.message ?? null,
    },
    health,
    buckets,
    recent_activity: recentActivity({
      now,
      log: readLog(homeLayout(world.home).log, { sinceMs: now.getTime() - WINDOW_MS, kept: settings.log.kept }),
      buckets,
      lastTick: scheduler.last_tick?.at ?? null,
      reviewRetries: queue.retries,
    }),
    problems: list.leftOut.map(({ name, reason }) => `${path.join('projects', name)} is not used: ${reason}`),
  };
  return { status, hooks };
}

const usedToday = (world: World): { calls: number; tokens: number } => {
  const { calls, tokens } = readSpent(world);
  return { calls, tokens };
};

/** A projects/ that cannot be listed is one problem, told like the others. */
function listOf(home: string): BucketList {
  const list = attempt(() => listBuckets(home));
  if (list.ok) return list.value;
  return { live: [], archived: [], leftOut: [{ name: '', reason: failureText(list.failure) }] };
}

const placesOf = (list: BucketList): BucketPlace[] => [
  ...list.live.map(({ id, stateDir, root }) => ({ project: id, stateDir, root, archived: false })),
  ...list.archived.map(({ name, stateDir }) => ({ project: name, stateDir, root: null, archived: true })),
];

function readScheduler(world: World, { noTools, scheduler = schedulerStatus }: StatusRequest): Status['scheduler'] {
  const { last_tick: tick, ...rest } = noTools ? scheduler(unaskable(world)) : scheduler(world);
  return { ...rest, last_tick: tick === null ? null : { ...tick } };
}

/** On an empty PATH no scheduler can be asked; what its files say is said all the same. */
const unaskable = (world: World): World => ({ ...world, env: { ...world.env, PATH: '', Path: '' } });

async function toolsOf(world: World, { noTools, settings, tools }: StatusRequest): Promise<Tools> {
  if (tools) return await tools(world);
  const [codex] = settings.compile.codex.command;
  const [opencode] = settings.compile.opencode.command;
  return await readTools(world, { skipVersions: noTools, ...(codex && { codex }), ...(opencode && { opencode }) });
}

/** Buckets that are in use. */
export const liveBuckets = (status: Pick<Status, 'buckets'>): BucketStatus[] =>
  status.buckets.filter(({ archived }) => !archived);
