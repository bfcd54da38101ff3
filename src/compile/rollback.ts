import type { Report } from '../contracts/event.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Tombstone } from '../contracts/generation.ts';
import type { Memory, MemoryRecord } from '../contracts/memory.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { PLUGIN_OWNER } from '../contracts/skills.ts';
import type { Skill } from '../contracts/skills.ts';
import { listGenerations } from '../assets/generation-folder.ts';
import { readWholeGeneration } from '../assets/read-generation.ts';
import type { CheckedGeneration } from '../assets/read-generation.ts';
import { openChunk, recordsOfChunk } from '../assets/recall-chunk-file.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { timestamp } from '../kernel/clock.ts';
import type { BucketLayout } from '../kernel/home.ts';
import type { World } from '../kernel/world.ts';
import { compareKnowledge } from './compare-knowledge.ts';
import type { KnowledgeChanges } from './compare-knowledge.ts';
import { isForgottenMemory, isForgottenRecall, isForgottenSkill } from './forgotten.ts';
import { openKnowledge } from './open-knowledge.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import { promoteChange } from './promote-change.ts';
import type { Change } from './promote-change.ts';
import { recallRecords } from './recall-records.ts';
import { isSameKnowledge } from './rollback-same.ts';

export interface RollbackTask {
  world: World;
  bucket: BucketHandle;
  report: Report;
  /** Number of the generation that is to come back. */
  target: number;
  dryRun: boolean;
  /** Longest wait for a compile that is at work, ms (default 5,000). */
  patienceMs?: number;
}

/** What `rollback` prints. */
export interface RollbackSummary {
  /** unchanged: the present content is that of the generation already, so none was made. */
  status: 'rolled_back' | 'unchanged' | 'dry_run';
  /** The generation whose content came back. */
  restored: number;
  /** The new generation; null when none was made. */
  generation: number | null;
  /** The present generation before. */
  from: number | null;
  /** What changed against the knowledge before, by kind. */
  changes: KnowledgeChanges;
}

/**
 * Promotes the content of an old generation as a new one. Outstanding hand edits get a generation of
 * their own first; ledger and tombstones are the current ones, so that nothing that was applied comes
 * back as pending and nothing that was forgotten comes back at all.
 */
export async function rollback(task: RollbackTask): Promise<Result<RollbackSummary>> {
  const { layout } = task.bucket;
  let last: Decided | undefined;
  const decide = (knowledge: OpenKnowledge): Result<Change | null> => {
    const restored = restore(layout, knowledge, { target: task.target, at: timestamp(task.world.clock) });
    if (!restored.ok) return restored;
    last = { ...restored.value, from: knowledge.highest };
    return succeed(last.isSame ? null : last.change);
  };
  if (task.dryRun) {
    const opened = openKnowledge(layout);
    const decided = opened.ok ? decide(opened.value) : opened;
    if (!decided.ok) return decided;
  } else {
    const { world, bucket, report, patienceMs } = task;
    const request = { world, bucket, report, cause: 'rollback' as const, editsFirst: true, decide };
    const promoted = await promoteChange({ ...request, ...(patienceMs === undefined ? {} : { patienceMs }) });
    if (!promoted.ok) return promoted;
    if (promoted.value && last) {
      const { generation, from } = promoted.value;
      return succeed({ status: 'rolled_back', restored: task.target, generation, from, changes: last.changes });
    }
  }
  if (!last || (!task.dryRun && !last.isSame)) return fail({ reason: 'aborted', what: 'The rollback' });
  const status = last.isSame ? 'unchanged' : 'dry_run';
  return succeed({ status, restored: task.target, generation: null, from: last.from, changes: last.changes });
}

interface Decided extends Restored {
  /** Number of the present generation. */
  from: number | null;
}

interface Wanted {
  target: number;
  at: string;
}

interface Restored {
  change: Change;
  changes: KnowledgeChanges;
  isSame: boolean;
}

function restore(layout: BucketLayout, current: OpenKnowledge, { target, at }: Wanted): Result<Restored> {
  const folder = listGenerations(layout).find((candidate) => candidate.number === target);
  if (!folder) return fail({ reason: 'usage', detail: `there is no generation ${target}; see \`csep history\`` });
  const old = readWholeGeneration(folder);
  if (!old.ok) return old;
  const { tombstones, ledger } = current;
  const memory = withoutForgotten(old.value.memory, tombstones);
  const skills = restoredSkills(old.value.skills, current, at);
  const oldRecall = recallOf(old.value);
  const recallRemoved = new Set(
    oldRecall.filter((record) => isForgottenRecall(record, tombstones)).map((record) => record.id),
  );
  const after = { memory, skills, recall: oldRecall.filter((record) => !recallRemoved.has(record.id)) };
  const before = { memory: current.memory, skills: current.skills, recall: recallRecords(current) };
  const recallFrom = { facts: old.value.facts, folder: folder.folder };
  return succeed({
    change: { memory, skills, ledger, tombstones, recallRemoved, recallFrom, restored: target },
    changes: compareKnowledge(before, after),
    // A damaged generation is passed over when it is opened: then there is something to mend.
    isSame: current.facts?.generation === current.highest && isSameKnowledge(before, after),
  });
}

const recallOf = ({ folder, facts }: CheckedGeneration): RecallRecord[] =>
  facts.recall_chunks.flatMap((chunk) => recordsOfChunk(openChunk(folder.folder, chunk.name)));

function withoutForgotten(memory: Memory, tombstones: readonly Tombstone[]): Memory {
  const kept = (records: readonly MemoryRecord[]): MemoryRecord[] =>
    records.filter((record) => !isForgottenMemory(record, tombstones));
  return { ...memory, user: kept(memory.user), global: kept(memory.global) };
}

/**
 * The old skills; younger ones of ours are retired, so that their published copies go, too, and those
 * of other owners stay as they are: they were never ours to take back.
 */
function restoredSkills(old: readonly Skill[], current: OpenKnowledge, at: string): Skill[] {
  const kept = old.filter((skill) => !isForgottenSkill(skill, current.tombstones));
  const known = new Set(kept.map((skill) => skill.skill_id));
  const younger = current.skills.filter((skill) => !known.has(skill.skill_id));
  const retired = younger.map((skill) => (isOurs(skill) && skill.status === 'active' ? retire(skill, at) : skill));
  const today = new Map(current.skills.map((skill) => [skill.skill_id, skill]));
  const own = kept.map((skill) => (isOurs(skill) ? skill : (today.get(skill.skill_id) ?? skill)));
  return [...own, ...retired].toSorted((a, b) => (a.skill_id < b.skill_id ? -1 : 1));
}

const isOurs = (skill: Skill): boolean => skill.owner === PLUGIN_OWNER && skill.managed;

const retire = (skill: Skill, at: string): Skill => ({
  ...skill,
  action: 'retire',
  status: 'retired',
  updated_at: at,
  retired_at: at,
});
