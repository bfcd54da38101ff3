import type { HealthStep, StepHealth } from '../contracts/health.ts';
import { HEALTH_STEP_NAMES } from './step-names.ts';
import type { Health } from './read-health.ts';

/** So many failures in a row are no accident any more. */
const FAILURES_THAT_COUNT = 3;

/** A step that keeps failing. */
export interface Trouble {
  step: HealthStep;
  health: StepHealth;
}

/** These need no row: once is enough to know. */
const KNOWN_AT_ONCE: readonly HealthStep[] = ['config', 'budget'];

/** What keeps failing at that time, gravest first. */
export const troubles = (health: Health, now: Date): Trouble[] =>
  HEALTH_STEP_NAMES.flatMap((step) => {
    const found = health[step];
    return found && counts(step, found, now) ? [{ step, health: found }] : [];
  });

function counts(step: HealthStep, { failures, until }: StepHealth, now: Date): boolean {
  if (until !== null) return failures > 0 && Date.parse(until) > now.getTime();
  return failures >= (KNOWN_AT_ONCE.includes(step) ? 1 : FAILURES_THAT_COUNT);
}

const SUBJECTS: Record<HealthStep, string> = {
  review: 'Reviews have failed',
  compile: 'Compiles have failed',
  scan: 'Scans have failed',
  publish: 'Skills could not be published',
  config: 'The configuration has been unusable',
  budget: 'No more reviews today',
};

/** One sentence: what fails, since when, what the last failure said. The message is shortened to `room` characters. */
export function troubleSentence({ step, health }: Trouble, now: Date, room = 300): string {
  const said = oneLine(health.message ?? '', room);
  const since = step === 'budget' || health.since === null ? '' : ` since ${dayText(health.since, now)}`;
  return `${SUBJECTS[step]}${since}${said === '' ? '' : `: ${said}`}`;
}

function oneLine(text: string, room: number): string {
  // Control characters of a provider's answer must not reach a terminal.
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length <= room ? line : `${line.slice(0, room - 1).trimEnd()}…`;
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const DAY_MS = 86_400_000;

/** `today`, `yesterday`, the day's name within a week, otherwise the date; in the user's own time zone. */
export function dayText(iso: string, now: Date): string {
  const day = new Date(iso);
  if (Number.isNaN(day.getTime())) return iso.slice(0, 10);
  const days = Math.round((midnight(now) - midnight(day)) / DAY_MS);
  if (days === 0) return 'today';
  if (days === 1) return 'yesterday';
  if (days > 1 && days < 7) return DAYS[day.getDay()] ?? '';
  return `${day.getFullYear()}-${twoDigits(day.getMonth() + 1)}-${twoDigits(day.getDate())}`;
}

const twoDigits = (part: number): string => String(part).padStart(2, '0');

const midnight = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
