import fs from 'node:fs';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { HealthRecord } from '../../../src/contracts/health.ts';
import { fail, succeed } from '../../../src/contracts/failure.ts';
import { DiskFailure } from '../../../src/kernel/disk-failure.ts';
import { noted, noteBudgetUsedUp, noteFailure, noteSuccess } from '../../../src/trouble/note-health.ts';
import { readHealth } from '../../../src/trouble/read-health.ts';
import { watchHealth } from '../../../src/trouble/watch-health.ts';
import { aWorld, homeFile, readHomeJson, writeHome } from './a-world.ts';

const say = (): string => 'the disk is full';
const silent = (): void => undefined;

describe('the health record', () => {
  test('counts failures in a row and keeps when the first one was', () => {
    const world = aWorld();
    world.at('2026-11-17T08:00:00Z');
    noteFailure(world, 'review', '401 from api.example.com');
    world.at('2026-11-18T08:00:00Z');
    noteFailure(world, 'review', '403 from api.example.com');

    expect(readHealth(world.home).review).toEqual({
      failures: 2,
      since: '2026-11-17T08:00:00Z',
      last_failure: '2026-11-18T08:00:00Z',
      message: '403 from api.example.com',
      last_success: null,
      until: null,
    });
    expect(v.safeParse(HealthRecord, readHomeJson(world, 'health.json')).success).toBe(true);
  });

  test('a success ends the row and says when', () => {
    const world = aWorld();
    noteFailure(world, 'review', 'no');
    world.at('2026-11-21T08:00:00Z');
    noteSuccess(world, 'review');

    expect(readHealth(world.home).review).toMatchObject({
      failures: 0,
      since: null,
      message: null,
      last_success: '2026-11-21T08:00:00Z',
    });
  });

  test('is not written while nothing has failed, nor by a success after a success', () => {
    const world = aWorld();
    noteSuccess(world, 'scan');
    const before = fs.existsSync(homeFile(world, 'health.json'));
    noteFailure(world, 'scan', 'no');
    noteSuccess(world, 'scan');
    const { mtimeMs, ino } = fs.statSync(homeFile(world, 'health.json'));
    noteSuccess(world, 'scan');

    expect(before).toBe(false);
    expect(fs.statSync(homeFile(world, 'health.json'))).toMatchObject({ mtimeMs, ino });
  });

  test('one step leaves the others as they are', () => {
    const world = aWorld();
    noteFailure(world, 'review', 'a');
    noteFailure(world, 'compile', 'b');
    noteSuccess(world, 'compile');

    expect(readHealth(world.home).review?.failures).toBe(1);
  });

  test('keeps no key and no more than 300 characters of what a provider said', () => {
    const world = aWorld();
    const key = ['sk', 'proj', 'Zk3vN8qLr5Ty7Wb2Xc9Md4Hf6Jg1Ps0A'].join('-');
    noteFailure(world, 'review', `401: the key ${key} is wrong ${'x'.repeat(10_000)}`);

    const text = fs.readFileSync(homeFile(world, 'health.json'), 'utf8');
    expect(text).not.toContain(key);
    expect(readHealth(world.home).review?.message?.length).toBeLessThanOrEqual(300);
  });

  test.each([
    '',
    '{',
    '[]',
    '{"schema_version":2,"steps":{}}',
    '{"schema_version":1,"steps":{"review":{"failures":"3"}}}',
  ])('that is damaged (%j) counts as none and is written anew by the next failure', (text) => {
    const world = aWorld();
    writeHome(world, 'health.json', text);
    const before = readHealth(world.home);
    noteFailure(world, 'review', 'no');

    expect(before).toEqual({});
    expect(readHealth(world.home).review?.failures).toBe(1);
  });

  test('that cannot be written costs nobody anything', () => {
    const world = aWorld();
    fs.mkdirSync(homeFile(world, 'health.json'));
    fs.writeFileSync(homeFile(world, 'health.json/x'), '');

    expect(() => noteFailure(world, 'review', 'no')).not.toThrow();
  });

  test('a budget that is used up is noted once for a day', () => {
    const world = aWorld();
    const midnight = Date.parse('2026-11-21T00:00:00Z');
    noteBudgetUsedUp(world, midnight);
    world.at('2026-11-20T15:00:00Z');
    noteBudgetUsedUp(world, midnight);

    expect(readHealth(world.home).budget).toMatchObject({
      failures: 1,
      since: '2026-11-20T12:00:00Z',
      until: '2026-11-21T00:00:00Z',
    });
  });
});

