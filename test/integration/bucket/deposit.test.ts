import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { deposit } from '../../../src/bucket/deposit.ts';
import { renderJson } from '../../../src/kernel/render-json.ts';
import { raced } from './bundled.ts';
import { anEnvelope, emptyBucket, namesIn, stored, whereabouts } from './envelope-lab.ts';

describe('a deposit', () => {
  test('lies in pending under its id, as it was sealed', () => {
    const layout = emptyBucket();
    const envelope = anEnvelope('abc', { origin: { run: 1 }, a_later_key: true });
    expect(deposit(layout, envelope)).toBe('deposited');
    expect(namesIn(layout.pending)).toEqual(['abc.json']);
    expect(readFileSync(join(layout.pending, 'abc.json'), 'utf8')).toBe(renderJson(envelope));
  });

  test('is pending whatever state the sealed one had', () => {
    const layout = emptyBucket();
    deposit(layout, anEnvelope('abc', { state: 'done' }));
    expect(stored(layout, 'pending', 'abc').state).toBe('pending');
  });

  test('made twice is made once', () => {
    const layout = emptyBucket();
    deposit(layout, anEnvelope('abc', { cwd: '/first' }));
    expect(deposit(layout, anEnvelope('abc', { cwd: '/second' }))).toBe('already-there');
    expect(stored(layout, 'pending', 'abc').cwd).toBe('/first');
  });

  test.each(['pending', 'processing', 'done', 'failed', 'discarded'] as const)(
    'of an id that lies in %s is not made again',
    (state) => {
      const layout = emptyBucket();
      mkdirSync(layout[state], { recursive: true });
      writeFileSync(join(layout[state], 'abc.json'), 'even when it is unreadable');
      expect(deposit(layout, anEnvelope('abc'))).toBe('already-there');
      expect(whereabouts(layout)).toEqual({ 'abc.json': [state] });
    },
  );

  test.each(['pending', 'processing', 'done', 'failed', 'discarded'] as const)(
    'of a key that lies in %s under another id is not made again',
    (state) => {
      const layout = emptyBucket();
      mkdirSync(layout[state], { recursive: true });
      writeFileSync(join(layout[state], 'older.json'), renderJson(anEnvelope('older', { idempotency_key: 'k"1' })));
      expect(deposit(layout, anEnvelope('abc', { idempotency_key: 'k"1' }))).toBe('already-there');
      expect(deposit(layout, anEnvelope('def', { idempotency_key: 'k2' }))).toBe('deposited');
    },
  );

  test('is not kept from its place by a key that is mentioned elsewhere in an envelope, or empty', () => {
    const layout = emptyBucket();
    deposit(layout, anEnvelope('one', { idempotency_key: '', thread_id: 'k1' }));
    expect(deposit(layout, anEnvelope('two', { idempotency_key: 'k1' }))).toBe('deposited');
    expect(deposit(layout, anEnvelope('three', { idempotency_key: '' }))).toBe('deposited');
  });

  test('of an id that the ledger knows is not made, though no file is left', () => {
    const layout = emptyBucket();
    expect(deposit(layout, anEnvelope('abc'), new Set(['abc']))).toBe('already-there');
    expect(whereabouts(layout)).toEqual({});
  });

  test('never makes a path out of an id', () => {
    const layout = emptyBucket();
    const envelope = Object.assign(anEnvelope('abc'), JSON.parse('{"suggestion_id": "../../escaped"}'));
    expect(() => deposit(layout, envelope)).toThrow('Invalid format');
    expect(whereabouts(layout)).toEqual({});
  });
});

test('of several processes that deposit one envelope, one does', async () => {
  const layout = emptyBucket();
  const source = `
import { deposit } from 'src/bucket/deposit.ts';
import { bucketLayout } from 'src/kernel/home.ts';
const race = (stateDir, envelope) => deposit(bucketLayout(stateDir), JSON.parse(envelope));
`;
  const outcomes = await raced(
    source,
    Array.from({ length: 5 }, () => [layout.stateDir, JSON.stringify(anEnvelope('abc'))]),
  );
  expect(outcomes.filter((outcome) => outcome === 'deposited')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'already-there')).toHaveLength(4);
  expect(namesIn(layout.pending)).toEqual(['abc.json']);
});
