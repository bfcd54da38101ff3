import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Rig, TestReviewer } from './support/rig.ts';

describe('a worker', () => {
  test('turns a stopped turn into one pending envelope and leaves nothing behind', async () => {
    const rig = new Rig();
    const session = rig.session().say('always use pnpm');
    expect(await session.stop()).toBe(true);
    await session.work();
    expect(rig.learned()).toEqual(['always use pnpm']);
    expect(rig.queue()).toEqual([]);
    expect(rig.leases()).toEqual([]);
    expect(rig.record(session.id)).toMatchObject({ attempts: 0, outbox: null, next_attempt_at: null });
  });

  test('reviews several stops together', async () => {
    const rig = new Rig();
    const session = rig.session();
    for (const text of ['one', 'two', 'three']) await session.say(text).stop();
    await session.work();
    expect(rig.reviewer.tasks).toHaveLength(1);
    expect(rig.learned()).toEqual(['one', 'three', 'two']);
    expect(rig.queue()).toEqual([]);
  });

  test('shows the reviewer only what is new', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    await session.work();
    await session.say('two').stop();
    await session.work();
    expect(rig.reviewer.tasks[1]?.items.map((turnItem) => turnItem.kind === 'user' && turnItem.text)).toEqual([
      'two',
      false,
    ]);
    expect(rig.learned()).toEqual(['one', 'two']);
  });

  test('reviews an entry that comes while it is reviewing, and no second worker is started for it', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    const started: boolean[] = [];
    rig.reviewer.meanwhile = async () => {
      rig.freshenLeases();
      if (started.length < 2) started.push(await session.say(`while ${started.length}`).stop());
    };
    await session.work();
    expect(started).toEqual([false, false]);
    expect(rig.learned()).toEqual(['one', 'while 0', 'while 1']);
    expect(rig.queue()).toEqual([]);
  });

  test('leaves what the session says later to the next stop', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    rig.reviewer.meanwhile = () => void session.say('later');
    await session.work();
    expect(rig.learned()).toEqual(['one']);
    rig.reviewer.meanwhile = () => undefined;
    await session.stop();
    await session.work();
    expect(rig.learned()).toEqual(['later', 'one']);
  });

  test('deposits nothing when nothing was suggested, and does not look at the turn again', async () => {
    const rig = new Rig();
    const session = rig.session().say('');
    await session.stop();
    await session.work();
    await session.stop();
    await session.work();
    expect(rig.learned()).toEqual([]);
    expect(rig.queue()).toEqual([]);
    expect(rig.reviewer.tasks.length).toBeLessThanOrEqual(1);
  });

  test('absorbs a deposit that is repeated from the outbox', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    await session.work();
    const { layout } = rig.bucket;
    const [name = ''] = fs.readdirSync(layout.pending);
    const envelope = JSON.parse(fs.readFileSync(path.join(layout.pending, name), 'utf8'));
    const file = path.join(layout.sessions, `${session.id}.review.json`);
    fs.writeFileSync(file, JSON.stringify({ ...rig.record(session.id), outbox: envelope }));
    fs.renameSync(path.join(layout.pending, name), path.join(layout.done, name));
    await session.stop();
    await session.work();
    expect(rig.learned()).toEqual([]);
    expect(rig.record(session.id)).toMatchObject({ outbox: null });
  });

  test('leaves a record of a newer version and its entries alone', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    const file = path.join(rig.bucket.layout.sessions, `${session.id}.review.json`);
    fs.writeFileSync(file, '{"schema_version": 2, "secret": "of the future"}');
    await session.work();
    expect(fs.readFileSync(file, 'utf8')).toContain('of the future');
    expect(rig.queue()).toHaveLength(1);
  });

  test('sets a damaged record aside and begins again', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    fs.writeFileSync(path.join(rig.bucket.layout.sessions, `${session.id}.review.json`), '{"schema_ver');
    await session.work();
    expect(rig.learned()).toEqual(['one']);
    expect(fs.readdirSync(rig.bucket.layout.setAside)).toContain(`${session.id}.review.json`);
  });

  test('loses no turn when the session’s record is lost', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    await session.work();
    fs.rmSync(path.join(rig.bucket.layout.sessions, `${session.id}.review.json`));
    await session.say('two').stop();
    await session.work();
    expect(new Set(rig.learned())).toEqual(new Set(['one', 'two']));
    expect(rig.queue()).toEqual([]);
  });

  test('leaves the entries of a session whose name only begins like its own', async () => {
    const rig = new Rig();
    const short = rig.session('a').say('of a');
    const long = rig.session('a.b').say('of a.b');
    await short.stop();
    await long.stop();
    await short.work();
    expect(rig.learned()).toEqual(['of a']);
    expect(rig.queue()).toEqual(['a.b.turn-1.json']);
  });

  test('takes no path from a session id', async () => {
    const rig = new Rig();
    const id = '../../../evil';
    await rig.stop({ session_id: id, turn_id: '..', last_assistant_message: 'hello there' });
    await rig.work(id);
    expect(rig.queue()).toEqual([]);
    expect(rig.reviewer.tasks).toHaveLength(1);
    expect(fs.readdirSync(rig.base).toSorted()).toEqual(['codex', 'home', 'repo']);
  });
});

