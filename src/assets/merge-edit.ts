import type { MemoryRecord } from '../contracts/memory.ts';
import type { Scope } from '../contracts/suggestion.ts';
import { normalEntry } from './memory-markdown.ts';
import type { MemoryEntry } from './memory-markdown.ts';

/** What a person's edit of USER.md or MEMORY.md means for the current entries. */
export interface MergedEdit {
  records: MemoryRecord[];
  /** Summaries (old and new) that the hand has touched: a suggestion must not overrule them in the same compile. */
  touched: string[];
}

export interface EditedMemory {
  scope: Scope;
  /** What the file said when the person started; undefined when that generation is gone. */
  base: readonly MemoryRecord[] | undefined;
  edited: readonly MemoryEntry[];
  current: readonly MemoryRecord[];
}

type Change =
  | { kind: 'added'; entry: MemoryEntry }
  | { kind: 'changed'; from: MemoryEntry; entry: MemoryEntry }
  | { kind: 'deleted'; from: MemoryEntry };

/**
 * Three-way merge: diff(base → edited) applied to current. What a promotion added meanwhile stays;
 * where both changed an entry the hand's text wins. Without a base nothing is deleted: an entry that
 * is missing from the file may never have been in it.
 */
export function mergeEdit(edit: EditedMemory): MergedEdit {
  const changes = edit.base ? diff(edit.base, edit.edited) : additions(edit.edited, edit.current);
  let records = [...edit.current];
  const touched: string[] = [];
  for (const change of changes) {
    records = applyChange(records, change, edit.scope);
    if (change.kind !== 'added') touched.push(change.from.summary);
    if (change.kind !== 'deleted') touched.push(change.entry.summary);
  }
  return { records, touched };
}

function diff(base: readonly MemoryEntry[], edited: readonly MemoryEntry[]): Change[] {
  const left = base.map(normalEntry);
  const right = edited.map(normalEntry);
  const goneFromBase = left.filter((entry) => !takeFirst(right, (other) => isSame(entry, other)));
  const changes: Change[] = [];
  for (const from of goneFromBase) {
    const entry =
      takeFirst(right, (other) => other.summary === from.summary) ??
      takeFirst(right, (other) => other.content === from.content);
    changes.push(entry ? { kind: 'changed', from, entry } : { kind: 'deleted', from });
  }
  for (const entry of right) changes.push({ kind: 'added', entry });
  return changes;
}

function additions(edited: readonly MemoryEntry[], current: readonly MemoryRecord[]): Change[] {
  return edited.map(normalEntry).flatMap((entry): Change[] => {
    const known = current.map(normalEntry);
    if (known.some((other) => isSame(entry, other))) return [];
    const from = known.find((other) => other.summary === entry.summary);
    return [from ? { kind: 'changed', from, entry } : { kind: 'added', entry }];
  });
}

function applyChange(records: MemoryRecord[], change: Change, scope: Scope): MemoryRecord[] {
  switch (change.kind) {
    case 'added':
      if (records.some((record) => isSame(normalEntry(record), change.entry))) return records;
      return [...records, byHand(change.entry, scope, undefined)];
    case 'changed': {
      const index = indexOf(records, change.from);
      if (index === -1) return [...records, byHand(change.entry, scope, undefined)];
      return records.with(index, byHand(change.entry, scope, records[index]));
    }
    case 'deleted': {
      const index = indexOf(records, change.from);
      return index === -1 ? records : records.toSpliced(index, 1);
    }
  }
}

function byHand(entry: MemoryEntry, scope: Scope, before: MemoryRecord | undefined): MemoryRecord {
  const provenance = before?.provenance.filter((origin) => origin.basis !== 'hand-edit') ?? [];
  return {
    ...before,
    scope,
    summary: entry.summary,
    content: entry.content === '' ? entry.summary : entry.content,
    source_paths: before?.source_paths ?? [],
    confidence: 1,
    provenance: [...provenance, { suggestion_id: '', thread_id: '', turn_id: '', at: '', basis: 'hand-edit' }],
  };
}

function indexOf(records: readonly MemoryRecord[], entry: MemoryEntry): number {
  const exact = records.findIndex((record) => isSame(normalEntry(record), entry));
  return exact === -1 ? records.findIndex((record) => normalEntry(record).summary === entry.summary) : exact;
}

const isSame = (a: MemoryEntry, b: MemoryEntry): boolean => a.summary === b.summary && a.content === b.content;

/** Takes the first match out of the list. */
function takeFirst<T>(list: T[], matches: (item: T) => boolean): T | undefined {
  const index = list.findIndex(matches);
  return index === -1 ? undefined : list.splice(index, 1)[0];
}
