import path from 'node:path';
import type { Envelope } from '../contracts/envelope.ts';
import { Proposal, ReviewDecision } from '../contracts/proposal.ts';
import { FORGOTTEN_FAMILY } from '../assets/tombstone.ts';
import { envelopeIds, readEnvelope } from '../bucket/envelope-file.ts';
import { isFolder, listNames } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { readJson, writeJson } from '../kernel/json-file.ts';
import { removeFile, removeFolder } from '../kernel/move-files.ts';
import { makeFolder, syncFolder } from '../kernel/write-files.ts';

/**
 * What waits for a person's yes. proposals/<id>/ holds the plan of a compile, proposals/<envelope>.<index>.json
 * what was said of one suggestion. The envelopes themselves stay in pending/: they are what is promoted in the
 * end, and the ledger knows them. An envelope that a plan or a decision names is held: no compile takes it.
 */

/** Where an envelope may lie that waits. */
const WAITING = ['pending', 'processing', 'failed'] as const;

const PLAN = 'proposal.json';
const DECISION = /^(.+)\.(\d{1,6})\.json$/;
/** A plan holds an agent's whole answer. */
const MAX_PLAN_BYTES = 256 * 1024 * 1024;

const planFile = (layout: BucketLayout, id: string): string => path.join(layout.proposals, id, PLAN);

const decisionFile = (layout: BucketLayout, id: string, index: number): string =>
  path.join(layout.proposals, `${id}.${index}.json`);

/** Puts a plan down, durably; it counts from the moment at which its file is there. */
export function writeProposal(layout: BucketLayout, proposal: Proposal): void {
  makeProposals(layout);
  makeFolder(path.dirname(planFile(layout, proposal.id)));
  writeJson(planFile(layout, proposal.id), Proposal, proposal);
  syncFolder(layout.proposals);
}

/** Puts down what a person said of one suggestion, durably. */
export function writeDecision(layout: BucketLayout, decision: ReviewDecision): void {
  makeProposals(layout);
  writeJson(decisionFile(layout, decision.suggestion_id, decision.index), ReviewDecision, decision);
}

function makeProposals(layout: BucketLayout): void {
  if (isFolder(layout.proposals)) return;
  makeFolder(layout.proposals);
  syncFolder(layout.stateDir);
}

/** Plans that wait, oldest first; what cannot be read is none. */
export function listProposals(layout: BucketLayout): Proposal[] {
  const proposals = listNames(layout.proposals).flatMap((name) => {
    if (DECISION.test(name) || name.startsWith('.')) return [];
    const proposal = readJson(planFile(layout, name), Proposal, MAX_PLAN_BYTES);
    return proposal.ok ? [proposal.value] : [];
  });
  return proposals.toSorted((a, b) => (ageOf(a) < ageOf(b) ? -1 : 1));
}

/** Times have whole seconds; names tell apart what one second made. */
const ageOf = ({ created_at: at, envelopes, id }: Proposal): string => [at, ...envelopes, id].join(' ');

/** What was said so far, by `<envelope>.<index>`. */
export type Decisions = ReadonlyMap<string, ReviewDecision>;

export const decisionKey = (id: string, index: number): string => `${id}.${index}`;

export function readDecisions(layout: BucketLayout): Decisions {
  const decisions = new Map<string, ReviewDecision>();
  for (const { id, index } of decisionNames(layout)) {
    const decision = readJson(decisionFile(layout, id, index), ReviewDecision);
    if (decision.ok) decisions.set(decisionKey(id, index), decision.value);
  }
  return decisions;
}

const decisionNames = (layout: BucketLayout): { id: string; index: number }[] =>
  listNames(layout.proposals).flatMap((name) => {
    const [, id, index] = DECISION.exec(name) ?? [];
    return id === undefined || index === undefined ? [] : [{ id, index: Number(index) }];
  });

/** Ids of envelopes that wait for a person. */
export function heldEnvelopes(layout: BucketLayout): Set<string> {
  const names = decisionNames(layout).map(({ id }) => id);
  return new Set<string>([...names, ...listProposals(layout).flatMap((proposal) => proposal.envelopes)]);
}

