import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Rig } from './support/rig.ts';

describe('a transcript', () => {
  test('that was archived meanwhile is found', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    const archive = path.join(rig.codexHome, 'archived_sessions');
    fs.mkdirSync(archive);
    fs.renameSync(session.transcript, path.join(archive, path.basename(session.transcript)));
    await session.work();
    expect(rig.learned()).toEqual(['one']);
  });

  test('that is gone is waited for, and then its entries are kept aside', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    fs.rmSync(session.transcript);
    for (let round = 0; round < 5; round++) {
      await rig.scan(true);
      rig.clock.pass(86_400);
    }
    expect(rig.queue()).toEqual([]);
    const kept = fs.readdirSync(rig.bucket.layout.setAside);
    expect(kept).toContain(`${session.id}.turn-1.json`);
    expect(rig.log.map(({ event }) => event)).toContain('transcript-gone');
  });

  test('that comes back in time is reviewed after all', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    fs.renameSync(session.transcript, `${session.transcript}.away`);
    await session.work();
    fs.renameSync(`${session.transcript}.away`, session.transcript);
    rig.clock.pass(60);
    await rig.scan();
    expect(rig.learned()).toEqual(['one']);
  });

  test('of a subagent is passed over', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    const [first = '', ...rest] = fs.readFileSync(session.transcript, 'utf8').split('\n');
    const meta = JSON.parse(first);
    meta.payload.source = { subagent: { thread_spawn: { parent_thread_id: 'p' } } };
    fs.writeFileSync(session.transcript, [JSON.stringify(meta), ...rest].join('\n'));
    await session.stop();
    await session.work();
    expect(rig.reviewer.tasks).toHaveLength(0);
    expect(rig.queue()).toEqual([]);
  });

  test('whose last line is still being written is read up to it', async () => {
    const rig = new Rig();
    const session = rig.session().say('one').say('two');
    const whole = fs.readFileSync(session.transcript);
    const cut = whole.lastIndexOf('{"timestamp"', whole.indexOf('"two"')) + 40;
    fs.writeFileSync(session.transcript, whole.subarray(0, cut));
    await session.stop();
    await session.work();
    expect(rig.learned()).toEqual(['one']);
    fs.writeFileSync(session.transcript, whole);
    await session.stop();
    await session.work();
    expect(rig.learned()).toEqual(['one', 'two']);
  });

  test.each([
    ['binary bytes', Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7919) % 256))],
    ['an empty file', Buffer.alloc(0)],
    ['JSON of another kind', Buffer.from('[1,2,3]\n"text"\nnull\n')],
  ])('that holds %s is nothing to review', async (_name, bytes) => {
    const rig = new Rig();
    const session = rig.session();
    fs.writeFileSync(session.transcript, bytes);
    await session.stop();
    await session.work();
    expect(rig.learned()).toEqual([]);
    expect(rig.queue()).toEqual([]);
  });

  test('of 200 MB is reviewed from its end', async () => {
    const rig = new Rig();
    const session = rig.session().say('at the beginning');
    const fd = fs.openSync(session.transcript, 'a');
    const line = Buffer.from(
      `${JSON.stringify({ type: 'event_msg', payload: { type: 'token_count', filler: 'x'.repeat(60_000) } })}\n`,
    );
    const block = Buffer.concat(Array.from({ length: 64 }, () => line));
    for (let size = 0; size < 200e6; size += block.length) fs.writeSync(fd, block);
    fs.closeSync(fd);
    await session.say('at the end').stop();
    await session.work();
    expect(rig.learned()).toEqual(['at the end']);
    expect(rig.queue()).toEqual([]);
  });

  test.each([
    ['a relative path', () => 'rollout.jsonl'],
    ['another kind of file', () => '/etc/passwd'],
    ['a file of our own home', (rig: Rig) => path.join(rig.home, 'own.jsonl')],
    ['a folder', (rig: Rig) => rig.base],
    [
      'a link',
      (rig: Rig) => {
        const link = path.join(rig.base, 'link.jsonl');
        fs.symlinkSync(rig.session('linked').say('through a link').transcript, link);
        return link;
      },
    ],
  ])('is not read from %s', async (_name, place) => {
    const rig = new Rig();
    fs.writeFileSync(path.join(rig.home, 'own.jsonl'), '{}\n');
    await rig.stop({ session_id: 's', turn_id: '1', transcript_path: place(rig) });
    await rig.work('s');
    expect(rig.reviewer.tasks).toHaveLength(0);
    expect(rig.record('s')).toMatchObject({ attempts: 1 });
  });
});

describe('a fork', () => {
  test('is not reviewed for what its parent has been reviewed for', async () => {
    const rig = new Rig();
    const parent = rig.session('parent').say('shared wish', 'Shared answer.');
    await parent.stop();
    await parent.work();
    const child = rig.session('child').say('shared wish', 'Shared answer.').say('own wish');
    await child.stop();
    await child.work();
    expect(rig.learned()).toEqual(['own wish', 'shared wish']);
  });
});

describe('a session without a transcript', () => {
  test('is reviewed by its last messages, each once', async () => {
    const rig = new Rig();
    rig.reviewer.keeps = 'assistant';
    await rig.stop({ session_id: 's', turn_id: '1', last_assistant_message: 'first' });
    await rig.stop({ session_id: 's', turn_id: '2', last_assistant_message: 'second' });
    await rig.stop({ session_id: 's', turn_id: '3', last_assistant_message: null });
    await rig.work('s');
    await rig.stop({ session_id: 's', turn_id: '2', last_assistant_message: 'second' });
    await rig.stop({ session_id: 's', turn_id: '2', last_assistant_message: 'second, changed' });
    await rig.work('s');
    expect(rig.learned()).toEqual(['first', 'second', 'second, changed']);
    expect(rig.queue()).toEqual([]);
  });
});

describe('the queue folder', () => {
  test('may hold garbage: it is set aside with its reason, temporary and foreign files stay', async () => {
    const rig = new Rig();
    const session = rig.session().say('one');
    await session.stop();
    const { queue, setAside } = rig.bucket.layout;
    const junk = {
      [`${session.id}.x.json`]: 'no json',
      'other.json': '{"schema_version": 1}',
      'binary.json': '\u0000\u0001',
    };
    for (const [name, text] of Object.entries(junk)) fs.writeFileSync(path.join(queue, name), text);
    const foreign = ['.tmp-1', `${session.id}.t (conflicted copy).json`, 'notes.txt'];
    for (const name of foreign) fs.writeFileSync(path.join(queue, name), 'x');
    fs.writeFileSync(path.join(queue, 'newer.json'), '{"schema_version": 2}');
    fs.mkdirSync(path.join(queue, 'folder.json'));
    await rig.scan();
    expect(rig.learned()).toEqual(['one']);
    expect(fs.readdirSync(queue).toSorted()).toEqual([...foreign, 'newer.json'].toSorted());
    expect(fs.readdirSync(setAside)).toEqual(
      expect.arrayContaining([...Object.keys(junk), 'other.json.reason.txt', 'folder.json']),
    );
  });
});
