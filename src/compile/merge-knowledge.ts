import type { MemoryRecord } from '../contracts/memory.ts';
import type { Scope } from '../contracts/suggestion.ts';
import { saysTheSame } from '../assets/similarity.ts';
import { isForgottenMemory, isForgottenRecall, isForgottenSkill } from './forgotten.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import type { Change } from './promote-change.ts';
import { recallLookup } from './recall-lookup.ts';
import { recallRecords } from './recall-records.ts';

export interface MergedKnowledge {
  /** Null: the target knows everything already. */
  change: Change | null;
  added: { memory: number; recall: number; skills: number };
  /** Skills of which both have a text of their own; the target's stays. */
  conflicts: string[];
}

/** What a target knows when it takes in all that a source knows: nothing of the target's changes. */
export function mergeKnowledge(target: OpenKnowledge, source: OpenKnowledge): MergedKnowledge {
  const stones = [...target.tombstones, ...source.tombstones];
  const user = freshMemory(target, source, 'user').filter((record) => !isForgottenMemory(record, stones));
  const global = freshMemory(target, source, 'global').filter((record) => !isForgottenMemory(record, stones));
  const lookup = recallLookup(target);
  const recallAdded = recallRecords(source).filter(
    (record) => !lookup.has(record.id) && !isForgottenRecall(record, stones),
  );
  lookup.close();
  const known = new Map(target.skills.map((skill) => [skill.skill_id, skill]));
  const skills = source.skills.filter((skill) => !known.has(skill.skill_id) && !isForgottenSkill(skill, stones));
  const conflicts = source.skills.filter((skill) => {
    const other = known.get(skill.skill_id);
    return other !== undefined && other.content.trim() !== skill.content.trim();
  });
  const ledger = { ...source.ledger, ...target.ledger };
  const added = { memory: user.length + global.length, recall: recallAdded.length, skills: skills.length };
  const isNews =
    added.memory + added.recall + added.skills > 0 ||
    Object.keys(ledger).length > Object.keys(target.ledger).length ||
    source.tombstones.length > 0;
  const change: Change = {
    memory: {
      ...target.memory,
      user: [...target.memory.user, ...user],
      global: [...target.memory.global, ...global],
    },
    skills: [...target.skills, ...skills].toSorted((a, b) => (a.skill_id < b.skill_id ? -1 : 1)),
    recallAdded,
    ledger,
    tombstones: stones,
    keptKeys: { ...source.keptKeys, ...target.keptKeys },
  };
  return { change: isNews ? change : null, added, conflicts: conflicts.map((skill) => skill.skill_id) };
}

const freshMemory = (target: OpenKnowledge, source: OpenKnowledge, scope: Scope): MemoryRecord[] =>
  source.memory[scope].filter(
    (record) => !target.memory[scope].some((known) => saysTheSame(known.content, record.content)),
  );
