import type { Generation, Tombstone } from '../contracts/generation.ts';
import type { MemoryRecord } from '../contracts/memory.ts';
import type { Scope } from '../contracts/suggestion.ts';
import { listGenerations } from '../assets/generation-folder.ts';
import { mergeEdit } from '../assets/merge-edit.ts';
import { parseMemoryMarkdown } from '../assets/memory-markdown.ts';
import { readGeneration } from '../assets/read-generation.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { noteAdopted, reportUnreadable } from './adopted-edits.ts';
import type { AdoptedEdits } from './adopted-edits.ts';
import { adoptPublishedEdits } from './adopt-published.ts';
import { adoptRecallEdits } from './adopt-recall.ts';
import { adoptSkillEdits } from './adopt-skills.ts';
import { EDITED_MEMORY, MEMORY_MIRRORS } from './edited-mirrors.ts';
import type { MemoryMirror } from './edited-mirrors.ts';
import { findEdits, searchEdits } from './find-edits.ts';
import type { Edit } from './find-edits.ts';
import { isForgottenMemory } from './forgotten.ts';
import { liftOrDrop } from './lift-tombstones.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import type { BucketWork } from './show-generation.ts';

/**
 * Takes what a person changed by hand into the knowledge: USER.md, MEMORY.md, recall/index.json, the
 * managed skills and their manifest, published skills; the files themselves, then what lies in edits/.
 */
export function adoptEdits(work: BucketWork, before: OpenKnowledge): AdoptedEdits {
  const { layout } = work.bucket;
  const result: AdoptedEdits = { knowledge: before, handTouched: new Set(), consumed: [], changed: false };
  const { facts } = before;
  if (!facts) return result;
  const search = searchEdits(layout, facts);
  for (const name of EDITED_MEMORY) {
    for (const edit of findEdits(search, name)) adoptMemory(work, result, { name, edit });
  }
  adoptRecallEdits(work, search, result);
  adoptSkillEdits(work, search, result);
  adoptPublishedEdits(work, result);
  return result;
}

interface MemoryEdit {
  name: MemoryMirror;
  edit: Edit;
}

function adoptMemory(work: BucketWork, result: AdoptedEdits, { name, edit }: MemoryEdit): void {
  const scope = MEMORY_MIRRORS[name];
  const parsed = parseMemoryMarkdown(edit.text);
  if (!parsed) {
    reportUnreadable(work, edit, 'cannot be read as Markdown');
    return;
  }
  const { knowledge } = result;
  const base = parsed.generation === null ? undefined : baseOf(work.bucket.layout, parsed.generation);
  const current = knowledge.memory[scope];
  const merged = mergeEdit({ scope, base: base?.memory[scope], edited: parsed.entries, current });
  const judged = liftOrDrop({
    before: current,
    after: merged.records,
    stones: knowledge.tombstones,
    isForgotten: (record: MemoryRecord, stones: readonly Tombstone[]) => isForgottenMemory(record, stones),
    // Without the comment nobody can say when the person started: then it was written by hand, now.
    knownSince: parsed.generation === null ? 'all' : (base?.facts.tombstones ?? []),
  });
  const stays = new Set(judged.kept.map((record) => record.summary));
  const dropped = new Set(judged.dropped.map((record) => record.summary).filter((summary) => !stays.has(summary)));
  const touched = merged.touched.filter((summary) => !dropped.has(summary));
  result.knowledge = {
    ...knowledge,
    memory: { ...knowledge.memory, [scope]: judged.kept },
    tombstones: judged.stones,
  };
  noteAdopted(work.bucket.layout, result, { edit, touched: touched.map((summary) => `${scope}:${summary}`) });
}

interface Base {
  memory: Record<Scope, readonly MemoryRecord[]>;
  facts: Generation;
}

function baseOf(layout: BucketLayout, generation: number): Base | undefined {
  const folder = listGenerations(layout).find((candidate) => candidate.number === generation);
  const reading = folder && readGeneration(folder);
  return reading?.ok ? reading.value : undefined;
}
