import type { Preflight } from '../contracts/lock.ts';
import type { DiscardedItem, MemoryActionStats, Receipt } from '../contracts/receipt.ts';

/** What `compile` prints. */
export interface CompileSummary {
  status: Preflight['status'] | 'success';
  processed_count: number;
  receipt_path: string | null;
  backend: string;
  fallback_backend: string | null;
  /** What the chosen backend failed with; absent when it did the work itself. */
  fallback_reason?: string;
  discarded_count: number;
  memory_action_stats: MemoryActionStats;
  generation: number | null;
  /** Envelopes whose plan waits for a person's yes (compile.mode = review); absent when there are none. */
  proposed_count?: number;
}

/** What a compile prints when there was nothing to do. */
export const emptySummary = (backend: string): CompileSummary => ({
  status: 'skip_empty',
  processed_count: 0,
  receipt_path: null,
  backend,
  fallback_backend: null,
  discarded_count: 0,
  memory_action_stats: { total: 0, by_action: {}, by_scope: {} },
  generation: null,
});

/** Several passes over one bucket as one. */
export function addSummaries(total: CompileSummary, pass: CompileSummary): CompileSummary {
  return {
    ...pass,
    processed_count: total.processed_count + pass.processed_count,
    discarded_count: total.discarded_count + pass.discarded_count,
    ...proposedOf((total.proposed_count ?? 0) + (pass.proposed_count ?? 0)),
    fallback_backend: pass.fallback_backend ?? total.fallback_backend,
    ...fallbackReason(pass.fallback_reason ?? total.fallback_reason),
    memory_action_stats: addStats(total.memory_action_stats, pass.memory_action_stats),
  };
}

/** The key of a summary, where there is a reason. */
export const fallbackReason = (reason: string | undefined): Pick<CompileSummary, 'fallback_reason'> =>
  reason === undefined ? {} : { fallback_reason: reason };

const proposedOf = (count: number): Pick<CompileSummary, 'proposed_count'> =>
  count > 0 ? { proposed_count: count } : {};

export function addStats(a: MemoryActionStats, b: MemoryActionStats): MemoryActionStats {
  return {
    total: a.total + b.total,
    by_action: addCounts(a.by_action, b.by_action),
    by_scope: addCounts(a.by_scope, b.by_scope),
  };
}

function addCounts(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  const sum = { ...a };
  for (const [key, count] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}

/** Why another backend did the work, as its receipt says it. */
export const reasonOf = (discarded: DiscardedItem | undefined): string | undefined =>
  discarded?.detail ?? discarded?.reason;

/** What a promotion did, from its receipt. */
export const summaryOf = (receipt: Receipt, receiptPath: string): CompileSummary => ({
  status: 'success',
  processed_count: receipt.processed_count,
  receipt_path: receiptPath,
  backend: receipt.backend,
  fallback_backend: receipt.fallback_backend,
  // The reason of a fallback stands first among what was discarded.
  ...fallbackReason(receipt.fallback_backend === null ? undefined : reasonOf(receipt.discarded_items[0])),
  discarded_count: receipt.item_receipts.filter((item) => item.outcome === 'discarded').length,
  memory_action_stats: receipt.memory_action_stats,
  generation: receipt.generation,
});
