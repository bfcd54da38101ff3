import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { Generation } from '../contracts/generation.ts';
import type { RecallChunk } from '../contracts/generation.ts';
import { Memory } from '../contracts/memory.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import { SkillSet } from '../contracts/skills.ts';
import { renderMirrors } from '../assets/render-mirrors.ts';
import { openChunk, recordsOfChunk } from '../assets/recall-chunk-file.ts';
import { stageRecall } from '../assets/stage-recall.ts';
import type { RecallStage } from '../assets/stage-recall.ts';
import { sha256 } from '../kernel/digest.ts';
import { factsOf, makeFolder, makeFolderExclusively, readBytes, syncFolder, writeNew } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { renderJson } from '../kernel/render-json.ts';
import { makeReadOnly } from '../kernel/move-files.ts';
import * as v from 'valibot';
import { STAGE_PREFIX } from './names.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import type { PromotionPlan } from './plan-promotion.ts';

/** A generation that lies beside the others, complete, and that nobody can see yet. */
export interface StagedGeneration {
  folder: string;
  facts: Generation;
  /** Mirrors to write once it is promoted. */
  mirrors: Map<string, string>;
}

/** Above this the two recall mirrors are not rendered at every promotion (they are refreshed once a day). */
const LAZY_RECALL_BYTES = 8 * 1024 * 1024;

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
  const recall = stageRecall({ folder, put, ...recallOf(plan, before) });
  Object.assign(files, recall.linked);
  const mirrors = renderMirrors({
    generation: plan.generation,
    memory: plan.memory,
    skills: plan.skills,
    recall: recallForMirrors(folder, recall.chunks, files),
  });
  const facts = factsOfPlan(plan, { files, chunks: recall.chunks, mirrors, before });
  writeNew(path.join(folder, 'generation.json'), renderJson(v.parse(Generation, facts)));
  makeReadOnly(path.join(folder, 'generation.json'));
  syncFolder(folder);
  return readBack({ folder, facts, mirrors }, new Set(Object.keys(recall.linked)));
}

function recallOf(plan: PromotionPlan, before: OpenKnowledge): Pick<RecallStage, 'from' | 'added' | 'replaced'> {
  const { recallFolder, facts } = before;
  return {
    from: recallFolder && facts ? { folder: recallFolder, chunks: facts.recall_chunks, files: facts.files } : undefined,
    added: [...before.imported, ...plan.recall.added],
    replaced: new Map(plan.recall.replaced.map((record) => [record.id, record])),
  };
}

interface Staged {
  files: Generation['files'];
  chunks: RecallChunk[];
  mirrors: Map<string, string>;
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
    created_at: plan.receipt.ended_at,
    files,
    recall_chunks: chunks,
    // A mirror that is not rendered this time keeps the sum that it had.
    mirrors: { ...before.facts?.mirrors, ...sums(mirrors) },
    adopted: plan.adopted,
    applied: plan.applied,
    tombstones: plan.tombstones,
    receipt: { ...plan.receipt, recall_records: records },
  };
}

const sums = (mirrors: Map<string, string>): Record<string, string> =>
  Object.fromEntries([...mirrors].map(([name, text]) => [name, sha256(text)]));

/** All records for the recall mirrors, unless they are too many. */
export function recallForMirrors(
  folder: string,
  chunks: readonly RecallChunk[],
  files: Generation['files'],
): RecallRecord[] | undefined {
  const bytes = chunks.reduce((sum, chunk) => sum + (files[`${chunk.name}.jsonl`]?.size ?? 0), 0);
  if (bytes > LAZY_RECALL_BYTES) return undefined;
  return chunks.flatMap((chunk) => recordsOfChunk(openChunk(folder, chunk.name)));
}

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
