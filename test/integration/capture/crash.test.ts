import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { Rig } from './support/rig.ts';

/**
 * The disk of a process that dies: before the n-th call that changes anything, and from then on,
 * nothing reaches it any more. That is what kill -9 leaves.
 */
const death = vi.hoisted(() => ({
  calls: 0,
  at: Number.POSITIVE_INFINITY,
  /** A disk that refuses one call and then works again. */
  refusal: '',
  orDie() {
    this.calls += 1;
    if (this.refusal !== '' && this.calls === this.at + 1)
      throw Object.assign(new Error(this.refusal), { code: this.refusal });
    if (this.refusal === '' && this.calls > this.at) throw new Error('dead');
  },
}));

vi.mock('node:fs', async (importOriginal) => {
  const real = (await importOriginal<{ default: typeof fs }>()).default;
  const changing = {
    mkdirSync: (...args: Parameters<typeof real.mkdirSync>) => (death.orDie(), real.mkdirSync(...args)),
    writeSync: (...args: Parameters<typeof real.writeSync>) => (death.orDie(), real.writeSync(...args)),
    renameSync: (...args: Parameters<typeof real.renameSync>) => (death.orDie(), real.renameSync(...args)),
    linkSync: (...args: Parameters<typeof real.linkSync>) => (death.orDie(), real.linkSync(...args)),
    unlinkSync: (...args: Parameters<typeof real.unlinkSync>) => (death.orDie(), real.unlinkSync(...args)),
    openSync: (...args: Parameters<typeof real.openSync>) => {
      if (args[1] === 'wx') death.orDie();
      return real.openSync(...args);
    },
  };
  return { default: { ...real, ...changing } };
});

/** Leases of a process that is gone; here it is our own, so they are told to be another's. */
function bury(rig: Rig): void {
  for (const name of rig.leases()) {
    const file = path.join(rig.home, 'workers', name);
    fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(fs.readFileSync(file, 'utf8')), process_start: 'before' }));
  }
}

/** Runs a part of the story that dies at its n-th change. @returns how many changes it made or tried */
async function dying(at: number, part: () => Promise<void>): Promise<number> {
  death.calls = 0;
  death.at = at;
  try {
    await part();
  } catch {
    // What a dead process throws reaches nobody.
  }
  const { calls } = death;
  death.at = Number.POSITIVE_INFINITY;
  death.refusal = '';
  return calls;
}

function refused(code: string, at: number, part: () => Promise<void>): Promise<number> {
  death.refusal = code;
  return dying(at, part);
}

interface Story {
  name: string;
  /** Everything before the process that dies. */
  before: (rig: Rig, session: ReturnType<Rig['session']>) => Promise<void>;
  learned: string[];
}

const stories: Story[] = [
  {
    name: 'the first review of a session',
    before: async (_rig, session) => void (await session.say('one').stop()),
    learned: ['one', 'two'],
  },
  {
    name: 'a later review',
    before: async (_rig, session) => {
      await session.say('zero').stop();
      await session.work();
      await session.say('one').stop();
    },
    learned: ['one', 'two', 'zero'],
  },
  {
    name: 'a review whose reviewer fails',
    before: async (rig, session) => {
      await session.say('one').stop();
      rig.reviewer.failures = [{ reason: 'answer-unparsable', detail: 'prose', raw: 'prose' }];
    },
    learned: ['one', 'two'],
  },
];

async function recover(rig: Rig, session: ReturnType<Rig['session']>): Promise<void> {
  bury(rig);
  rig.reviewer.failures = [];
  rig.clock.pass(3600);
  await session.say('two').stop();
  await session.work();
  await rig.scan();
}

describe.each(stories)('a worker that dies during $name', ({ before, learned }) => {
  test('leaves a state from which the next one finishes, once, at every single change', async () => {
    let points = 0;
    for (let at = 0; at <= points; at++) {
      const rig = new Rig();
      const session = rig.session();
      await before(rig, session);
      const calls = await dying(at, () => session.work());
      if (calls > at) points = Math.max(points, at + 1);
      await recover(rig, session);
      expect({ at, learned: rig.learned() }).toEqual({ at, learned });
      expect({ at, queue: rig.queue(), leases: rig.leases() }).toEqual({ at, queue: [], leases: [] });
    }
    expect(points).toBeGreaterThan(12);
  });
});

describe('a hook that dies', () => {
  test('never leaves an entry that stops the queue, and the turn is reviewed with the next', async () => {
    let points = 0;
    for (let at = 0; at <= points; at++) {
      const rig = new Rig();
      const session = rig.session().say('one');
      const calls = await dying(at, async () => void (await session.stop()));
      if (calls > at) points = Math.max(points, at + 1);
      await recover(rig, session);
      expect({ at, learned: rig.learned() }).toEqual({ at, learned: ['one', 'two'] });
      expect(rig.queue()).toEqual([]);
    }
    expect(points).toBeGreaterThan(5);
  });
});

describe('a session without a transcript whose worker dies', () => {
  test('has each of its messages reviewed once', async () => {
    let points = 0;
    for (let at = 0; at <= points; at++) {
      const rig = new Rig();
      rig.reviewer.keeps = 'assistant';
      const say = (turn: string, text: string): Promise<boolean> =>
        rig.stop({ session_id: 's', turn_id: turn, last_assistant_message: text });
      await say('1', 'first answer');
      await say('2', 'second answer');
      const calls = await dying(at, () => rig.work('s'));
      if (calls > at) points = Math.max(points, at + 1);
      bury(rig);
      rig.clock.pass(3600);
      await say('3', 'third answer');
      await rig.scan();
      const learned = ['first answer', 'second answer', 'third answer'];
      expect({ at, learned: rig.learned() }).toEqual({ at, learned });
      expect(rig.queue()).toEqual([]);
    }
    expect(points).toBeGreaterThan(20);
  });
});

describe.each(['ENOSPC', 'EROFS', 'EIO'])('a worker to whom the disk says %s once', (code) => {
  test('loses nothing and doubles nothing, whichever change it was', async () => {
    let points = 0;
    for (let at = 0; at <= points; at++) {
      const rig = new Rig();
      const session = rig.session().say('one');
      await session.stop();
      const calls = await refused(code, at, () => session.work());
      if (calls > at) points = Math.max(points, at + 1);
      // The process has ended; a lease that it could not remove is a dead one's.
      bury(rig);
      rig.clock.pass(3600);
      await session.say('two').stop();
      await session.work();
      await rig.scan();
      expect({ at, learned: rig.learned() }).toEqual({ at, learned: ['one', 'two'] });
      expect({ at, queue: rig.queue() }).toEqual({ at, queue: [] });
    }
    expect(points).toBeGreaterThan(12);
  });
});
