import fs from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { decideWaiting } from '../../src/compile/proposals-decide.ts';
import { note } from '../support/temp-bucket.ts';
import { PowerJournal } from '../support/fault-journal.ts';
import type { PowerCut } from '../support/fault-journal.ts';
import { arm, disarm } from '../support/fault-layer.ts';
import type { Fate } from '../support/fault-layer.ts';
import { bury } from './bury.ts';
import { recover } from './crash-table.ts';
import { brokenLater } from './invariants.ts';
import { Lab } from './lab.ts';
import { acceptAll, propose, reviewWork } from './review-scenarios.ts';
import type { Scenario } from './scenario.ts';

/** What may happen in whatever order: each number is one thing that somebody wants to be known. */
type Step =
  | { kind: 'deposit'; fact: number }
  | { kind: 'compile' }
  | { kind: 'hand-edit'; fact: number }
  | { kind: 'rollback' }
  /** A compile in review mode. */
  | { kind: 'propose' }
  | { kind: 'decide'; fact: number; decision: 'accepted' | 'rejected' }
  /** A run that ends in front of its n-th call. */
  | { kind: 'die'; at: number; ending: 'kill' | PowerCut; what: 'compile' | 'propose' | 'accept' };

const fact = fc.integer({ min: 0, max: 9 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('deposit' as const), fact }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'compile' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hand-edit' as const), fact }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'rollback' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'propose' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      fact,
      decision: fc.constantFrom('accepted' as const, 'rejected' as const),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('die' as const),
      at: fc.integer({ min: 1, max: 130 }),
      ending: fc.constantFrom('kill' as const, 'lost' as const, 'hollow' as const),
      what: fc.constantFrom('compile' as const, 'propose' as const, 'accept' as const),
    }),
  },
);

const SUBJECTS = [
  'gateway',
  'importer',
  'database',
  'scheduler',
  'mailer',
  'printer',
  'indexer',
  'renderer',
  'proxy',
  'cache',
];
const textOf = (number: number): string =>
  `The ${SUBJECTS[number]} needs ${number + 2} gigabytes, says rule-${number}.`;
const handText = (number: number): string => `By hand: restart the ${SUBJECTS[number]} first, see hint-${number}.`;

/** What should be known, kept beside the program. */
class Known {
  deposited = new Set<number>();
  byHand = new Set<number>();
  rejected = new Set<number>();
  rolledBack = false;
}

async function take(lab: Lab, known: Known, next: Step): Promise<void> {
  switch (next.kind) {
    case 'deposit':
      lab.deposit(`fact-${next.fact}`, [note(`Rule ${next.fact}`, textOf(next.fact))]);
      known.deposited.add(next.fact);
      return;
    case 'compile':
      await lab.compile();
      return;
    case 'hand-edit':
      return editByHand(lab, known, next.fact);
    case 'rollback':
      if ((await lab.rollback(1)) === undefined) known.rolledBack = true;
      return;
    case 'propose':
      await propose(lab);
      return;
    case 'decide':
      return await decideOne(lab, known, next);
    case 'die':
      return await die(lab, next);
  }
}

function editByHand(lab: Lab, known: Known, number: number): void {
  const file = lab.at('memory/MEMORY.md');
  if (known.byHand.has(number) || !fs.existsSync(file)) return;
  known.byHand.add(number);
  fs.writeFileSync(file, `${fs.readFileSync(file, 'utf8')}\n## Hint ${number}\n\n${handText(number)}\n`);
}

/** A no is remembered when it was heard: what waits no more cannot be rejected. */
async function decideOne(
  lab: Lab,
  known: Known,
  { fact: number, decision }: Extract<Step, { kind: 'decide' }>,
): Promise<void> {
  const targets = [{ id: `fact-${number}`, index: 0 }];
  const decided = await decideWaiting(reviewWork(lab), { targets, decision, anyway: true, once: true });
  if (decision === 'rejected' && decided.ok && decided.value.status === 'promoted') known.rejected.add(number);
}

const RUNS = { compile: (lab: Lab) => lab.compile(), propose, accept: acceptAll };

async function die(lab: Lab, { at, ending, what }: Extract<Step, { kind: 'die' }>): Promise<void> {
  const journal = ending === 'kill' ? undefined : new PowerJournal(lab.folder);
  const fateOf = (call: { number: number }): Fate => ({ kind: call.number === at ? 'die' : 'pass' });
  const session = arm({ root: lab.folder, fateOf, ...(journal && { journal }) });
  try {
    await RUNS[what](lab);
  } catch {
    // Of a dead process nothing reaches anybody.
  }
  await new Promise((resolve) => setImmediate(resolve));
  disarm();
  if (!session.dead) return;
  if (ending !== 'kill') journal?.cut(ending);
  bury(lab, ending === 'kill' ? 'killed' : 'power');
}

/** Found by chance, and tried each time since. */
const FOUND: [Step[]][] = [
  // The power goes after a kept edit has left its place for good, and before its new place is.
  [
    [
      { kind: 'deposit', fact: 0 },
      { kind: 'compile' },
      { kind: 'deposit', fact: 1 },
      { kind: 'die', at: 32, ending: 'kill', what: 'compile' },
      { kind: 'hand-edit', fact: 0 },
      { kind: 'die', at: 40, ending: 'lost', what: 'compile' },
    ],
  ],
];

describe('whatever is deposited, edited, rolled back, and wherever compiles die', () => {
  let lab: Lab;
  beforeAll(() => {
    lab = new Lab();
  });
  afterAll(() => lab.dispose());

  test.prop([fc.array(step, { minLength: 3, maxLength: 14 })], { numRuns: 60, examples: FOUND })(
    'everything is applied once in the end, and what a hand wrote stays',
    async (steps) => {
      lab.clear();
      const known = new Known();
      for (const next of steps) await take(lab, known, next);
      if (known.deposited.size === 0) lab.deposit('fact-0', [note('Rule 0', textOf(0))]);
      // The last word on what still waits, and a compile that finishes what was decided.
      await acceptAll(lab);
      const wrong = await recover(lab);
      // After a rollback nobody knows what of it is left; that all was applied once still holds.
      const rules = [...known.deposited]
        .filter((number) => !known.rejected.has(number))
        .map((number) => `rule-${number}.`);
      const hints = [...known.byHand].map((number) => `hint-${number}.`);
      const facts = known.rolledBack ? [] : [...rules, ...hints];
      const scenario: Scenario = { name: '', prepare: async () => undefined, run: async () => undefined, facts };
      expect([...wrong, ...brokenLater(lab, scenario, 'power')]).toEqual([]);
      expect(lab.applied().size).toBe(Math.max(1, known.deposited.size));
    },
  );
});
