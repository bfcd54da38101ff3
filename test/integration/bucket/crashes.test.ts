import { describe, expect, vi } from 'vitest';
import { fc, test } from '@fast-check/vitest';
import { claim } from '../../../src/bucket/claim.ts';
import { deposit } from '../../../src/bucket/deposit.ts';
import { moveEnvelope } from '../../../src/bucket/move-envelope.ts';
import { countEnvelopes } from '../../../src/bucket/pending.ts';
import { giveBack, giveBackCrashed, retryFailed, settle } from '../../../src/bucket/settle.ts';
import type * as files from '../../../src/kernel/write-files.ts';
import type { BucketLayout } from '../../../src/kernel/home.ts';
import type * as moveFiles from '../../../src/kernel/move-files.ts';
import { anEnvelope, clock, emptyBucket, stored, whereabouts } from './envelope-lab.ts';

/** A process that dies: no `catch` for refused disks may mistake it for one. */
class Death extends Error {}

/** Dies in front of the n-th call that changes the disk; 0 is never. */
const life = vi.hoisted(() => ({ left: Infinity }));
const written = vi.hoisted((): string[] => []);

function mortal<A extends unknown[], R>(step: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    if (life.left-- <= 0) throw new Death();
    return step(...args);
  };
}

vi.mock('../../../src/kernel/move-files.ts', async (original) => {
  const real = await original<typeof moveFiles>();
  return { ...real, moveFile: mortal(real.moveFile) };
});
vi.mock('../../../src/kernel/write-files.ts', async (original) => {
  const real = await original<typeof files>();
  const writeDurably = mortal((...args: Parameters<typeof real.writeDurably>) => {
    written.push(args[0]);
    return real.writeDurably(...args);
  });
  return { ...real, writeDurably };
});

const IDS = ['a', 'b', 'c'];
const id = fc.constantFrom(...IDS);
const step = fc.oneof(
  fc.record({ kind: fc.constant('claim' as const), limit: fc.integer({ min: 0, max: 3 }) }),
  fc.record({
    kind: fc.constant('settle' as const),
    id,
    outcome: fc.constantFrom('done' as const, 'discarded' as const, 'failed' as const),
  }),
  fc.record({
    kind: fc.constant('give-back' as const),
    id,
    reason: fc.constantFrom('crashed' as const, 'backend-failed' as const, 'aborted' as const),
  }),
  fc.record({ kind: fc.constant('retry' as const) }),
  fc.record({ kind: fc.constant('recover' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function take(layout: BucketLayout, next: Step): void {
  switch (next.kind) {
    case 'claim':
      claim(layout, next.limit, clock);
      return;
    case 'settle':
      settle(layout, { id: next.id, outcome: next.outcome, reason: null }, clock);
      return;
    case 'give-back':
      giveBack(layout, next.id, next.reason, clock);
      return;
    case 'retry':
      retryFailed(layout, clock);
      return;
    case 'recover':
      giveBackCrashed(layout, () => false, clock);
  }
}

/** Takes a step that dies in front of its n-th change. */
function takeAndDie(layout: BucketLayout, next: Step, changes: number): void {
  life.left = changes;
  try {
    take(layout, next);
  } catch (error) {
    if (!(error instanceof Death)) throw error;
  } finally {
    life.left = Infinity;
  }
}

function expectEachInOnePlace(layout: BucketLayout): void {
  const places = whereabouts(layout);
  for (const one of IDS) {
    const found = places[`${one}.json`] ?? [];
    expect(found).toHaveLength(1);
    const state = found[0];
    if (
      state === 'pending' ||
      state === 'processing' ||
      state === 'done' ||
      state === 'failed' ||
      state === 'discarded'
    ) {
      expect(stored(layout, state, one).suggestions).toHaveLength(1);
    }
  }
}

describe('whatever runs do and wherever they die', () => {
  const history = fc.array(fc.tuple(step, fc.option(fc.integer({ min: 0, max: 4 }), { nil: Infinity })), {
    maxLength: 25,
  });

  test.prop([history], { numRuns: 150 })(
    'each envelope lies whole in exactly one place, and every one can be finished',
    (steps) => {
      const layout = emptyBucket();
      for (const one of IDS) deposit(layout, anEnvelope(one));
      for (const [next, changes] of steps) {
        takeAndDie(layout, next, changes);
        expectEachInOnePlace(layout);
      }
      giveBackCrashed(layout, () => false, clock);
      expect(countEnvelopes(layout).processing).toBe(0);
      for (let batch = claim(layout, 3, clock); batch.envelopes.length > 0; batch = claim(layout, 3, clock)) {
        for (const envelope of batch.envelopes) {
          settle(layout, { id: envelope.suggestion_id, outcome: 'done', reason: null, envelope }, clock);
        }
      }
      expectEachInOnePlace(layout);
      expect(countEnvelopes(layout)).toMatchObject({ pending: 0, processing: 0 });
    },
  );
});

test('a run that dies in front of every change of a way to done leaves an envelope that still gets there', () => {
  for (let changes = 0; changes < 6; changes++) {
    const layout = emptyBucket();
    deposit(layout, anEnvelope('a'));
    takeAndDie(layout, { kind: 'claim', limit: 1 }, changes);
    takeAndDie(layout, { kind: 'settle', id: 'a', outcome: 'done' }, changes);
    giveBackCrashed(layout, () => false, clock);
    claim(layout, 1, clock);
    settle(layout, { id: 'a', outcome: 'done', reason: null }, clock);
    expect(whereabouts(layout)).toEqual({ 'a.json': ['done'] });
  }
});

test('nothing but a deposit ever writes into pending, where a claim may take the file at any moment', () => {
  const layout = emptyBucket();
  for (const one of IDS) deposit(layout, anEnvelope(one));
  written.length = 0;
  claim(layout, 3, clock);
  giveBack(layout, 'a', 'crashed', clock);
  giveBack(layout, 'b', 'backend-failed', clock);
  settle(layout, { id: 'c', outcome: 'failed', reason: null }, clock);
  retryFailed(layout, clock);
  moveEnvelope(layout, { id: 'a', from: 'pending', to: 'done', reason: null }, clock);
  moveEnvelope(layout, { id: 'a', from: 'done', to: 'pending', reason: null }, clock);
  expect(written).toHaveLength(6);
  expect(written.filter((file) => file.startsWith(layout.pending))).toEqual([]);
});
