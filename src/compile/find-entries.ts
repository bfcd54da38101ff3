import type { Tombstone } from '../contracts/generation.ts';
import type { MemoryRecord } from '../contracts/memory.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import type { Skill } from '../contracts/skills.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import { recallRecords } from './recall-records.ts';

export type ForgetScope = Tombstone['scope'];

/** An entry that a query may mean. */
export type FoundEntry =
  | { kind: 'user' | 'global'; record: MemoryRecord }
  | { kind: 'recall'; record: RecallRecord }
  | { kind: 'skill'; record: Skill };

export interface Finding {
  entries: FoundEntry[];
  /** The query names exactly these: an id, or a whole summary. */
  exact: boolean;
}

/**
 * Entries that a person may mean, by the first of these that finds any: an id or a whole summary, a
 * part of a summary, a part of a text, all words in any order.
 */
export function findEntries(known: readonly FoundEntry[], query: string, scope: ForgetScope): Finding {
  const entries = known.filter(({ kind }) => scope === 'all' || scope === kind);
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return { entries: [], exact: false };
  const words = wanted.split(/\s+/u);
  const steps: ((entry: FoundEntry) => boolean)[] = [
    (entry) => idOf(entry) === wanted || summaryOf(entry).toLowerCase() === wanted,
    (entry) => summaryOf(entry).toLowerCase().includes(wanted),
    (entry) => textOf(entry).toLowerCase().includes(wanted),
    (entry) => words.every((word) => textOf(entry).toLowerCase().includes(word)),
  ];
  for (const [index, matches] of steps.entries()) {
    const found = entries.filter(matches);
    if (found.length > 0) return { entries: found, exact: index === 0 };
  }
  return { entries: [], exact: false };
}

export function allEntries(knowledge: OpenKnowledge): FoundEntry[] {
  return [
    ...knowledge.memory.user.map((record): FoundEntry => ({ kind: 'user', record })),
    ...knowledge.memory.global.map((record): FoundEntry => ({ kind: 'global', record })),
    ...recallRecords(knowledge).map((record): FoundEntry => ({ kind: 'recall', record })),
    ...knowledge.skills.map((record): FoundEntry => ({ kind: 'skill', record })),
  ];
}

export const idOf = (entry: FoundEntry): string => {
  switch (entry.kind) {
    case 'skill':
      return entry.record.skill_id;
    case 'recall':
      return entry.record.id;
    case 'user':
    case 'global':
      return '';
  }
};

export const summaryOf = (entry: FoundEntry): string =>
  entry.kind === 'skill' ? entry.record.title : entry.record.summary;

/** Everything that an entry says. */
export function textOf(entry: FoundEntry): string {
  const { record } = entry;
  if (entry.kind === 'skill') return [entry.record.title, entry.record.description ?? '', record.content].join('\n');
  const aliases = entry.kind === 'recall' ? (entry.record.aliases ?? []) : [];
  return [entry.record.summary, record.content, ...aliases].join('\n');
}
