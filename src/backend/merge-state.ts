import type { Envelope } from '../contracts/envelope.ts';
import type { MemoryRecord, Provenance } from '../contracts/memory.ts';
import type { DiscardReason } from '../contracts/receipt.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import type { Skill } from '../contracts/skills.ts';
import type { Basis, Scope } from '../contracts/suggestion.ts';
import { fingerprintOf } from '../assets/similarity.ts';
import type { Fingerprint } from '../assets/similarity.ts';
import type { CompileTask, Verdict } from './backend.ts';

/** Longest text of an entry; what is longer is a file, not a note. */
export const MAX_ENTRY_CHARACTERS = 20_000;

/** The knowledge while suggestions are merged into it, one after the other. */
export interface MergeState {
  task: CompileTask;
  memory: Record<Scope, MemoryRecord[]>;
  skills: Map<string, Skill>;
  recallAdded: Map<string, RecallRecord>;
  recallReplaced: Map<string, RecallRecord>;
  /** The added records by the part of their fingerprint that twins share. */
  recallBySharp: Map<string, { id: string; print: Fingerprint }[]>;
  /** Of memory's contents: every suggestion is compared with all of them. */
  prints: Map<string, Fingerprint>;
}

/** @param prints those of an earlier merge of the same knowledge */
export function startMerge(task: CompileTask, prints: MergeState['prints'] = new Map()): MergeState {
  return {
    task,
    prints,
    memory: { user: [...task.memory.user], global: [...task.memory.global] },
    skills: new Map(task.skills.map((skill) => [skill.skill_id, skill])),
    recallAdded: new Map(),
    recallReplaced: new Map(),
    recallBySharp: new Map(),
  };
}

export function printOf({ prints }: MergeState, content: string): Fingerprint {
  const known = prints.get(content) ?? fingerprintOf(content);
  prints.set(content, known);
  return known;
}

export const discarded = (reason: DiscardReason, detail?: string): Verdict => ({
  outcome: 'discarded',
  reason,
  ...(detail === undefined ? {} : { detail: detail.slice(0, 400) }),
});

export const provenanceOf = (envelope: Envelope, turnId: string, basis: Basis | undefined): Provenance => ({
  suggestion_id: envelope.suggestion_id,
  thread_id: envelope.thread_id,
  turn_id: turnId,
  at: envelope.reviewer_timestamp,
  ...(basis === undefined ? {} : { basis }),
});

/** A review covers turns up to the one that its suggestions were sealed with; reviewers do not say more. */
export function turnOf(envelope: Envelope, details: object): string {
  if ('turn_id' in details && typeof details.turn_id === 'string') return details.turn_id;
  return typeof envelope['turn_id'] === 'string' ? envelope['turn_id'] : '';
}

/** Letters, digits and ideographs of a text: a note without a handful of them says nothing. */
export const substance = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
