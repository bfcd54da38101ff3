import path from 'node:path';
import type { EnvelopeState } from '../contracts/envelope.ts';
import type { Report } from '../contracts/event.ts';
import type { Ledger } from '../contracts/generation.ts';
import { envelopeFile, envelopeIds, readEnvelope } from '../bucket/envelope-file.ts';
import { moveEnvelope } from '../bucket/move-envelope.ts';
import { setAside } from '../bucket/set-aside.ts';
import { giveBackCrashed, retryFailed } from '../bucket/settle.ts';
import type { Clock } from '../kernel/clock.ts';
import { exists, factsOf, listNames } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { removeFolder } from '../kernel/move-files.ts';
import { sweepTemporaries } from '../kernel/sweep-temporaries.ts';
import { ASIDE_PREFIX, STAGE_PREFIX, unflatName } from './names.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import { discardFolder } from './promote.ts';
import { sweepProposals } from './proposals.ts';
import { finishForgetting } from './purge.ts';
import { judgeAside, markLagging } from './write-mirrors.ts';
import { writtenFolders } from './written-folders.ts';

export interface Recovery {
  layout: BucketLayout;
  knowledge: OpenKnowledge;
  clock: Clock;
  report: Report;
}

/**
 * What every holder of the lock does first: brings a bucket that a dead run left behind into order.
 * The ledger of the current generation decides; each step may be repeated.
 *
 * | the run died after… | found here | done here |
 * |---|---|---|
 * | claim | envelopes in processing/, unknown to the ledger | given back |
 * | stage | a stage that nobody points at | swept |
 * | commit | envelopes in processing/ that the ledger knows | settled, never merged again |
 * | half a forget | its order, or a purged copy | finished |
 * | half a mirror | an old mirror in trash/ | judged: dropped, or kept as a hand edit |
 */
export function recover(recovery: Recovery): void {
  const { layout, knowledge, clock, report } = recovery;
  sweepTemporaries(writtenFolders(layout), clock);
  sweepStages(layout);
  // Before what is left of a forget: a purged generation does not know its old mirrors any more.
  judgeTrash(recovery);
  finishForgetting(layout);
  const doubles = resolveDoubles(recovery);
  const settled = settleApplied(layout, knowledge.ledger, clock);
  const givenBack = giveBackCrashed(layout, (id) => id in knowledge.ledger, clock).length;
  const healed = knowledge.facts ? reopenUnapplied(layout, knowledge.ledger, clock) : 0;
  const retried = retryFailed(layout, clock).length;
  sweepProposals(layout, (id) => id in knowledge.ledger);
  if (settled + givenBack + healed + retried + doubles > 0)
    report({ type: 'recovered', givenBack: givenBack + healed + retried, settled });
}

/** Stages of runs that are gone: we hold the lock, and our own run has not staged yet. */
function sweepStages(layout: BucketLayout): void {
  for (const name of listNames(layout.generations)) {
    if (name.startsWith(STAGE_PREFIX)) discardFolder(layout, path.join(layout.generations, name));
  }
}

function judgeTrash({ layout, knowledge, report }: Recovery): void {
  const { facts } = knowledge;
  for (const name of listNames(layout.trash)) {
    const file = path.join(layout.trash, name);
    if (!name.startsWith(ASIDE_PREFIX)) removeFolder(file);
    else if (facts) {
      const mirror = unflatName(name.slice(name.indexOf('.') + 1));
      // Whoever has set it aside has not come to the new one, or is just about to: that no person has removed it.
      if (!exists(path.join(layout.stateDir, mirror))) markLagging(layout);
      judgeAside({ layout, facts, report }, file, mirror);
    }
  }
}

function settleApplied(layout: BucketLayout, ledger: Ledger, clock: Clock): number {
  let settled = 0;
  for (const from of ['pending', 'processing'] as const) {
    for (const id of envelopeIds(layout, from)) {
      const applied = ledger[id];
      if (
        applied &&
        moveEnvelope(layout, { id, from, to: applied.outcome, reason: 'applied before' }, clock) === 'moved'
      )
        settled++;
    }
  }
  return settled;
}

/** In done/ but in no ledger: its generation was lost, so it is compiled again. */
function reopenUnapplied(layout: BucketLayout, ledger: Ledger, clock: Clock): number {
  const lost = envelopeIds(layout, 'done').filter((id) => !(id in ledger) && isRecent(layout, id, clock));
  for (const id of lost)
    moveEnvelope(layout, { id, from: 'done', to: 'pending', reason: 'its generation was lost' }, clock);
  return lost.length;
}

/** Older than what the ledger remembers: absence from it proves nothing. */
const LEDGER_MS = 89 * 86_400_000;

/** By what it says of itself: a forget that takes words out of it gives its file a new time. */
function isRecent(layout: BucketLayout, id: string, clock: Clock): boolean {
  const envelope = readEnvelope(layout, 'done', id);
  const logged = envelope.ok ? Date.parse(envelope.value.transition_log.at(-1)?.at ?? '') : NaN;
  const settled = Number.isNaN(logged) ? factsOf(envelopeFile(layout, 'done', id))?.modifiedMs : logged;
  return settled !== undefined && clock.now().getTime() - settled < LEDGER_MS;
}

/** Which copy of an id counts when the ledger does not say: the furthest on its way. */
const PRECEDENCE: readonly EnvelopeState[] = ['done', 'discarded', 'failed', 'processing', 'pending'];

function resolveDoubles({ layout, knowledge }: Recovery): number {
  const places = new Map<string, EnvelopeState[]>();
  for (const state of PRECEDENCE) {
    for (const id of envelopeIds(layout, state)) places.set(id, [...(places.get(id) ?? []), state]);
  }
  let resolved = 0;
  for (const [id, states] of places) {
    if (states.length < 2) continue;
    const right = knowledge.ledger[id]?.outcome;
    const kept = right && states.includes(right) ? right : states[0];
    for (const state of states) {
      if (state === kept) continue;
      setAside(layout, envelopeFile(layout, state, id), `another copy lies in ${kept}/`);
      resolved++;
    }
  }
  return resolved;
}
