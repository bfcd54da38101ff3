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
  return proposals.toSorted((a, b) => (a.created_at + a.id < b.created_at + b.id ? -1 : 1));
}

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

/**
 * Removes plans and decisions about envelopes that wait no more: applied, or gone. Each step may be
 * repeated; a plan goes when its last envelope does.
 */
export function sweepProposals(layout: BucketLayout, isApplied: (id: string) => boolean): void {
  const waits = (id: string): boolean =>
    !isApplied(id) && WAITING.some((state) => envelopeIds(layout, state).includes(id));
  for (const { id, index } of decisionNames(layout)) if (!waits(id)) removeFile(decisionFile(layout, id, index));
  for (const name of listNames(layout.proposals)) {
    const folder = path.join(layout.proposals, name);
    if (isFolder(folder) && !isNeeded(layout, name, waits)) removeFolder(folder);
  }
}

/** A folder without a sound plan is what a run left that died; a newer version's stays. */
function isNeeded(layout: BucketLayout, name: string, waits: (id: string) => boolean): boolean {
  const proposal = readJson(planFile(layout, name), Proposal, MAX_PLAN_BYTES);
  return proposal.ok ? proposal.value.envelopes.some(waits) : proposal.failure.reason === 'newer-schema';
}
