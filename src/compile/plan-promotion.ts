import type { Envelope } from '../contracts/envelope.ts';
import type { AppliedOutcome, Generation, Ledger, Tombstone } from '../contracts/generation.ts';
import type { Memory } from '../contracts/memory.ts';
import type { DiscardedItem, ItemReceipt, MemoryActionStats, Receipt } from '../contracts/receipt.ts';
import { PLUGIN_OWNER } from '../contracts/skills.ts';
import type { Skill } from '../contracts/skills.ts';
import type { CompileAnswer, ItemVerdict, RecallChanges } from '../backend/backend.ts';

/** Ids older than this cannot come back: no envelope is kept that long. */
const LEDGER_DAYS = 90;

/** How one envelope of the batch ends. */
export interface Settlement {
  suggestion_id: string;
  outcome: AppliedOutcome;
  reason: string | null;
}

/** Everything that a promotion will write, decided before anything is written. */
export interface PromotionPlan {
  /** Number of the new generation. */
  generation: number;
  from: number | null;
  run: string;
  cause: Generation['cause'];
  memory: Memory;
  skills: Skill[];
  recall: RecallChanges;
  /** Ids of recall records that go. */
  recallRemoved: ReadonlySet<string>;
  applied: Ledger;
  tombstones: Tombstone[];
  adopted: Record<string, string[]>;
  /** Number of the generation whose content comes back. */
  restored?: number;
  receipt: Receipt;
  settlements: Settlement[];
}

export interface PlanRequest {
  run: string;
  cause: Generation['cause'];
  highest: number | null;
  ledger: Ledger;
  tombstones: Tombstone[];
  adopted: Record<string, string[]>;
  /** Number of records before this compile (older home: what is imported counts as before). */
  recallBefore: number;
  recallRemoved?: ReadonlySet<string>;
  restored?: number;
  batch: readonly Envelope[];
  backend: string;
  fallback: { backend: string; discarded: DiscardedItem } | null;
  startedAt: string;
  endedAt: string;
}

/** Envelopes of the batch that an earlier generation has applied already: they are settled, never merged again. */
export const alreadyApplied = (batch: readonly Envelope[], ledger: Ledger): Settlement[] =>
  batch.flatMap((envelope) => {
    const known = ledger[envelope.suggestion_id];
    return known ? [{ suggestion_id: envelope.suggestion_id, outcome: known.outcome, reason: 'applied before' }] : [];
  });

/** Data in, data out: what the next generation holds, its ledger, its receipt, and where each envelope goes. */
export function planPromotion(answer: CompileAnswer, request: PlanRequest): PromotionPlan {
  const generation = (request.highest ?? 0) + 1;
  const settlements = request.batch.map((envelope) => settlementOf(envelope, answer.verdicts));
  return {
    generation,
    from: request.highest,
    run: request.run,
    cause: request.cause,
    memory: answer.memory,
    skills: answer.skills,
    recall: answer.recall,
    recallRemoved: request.recallRemoved ?? new Set(),
    applied: nextLedger(request.ledger, settlements, request.endedAt),
    tombstones: request.tombstones,
    adopted: request.adopted,
    ...(request.restored === undefined ? {} : { restored: request.restored }),
    receipt: receiptOf(answer, request, { generation, settlements }),
    settlements,
  };
}

/** done: something was applied or known already, or there was nothing; discarded: all of it was. */
function settlementOf(envelope: Envelope, verdicts: readonly ItemVerdict[]): Settlement {
  const own = verdicts.filter((verdict) => verdict.suggestion_id === envelope.suggestion_id);
  const allDiscarded = own.length > 0 && own.every((verdict) => verdict.outcome === 'discarded');
  return {
    suggestion_id: envelope.suggestion_id,
    outcome: allDiscarded ? 'discarded' : 'done',
    reason: allDiscarded ? (own[0]?.reason ?? null) : null,
  };
}

function nextLedger(ledger: Ledger, settlements: readonly Settlement[], at: string): Ledger {
  const oldest = Date.parse(at) - LEDGER_DAYS * 86_400_000;
  const kept = Object.entries(ledger).filter(([, entry]) => !(Date.parse(entry.at) < oldest));
  const added = settlements.map((settlement): [string, Ledger[string]] => [
    settlement.suggestion_id,
    { outcome: settlement.outcome, at },
  ]);
  return Object.fromEntries([...kept, ...added]);
}

function receiptOf(
  answer: CompileAnswer,
  request: PlanRequest,
  { generation, settlements }: { generation: number; settlements: readonly Settlement[] },
): Receipt {
  const stateOf = new Map(settlements.map((settlement) => [settlement.suggestion_id, settlement.outcome]));
  const items = answer.verdicts.map((verdict): ItemReceipt => ({
    ...verdict,
    state: stateOf.get(verdict.suggestion_id) ?? 'done',
  }));
  return {
    run_status: 'success',
    backend: request.backend,
    fallback_backend: request.fallback?.backend ?? null,
    processed_count: request.batch.length,
    archived_count: settlements.filter((settlement) => settlement.outcome === 'done').length,
    memory_records: answer.memory.user.length + answer.memory.global.length,
    recall_records: request.recallBefore + answer.recall.added.length,
    managed_skills: answer.skills.filter(isActiveOfOurs).length,
    item_receipts: items,
    discarded_items: [...(request.fallback ? [request.fallback.discarded] : []), ...items.flatMap(discardedItem)],
    skip_reason: null,
    memory_action_stats: memoryActionStats(request.batch, items),
    generation,
    from_generation: request.highest,
    envelopes: request.batch.map((envelope) => envelope.suggestion_id),
    started_at: request.startedAt,
    ended_at: request.endedAt,
    ...(answer.absorbed ? { absorbed: answer.absorbed } : {}),
    ...(answer.tokens ? { tokens: answer.tokens } : {}),
  };
}

const isActiveOfOurs = (skill: Skill): boolean =>
  skill.owner === PLUGIN_OWNER && skill.managed && skill.status === 'active';

function discardedItem(item: ItemReceipt): DiscardedItem[] {
  if (item.outcome !== 'discarded' || !item.reason) return [];
  const { suggestion_id, index, family, reason, detail } = item;
  return [{ reason, suggestion_id, index, family, ...(detail === undefined ? {} : { detail }) }];
}

/** How many memory suggestions asked for what, whatever became of them. */
function memoryActionStats(batch: readonly Envelope[], items: readonly ItemReceipt[]): MemoryActionStats {
  const stats: MemoryActionStats = { total: 0, by_action: {}, by_scope: {} };
  for (const item of items) {
    if (item.family !== 'memory_updates' || item.index === undefined) continue;
    const envelope = batch.find((candidate) => candidate.suggestion_id === item.suggestion_id);
    const details = envelope?.suggestions[item.index]?.details ?? {};
    count(stats.by_action, textOf(details['action'], 'add'));
    count(stats.by_scope, textOf(details['scope'], 'global'));
    stats.total++;
  }
  return stats;
}

const textOf = (value: unknown, fallback: string): string => (typeof value === 'string' ? value : fallback);

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
