import type { BucketStatus, Status } from '../contracts/status.ts';
import { counted } from '../kernel/counted.ts';
import type { NamedFinding } from './finding.ts';
import { worstFirst } from './finding.ts';
import { liveBuckets } from './read-status.ts';

const NARROWEST = 80;
const MOST_FINDINGS = 3;
const MOST_BUCKETS = 4;

export interface ScreenFrame {
  version: string;
  /** Of the terminal; fewer than 80 count as 80. */
  columns?: number | undefined;
}

/** One screen of 80 × 24 for people, wider where the terminal is: what is wrong first, then how the loop fares. */
export function statusScreen(
  status: Status,
  findings: readonly NamedFinding[],
  { version, columns = NARROWEST }: ScreenFrame,
): string {
  const width = Math.max(NARROWEST, columns) - 1;
  const lines = [
    `codex-self-evolution ${version}   ${status.home}`,
    '',
    ...trouble(findings),
    '',
    ...facts(status),
    '',
    ...bucketLines(liveBuckets(status)),
    `More: csep doctor${moreText(findings)}, csep status --json, csep report --open`,
  ];
  return lines.map((line) => fitting(line, width)).join('\n');
}

function trouble(findings: readonly NamedFinding[]): string[] {
  const bad = worstFirst(findings).filter(({ level }) => level !== 'ok');
  if (bad.length === 0) return ['All is well.'];
  return bad
    .slice(0, MOST_FINDINGS)
    .flatMap(({ level, says, fix }) => [
      `${level === 'broken' ? 'BROKEN ' : 'warning'}  ${says}`,
      `         ${fix ?? ''}`,
    ]);
}

function moreText(findings: readonly NamedFinding[]): string {
  const rest = findings.filter(({ level }) => level !== 'ok').length - MOST_FINDINGS;
  return rest > 0 ? ` (${rest} more to mend)` : '';
}

function facts(status: Status): string[] {
  const { recent_activity: recent, review, scheduler, tools } = status;
  const { used_today: used } = review.budget;
  const oldest = review.oldest === null ? '' : `, the oldest since ${ago(review.oldest, status.timestamp)}`;
  const ran = scheduler.last_tick?.scheduled_at ?? null;
  const tick = ran === null ? 'not run yet' : `last run ${ago(ran, status.timestamp)}`;
  return [
    `In 24 h    ${counted(recent.stop_review.stops, 'turn')}, ${counted(recent.scan.promotions, 'promotion')}, ${counted(recent.recall.injected, 'note')} put beside prompts, ${recent.recall.shown} recalled`,
    `Reviews    ${counted(review.queued, 'turn')} queued${oldest}${awaitingText(status)}`,
    `Budget     ${used.calls} of ${counted(review.budget.calls, 'call')}, ${used.tokens} of ${counted(review.budget.tokens, 'token')} today`,
    `Hooks      ${hooksText(status)}`,
    `Scheduler  ${scheduler.unit_exists ? `${scheduler.kind ?? '?'}, ${tick}` : 'none (sessions start the compile)'}`,
    `Tools      ${Object.entries(tools)
      .map(([name, tool]) => `${name} ${tool.available ? (tool.version ?? 'there') : 'missing'}`)
      .join(', ')}`,
  ];
}

function awaitingText(status: Status): string {
  const count = liveBuckets(status).reduce((sum, { counts }) => sum + counts.awaiting_yes, 0);
  return count > 0 ? `; ${counted(count, 'suggestion waits', 'suggestions wait')} for your yes: csep review` : '';
}

function hooksText({ hooks, plugin_hooks: plugin }: Status): string {
  if (plugin.plugin_root !== null) return `as a plugin, ${plugin.trust ?? 'unknown'}`;
  return hooks.trust === null ? 'not installed' : `in ${hooks.file}, ${hooks.trust}`;
}

function bucketLines(buckets: readonly BucketStatus[]): string[] {
  if (buckets.length === 0) return ['No repository is known yet: the first session makes its bucket.'];
  const shown = buckets.toSorted((a, b) => waits(b) - waits(a) || (last(a) < last(b) ? 1 : -1)).slice(0, MOST_BUCKETS);
  const all = buckets.length > shown.length ? ` (${shown.length} shown, those that wait first)` : '';
  return [`Repositories: ${buckets.length}${all}`, ...shown.map(bucketLine)];
}

const waits = ({ counts }: BucketStatus): number => counts.pending + counts.processing + counts.queued;
const last = ({ last_receipt: receipt }: BucketStatus): string => receipt?.ended_at ?? '';

function bucketLine({ project, counts, generation, lock }: BucketStatus): string {
  const state = generation === null ? 'nothing promoted' : `generation ${generation}`;
  const pending = counts.pending + counts.processing;
  const parts = [
    state,
    ...(pending > 0 ? [`${pending} pending`] : []),
    ...(counts.queued > 0 ? [`${counts.queued} queued`] : []),
    ...(counts.awaiting_yes > 0 ? [`${counts.awaiting_yes} wait for your yes`] : []),
    ...(lock?.locked ? ['locked'] : []),
  ];
  return `  ${shortened(project, 40)}  ${parts.join(', ')}`;
}

const shortened = (name: string, width: number): string =>
  (name.length > width ? `…${name.slice(name.length - width + 1)}` : name).padEnd(width);

/** Names and messages come from outside: no control character reaches the terminal, and no line breaks the screen. */
function fitting(line: string, width: number): string {
  const plain = line.replaceAll(/[\p{Cc}\p{Cf}]/gu, '').trimEnd();
  return plain.length > width ? `${plain.slice(0, width - 1)}…` : plain;
}

const MINUTE_MS = 60_000;

/** How long ago, in the largest unit that says enough. */
export function ago(iso: string, nowIso: string): string {
  const minutes = Math.round((Date.parse(nowIso) - Date.parse(iso)) / MINUTE_MS);
  if (Number.isNaN(minutes)) return iso;
  if (minutes < 1) return 'just now';
  if (minutes < 120) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`;
}
