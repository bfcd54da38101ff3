import type { MemoryRecord } from '../contracts/memory.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import type { Skill } from '../contracts/skills.ts';
import type { Scope } from '../contracts/suggestion.ts';
import type { CompileTask } from './backend.ts';
import type { OpenPart } from './sort-out.ts';
import { readingOf, share } from './text-overlap.ts';

/**
 * How much of a store an agent is sent, in bytes of its JSON. Memory of the usual size (its two files
 * have budgets of some 3.6 kB) goes whole; recall and skills are searched.
 */
const MEMORY_BYTES = 64_000;
const RECALL_BYTES = 32_000;
const SKILL_BYTES = 64_000;
const MANIFEST_BYTES = 32_000;
/** Records that look like one suggestion. */
const SIMILAR = 3;
/** What cannot be answered within the bounds of an answer is not asked about. */
const MAX_SUMMARY = 500;
const MAX_CONTENT = 20_000;

export interface ChosenMemory {
  scope: Scope;
  record: MemoryRecord;
}

/** All of memory when it is small; otherwise what the batch names, then what resembles it most. In the store's order. */
export function chooseMemory(task: CompileTask, open: readonly OpenPart[]): ChosenMemory[] {
  const all = (['user', 'global'] as const).flatMap((scope) =>
    task.memory[scope].map((record): ChosenMemory => ({ scope, record })),
  );
  const fit = all.filter(({ record }) => record.summary.length <= MAX_SUMMARY && record.content.length <= MAX_CONTENT);
  if (sizeOf(fit) <= MEMORY_BYTES) return fit;
  const names = open.flatMap(({ suggestion: { details } }) =>
    'old_summary' in details && details.old_summary ? [details.old_summary.trim()] : [],
  );
  const words = wordsOf(open);
  const chosen = new Set(
    mostAlike(fit, MEMORY_BYTES, ({ record }) => {
      if (names.some((name) => record.summary.includes(name))) return 2;
      return share(readingOf(`${record.summary}\n${record.content}`).terms, words);
    }),
  );
  return fit.filter((entry) => chosen.has(entry));
}

/** The records that look like a suggestion of the batch. */
export function chooseRecall(task: CompileTask, open: readonly OpenPart[]): RecallRecord[] {
  const found = new Map<string, RecallRecord>();
  let bytes = 0;
  for (const { suggestion } of open.filter(({ family }) => family !== 'skill_action'))
    for (const record of task.recall.similar(`${suggestion.summary}\n${suggestion.details.content}`, SIMILAR)) {
      const size = sizeOf(record);
      if (found.has(record.id) || bytes + size > RECALL_BYTES || !fits(record)) continue;
      found.set(record.id, record);
      bytes += size;
    }
  return [...found.values()];
}

const fits = (record: RecallRecord): boolean =>
  record.summary.length <= MAX_SUMMARY && record.content.length <= MAX_CONTENT;

export interface ChosenSkills {
  /** With their text: the batch names them, or they resemble a skill that it proposes. */
  whole: Skill[];
  /** Their line of the manifest alone. */
  named: Skill[];
}

/** Skills that the batch names come first, then those that resemble it; of the others the agent learns that they exist. */
export function chooseSkills(task: CompileTask, open: readonly OpenPart[]): ChosenSkills {
  const actions = open.flatMap(({ skill }) => (skill ? [skill] : []));
  const ids = new Set(actions.map((action) => action.skill_id));
  const words = wordsOf(open.filter(({ skill }) => skill !== undefined));
  const likeness = new Map(
    task.skills.map((skill) => {
      if (ids.has(skill.skill_id)) return [skill, 2] as const;
      return [skill, share(readingOf(`${skill.title}\n${skill.description ?? ''}`).terms, words)] as const;
    }),
  );
  const alike = task.skills.filter(
    (skill) => (likeness.get(skill) ?? 0) >= ALIKE && skill.content.length <= MAX_CONTENT,
  );
  const whole = mostAlike(alike, SKILL_BYTES, (skill) => likeness.get(skill) ?? 0);
  const others = task.skills.filter((skill) => !whole.includes(skill)).map((skill) => ({ ...skill, content: '' }));
  return { whole, named: mostAlike(others, MANIFEST_BYTES, () => 0) };
}

/** Half of the words of a skill's title and description occur in the batch. */
const ALIKE = 0.5;

function wordsOf(open: readonly OpenPart[]): Set<string> {
  return new Set(open.flatMap(({ reading }) => [...reading.terms]));
}

function mostAlike<T>(items: readonly T[], limit: number, likeness: (item: T) => number): T[] {
  const ranked = items.map((item) => ({ item, score: likeness(item) })).toSorted((a, b) => b.score - a.score);
  let bytes = 0;
  return ranked.flatMap(({ item }) => {
    bytes += sizeOf(item);
    return bytes <= limit ? [item] : [];
  });
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
