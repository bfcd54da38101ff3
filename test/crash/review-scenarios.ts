import { scriptBackend } from '../../src/backend/script.ts';
import { compileBucket } from '../../src/compile/compile.ts';
import { decideWaiting, editWaiting } from '../../src/compile/proposals-decide.ts';
import type { DecideRequest, ReviewWork } from '../../src/compile/proposals-decide.ts';
import { listReview, targetOf } from '../../src/compile/proposals-list.ts';
import { memory, note } from '../support/temp-bucket.ts';
import type { Lab } from './lab.ts';
import type { Scenario } from './scenario.ts';

export const reviewWork = ({ world, bucket }: Lab): ReviewWork => ({
  world,
  bucket,
  report: () => undefined,
  patienceMs: 0,
});

/** A compile in review mode. @returns what went wrong */
export async function propose(lab: Lab): Promise<unknown> {
  const compiled = await compileBucket(lab.world, lab.bucket, {
    ...lab.options,
    backend: scriptBackend,
    mode: 'review',
  });
  return compiled.ok ? undefined : compiled.failure;
}

/** Says yes or no to everything that waits, once more where it turns out to do something else. @returns what went wrong */
async function decideAll(lab: Lab, request: Omit<DecideRequest, 'targets'>): Promise<unknown> {
  const listed = listReview(lab.world, lab.bucket);
  if (!listed.ok) return listed.failure;
  const targets = listed.value.suggestions.map(({ id }) => targetOf(id));
  const decided = await decideWaiting(reviewWork(lab), { targets, anyway: true, ...request });
  return decided.ok ? undefined : decided.failure;
}

export const acceptAll = async (lab: Lab): Promise<unknown> => await decideAll(lab, { decision: 'accepted' });

async function withWaiting(lab: Lab): Promise<void> {
  lab.deposit('old-1', [memory('Use make verify', 'Run make verify before every commit.')]);
  await lab.compile();
  lab.deposit('new-1', [
    memory('Use pnpm', 'The package manager of this repository is pnpm.'),
    note('Flaky gateway', 'The gateway test fails when port 8080 is taken by another program.'),
  ]);
  lab.deposit('new-2', [memory('Answer in German', 'Answers are to be written in German.', { scope: 'user' })]);
}

export const reviewScenarios: readonly Scenario[] = [
  {
    name: 'a plan that waits for a yes',
    prepare: withWaiting,
    run: propose,
    // A scheduler that comes by in review mode makes the plan; then the person says yes.
    next: async (lab) => {
      await propose(lab);
      await decideAll(lab, { decision: 'accepted' });
    },
    facts: ['make verify', 'package manager', 'port 8080', 'in German'],
  },
  {
    name: 'a yes to a plan',
    prepare: async (lab) => {
      await withWaiting(lab);
      await propose(lab);
      editWaiting(reviewWork(lab), { id: 'new-2', index: 0 }, { content: 'Answers are to be written in Danish.' });
    },
    run: async (lab) => await decideAll(lab, { decision: 'accepted' }),
    next: async (lab) => {
      await decideAll(lab, { decision: 'accepted' });
    },
    facts: ['make verify', 'package manager', 'port 8080', 'in Danish'],
    gone: ['in German'],
  },
  {
    name: 'a no to a plan',
    prepare: async (lab) => {
      await withWaiting(lab);
      await propose(lab);
    },
    run: async (lab) => await decideAll(lab, { decision: 'rejected' }),
    next: async (lab) => {
      await decideAll(lab, { decision: 'rejected' });
    },
    facts: ['make verify'],
    gone: ['package manager', 'port 8080', 'in German'],
  },
];
