import { PowerJournal } from '../support/fault-journal.ts';
import type { PowerCut } from '../support/fault-journal.ts';
import { arm, disarm } from '../support/fault-layer.ts';
import type { Call, Fate, Session } from '../support/fault-layer.ts';
import { bury } from './bury.ts';
import { brokenLater, brokenNow } from './invariants.ts';
import { imageOf, lay } from './lab.ts';
import type { Image, Lab, View } from './lab.ts';
import { phaseOf } from './phases.ts';
import type { Scenario } from './scenario.ts';

/** How a run ends: killed, killed in the middle of a write, or by a power cut that keeps more or less. */
export type Ending = 'kill' | 'tear' | PowerCut;

/** A scenario with the state before it and what an undisturbed run makes of it. */
export interface Prepared {
  scenario: Scenario;
  lab: Lab;
  before: Image;
  calls: readonly (Call & { phase: string })[];
  /** What readers may see: the state before, the state after. */
  whole: readonly View[];
}

/** The rounds that the scheduler gets before everything must be in order. */
const ROUNDS = 5;

export async function prepare(lab: Lab, scenario: Scenario): Promise<Prepared> {
  lab.clear();
  await scenario.prepare(lab);
  const before = imageOf(lab.folder);
  const seenBefore = await lab.view();
  // Once for nothing: the first lock of a process probes the file system, and modules are loaded.
  await fromHere(lab, scenario, { root: lab.folder });
  lay(before);
  const { session } = await fromHere(lab, scenario, { root: lab.folder, stacks: true });
  const whole = [seenBefore, await lab.view(), ...(await viewsBetween(lab, scenario, before))];
  return { scenario, lab, before, calls: session.calls.map((call) => ({ ...call, phase: phaseOf(call) })), whole };
}

/** A run of several steps that may fail one by one can be seen between them. */
async function viewsBetween(lab: Lab, scenario: Scenario, before: Image): Promise<View[]> {
  if (!scenario.between) return [];
  lay(before);
  await scenario.between(lab);
  return [await lab.view()];
}

/** How a run ended. */
export interface Ended {
  session: Session;
  /** What the program told, if it told anything. */
  told: unknown;
  /** What was thrown; of a dead process it reaches nobody. */
  thrown: unknown;
}

/** Runs the scenario's program on what lies there, with the layer armed. */
export async function fromHere(
  lab: Lab,
  scenario: Scenario,
  layer: Partial<Session> & { root: string },
): Promise<Ended> {
  lab.restart();
  const session = arm(layer);
  const ended: Ended = { session, told: undefined, thrown: undefined };
  try {
    ended.told = await scenario.run(lab);
  } catch (error) {
    ended.thrown = error;
  } finally {
    // The lock gives itself up a moment later; that is part of the run.
    await new Promise((resolve) => setImmediate(resolve));
    disarm();
  }
  return ended;
}

/**
 * Runs the scenario until it dies in front of its n-th call (after the last one, for one more than there
 * are), then lets the program recover.
 * @returns what is wrong with it
 */
export async function dieAt(prepared: Prepared, number: number, ending: Ending): Promise<string[]> {
  const { lab, scenario, whole } = prepared;
  const strange = await endAt(prepared, number, ending);
  const death = ending === 'lost' || ending === 'hollow' ? 'power' : 'killed';
  const now = brokenNow(lab, await lab.view(), whole, death);
  bury(lab, death);
  await scenario.next?.(lab);
  const wrong = await recover(lab);
  return [...strange, ...now, ...wrong, ...brokenLater(lab, scenario, death)];
}

/** @returns what went otherwise than in the undisturbed run, or unseen by the journal */
async function endAt({ lab, before, scenario, calls }: Prepared, number: number, ending: Ending): Promise<string[]> {
  const fate: Fate = { kind: ending === 'tear' ? 'tear' : 'die' };
  const cut = ending === 'lost' || ending === 'hollow' ? ending : undefined;
  lay(before);
  const journal = cut && new PowerJournal(lab.folder);
  const { session } = await fromHere(lab, scenario, {
    root: lab.folder,
    fateOf: (call) => (call.number === number ? fate : { kind: 'pass' }),
    ...(journal && { journal }),
  });
  const expected = Math.min(number, calls.length);
  const strange = session.calls.length === expected ? [] : [`${session.calls.length} calls instead of ${expected}`];
  if (journal) strange.push(...journal.differences());
  if (cut) journal?.cut(cut);
  return strange;
}

/** The scheduler comes by until it finds nothing to do. @returns what went wrong */
export async function recover(lab: Lab): Promise<string[]> {
  const all: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { wrong, idle } = await lab.scan();
    all.push(...wrong);
    if (idle) return all;
  }
  return [...all, `still not idle after ${ROUNDS} scans`];
}
