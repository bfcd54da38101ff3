import path from 'node:path';
import { isRecord } from '../contracts/json.ts';
import { currentGeneration } from '../assets/generation-folder.ts';
import { readMirrorNotes } from '../assets/mirror-notes.ts';
import { envelopeIds } from '../bucket/envelope-file.ts';
import { retryableFailed } from '../bucket/pending.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { exists, factsOf, listNames } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { hasKeptEdits, isEdited, isSkillMirror } from './edited-mirrors.ts';
import { hasProposalWork, heldEnvelopes } from './proposals.ts';
import { ASIDE_PREFIX, PURGED_PREFIX, STAGE_PREFIX } from './names.ts';

/**
 * Whether a compile would find anything to do, told by names, sizes and times alone: a scan asks
 * this of every bucket, and nearly all of them are idle.
 */
export function hasWork(layout: BucketLayout): boolean {
  return (
    hasUnheld(layout) ||
    hasProposalWork(layout) ||
    envelopeIds(layout, 'processing').length > 0 ||
    // Whoever left a lock behind may have left more; a live holder is found out by the caller.
    exists(layout.lockOwner) ||
    exists(layout.lockFolder) ||
    listNames(layout.generations).some(isUnfinished) ||
    listNames(layout.trash).some((name) => name.startsWith(ASIDE_PREFIX)) ||
    listNames(layout.forgetting).length > 0 ||
    mirrorsDiffer(layout) ||
    hasKeptEdits(layout) ||
    retryableFailed(layout).length > 0
  );
}

/** What waits for a person is no work. */
function hasUnheld(layout: BucketLayout): boolean {
  const pending = envelopeIds(layout, 'pending');
  if (pending.length === 0) return false;
  const held = heldEnvelopes(layout);
  return pending.some((id) => !held.has(id));
}

const isUnfinished = (name: string): boolean => name.startsWith(STAGE_PREFIX) || name.startsWith(PURGED_PREFIX);

/** The mirrors lag behind the current generation, or one that people edit has changed since it was written. */
function mirrorsDiffer(layout: BucketLayout): boolean {
  const current = currentGeneration(layout);
  if (!current) return false;
  const state = readMirrorNotes(layout);
  if (state['generation'] !== current.number) return true;
  return editableIn(state).some(([name, noted]) =>
    differs(path.resolve(layout.stateDir, name), noted, isSkillMirror(name)),
  );
}

/** Copies of ours that people edit, in the bucket or (absolute) in Codex's home, with how they looked when they were written. */
const editableIn = (state: Record<string, unknown>): [string, unknown][] => [
  ...entriesOf(state['files']).filter(([name]) => isEdited(name)),
  ...entriesOf(state['published']),
];

/** The names of those: a change of one is work. Relative to the bucket, or absolute. */
export const editableFiles = (layout: BucketLayout): string[] =>
  editableIn(readMirrorNotes(layout)).map(([name]) => name);

const entriesOf = (value: unknown): [string, unknown][] => (isRecord(value) ? Object.entries(value) : []);

/** @param counts whether its absence is a change, too: a managed skill is retired by it */
function differs(file: string, noted: unknown, counts: boolean): boolean {
  if (!isRecord(noted)) return false;
  const facts = attempt(() => factsOf(file));
  if (!facts.ok || !facts.value) return facts.ok && counts;
  return facts.value.mtimeNs !== noted['mtimeNs'] || facts.value.size !== noted['size'];
}
