import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runWorker } from '../../../src/capture/worker.ts';
import { fail } from '../../../src/contracts/failure.ts';
import type { Reviewer } from '../../../src/reviewer/reviewer.ts';
import { readHealth } from '../../../src/trouble/read-health.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';
import { tempBucket } from '../../support/temp-bucket.ts';

const refusing: Reviewer = {
  costs: false,
  review: async () =>
    fail({ reason: 'model-refused', provider: 'openai-compatible', status: 401, detail: 'Incorrect API key provided' }),
};

function stop({ bucket, repo, world }: TempBucket, session: string): void {
  const transcript = path.join(repo, `${session}.jsonl`);
  const meta = { type: 'session_meta', payload: { session_id: session, id: session, cwd: repo, source: 'exec' } };
  const said = {
    id: 'u',
    type: 'UserMessage',
    content: [{ type: 'text', text: 'Always run make verify before you push.' }],
  };
  const spoken = { type: 'event_msg', payload: { type: 'item_completed', item: said } };
  const lines = [meta, spoken].map((line, ordinal) =>
    JSON.stringify({ timestamp: '2026-11-20T12:00:00Z', ordinal, ...line }),
  );
  fs.writeFileSync(transcript, `${lines.join('\n')}\n`);
  fs.mkdirSync(bucket.layout.queue, { recursive: true });
  const entry = {
    schema_version: 1,
    session_id: session,
    turn_id: 't1',
    transcript_path: transcript,
    cwd: repo,
    queued_at: world.clock.now().toISOString(),
  };
  fs.writeFileSync(path.join(bucket.layout.queue, `${session}.t1.json`), JSON.stringify(entry));
}

test('three sessions whose reviewer refuses make a row of three, with the words of the provider', async () => {
  const temp = tempBucket();
  for (const session of ['s1', 's2', 's3']) {
    stop(temp, session);
    await runWorker(
      temp.world,
      { stateDir: temp.bucket.layout.stateDir, session },
      { findReviewer: async () => ({ ok: true, value: refusing }) },
    );
  }

  expect(readHealth(temp.world.home).review).toMatchObject({
    failures: 3,
    message: 'openai-compatible refused with status 401: Incorrect API key provided',
  });
});

test('a review that succeeds ends the row', async () => {
  const temp = tempBucket();
  const place = (session: string) => ({ stateDir: temp.bucket.layout.stateDir, session });
  stop(temp, 's1');
  await runWorker(temp.world, place('s1'), { findReviewer: async () => ({ ok: true, value: refusing }) });
  const failed = readHealth(temp.world.home).review?.failures;
  stop(temp, 's2');
  await runWorker(temp.world, place('s2'));

  expect([failed, readHealth(temp.world.home).review?.failures]).toEqual([1, 0]);
});

test('a config.toml that cannot be read is noted by whoever reads it, until it can', async () => {
  const temp = tempBucket();
  const place = { stateDir: temp.bucket.layout.stateDir, session: 's1' };
  const config = path.join(temp.world.home, 'config.toml');
  fs.writeFileSync(config, '[review]\nenabled = "perhaps"\n');
  await runWorker(temp.world, place);
  const broken = readHealth(temp.world.home).config;
  fs.writeFileSync(config, '[review]\nenabled = true\n');
  await runWorker(temp.world, place);

  expect(broken).toMatchObject({ failures: 1 });
  expect(broken?.message).toContain('line 2');
  expect(readHealth(temp.world.home).config?.failures).toBe(0);
});
