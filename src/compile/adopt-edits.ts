import path from 'node:path';
import type { Generation } from '../contracts/generation.ts';
import type { MemoryRecord } from '../contracts/memory.ts';
import type { Scope } from '../contracts/suggestion.ts';
import { listGenerations } from '../assets/generation-folder.ts';
import { mergeEdit } from '../assets/merge-edit.ts';
import { parseMemoryMarkdown } from '../assets/memory-markdown.ts';
import { readGeneration } from '../assets/read-generation.ts';
import { sha256 } from '../kernel/digest.ts';
import { readBytes } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { removeFile } from '../kernel/move-files.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import { EDITED_MIRRORS, keptEdits, MEMORY_MIRRORS } from './edited-mirrors.ts';
import type { MemoryMirror } from './edited-mirrors.ts';
import type { BucketWork } from './show-generation.ts';
import { isKnown, noteMirror } from './write-mirrors.ts';

const MAX_EDIT_BYTES = 4_000_000;

export interface AdoptedEdits {
  knowledge: OpenKnowledge;
  /** `<scope>:<summary>` of what the hand has touched. */
  handTouched: Set<string>;
  /** Files in edits/ that are part of the knowledge now; to be removed after the commit. */
  consumed: string[];
  /** Something was adopted: worth a generation even without envelopes. */
  changed: boolean;
}

interface Edit {
  name: MemoryMirror;
  file: string;
  text: string;
  sum: string;
  /** It lies in edits/, not in the mirror's place. */
  kept: boolean;
}

/** Takes hand edits of USER.md and MEMORY.md into the knowledge: the mirrors themselves, then what lies in edits/. */
export function adoptEdits(work: BucketWork, before: OpenKnowledge): AdoptedEdits {
  const { layout } = work.bucket;
  const result: AdoptedEdits = { knowledge: before, handTouched: new Set(), consumed: [], changed: false };
  const { facts } = before;
  if (!facts) return result;
  for (const edit of findEdits(layout, facts)) adoptOne(layout, result, edit, work.report);
  return result;
}

function adoptOne(layout: BucketLayout, result: AdoptedEdits, edit: Edit, report: BucketWork['report']): void {
  const scope = MEMORY_MIRRORS[edit.name];
  const parsed = parseMemoryMarkdown(edit.text);
  if (!parsed) {
    report({ type: 'problem', what: `${edit.file} cannot be read as Markdown; it is kept and not taken over` });
    return;
  }
  const { knowledge } = result;
  const base = parsed.generation === null ? undefined : memoryOfGeneration(layout, parsed.generation, scope);
  const merged = mergeEdit({ scope, base, edited: parsed.entries, current: knowledge.memory[scope] });
  if (merged.touched.length > 0) result.changed = true;
  // Line ends, a byte-order mark, blank lines: nothing to adopt, and nothing to find again at the next scan.
  else if (!edit.kept) noteMirror(layout, edit.name, edit.sum);
  for (const summary of merged.touched) result.handTouched.add(`${scope}:${summary}`);
  if (edit.kept) result.consumed.push(edit.file);
  result.knowledge = {
    ...knowledge,
    memory: { ...knowledge.memory, [scope]: merged.records },
    adopted: { ...knowledge.adopted, [edit.name]: [...(knowledge.adopted[edit.name] ?? []), edit.sum] },
  };
}

function memoryOfGeneration(
  layout: BucketLayout,
  generation: number,
  scope: Scope,
): readonly MemoryRecord[] | undefined {
  const folder = listGenerations(layout).find((candidate) => candidate.number === generation);
  const reading = folder && readGeneration(folder);
  return reading?.ok ? reading.value.memory[scope] : undefined;
}

function findEdits(layout: BucketLayout, facts: Generation): Edit[] {
  const edits: Edit[] = [];
  for (const name of EDITED_MIRRORS) {
    const candidates = [
      { file: path.join(layout.stateDir, name), kept: false },
      ...keptEdits(layout, name).map((file) => ({ file, kept: true })),
    ];
    for (const { file, kept } of candidates) {
      const bytes = readBytes(file, MAX_EDIT_BYTES);
      if (!bytes) continue;
      const sum = sha256(bytes);
      if (!isKnown({ layout, facts }, name, sum)) edits.push({ name, file, text: bytes.toString('utf8'), sum, kept });
      // A compile that died after its commit: the edit is in the generation already.
      else if (kept) removeFile(file);
    }
  }
  return edits;
}
