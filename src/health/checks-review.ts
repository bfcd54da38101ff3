import { troubles, troubleSentence } from '../trouble/tell-trouble.ts';
import type { Trouble } from '../trouble/tell-trouble.ts';
import type { HealthStep } from '../contracts/health.ts';
import { counted } from '../kernel/counted.ts';
import type { DoctorFacts } from './doctor-facts.ts';
import type { Finding } from './finding.ts';
import { broken, ok, warn } from './finding.ts';
import { liveBuckets } from './read-status.ts';

/** Checks of the way from a session to a promoted memory: settings, provider, budgets, scheduler, what came out. */

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

function configuration({ configProblem, configWarnings }: DoctorFacts): Finding {
  if (configProblem !== null)
    return broken(
      `config.toml cannot be used: ${configProblem}`,
      'Correct it; csep config validate tells the line. Until then nothing is reviewed or promoted, and sessions go by the defaults.',
    );
  const [first] = configWarnings;
  if (first !== undefined)
    return warn(
      `config.toml: ${first}${configWarnings.length > 1 ? ` (and ${configWarnings.length - 1} more)` : ''}`,
      'Look at csep config validate.',
    );
  return ok('config.toml is sound, or not needed');
}

function reviewer({ reviewer: chosen, status }: DoctorFacts): Finding {
  if (chosen.problem !== null)
    return broken(
      `the reviewer ${chosen.name} cannot work: ${chosen.problem}`,
      `Put the key into ${status.env_provider.path}, or choose another reviewer (csep install --provider heuristic asks nobody).`,
    );
  return ok(`the reviewer is ${chosen.name}`);
}

function providerReachable({ online, reviewer: chosen }: DoctorFacts): Finding {
  if (online === null) return ok('the provider was not asked (csep doctor --online asks it)');
  if (!online.reached)
    return broken(
      `${chosen.name}: ${online.says}`,
      'Check the key, the address and the network; sessions stay queued meanwhile.',
    );
  return ok(online.says);
}

function budget({ status }: DoctorFacts): Finding {
  const { calls, tokens, used_today: used } = status.review.budget;
  if (used.calls >= calls || used.tokens >= tokens)
    return warn(
      `today's budget is used up (${used.calls} of ${counted(calls, 'call')}, ${used.tokens} of ${counted(tokens, 'token')})`,
      'Reviews go on tomorrow (UTC); raise daily_calls or daily_tokens under [review] in config.toml if that is too little.',
    );
  return ok(`${used.calls} of ${counted(calls, 'call')} and ${used.tokens} of ${counted(tokens, 'token')} used today`);
}

/** A scheduler that was asleep with the machine gets some intervals to wake up. */
const INTERVALS = 3;

function scheduler({ status, settings, now, waitingSince }: DoctorFacts): Finding {
  const { unit_exists: isThere, error, last_tick: tick, kind } = status.scheduler;
  const waits = waiting(status) > 0;
  if (isThere && error !== null) return broken(`the scheduler does not run: ${error}`, 'Run csep scheduler install.');
  if (!isThere) {
    if (settings.scheduler.opportunistic) return ok('no scheduler; sessions start a compile when work is waiting');
    return warn(
      'there is no scheduler, and sessions may not start a compile either',
      'Run csep scheduler install, or set opportunistic = true under [scheduler].',
    );
  }
  // A scan by hand, or by a session's start, says nothing about the scheduler.
  const last = tick?.scheduled_at ?? null;
  const isLongAgo = (time: string | null): boolean =>
    time === null || now.getTime() - Date.parse(time) > INTERVALS * settings.scheduler.intervalSeconds * 1_000;
  // What came a minute ago waits for the next tick, not for a dead scheduler.
  if (waits && isLongAgo(waitingSince) && isLongAgo(last))
    return broken(
      `work waits, and the scheduler (${kind}) ${last === null ? 'has never run' : `last ran at ${last}`}`,
      'Run csep scheduler status, then csep scheduler install; csep scan does the work meanwhile.',
    );
  return ok(last === null ? `${kind}, not run yet` : `${kind}, last run at ${last}`);
}

