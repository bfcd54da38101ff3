import type { Result } from '../contracts/failure.ts';
import type { Generation } from '../contracts/generation.ts';
import { KeptReceipt } from '../contracts/kept-receipt.ts';
import type { DiscardReason, Receipt } from '../contracts/receipt.ts';
import { listGenerations } from '../assets/generation-folder.ts';
import { readFacts } from '../assets/read-generation.ts';
import { readEnvelope, STATES } from '../bucket/envelope-file.ts';
import type { EntryChange } from '../compile/compare-knowledge.ts';
import { keptReceiptFile, keptReceiptNumbers, sessionsOf, showGenerationChanges } from '../compile/history.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { readJson } from '../kernel/json-file.ts';
import type { ChangeRow, DiscardRow, GenerationRow } from './model.ts';
import { showable, showableLine, showableTime } from './showable.ts';

export interface Timeline {
  /** Newest first. */
  rows: GenerationRow[];
  total: number;
  discards: DiscardRow[];
  discardCount: number;
  problems: string[];
}

/** How much of the past is looked at; the rest is counted. */
export interface TimelineLimits {
  /** Generations whose changes are worked out entry by entry, the newest ones. */
  compared: number;
}

const MOST_ROWS = 1_000;
const MOST_DISCARDS = 300;
const MOST_CHANGES = 60;
const LONGEST_CHANGE = 600;

export function readTimeline(layout: BucketLayout, limits: TimelineLimits): Timeline {
  const folders = new Map(listGenerations(layout).map((folder) => [folder.number, folder]));
  const numbers = [...new Set([...folders.keys(), ...keptReceiptNumbers(layout)])].toSorted((a, b) => b - a);
  const timeline: Timeline = { rows: [], total: numbers.length, discards: [], discardCount: 0, problems: [] };
  for (const number of numbers.slice(0, MOST_ROWS)) {
    const folder = folders.get(number);
    const facts: Result<Generation | KeptReceipt> = folder
      ? readFacts(folder)
      : readJson(keptReceiptFile(layout, number), KeptReceipt);
    if (!facts.ok) {
      timeline.problems.push(`generation ${number}: ${facts.failure.reason}`);
      continue;
    }
    const row = rowOf(layout, facts.value, folder !== undefined);
    if (folder && timeline.rows.length < limits.compared) addChanges(layout, row, timeline.problems);
    timeline.rows.push(row);
    addDiscards(layout, facts.value, timeline);
  }
  return timeline;
}

function rowOf(layout: BucketLayout, facts: Generation | KeptReceipt, kept: boolean): GenerationRow {
  const { receipt } = facts;
  const outcomes: Record<string, number> = {};
  for (const { outcome } of receipt.item_receipts) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const sessions = 'sessions' in facts ? facts.sessions : sessionsOf(layout, receipt.envelopes);
  return {
    number: facts.generation,
    at: showableTime(facts.created_at),
    cause: facts.cause,
    restored: facts.restored ?? null,
    backend: showableLine(receipt.backend),
    fallback: receipt.fallback_backend === null ? null : showableLine(receipt.fallback_backend),
    fallback_reason: fallbackReason(receipt),
    sessions: sessions.slice(0, 50).map((thread) => showableLine(thread)),
    outcomes,
    hand_edits: Object.keys(facts.adopted).map((file) => showableLine(file)),
    notes: receipt.memory_records,
    recall: receipt.recall_records,
    skills: receipt.managed_skills,
    tokens: (receipt.tokens?.input ?? 0) + (receipt.tokens?.output ?? 0),
    kept,
    changes: null,
    more_changes: 0,
  };
}

const BACKEND_REASONS: readonly DiscardReason[] = [
  'opencode_unavailable',
  'agent_invoke_failed',
  'agent_output_invalid',
];

function fallbackReason(receipt: Receipt): string {
  const cause = receipt.discarded_items.find(({ reason }) => BACKEND_REASONS.includes(reason));
  return cause ? showableLine([cause.reason, cause.detail].filter(Boolean).join(': '), 400) : '';
}

function addChanges(layout: BucketLayout, row: GenerationRow, problems: string[]): void {
  const report = showGenerationChanges(layout, row.number);
  if (!report.ok) {
    problems.push(`changes of generation ${row.number}: ${report.failure.reason}`);
    return;
  }
  const { memory, recall, skills } = report.value.changes;
  const changes = [...memory, ...skills, ...recall];
  row.changes = changes.slice(0, MOST_CHANGES).map(changeRow);
  row.more_changes = changes.length - row.changes.length;
}

const changeRow = (change: EntryChange): ChangeRow => ({
  kind: change.kind,
  change: change.change,
  name: showableLine(change.name),
  text: showable(change.after ?? '', LONGEST_CHANGE),
  before: showable(change.before ?? '', LONGEST_CHANGE),
  thread: showableLine(change.provenance?.at(-1)?.thread_id ?? ''),
});

function addDiscards(layout: BucketLayout, facts: Generation | KeptReceipt, timeline: Timeline): void {
  for (const item of facts.receipt.item_receipts) {
    if (item.outcome !== 'discarded') continue;
    timeline.discardCount++;
    if (timeline.discards.length >= MOST_DISCARDS) continue;
    timeline.discards.push({
      at: showableTime(facts.created_at),
      generation: facts.generation,
      family: showableLine(item.family ?? '', 40),
      reason: item.reason ?? '',
      detail: showableLine(item.detail ?? '', 400),
      ...wordsOf(layout, item.suggestion_id, item.index),
    });
  }
}

/** Receipts hold no words; the envelope does, as long as it is kept. */
function wordsOf(layout: BucketLayout, id: string, index = 0): Pick<DiscardRow, 'summary' | 'thread'> {
  for (const state of STATES.toReversed()) {
    const envelope = readEnvelope(layout, state, id);
    if (!envelope.ok) continue;
    const { suggestions, thread_id: thread } = envelope.value;
    return { summary: showableLine(suggestions[index]?.summary ?? ''), thread: showableLine(thread) };
  }
  return { summary: '', thread: '' };
}
