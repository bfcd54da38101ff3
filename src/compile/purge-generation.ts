import path from 'node:path';
import { Generation, KeptKeys } from '../contracts/generation.ts';
import { Memory } from '../contracts/memory.ts';
import { Receipt } from '../contracts/receipt.ts';
import { SkillSet } from '../contracts/skills.ts';
import type { GenerationFolder } from '../assets/generation-folder.ts';
import { readWholeGeneration } from '../assets/read-generation.ts';
import type { CheckedGeneration } from '../assets/read-generation.ts';
import { openChunk, recordsOfChunk } from '../assets/recall-chunk-file.ts';
import { stageNotes } from '../assets/stage-notes.ts';
import { stageRecall } from '../assets/stage-recall.ts';
import { scrubJson } from '../assets/scrub-text.ts';
import type { Needles } from '../assets/scrub-text.ts';
import { sha256 } from '../kernel/digest.ts';
import { exists, listNames } from '../kernel/files.ts';
import { makeFolder, makeFolderExclusively, syncFolder, writeNew } from '../kernel/write-files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { makeReadOnly, moveFolderExclusively } from '../kernel/move-files.ts';
import { pause } from '../kernel/pause.ts';
import { renderJson } from '../kernel/render-json.ts';
import * as v from 'valibot';
import { goesOfMemory, goesOfRecall, goesOfSkills } from './forgotten.ts';
import type { Forgotten } from './forgotten.ts';
import { PURGED_PREFIX } from './names.ts';
import { discardFolder } from './promote.ts';

/** What is to be found in no generation any more. */
export interface PurgeTask {
  layout: BucketLayout;
  order: Forgotten;
  needles: Needles;
}

/**
 * Takes forgotten entries out of one kept generation. It is immutable, so a copy without them is made
 * aside, complete and synced, and swapped in by renames: a reader sees the old one, the new one, or
 * for a moment none, and then lists again. A copy that a crash left behind is put in place by
 * `finishSwaps`.
 * @returns whether anything had to go
 */
export function purgeGeneration(task: PurgeTask, folder: GenerationFolder): boolean {
  const reading = readWholeGeneration(folder);
  // A damaged one is no history that anybody can read; its bytes go all the same.
  if (!reading.ok) return purgeDamaged(task, folder, reading.failure.reason);
  const purged = contentWithout(task, reading.value);
  if (!purged) return false;
  swapIn(task.layout, folder.number, stageCopy(task.layout, reading.value, purged));
  return true;
}

function purgeDamaged(task: PurgeTask, folder: GenerationFolder, reason: string): boolean {
  if (reason === 'newer-schema') return false;
  discardFolder(task.layout, folder.folder);
  return true;
}

interface Purged {
  memory: Memory;
  skills: SkillSet;
  /** Ids of the recall records that go. */
  recallIds: ReadonlySet<string>;
  receipt: Receipt;
  keptKeys: KeptKeys | undefined;
}

function contentWithout({ order, needles }: PurgeTask, generation: CheckedGeneration): Purged | undefined {
  const says = (value: unknown): boolean => scrubJson(value, needles) !== value;
  const { memory, skills, facts, folder } = generation;
  const kept = {
    ...memory,
    user: memory.user.filter((record) => !goesOfMemory(record, order) && !says(record)),
    global: memory.global.filter((record) => !goesOfMemory(record, order) && !says(record)),
  };
  const keptSkills = skills.filter((skill) => !goesOfSkills(skill, order) && !says(skill));
  const recallIds = new Set<string>();
  for (const { name } of facts.recall_chunks) {
    for (const record of recordsOfChunk(openChunk(folder.folder, name)))
      if (goesOfRecall(record, order) || says(record)) recallIds.add(record.id);
  }
  const receipt = v.parse(Receipt, scrubJson(facts.receipt, needles));
  const isSame =
    kept.user.length === memory.user.length &&
    kept.global.length === memory.global.length &&
    keptSkills.length === skills.length &&
    recallIds.size === 0 &&
    !says(facts.receipt) &&
    !says(facts.kept_keys);
  const keptKeys = facts.kept_keys && v.parse(KeptKeys, scrubJson(facts.kept_keys, needles));
  return isSame ? undefined : { memory: kept, skills: { skills: keptSkills }, recallIds, receipt, keptKeys };
}

function stageCopy(layout: BucketLayout, { folder, facts }: CheckedGeneration, purged: Purged): string {
  const copy = path.join(layout.generations, `${PURGED_PREFIX}${folder.number}`);
  // What an earlier purge left unfinished is made again.
  if (exists(copy)) discardFolder(layout, copy);
  makeFolderExclusively(copy);
  const files: Generation['files'] = {};
  const put = (name: string, bytes: Uint8Array): void => {
    writeNew(path.join(copy, name), bytes);
    makeReadOnly(path.join(copy, name));
    files[name] = { sha256: sha256(bytes), size: bytes.length };
  };
  put('memory.json', Buffer.from(renderJson(v.parse(Memory, purged.memory)), 'utf8'));
  put('skills.json', Buffer.from(renderJson(v.parse(SkillSet, purged.skills)), 'utf8'));
  // From nothing: what a purge leaves behind holds only what it has looked at.
  stageNotes({ folder: copy, put, from: undefined, memory: purged.memory, sum: undefined });
  const recall = stageRecall({
    folder: copy,
    put,
    from: { folder: folder.folder, chunks: facts.recall_chunks, files: facts.files },
    added: [],
    replaced: new Map(),
    removed: purged.recallIds,
  });
  const text = renderJson(
    v.parse(Generation, {
      ...facts,
      files: { ...files, ...recall.linked },
      recall_chunks: recall.chunks,
      receipt: purged.receipt,
      ...(purged.keptKeys ? { kept_keys: purged.keptKeys } : {}),
    }),
  );
  writeNew(path.join(copy, 'generation.json'), text);
  makeReadOnly(path.join(copy, 'generation.json'));
  syncFolder(copy);
  return copy;
}

/** A compile that lost its race may hold the number for the moment between its commit and its regret. */
const MAX_TRIES = 20;
const TRY_AGAIN_MS = 50;

function swapIn(layout: BucketLayout, number: number, copy: string): void {
  const place = path.join(layout.generations, String(number));
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    discardFolder(layout, place);
    if (moveFolderExclusively(copy, place) === 'moved') {
      syncFolder(layout.generations);
      return;
    }
    pause(TRY_AGAIN_MS);
  }
}

/**
 * Puts copies in place that a purge had completed when it died. Their generation.json was written
 * last; one without it is a beginning and goes.
 */
export function finishSwaps(layout: BucketLayout): void {
  for (const name of listNames(layout.generations)) {
    if (!name.startsWith(PURGED_PREFIX)) continue;
    const copy = path.join(layout.generations, name);
    const number = Number(name.slice(PURGED_PREFIX.length));
    const isComplete = Number.isInteger(number) && readWholeGeneration({ number, folder: copy }).ok;
    if (isComplete) swapIn(layout, number, copy);
    else discardFolder(layout, copy);
  }
  makeFolder(layout.generations);
}