/** A rig whose profile names a reviewer that costs. */
function withPaidReviewer(): { rig: Rig; paid: TestReviewer } {
  const rig = new Rig();
  const paid = new TestReviewer(true);
  fs.writeFileSync(
    path.join(rig.home, 'config.toml'),
    'active_profile = "paid"\n[profiles.paid]\nprovider = "minimax"\n',
  );
  Object.assign(rig.reviewers, { minimax: paid, heuristic: new TestReviewer() });
  return { rig, paid };
}

/** Enough for a reviewer that costs. */
const LONG = `always use pnpm ${'and tell how it went '.repeat(200)}`.trim();

describe('a review that fails', () => {
  test('keeps its turns queued and is tried again after a growing pause', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    rig.reviewer.failures = [1, 2].map(
      () => ({ reason: 'model-unreachable', provider: 'p', detail: 'refused' }) as const,
    );
    await session.work();
    expect(rig.record(session.id)).toMatchObject({
      attempts: 1,
      next_attempt_at: '2026-11-20T12:01:00Z',
      last_error: 'p cannot be reached: refused',
    });
    rig.clock.pass(30);
    expect(await rig.scan()).toEqual({ queued: 1, reviewed: 0, deferred: 1, failed: 0 });
    rig.clock.pass(30);
    expect(await rig.scan()).toEqual({ queued: 1, reviewed: 0, deferred: 0, failed: 1 });
    expect(rig.record(session.id)).toMatchObject({ attempts: 2, next_attempt_at: '2026-11-20T12:03:00Z' });
    rig.clock.pass(120);
    expect(await rig.scan()).toEqual({ queued: 1, reviewed: 1, deferred: 0, failed: 0 });
    expect(rig.learned()).toEqual(['one']);
    expect(rig.record(session.id)).toMatchObject({ attempts: 0, next_attempt_at: null, last_error: null });
  });

  test('waits, and says until when and why', async () => {
    const rig = new Rig();
    await rig.session('s').say('one').stop();
    rig.reviewer.failures = [{ reason: 'model-refused', provider: 'p', status: 401, detail: 'Incorrect key' }];
    await rig.work('s');
    await rig.scan();
    expect(rig.events).toContainEqual({
      type: 'review-deferred',
      session: 's',
      reason: 'until 12:01Z after 1 failure: p refused with status 401: Incorrect key',
    });
  });

  test('is not repeated by the next stop before its time, but by scan --now', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    rig.reviewer.failures = [{ reason: 'model-timed-out', provider: 'p', afterMs: 1 }];
    await session.work();
    await session.say('two').stop();
    await session.work();
    expect(rig.reviewer.tasks).toHaveLength(1);
    await rig.scan(true);
    expect(rig.learned()).toEqual(['one', 'two']);
  });

  test('keeps an answer that cannot be read', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    rig.reviewer.failures = [{ reason: 'answer-unparsable', detail: 'no JSON', raw: 'I would rather chat' }];
    await session.work();
    const [name = ''] = fs.readdirSync(rig.bucket.layout.failedReviews);
    expect(JSON.parse(fs.readFileSync(path.join(rig.bucket.layout.failedReviews, name), 'utf8'))).toMatchObject({
      session_id: session.id,
      reason: 'no JSON',
      raw: 'I would rather chat',
    });
  });

  test('because of answers that nobody can read is left to the free reviewer after six of them', async () => {
    const { rig, paid } = withPaidReviewer();
    paid.failures = Array.from({ length: 20 }, () => ({ reason: 'answer-unparsable', detail: 'no JSON', raw: '…' }));
    const session = rig.session().say(LONG);
    await session.stop();
    for (let scan = 0; scan < 12; scan++) {
      rig.clock.pass(3_600);
      await rig.scan();
    }

    expect(paid.tasks).toHaveLength(6);
    expect(rig.learned()).toEqual([LONG]);
    expect(rig.record(session.id)).toMatchObject({ attempts: 0, next_attempt_at: null, last_error: null });
  });

  test('because nobody can be reached waits for the reviewer that was chosen', async () => {
    const { rig, paid } = withPaidReviewer();
    paid.failures = Array.from({ length: 9 }, () => ({
      reason: 'model-unreachable',
      provider: 'p',
      detail: 'refused',
    }));
    await rig.session().say(LONG).stop();
    for (let scan = 0; scan < 12; scan++) {
      rig.clock.pass(6 * 3_600);
      await rig.scan();
    }

    expect(paid.tasks).toHaveLength(10);
    expect(rig.learned()).toEqual([LONG]);
  });

  test('by an error of the program is tried again no sooner than any other', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    rig.reviewer.meanwhile = () => {
      throw new TypeError('a bug');
    };
    await session.work();
    expect(rig.record(session.id)).toMatchObject({
      attempts: 1,
      last_error: expect.stringContaining('TypeError: a bug'),
    });
    expect(await rig.scan()).toMatchObject({ deferred: 1 });
    expect(rig.reviewer.tasks).toHaveLength(1);
  });

  test('costs the other sessions nothing', async () => {
    const rig = new Rig();
    await rig.session('session-a').say('one').stop();
    await rig.session('session-b').say('two').stop();
    rig.reviewer.failures = [{ reason: 'model-timed-out', provider: 'p', afterMs: 1 }];
    expect(await rig.scan()).toEqual({ queued: 2, reviewed: 1, deferred: 0, failed: 1 });
  });

  test('waits for no date that a wrong clock has written', async () => {
    const rig = new Rig();
    rig.clock.ms = Date.parse('2031-01-01T00:00:00Z');
    const session = rig.session().say('one');
    await session.stop();
    rig.reviewer.failures = [{ reason: 'model-timed-out', provider: 'p', afterMs: 1 }];
    await session.work();
    rig.clock.ms = Date.parse('2026-11-20T12:00:00Z');
    await rig.scan();
    expect(rig.learned()).toEqual(['one']);
  });
});

