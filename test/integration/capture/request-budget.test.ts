import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { budgetedReviewer } from '../../../src/capture/ask-reviewer.ts';
import { systemWorld } from '../../../src/kernel/world.ts';
import { tempFolder } from '../../support/temp-bucket.ts';
import { aTask } from '../../unit/reviewer/a-task.ts';
import { json, modelServer } from '../reviewer/model-server.ts';

const BUSY = json(503, { error: { message: 'busy' } });

async function askWith(spentCalls: number, answer = BUSY) {
  const server = await modelServer(answer);
  const home = tempFolder();
  const env = { HOME: home, OPENAI_API_KEY: 'k-1', OPENAI_BASE_URL: server.url };
  const world = systemWorld(env, home);
  const file = path.join(home, 'budget.json');
  const day = world.clock.now().toISOString().slice(0, 10);
  fs.writeFileSync(file, JSON.stringify({ schema_version: 1, day, calls: spentCalls, tokens: 0 }));
  const reviewer = await budgetedReviewer(world, 'openai-compatible');
  if (!reviewer.ok) throw new Error(reviewer.failure.reason);
  const review = await reviewer.value.review(aTask(), new AbortController().signal);
  const spent: { calls: number; tokens: number } = JSON.parse(fs.readFileSync(file, 'utf8'));
  return { review, requests: server.received.length, calls: spent.calls, tokens: spent.tokens };
}

test('the last request of the day is not repeated', async () => {
  expect(await askWith(199)).toMatchObject({ review: { ok: false }, requests: 1, calls: 200 });
});

test('a repeated request counts as one more', async () => {
  expect(await askWith(198)).toMatchObject({ review: { ok: false }, requests: 2, calls: 200 });
});

test('nothing is sent when the day is used up', async () => {
  expect(await askWith(200)).toMatchObject({ review: { ok: false }, requests: 0, calls: 200 });
});

test('answers that nobody can read are paid for, and counted', async () => {
  const thoughts = {
    choices: [{ message: { content: null } }],
    usage: { prompt_tokens: 40_000, completion_tokens: 96 },
  };

  expect(await askWith(0, json(200, thoughts))).toMatchObject({ requests: 2, calls: 2, tokens: 2 * 40_096 });
});

test('a provider that does not tell what it has used is taken to have used something', async () => {
  const { tokens } = await askWith(0, json(200, { choices: [{ message: { content: '{"memory_updates": []}' } }] }));

  expect(tokens).toBeGreaterThan(100);
});