/** A waiting envelope, wherever it lies. */
export function readWaiting(layout: BucketLayout, id: string): Envelope | undefined {
  for (const state of WAITING) {
    const envelope = readEnvelope(layout, state, id);
    if (envelope.ok) return envelope.value;
  }
  return undefined;
}

/** Every envelope that waits, in the order of the reviews. */
export const listWaiting = (layout: BucketLayout): Envelope[] =>
  [...new Set(WAITING.flatMap((state) => envelopeIds(layout, state)))]
    .flatMap((id) => readWaiting(layout, id) ?? [])
    .toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));

const orderOf = (envelope: Envelope): string => `${envelope.reviewer_timestamp} ${envelope.suggestion_id}`;

/** Whether a person has said yes or no to each of its suggestions; one that suggests nothing needs neither. */
export const isDecided = (envelope: Envelope, decisions: Decisions): boolean =>
  envelope.suggestions.every(
    ({ family }, index) =>
      family === FORGOTTEN_FAMILY || Boolean(decisions.get(decisionKey(envelope.suggestion_id, index))?.decision),
  );

/** How many planned suggestions wait for a person's yes or no; without the plans being worked out anew. */
export function countAwaitingYes(layout: BucketLayout): number {
  const held = heldEnvelopes(layout);
  if (held.size === 0) return 0;
  const decisions = readDecisions(layout);
  const open = [...held].flatMap(
    (id) =>
      readWaiting(layout, id)?.suggestions.filter(
        ({ family }, index) => family !== FORGOTTEN_FAMILY && !decisions.get(decisionKey(id, index))?.decision,
      ) ?? [],
  );
  return open.length;
}

/** Ids of envelopes that only have to be promoted: their last yes or no was given, and the promotion died. */
export function decidedEnvelopes(layout: BucketLayout): string[] {
  const held = heldEnvelopes(layout);
  if (held.size === 0) return [];
  const decisions = readDecisions(layout);
  return [...held].filter((id) => {
    const envelope = readWaiting(layout, id);
    return envelope !== undefined && isDecided(envelope, decisions);
  });
}

/** Files and folders about envelopes that wait no more: applied, or gone. A plan goes when its last envelope does. */
function leftovers(layout: BucketLayout, isApplied: (id: string) => boolean): { files: string[]; folders: string[] } {
  const names = listNames(layout.proposals);
  if (names.length === 0) return { files: [], folders: [] };
  const waiting = new Set<string>(WAITING.flatMap((state) => envelopeIds(layout, state)));
  const waits = (id: string): boolean => waiting.has(id) && !isApplied(id);
  const decisions = decisionNames(layout).filter(({ id }) => !waits(id));
  return {
    files: decisions.map(({ id, index }) => decisionFile(layout, id, index)),
    folders: names
      .map((name) => path.join(layout.proposals, name))
      .filter((folder) => isFolder(folder) && !isNeeded(layout, path.basename(folder), waits)),
  };
}

/** Removes what is said and planned about envelopes that wait no more. Each step may be repeated. */
export function sweepProposals(layout: BucketLayout, isApplied: (id: string) => boolean): void {
  const { files, folders } = leftovers(layout, isApplied);
  for (const file of files) removeFile(file);
  for (const folder of folders) removeFolder(folder);
}

/** Whether there is something to sweep, or to promote because all of it is decided. */
export function hasProposalWork(layout: BucketLayout): boolean {
  if (listNames(layout.proposals).length === 0) return false;
  const { files, folders } = leftovers(layout, () => false);
  return files.length + folders.length > 0 || decidedEnvelopes(layout).length > 0;
}

/** A folder without a sound plan is what a run left that died; a newer version's stays. */
function isNeeded(layout: BucketLayout, name: string, waits: (id: string) => boolean): boolean {
  const proposal = readJson(planFile(layout, name), Proposal, MAX_PLAN_BYTES);
  return proposal.ok ? proposal.value.envelopes.some(waits) : proposal.failure.reason === 'newer-schema';
}
