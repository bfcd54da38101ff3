import type { RecallRecord } from '../contracts/recall.ts';
import { renderJsonLine } from '../kernel/render-json.ts';

/** What an edit of recall/index.json means for the current records. */
export interface MergedRecallEdit {
  added: Map<string, RecallRecord>;
  replaced: Map<string, RecallRecord>;
  removed: Set<string>;
}

export interface EditedRecall {
  /** What the file said when the person started, by id; undefined when that state is gone. */
  base: ReadonlyMap<string, RecallRecord> | undefined;
  edited: readonly RecallRecord[];
  current: ReadonlyMap<string, RecallRecord>;
  /** Ids that stand in the file in a form that could not be read: they are neither changed nor removed. */
  unread: ReadonlySet<string>;
}

/**
 * Three-way merge by id. Where both changed a record, the fields that the hand has changed win. What
 * a promotion added since stays; without a base nothing is removed.
 */
export function mergeRecallEdit({ base, edited, current, unread }: EditedRecall): MergedRecallEdit {
  const merged: MergedRecallEdit = { added: new Map(), replaced: new Map(), removed: new Set() };
  const seen = new Set(unread);
  for (const record of edited) {
    if (seen.has(record.id)) continue;
    seen.add(record.id);
    mergeOne(merged, { record, before: base?.get(record.id), now: current.get(record.id) });
  }
  for (const id of base?.keys() ?? []) if (!seen.has(id) && current.has(id)) merged.removed.add(id);
  return merged;
}

interface Versions {
  record: RecallRecord;
  before: RecallRecord | undefined;
  now: RecallRecord | undefined;
}

function mergeOne(merged: MergedRecallEdit, { record, before, now }: Versions): void {
  if (before && isSame(record, before)) return;
  if (!now) {
    merged.added.set(record.id, record);
    return;
  }
  const next: RecallRecord = before ? { ...now, ...changedFields(before, record) } : { ...now, ...record };
  if (!isSame(next, now)) merged.replaced.set(record.id, next);
}

function changedFields(before: RecallRecord, record: RecallRecord): Partial<RecallRecord> {
  const old: Record<string, unknown> = before;
  return Object.fromEntries(
    Object.entries(record).filter(([key, value]) => renderJsonLine({ value }) !== renderJsonLine({ value: old[key] })),
  );
}

const isSame = (a: RecallRecord, b: RecallRecord): boolean => renderJsonLine(a) === renderJsonLine(b);
