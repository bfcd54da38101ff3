import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Rig, TestReviewer } from '../capture/support/rig.ts';

const configure = (rig: Rig, toml: string): void => fs.writeFileSync(path.join(rig.home, 'config.toml'), toml);

async function stopped(rig: Rig, text: string) {
  const session = rig.session().say(text);
  await session.stop();
  return session;
}

describe('reviews and config.toml', () => {
  it('asks nobody while the file cannot be read, keeps the queue, and says why', async () => {
    const rig = new Rig();
    configure(rig, '[review]\nenabled = false\nquiet_seconds = soon\n');
    const session = await stopped(rig, 'always use pnpm');
    await session.work();
    expect(rig.reviewer.tasks).toEqual([]);
    expect(rig.queue()).toHaveLength(1);
    expect(rig.record(session.id)).toMatchObject({ last_error: expect.stringContaining('line 3') });

    configure(rig, '[review]\nenabled = true\n');
    await rig.scan(true);
    expect(rig.learned()).toEqual(['always use pnpm']);
    expect(rig.queue()).toEqual([]);
  });

  it('reviews nothing where it is switched off, and does not make up for it later', async () => {
    const rig = new Rig();
    configure(rig, `[review.repositories]\n${JSON.stringify(fs.realpathSync(rig.cwd))} = false\n`);
    const session = await stopped(rig, 'said in private');
    await session.work();
    expect(rig.queue()).toEqual([]);

    configure(rig, '');
    await session.say('said later').stop();
    await session.work();
    expect(rig.learned()).toEqual(['said later']);
    expect(JSON.stringify(rig.reviewer.tasks)).not.toContain('said in private');
  });

  it('never reviews what a skip pattern names', async () => {
    const rig = new Rig();
    configure(rig, `[review]\nskip = [${JSON.stringify(path.join(fs.realpathSync(rig.base), '*'))}]\n`);
    const session = await stopped(rig, 'always use pnpm');
    await session.work();
    expect(rig.reviewer.tasks).toEqual([]);
    expect(rig.queue()).toEqual([]);
  });

  it('lets a costly reviewer wait as long as the file says', async () => {
    const rig = new Rig();
    rig.reviewer = new TestReviewer(true);
    configure(rig, '[review]\nquiet_seconds = 600\nmin_new_chars = 0\n');
    await stopped(rig, 'always use pnpm');
    rig.clock.pass(599);
    await rig.scan();
    expect(rig.reviewer.tasks).toEqual([]);
    rig.clock.pass(2);
    await rig.scan();
    expect(rig.reviewer.tasks).toHaveLength(1);
  });

  it('asks no costly reviewer once the calls of the day are used up', async () => {
    const rig = new Rig();
    rig.reviewer = new TestReviewer(true);
    configure(rig, '[review]\nquiet_seconds = 0\nmin_new_chars = 0\ndaily_calls = 0\n');
    const session = await stopped(rig, 'always use pnpm');
    await session.work();
    await rig.scan(true);
    expect(rig.reviewer.tasks).toEqual([]);
    expect(rig.queue()).toHaveLength(1);
  });
});
