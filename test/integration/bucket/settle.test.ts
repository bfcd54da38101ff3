import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claim } from '../../../src/bucket/claim.ts';
import { deposit } from '../../../src/bucket/deposit.ts';
import { moveEnvelope } from '../../../src/bucket/move-envelope.ts';
import { countEnvelopes, retryableFailed } from '../../../src/bucket/pending.ts';
import { giveBack, giveBackCrashed, retryFailed, settle } from '../../../src/bucket/settle.ts';
import type { GiveBackReason } from '../../../src/bucket/settle.ts';
import type { BucketLayout } from '../../../src/kernel/home.ts';
import { anEnvelope, clock, emptyBucket, namesIn, stored, whereabouts } from './envelope-lab.ts';

/** A bucket with one claimed envelope `a`. */
function claimedOne(changes: Record<string, unknown> = {}): BucketLayout {
  const layout = emptyBucket();
  deposit(layout, anEnvelope('a', changes));
  claim(layout, 1, clock);
  return layout;
}

describe('settling', () => {
  test.each(['done', 'discarded', 'failed'] as const)(
    'moves the envelope to %s and writes down that it did',
    (outcome) => {
      const layout = claimedOne();
      expect(settle(layout, { id: 'a', outcome, reason: 'because' }, clock)).toBe('moved');
      expect(whereabouts(layout)).toEqual({ 'a.json': [outcome] });
      expect(stored(layout, outcome, 'a')).toMatchObject({
        state: outcome,
        transition_log: [{ at: '2026-03-04T05:06:07Z', from: 'processing', to: outcome, reason: 'because' }],
      });
    },
  );

  test('with the envelope as it was claimed tells the whole story', () => {
    const layout = emptyBucket();
    deposit(layout, anEnvelope('a', { a_later_key: [1] }));
    const [envelope] = claim(layout, 1, clock).envelopes;
    settle(layout, { id: 'a', outcome: 'done', reason: null, ...(envelope && { envelope }) }, clock);
    const { transition_log: log, a_later_key: kept } = stored(layout, 'done', 'a');
    expect(log.map(({ from, to }) => [from, to])).toEqual([
      ['pending', 'processing'],
      ['processing', 'done'],
    ]);
    expect(kept).toEqual([1]);
  });

  test('what somebody else settled is no error', () => {
    const layout = claimedOne();
    settle(layout, { id: 'a', outcome: 'done', reason: null }, clock);
    expect(settle(layout, { id: 'a', outcome: 'discarded', reason: null }, clock)).toBe('gone');
    expect(giveBack(layout, 'a', 'aborted', clock)).toBe('gone');
    expect(whereabouts(layout)).toEqual({ 'a.json': ['done'] });
  });

  test('with the envelope at hand does not bring back a file that somebody else has moved', () => {
    const layout = emptyBucket();
    deposit(layout, anEnvelope('a'));
    const [envelope] = claim(layout, 1, clock).envelopes;
    settle(layout, { id: 'a', outcome: 'done', reason: null }, clock);
    expect(settle(layout, { id: 'a', outcome: 'discarded', reason: null, ...(envelope && { envelope }) }, clock)).toBe(
      'gone',
    );
    expect(whereabouts(layout)).toEqual({ 'a.json': ['done'] });
  });

  test('does not replace an envelope that lies there already', () => {
    const layout = claimedOne();
    mkdirSync(layout.done, { recursive: true });
    writeFileSync(join(layout.done, 'a.json'), 'the first');
    expect(settle(layout, { id: 'a', outcome: 'done', reason: null }, clock)).toBe('set-aside');
    expect(readFileSync(join(layout.done, 'a.json'), 'utf8')).toBe('the first');
    expect(namesIn(layout.setAside)).toEqual(['a.json', 'a.json.reason.txt']);
  });

  test('an applied envelope that has been damaged meanwhile still leaves processing', () => {
    const layout = claimedOne();
    writeFileSync(join(layout.processing, 'a.json'), '{');
    expect(settle(layout, { id: 'a', outcome: 'done', reason: null }, clock)).toBe('moved');
    expect(readFileSync(join(layout.done, 'a.json'), 'utf8')).toBe('{');
  });

  test('as failed counts the failure, and three of them are the end', () => {
    const layout = claimedOne();
    for (const attempts of [1, 2]) {
      settle(layout, { id: 'a', outcome: 'failed', reason: 'the backend gave up' }, clock);
      expect(stored(layout, 'failed', 'a')).toMatchObject({
        attempt_count: attempts,
        failure_reason: 'the backend gave up',
      });
      expect(retryableFailed(layout)).toEqual(['a']);
      expect(retryFailed(layout, clock)).toEqual(['a']);
      expect(stored(layout, 'pending', 'a').state).toBe('pending');
      claim(layout, 1, clock);
    }
    settle(layout, { id: 'a', outcome: 'failed', reason: null }, clock);
    expect(retryableFailed(layout)).toEqual([]);
    expect(retryFailed(layout, clock)).toEqual([]);
    expect(countEnvelopes(layout)).toMatchObject({ failed: 1, pending: 0 });
  });
});

