import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { promptRecall } from '../../../src/recall/prompt-recall.ts';
import type { Prompt } from '../../../src/recall/prompt-recall.ts';
import { note, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';

const MATCHING = 'test_webhook_retry fails again: the payment webhook signature is rejected. What did we do about it?';

async function withNotes(): Promise<TempBucket> {
  const temp = tempBucket();
  temp.deposit('first', [
    note(
      'Flaky payment webhook signature in test_webhook_retry',
      'test_webhook_retry failed because the payment webhook signature was checked without tolerance for clock skew. Setting WEBHOOK_CLOCK_SKEW_SECONDS=5 in .env.test made it pass.',
    ),
    note(
      'Order of database migrations',
      'Migrations in db/migrate run in the order of their numeric prefix; 0042 must come before 0043.',
    ),
    note(
      'Where the design tokens come from',
      'Colours are generated from tokens.json by scripts/build-tokens.mjs; never edit theme.css by hand.',
    ),
    note(
      'Slow container builds',
      'The container build was slow because the cache mount for pnpm was missing in the Dockerfile.',
    ),
  ]);
  await temp.compile();
  return temp;
}

const send = (temp: TempBucket, prompt: string, more: Partial<Prompt> = {}) =>
  promptRecall(temp.world, { prompt, cwd: temp.repo, sessionId: 'session-1', transcriptPath: null, ...more });

const said = (text: string) => ({
  type: 'event_msg',
  payload: { type: 'item_completed', item: { type: 'UserMessage', content: [{ type: 'text', text }] } },
});

describe('a prompt', () => {
  test('that matches a record strongly brings it', async () => {
    const { context } = await send(await withNotes(), MATCHING);

    expect(context).toContain('WEBHOOK_CLOCK_SKEW_SECONDS=5');
    expect(context).not.toContain('theme.css');
  });

  test('brings three records at most, however many answers a recall may have', async () => {
    const temp = tempBucket();
    const tools = ['vitest', 'jest', 'mocha', 'ava', 'tape', 'karma'];
    temp.deposit(
      'first',
      tools.map((tool) =>
        note(
          `The payment webhook signature in test_webhook_retry with ${tool}`,
          `test_webhook_retry of ${tool} needs a tolerance for the payment webhook signature.`,
        ),
      ),
    );
    await temp.compile();
    fs.writeFileSync(path.join(temp.world.home, 'config.toml'), '[recall]\ntop_k = 9\n');

    expect((await send(temp, MATCHING)).facts).toMatchObject({ records: 3 });
    expect((await send(temp, MATCHING)).facts).toMatchObject({ records: 3 });
  });

  test('brings a record once in a session, and again in the next', async () => {
    const temp = await withNotes();
    await send(temp, MATCHING);

    expect((await send(temp, MATCHING)).context).toBeUndefined();
    expect((await send(temp, MATCHING, { sessionId: 'session-2' })).context).toContain('CLOCK_SKEW');
  });

  test.each([
    'Write a limerick about a lighthouse.',
    'What is the weather like?',
    'Please add a test',
    'Refactor the order of the imports in this file',
    'git commit -m webhook',
    '/review webhook signature payment',
    '',
  ])('that only sounds a little like one brings nothing: %j', async (prompt) => {
    expect((await send(await withNotes(), prompt)).context).toBeUndefined();
  });

  test('where no session ever was brings nothing and makes nothing', async () => {
    const temp = await withNotes();
    const elsewhere = path.join(temp.folder, 'elsewhere');
    fs.mkdirSync(elsewhere);
    const before = fs.readdirSync(path.join(temp.world.home, 'projects'));

    expect((await send(temp, MATCHING, { cwd: elsewhere })).context).toBeUndefined();
    expect(fs.readdirSync(path.join(temp.world.home, 'projects'))).toEqual(before);
  });

  test('that follows up is understood by the one before it', async () => {
    const temp = await withNotes();
    const transcriptPath = path.join(temp.folder, 'rollout.jsonl');
    const lines = [
      said('The container build with pnpm is slow'),
      { type: 'event_msg', payload: { type: 'token_count' } },
    ];
    fs.writeFileSync(transcriptPath, `half a line"}\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"torn`);

    expect((await send(temp, 'do the same here', { transcriptPath })).context).toContain('cache mount');
    expect((await send(temp, 'do the same here', { sessionId: 'other' })).context).toBeUndefined();
    expect(
      (await send(temp, 'do the same here', { sessionId: 'other', transcriptPath: '/gone' })).context,
    ).toBeUndefined();
  });

  test('notes which records it brought, without its words', async () => {
    const temp = await withNotes();
    await send(temp, MATCHING);
    const [line = ''] = temp.read('usage.jsonl').trim().split('\n');

    expect(JSON.parse(line)).toMatchObject({ by: 'prompt-recall', session: 'session-1', ids: [expect.any(String)] });
    expect(line).not.toContain('webhook');
  });

  test('is answered though nothing can be written', async () => {
    const temp = await withNotes();
    const { sessions, usage, linted } = temp.bucket.layout;
    fs.rmSync(sessions, { recursive: true });
    fs.writeFileSync(sessions, '');
    fs.mkdirSync(usage);
    fs.mkdirSync(linted);

    expect((await send(temp, MATCHING)).context).toContain('CLOCK_SKEW');
  });
});