describe('a noted step', () => {
  const failure = { reason: 'disk-failed', operation: 'list', path: 'projects', code: 'ENOSPC' } as const;

  test('notes a failure that it returns and hands it on', async () => {
    const world = aWorld();
    const result = await noted({ world, step: 'scan', describe: say }, async () => fail(failure));

    expect(result.ok).toBe(false);
    expect(readHealth(world.home).scan).toMatchObject({ failures: 1, message: 'the disk is full' });
  });

  test('notes what it throws and throws it on', async () => {
    const world = aWorld();
    const work = noted({ world, step: 'scan', describe: say }, async () => {
      throw new DiskFailure(failure);
    });

    await expect(work).rejects.toThrow(DiskFailure);
    expect(readHealth(world.home).scan).toMatchObject({ failures: 1, message: 'the disk is full' });
  });

  test('a success ends the row', async () => {
    const world = aWorld();
    noteFailure(world, 'scan', 'no');
    await noted({ world, step: 'scan', describe: say }, async () => succeed(1));

    expect(readHealth(world.home).scan?.failures).toBe(0);
  });
});

describe('what the flows tell', () => {
  test('reviews count one by one', () => {
    const world = aWorld();
    const { report } = watchHealth(world, silent);
    report({ type: 'review-failed', session: 'a', reason: '401' });
    report({ type: 'review-failed', session: 'b', reason: '401' });
    const failed = readHealth(world.home).review?.failures;
    report({ type: 'reviewed', session: 'c', suggestions: 0, standIn: true });
    const stoodIn = readHealth(world.home).review?.failures;
    report({ type: 'reviewed', session: 'c', suggestions: 0 });

    expect([failed, stoodIn, readHealth(world.home).review?.failures]).toEqual([2, 2, 0]);
  });

  test('a pass with any number of broken buckets is one failure of the compile', () => {
    const world = aWorld();
    const watch = watchHealth(world, silent);
    watch.report({ type: 'promoted', generation: 1, envelopes: 1 });
    watch.ended('-repo: the disk is full');

    expect(readHealth(world.home).compile).toMatchObject({ failures: 1, message: '-repo: the disk is full' });
  });

  test('a promotion by the fallback is a failure of the compile', () => {
    const world = aWorld();
    const watch = watchHealth(world, silent);
    watch.report({ type: 'fell-back', from: 'agent:opencode', to: 'script', reason: 'no such model' });
    watch.report({ type: 'promoted', generation: 1, envelopes: 1 });
    watch.ended(undefined);

    expect(readHealth(world.home).compile?.message).toBe('agent:opencode failed, script did the work: no such model');
  });

  test('a fallback because the budget is used up is no failure of the compile, nor a success', () => {
    const world = aWorld();
    const compile = (overBudget: boolean): void => {
      const watch = watchHealth(world, silent);
      watch.report({
        type: 'fell-back',
        from: 'agent:codex',
        to: 'script',
        reason: 'no',
        ...(overBudget && { overBudget }),
      });
      watch.report({ type: 'promoted', generation: 1, envelopes: 1 });
      watch.ended(undefined);
    };
    compile(true);
    const first = readHealth(world.home);
    compile(false);
    compile(true);

    expect(first.compile).toBeUndefined();
    expect(first.budget).toMatchObject({ failures: 1, until: '2026-11-21T00:00:00Z' });
    expect(readHealth(world.home).compile).toMatchObject({ failures: 1 });
  });

  test('a promotion ends a row of failures, an idle pass does not', () => {
    const world = aWorld();
    noteFailure(world, 'compile', 'no');
    watchHealth(world, silent).ended(undefined);
    const idle = readHealth(world.home).compile?.failures;
    const watch = watchHealth(world, silent);
    watch.report({ type: 'promoted', generation: 1, envelopes: 1 });
    watch.ended(undefined);

    expect([idle, readHealth(world.home).compile?.failures]).toEqual([1, 0]);
  });

  test('a skills folder that cannot be written is a failure of publishing; a skill left to its owner is none', () => {
    const world = aWorld();
    const watch = watchHealth(world, silent);
    watch.report({ type: 'skill-left-alone', skill: 'mine', reason: 'edited by hand' });
    watch.ended(undefined);
    const left = readHealth(world.home).publish;
    watch.report({ type: 'skill-left-alone', skill: 'release', reason: 'disk-failed', failed: true });
    watch.ended(undefined);

    expect(left).toBeUndefined();
    expect(readHealth(world.home).publish).toMatchObject({ failures: 1, message: 'release: disk-failed' });
  });

  test('every event is handed on', () => {
    const events: string[] = [];
    const { report } = watchHealth(aWorld(), (event) => void events.push(event.type));
    report({ type: 'review-failed', session: 'a', reason: '401' });
    report({ type: 'problem', what: 'x' });

    expect(events).toEqual(['review-failed', 'problem']);
  });
});