describe('giving back', () => {
  test.each<GiveBackReason>(['race-lost', 'lock-lost', 'aborted', 'disk-failed'])(
    'because of %s counts for nothing',
    (reason) => {
      const layout = claimedOne({ attempt_count: 1, crash_count: 2 });
      expect(giveBack(layout, 'a', reason, clock)).toBe('moved');
      expect(stored(layout, 'pending', 'a')).toMatchObject({
        state: 'pending',
        attempt_count: 1,
        crash_count: 2,
        transition_log: [{ from: 'processing', to: 'pending', reason }],
      });
    },
  );

  test('because of a crash counts the crash and no failure', () => {
    const layout = claimedOne({ attempt_count: 1 });
    giveBack(layout, 'a', 'crashed', clock);
    expect(stored(layout, 'pending', 'a')).toMatchObject({ attempt_count: 1, crash_count: 1 });
  });

  test('after the tenth crash in a row sets the envelope aside with the reason', () => {
    const layout = claimedOne();
    for (let crash = 1; crash < 10; crash++) {
      expect(giveBack(layout, 'a', 'crashed', clock)).toBe('moved');
      claim(layout, 1, clock);
    }
    expect(giveBack(layout, 'a', 'crashed', clock)).toBe('set-aside');
    expect(whereabouts(layout)).toEqual({ 'a.json': ['setAside'], 'a.json.reason.txt': ['setAside'] });
    expect(readFileSync(join(layout.setAside, 'a.json.reason.txt'), 'utf8')).toContain('10 runs');
  });

  test('because the backend failed ends a row of crashes, and the third time in failed', () => {
    const layout = claimedOne({ crash_count: 2 });
    expect(giveBack(layout, 'a', 'backend-failed', clock)).toBe('moved');
    expect(stored(layout, 'pending', 'a')).toMatchObject({ attempt_count: 1, crash_count: 0 });
    claim(layout, 1, clock);
    giveBack(layout, 'a', 'backend-failed', clock);
    claim(layout, 1, clock);
    expect(giveBack(layout, 'a', 'backend-failed', clock)).toBe('failed');
    expect(stored(layout, 'failed', 'a')).toMatchObject({ attempt_count: 3, state: 'failed' });
  });

  test('one that became unreadable sets it aside', () => {
    const layout = claimedOne();
    writeFileSync(join(layout.processing, 'a.json'), '{');
    expect(giveBack(layout, 'a', 'crashed', clock)).toBe('set-aside');
    expect(namesIn(layout.setAside)).toEqual(['a.json', 'a.json.reason.txt']);
  });

  test('what a dead run left gives back all but what the ledger knows', () => {
    const layout = emptyBucket();
    for (const id of ['a', 'b', 'c']) deposit(layout, anEnvelope(id));
    claim(layout, 3, clock);
    expect(giveBackCrashed(layout, (id) => id === 'b', clock)).toEqual(['a', 'c']);
    expect(whereabouts(layout)).toEqual({ 'a.json': ['pending'], 'b.json': ['processing'], 'c.json': ['pending'] });
  });

  test('for ever does not make the envelope grow for ever', () => {
    const layout = claimedOne();
    for (let round = 0; round < 60; round++) {
      giveBack(layout, 'a', 'race-lost', clock);
      claim(layout, 1, clock);
    }
    giveBack(layout, 'a', 'race-lost', clock);
    expect(stored(layout, 'pending', 'a').transition_log).toHaveLength(50);
  });
});

test('an applied envelope that came back to pending goes where it ended', () => {
  const layout = emptyBucket();
  deposit(layout, anEnvelope('a'));
  expect(moveEnvelope(layout, { id: 'a', from: 'pending', to: 'done', reason: 'applied before' }, clock)).toBe('moved');
  expect(stored(layout, 'done', 'a')).toMatchObject({
    state: 'done',
    transition_log: [{ from: 'pending', to: 'done' }],
  });
  expect(moveEnvelope(layout, { id: 'a', from: 'done', to: 'pending', reason: 'its generation was lost' }, clock)).toBe(
    'moved',
  );
  expect(stored(layout, 'pending', 'a').state).toBe('pending');
});
