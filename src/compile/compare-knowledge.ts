import type { Memory, MemoryRecord, Provenance } from '../contracts/memory.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import type { Skill } from '../contracts/skills.ts';
import { diffLines } from '../assets/line-diff.ts';

/** Memory, recall and skills of one state. */
export interface ComparedKnowledge {
  memory: Memory;
  recall: readonly RecallRecord[];
  skills: readonly Skill[];
}

/** One entry that is there in only one of two states, or differs. */
export interface EntryChange {
  kind: 'user' | 'global' | 'recall' | 'skill';
  change: 'added' | 'changed' | 'removed';
  /** Summary, title, or id: what a person knows the entry by. */
  name: string;
  id?: string;
  before?: string;
  after?: string;
  /** `+`, `-` and ` ` lines of a changed text. */
  diff?: string[];
  /** Where the newer entry comes from (of a removed one: where it came from). */
  provenance?: Provenance[];
}

export interface KnowledgeChanges {
  memory: EntryChange[];
  recall: EntryChange[];
  skills: EntryChange[];
}

/** What has to happen to `before` to become `after`, entry by entry. */
export function compareKnowledge(before: ComparedKnowledge, after: ComparedKnowledge): KnowledgeChanges {
  return {
    memory: [
      ...compare(before.memory.user.map(memoryEntry), after.memory.user.map(memoryEntry)),
      ...compare(before.memory.global.map(memoryEntry), after.memory.global.map(memoryEntry)),
    ],
    recall: compare(before.recall.map(recallEntry), after.recall.map(recallEntry)),
    skills: compare(before.skills.map(skillEntry), after.skills.map(skillEntry)),
  };
}

interface Entry {
  kind: EntryChange['kind'];
  name: string;
  key: string;
  text: string;
  id?: string;
  provenance?: Provenance[];
}

const memoryEntry = (record: MemoryRecord): Entry => ({
  kind: record.scope,
  name: record.summary,
  key: record.summary,
  text: record.content,
  provenance: record.provenance,
});

const recallEntry = (record: RecallRecord): Entry => ({
  kind: 'recall',
  name: record.summary,
  key: record.id,
  id: record.id,
  text: record.content,
  provenance: [
    {
      suggestion_id: '',
      thread_id: record.thread_id,
      turn_id: record.turn_id,
      at: record.created_at ?? record.source_updated_at,
    },
  ],
});

const skillEntry = (skill: Skill): Entry => ({
  kind: 'skill',
  name: skill.title || skill.skill_id,
  key: skill.skill_id,
  id: skill.skill_id,
  text: [
    ...(skill.status === 'retired' ? ['(retired)'] : []),
    `# ${skill.title}`,
    ...(skill.description ? [skill.description] : []),
    '',
    skill.content,
  ].join('\n'),
});

function compare(before: readonly Entry[], after: readonly Entry[]): EntryChange[] {
  const left = grouped(before);
  const right = grouped(after);
  const changes: EntryChange[] = [];
  for (const [key, entries] of left) {
    const others = right.get(key) ?? [];
    const gone = entries.filter((entry) => !others.some((other) => other.text === entry.text));
    const fresh = others.filter((other) => !entries.some((entry) => entry.text === other.text));
    for (const [index, entry] of gone.entries()) {
      const successor = fresh[index];
      changes.push(successor ? changed(entry, successor) : { ...label(entry), change: 'removed', before: entry.text });
    }
    for (const entry of fresh.slice(gone.length)) changes.push({ ...label(entry), change: 'added', after: entry.text });
  }
  for (const [key, entries] of right) {
    if (left.has(key)) continue;
    for (const entry of entries) changes.push({ ...label(entry), change: 'added', after: entry.text });
  }
  return changes;
}

const changed = (entry: Entry, successor: Entry): EntryChange => ({
  ...label(successor),
  change: 'changed',
  before: entry.text,
  after: successor.text,
  diff: diffLines(entry.text.split('\n'), successor.text.split('\n')).map(({ mark, line }) => `${mark} ${line}`),
});

const label = ({ kind, name, id, provenance }: Entry): Pick<EntryChange, 'kind' | 'name' | 'id' | 'provenance'> => ({
  kind,
  name,
  ...(id === undefined ? {} : { id }),
  ...(provenance ? { provenance } : {}),
});

/** Several entries may have one and the same summary. */
function grouped(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.key);
    if (group) group.push(entry);
    else groups.set(entry.key, [entry]);
  }
  return groups;
}