describe('a reviewer that costs', () => {
  const long = `please remember ${'that this is a long story '.repeat(12)}`;

  test('waits until the session is quiet', async () => {
    const rig = new Rig();
    rig.reviewer = new TestReviewer(true);
    const session = rig.session().say(long);
    await session.stop();
    await session.work();
    expect(rig.reviewer.tasks).toHaveLength(0);
    expect(rig.record(session.id)).toMatchObject({ attempts: 0, next_attempt_at: '2026-11-20T12:01:00Z' });
    rig.clock.pass(59);
    expect(await rig.scan()).toMatchObject({ deferred: 1 });
    rig.clock.pass(1);
    expect(await rig.scan()).toMatchObject({ reviewed: 1 });
    expect(rig.learned()).toHaveLength(1);
  });

  test('is asked at once by scan --now', async () => {
    const rig = new Rig();
    rig.reviewer = new TestReviewer(true);
    await rig.session().say(long).stop();
    expect(await rig.scan(true)).toMatchObject({ reviewed: 1 });
  });

  test('is not asked about next to nothing', async () => {
    const rig = new Rig();
    rig.reviewer = new TestReviewer(true);
    const session = rig.session().say('hi');
    await session.stop();
    rig.clock.pass(600);
    expect(await rig.scan()).toMatchObject({ deferred: 1 });
    await session.say(long).stop();
    rig.clock.pass(7200);
    expect(await rig.scan()).toMatchObject({ reviewed: 1 });
    expect(rig.learned()).toHaveLength(2);
  });

  test('waits for the next day when the budget is used up', async () => {
    const rig = new Rig();
    rig.reviewer = new TestReviewer(true);
    const spent = { schema_version: 1, day: '2026-11-20', calls: 200, tokens: 10 };
    fs.writeFileSync(path.join(rig.home, 'budget.json'), JSON.stringify(spent));
    const session = rig.session().say(long);
    await session.stop();
    rig.clock.pass(60);
    expect(await rig.scan(true)).toMatchObject({ deferred: 1 });
    expect(rig.record(session.id)).toMatchObject({ next_attempt_at: '2026-11-21T00:00:00Z' });
    rig.clock.ms = Date.parse('2026-11-21T00:00:01Z');
    expect(await rig.scan()).toMatchObject({ reviewed: 1 });
  });
});
