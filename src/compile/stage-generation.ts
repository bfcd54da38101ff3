import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { Generation } from '../contracts/generation.ts';
import type { RecallChunk } from '../contracts/generation.ts';
import { Memory } from '../contracts/memory.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { SkillSet } from '../contracts/skills.ts';
import { renderMirrors } from '../assets/render-mirrors.ts';
import type { Mirrors } from '../assets/render-mirrors.ts';
import { stageNotes } from '../assets/stage-notes.ts';
import { stageRecall } from '../assets/stage-recall.ts';
import type { RecallStage } from '../assets/stage-recall.ts';
import { sha256 } from '../kernel/digest.ts';
import { factsOf, readBytes } from '../kernel/files.ts';
import { makeFolder, makeFolderExclusively, syncFolder, writeNew } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { renderJson } from '../kernel/render-json.ts';
import { makeReadOnly } from '../kernel/move-files.ts';
import * as v from 'valibot';
import { mirrorRecall } from './mirror-recall.ts';
import type { RecallToMirror } from './mirror-recall.ts';
import { STAGE_PREFIX } from './names.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import type { PromotionPlan } from './plan-promotion.ts';

/** A generation that lies beside the others, complete, and that nobody can see yet. */
export interface StagedGeneration {
  folder: string;
  facts: Generation;
  /** Mirrors to write once it is promoted. */
  mirrors: Mirrors;
}

/** Writes the planned generation beside the others, syncs it, and reads it back. */
export function stageGeneration(
  layout: BucketLayout,
  plan: PromotionPlan,
  before: OpenKnowledge,
): Result<StagedGeneration> {
  makeFolder(layout.generations);
  const folder = path.join(layout.generations, `${STAGE_PREFIX}${plan.run}`);
  if (!makeFolderExclusively(folder))
    return fail({ reason: 'disk-failed', operation: 'stage', path: folder, code: 'EEXIST' });
  const files: Generation['files'] = {};
  const put = (name: string, bytes: string | Uint8Array): void => {
    const content = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
    writeNew(path.join(folder, name), content);
    makeReadOnly(path.join(folder, name));
    files[name] = { sha256: sha256(content), size: content.length };
  };
  put('memory.json', renderJson(v.parse(Memory, plan.memory)));
  put('skills.json', renderJson(v.parse(SkillSet, { skills: plan.skills })));
  const task = recallOf(plan, before);
  const recall = stageRecall({ folder, put, ...task });
  const sum = files['memory.json']?.sha256;
  const linked = { ...recall.linked, ...stageNotes({ folder, put, from: task.from, memory: plan.memory, sum }) };
  Object.assign(files, linked);
  const mirrors = renderMirrors({
    generation: plan.generation,
    memory: plan.memory,
    skills: plan.skills,
    keptKeys: before.keptKeys,
    recall: mirrorRecall({
      layout,
      folder,
      chunks: recall.chunks,
      files,
      keptKeys: before.keptKeys,
      at: plan.receipt.ended_at,
      ...onlyAdded(task, before),
    }),
  });
  const facts = factsOfPlan(plan, { files, chunks: recall.chunks, mirrors, before });
  writeNew(path.join(folder, 'generation.json'), renderJson(v.parse(Generation, facts)));
  makeReadOnly(path.join(folder, 'generation.json'));
  syncFolder(folder);
  return readBack({ folder, facts, mirrors }, new Set(Object.keys(linked)));
}

type RecallTask = Pick<RecallStage, 'from' | 'added' | 'replaced' | 'removed'>;

/** A person's edits first, then what the plan adds to them. */
function recallOf(plan: PromotionPlan, before: OpenKnowledge): RecallTask {
  const { recallFolder, facts, recallEdits } = before;
  const planned = plan.recall.replaced.map((record): [string, RecallRecord] => [record.id, record]);
  const replaced = new Map([...recallEdits.replaced, ...planned]);
  const removed = new Set([...recallEdits.removed, ...plan.recallRemoved]);
  const added = [...before.imported, ...recallEdits.added.values()].filter((record) => !removed.has(record.id));
  return {
    from: recallFolder && facts ? { folder: recallFolder, chunks: facts.recall_chunks, files: facts.files } : undefined,
    added: [...added.map((record) => replaced.get(record.id) ?? record), ...plan.recall.added],
    replaced,
    removed,
  };
}

/** Most promotions add records and change none: their recall mirrors only grow at the end. */
const onlyAdded = (
  { replaced, removed, added }: RecallTask,
  { facts }: OpenKnowledge,
): Pick<RecallToMirror, 'extends'> =>
  facts && replaced.size === 0 && removed.size === 0 ? { extends: { facts, added } } : {};

interface Staged {
  files: Generation['files'];
  chunks: RecallChunk[];
  mirrors: Mirrors;
  before: OpenKnowledge;
}

function factsOfPlan(plan: PromotionPlan, { files, chunks, mirrors, before }: Staged): Generation {
  const records = chunks.reduce((sum, chunk) => sum + chunk.records, 0);
  return {
    schema_version: 1,
    generation: plan.generation,
    from: plan.from,
    run: plan.run,
    cause: plan.cause,
    ...(plan.restored === undefined ? {} : { restored: plan.restored }),
    created_at: plan.receipt.ended_at,
    files,
    recall_chunks: chunks,
    // A mirror that is not rendered this time keeps the sum that it had.
    mirrors: { ...before.facts?.mirrors, ...sums(mirrors) },
    adopted: plan.adopted,
    ...(Object.keys(before.keptKeys).length > 0 ? { kept_keys: before.keptKeys } : {}),
    applied: plan.applied,
    tombstones: plan.tombstones,
    receipt: { ...plan.receipt, recall_records: records },
  };
}

const sums = (mirrors: Mirrors): Record<string, string> =>
  Object.fromEntries([...mirrors].map(([name, content]) => [name, sha256(content)]));

/** What lies on disk is what we meant: a full or failing disk shows here, before anything is visible. */
function readBack(staged: StagedGeneration, linked: ReadonlySet<string>): Result<StagedGeneration> {
  for (const [name, expected] of Object.entries(staged.facts.files)) {
    const file = path.join(staged.folder, name);
    const sound = linked.has(name)
      ? factsOf(file)?.size === expected.size
      : sha256(readBytes(file) ?? '') === expected.sha256;
    if (!sound) return fail({ reason: 'file-invalid', path: file, detail: 'it does not read back as it was written' });
  }
  return succeed(staged);
}
