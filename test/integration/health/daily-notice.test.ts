import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { rolldown } from 'rolldown';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HookOutput } from '../../../src/contracts/hook.ts';
import { noteFailure } from '../../../src/trouble/note-health.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';
import { memory, tempBucket } from '../../support/temp-bucket.ts';

/** The hook as Codex runs it: the bundle, in processes of its own. */
let dist = '';

beforeAll(async () => {
  dist = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'csep-notice-'));
  const bundle = await rolldown({ input: { hook: 'src/hook.ts' }, platform: 'node', external: [/^node:/] });
  await bundle.write({ dir: dist, format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'x/[name]-[hash].cjs' });
  await bundle.close();
});

afterAll(() => fs.rmSync(dist, { recursive: true, force: true }));

async function sessionStart({ world, repo, codexHome }: TempBucket, session: string): Promise<string> {
  const child = spawn(process.execPath, [path.join(dist, 'hook.cjs'), 'session-start', '--from-stdin'], {
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      CODEX_SELF_EVOLUTION_HOME: world.home,
      CODEX_HOME: codexHome,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(
    JSON.stringify({
      session_id: session,
      hook_event_name: 'SessionStart',
      source: 'startup',
      transcript_path: null,
      cwd: repo,
    }),
  );
  await once(child, 'close');
  expect(child.exitCode).toBe(0);
  return Buffer.concat(chunks).toString('utf8');
}

const output = (text: string): HookOutput => v.parse(HookOutput, JSON.parse(text));

function failThreeTimes({ world }: TempBucket): void {
  for (let count = 0; count < 3; count++) noteFailure(world, 'review', '401 from api.example.com: wrong key');
}

test('of eight sessions that start at once, one is told; the context comes in all of them', async () => {
  const bucket = tempBucket();
  bucket.deposit('one', [memory('Always run the tests with make verify.')]);
  await bucket.compile();
  failThreeTimes(bucket);
  const outputs = await Promise.all(Array.from({ length: 8 }, (_, index) => sessionStart(bucket, `session-${index}`)));
  const answers = outputs.map(output);

  expect(answers.filter(({ systemMessage }) => systemMessage !== undefined)).toHaveLength(1);
  expect(answers.map(({ hookSpecificOutput: told }) => told?.additionalContext.includes('make verify'))).toEqual(
    Array.from({ length: 8 }, () => true),
  );
});

test('a session without context is told all the same, and nothing else is printed', async () => {
  const bucket = tempBucket();
  failThreeTimes(bucket);
  const first = await sessionStart(bucket, 'session-1');
  const second = await sessionStart(bucket, 'session-2');

  expect(output(first)).toEqual({
    systemMessage:
      'codex-self-evolution: Reviews have failed since today: 401 from api.example.com: wrong key. Run csep doctor.',
  });
  expect(second).toBe('');
});

test('nothing is shown, and nothing written for it, while all is well', async () => {
  const bucket = tempBucket();
  const text = await sessionStart(bucket, 'session-1');

  expect(text).toBe('');
  expect(fs.existsSync(path.join(bucket.world.home, 'notices'))).toBe(false);
  expect(fs.existsSync(path.join(bucket.world.home, 'health.json'))).toBe(false);
});
