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
  const shelf = shelfOf(edit.current);
  const records: (MemoryRecord | undefined)[] = [...edit.current];
  const touched: string[] = [];
  for (const change of changes) {
    if (change.kind === 'added') {
      if (shelf.holds(change.entry)) continue;
      records.push(byHand(change.entry, edit.scope, undefined));
      touched.push(change.entry.summary);
      continue;
    }
    const index = shelf.take(change.from);
    touched.push(change.from.summary);
    if (change.kind === 'deleted') {
      if (index !== undefined) records[index] = undefined;
      continue;
    }
    touched.push(change.entry.summary);
    const byTheHand = byHand(change.entry, edit.scope, index === undefined ? undefined : records[index]);
    if (index === undefined) records.push(byTheHand);
    else records[index] = byTheHand;
  }
  return { records: records.filter((record) => record !== undefined), touched };
}

function diff(base: readonly MemoryEntry[], edited: readonly MemoryEntry[]): Change[] {
  const right = shelfOf(edited);
  const goneFromBase = base.map(normalEntry).filter((entry) => right.takeExact(entry) === undefined);
  const changes = goneFromBase.map((from): Change => {
    const index = right.takeNamed(from.summary) ?? right.takeSaying(from.content);
    const entry = index === undefined ? undefined : right.entries[index];
    return entry ? { kind: 'changed', from, entry } : { kind: 'deleted', from };
  });
  for (const entry of right.rest()) changes.push({ kind: 'added', entry });
  return changes;
}

function additions(edited: readonly MemoryEntry[], current: readonly MemoryRecord[]): Change[] {
  const known = shelfOf(current);
  return edited.map(normalEntry).flatMap((entry): Change[] => {
    if (known.holds(entry)) return [];
    const from = known.named(entry.summary);
    return [from ? { kind: 'changed', from, entry } : { kind: 'added', entry }];
  });
}

/**
 * Entries that can be found, and taken once each, by what they are. Looked up by keys: a person may
 * paste a file of ten thousand entries, and a hook must not compare each with each.
 */
function shelfOf(list: readonly MemoryEntry[]) {
  const entries = list.map(normalEntry);
  const taken = new Set<number>();
  const exact = indexBy(entries, keyOf);
  const bySummary = indexBy(entries, (entry) => entry.summary);
  const byContent = indexBy(entries, (entry) => entry.content);
  const takeFrom = (places: number[] = []): number | undefined => {
    const index = places.find((place) => !taken.has(place));
    if (index !== undefined) taken.add(index);
    return index;
  };
  const held = new Set(entries.map(keyOf));
  const firstNamed = new Map(entries.toReversed().map((entry) => [entry.summary, entry]));
  return {
    entries,
    holds: (entry: MemoryEntry): boolean => held.has(keyOf(entry)),
    named: (summary: string): MemoryEntry | undefined => firstNamed.get(summary),
    takeExact: (entry: MemoryEntry) => takeFrom(exact.get(keyOf(entry))),
    takeNamed: (summary: string) => takeFrom(bySummary.get(summary)),
    takeSaying: (content: string) => takeFrom(byContent.get(content)),
    take: (entry: MemoryEntry) => takeFrom(exact.get(keyOf(entry))) ?? takeFrom(bySummary.get(entry.summary)),
    rest: (): MemoryEntry[] => entries.filter((_, index) => !taken.has(index)),
  };
}

function indexBy(entries: readonly MemoryEntry[], key: (entry: MemoryEntry) => string): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (const [index, entry] of entries.entries()) {
    const known = places.get(key(entry));
    if (known) known.push(index);
    else places.set(key(entry), [index]);
  }
  return places;
}

/** A summary has one line, so the first line end parts it from the content. */
const keyOf = (entry: MemoryEntry): string => `${entry.summary}\n${entry.content}`;

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