const waiting = (status: DoctorFacts['status']): number =>
  status.review.queued +
  liveBuckets({ buckets: status.buckets }).reduce((sum, { counts }) => sum + counts.pending + counts.processing, 0);

/** Below this many reviewed sessions it may well be that there was nothing to keep. */
const ENOUGH_SESSIONS = 10;
const PATIENCE_MS = 24 * HOUR_MS;

function production(facts: DoctorFacts): Finding {
  const { status, trail, installed, now } = facts;
  const { queued, oldest } = status.review;
  if (queued > 0 && now.getTime() - Date.parse(oldest ?? '') > PATIENCE_MS)
    return broken(
      `${counted(queued, 'stopped turn waits', 'stopped turns wait')} for a review, the oldest since ${oldest}`,
      'Run csep scan --now and read what it says; then look at the scheduler.',
    );
  if (trail.reviewed >= ENOUGH_SESSIONS && trail.envelopes === 0)
    return warn(
      `${trail.reviewed} sessions were reviewed in 13 days, and not one suggestion came of them`,
      'Look at review/failed/ in the bucket, and at the reviewer: csep config show.',
    );
  if (installed && trail.lastHook === null && now.getTime() - Date.parse(installed.at) > PATIENCE_MS)
    return broken(
      `the hooks were installed at ${installed.at} and have never run since`,
      'Trust them (/hooks in Codex), restart Codex, and run a session.',
    );
  return ok(
    `${counted(trail.reviewed, 'session')} reviewed and ${counted(trail.envelopes, 'envelope')} in 13 days, ${counted(queued, 'turn')} queued`,
  );
}

/** One check per step that can keep failing, so that each says its own cure. */
const fails =
  (step: HealthStep, fix: string) =>
  ({ health, now }: DoctorFacts): Finding => {
    const found: Trouble | undefined = troubles(health, now).find((trouble) => trouble.step === step);
    if (found) return broken(`${troubleSentence(found, now)} (${found.health.failures} in a row)`, fix);
    const last = health[step];
    if (last && last.failures > 0) return ok(`failed ${counted(last.failures, 'time')} lately: ${last.message ?? ''}`);
    return ok('no failures in a row');
  };

const REVIEWS =
  'Read the message: a 401 wants another key, a time-out another address. Sessions stay queued; csep scan --now tries again.';
const COMPILES = 'Read the message; csep compile --repo-root . shows it anew. Suggestions stay pending.';
const SCANS = 'Run csep scan in a terminal and read what it says.';
const PUBLISHING = "Check the permissions of the skills folder in Codex's home; the next compile publishes again.";

function locks({ status }: DoctorFacts): Finding {
  const held = liveBuckets(status).flatMap(({ project, lock }) => (lock?.locked ? [{ project, lock }] : []));
  const stale = held.find(({ lock }) => lock.stale);
  if (stale)
    return warn(
      `${stale.project} has a stale lock (${stale.lock.stale_reason})`,
      'The next scan takes it over: csep scan.',
    );
  const long = held.find(({ lock }) => (lock.age_seconds ?? 0) * 1_000 > LONG_MS);
  if (long)
    return warn(
      `${long.project} has been locked for ${Math.round((long.lock.age_seconds ?? 0) / 60)} minutes by process ${long.lock.owner_pid ?? '?'}`,
      'An agent may take 15 minutes; if it takes longer, end that process: nothing is lost by it.',
    );
  return ok(held.length === 0 ? 'no bucket is locked' : `${held.length} locked right now`);
}

const LONG_MS = 20 * MINUTE_MS;

export const REVIEW_CHECKS = {
  configuration,
  reviewer,
  'provider-reachable': providerReachable,
  budget,
  scheduler,
  production,
  'reviews-succeed': fails('review', REVIEWS),
  'compiles-succeed': fails('compile', COMPILES),
  'scans-succeed': fails('scan', SCANS),
  'publishing-succeeds': fails('publish', PUBLISHING),
  locks,
};
