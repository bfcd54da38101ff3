import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Backend } from '../../../src/backend/backend.ts';
import { scriptBackend } from '../../../src/backend/script.ts';
import { compileUntilEmpty } from '../../../src/compile/compile-until-empty.ts';
import { scanBuckets } from '../../../src/compile/scan.ts';
import { fail } from '../../../src/contracts/failure.ts';
import { memory, tempBucket } from '../../support/temp-bucket.ts';
import type { TempBucket } from '../../support/temp-bucket.ts';
import { fakeAgent } from '../backend/fake-agents.ts';
import { builtCsep } from '../commands/built-csep.ts';

/** Works until it is asked for the n-th time. */
function failsAt(count: number): Backend {
  let calls = 0;
  return {
    name: 'agent:tired',
    compile: async (task, signal) =>
      ++calls === count
        ? fail({ reason: 'agent-failed', agent: 'tired', detail: 'it sleeps' })
        : await scriptBackend.compile(task, signal),
  };
}

function threeWaiting(): TempBucket {
  const bucket = tempBucket();
  for (const name of ['one', 'two', 'three'])
    bucket.deposit(name, [memory(`Rule ${name}`, `The rule ${name} holds in the folder ${name}.`)]);
  return bucket;
}

const optionsWith = (backend: Backend) => ({ backend, fallback: null, batchSize: 1, report: () => undefined });

test('a pass that fails takes nothing from what the passes before it have promoted', async () => {
  const { world, bucket } = threeWaiting();
  expect(await compileUntilEmpty(world, bucket, optionsWith(failsAt(3)))).toMatchObject({
    ok: true,
    value: {
      status: 'success',
      processed_count: 2,
      generation: 2,
      memory_action_stats: { total: 2 },
      failure: { reason: 'agent-failed' },
    },
  });
});

test('a first pass that fails is a failure', async () => {
  const { world, bucket } = threeWaiting();
  expect(await compileUntilEmpty(world, bucket, optionsWith(failsAt(1)))).toMatchObject({
    ok: false,
    failure: { reason: 'agent-failed' },
  });
});

test('a scan tells of a bucket what was promoted before it failed', async () => {
  const { world } = threeWaiting();
  const backend = failsAt(3);
  const [result] = await scanBuckets(world, {
    backend: backend.name,
    describe: (failure) => failure.reason,
    options: async () => optionsWith(backend),
  });
  expect(result).toMatchObject({
    preflight_status: 'run',
    compile_status: null,
    processed_count: 2,
    memory_action_stats: { total: 2 },
    error: 'agent-failed',
  });
  expect(result).not.toHaveProperty('failure');
});

describe('the command', () => {
  const csep = builtCsep();

  test('prints what was promoted before a pass failed, says what failed, and ends as a failure', () => {
    const temp = threeWaiting();
    const agent = fakeAgent(
      temp.folder,
      'agent:opencode',
      `if (fs.readFileSync(${JSON.stringify(path.join(temp.folder, 'fake-opencode.mjs.pids'))}, 'utf8').split('\\n').length > 3) process.exit(3);`,
    );
    const words = ['compile', '--backend', 'agent:opencode', '--no-fallback', '--batch-size', '1', '--json'];
    const env = { CODEX_SELF_EVOLUTION_OPENCODE_COMMAND: agent, CODEX_SELF_EVOLUTION_OPENCODE_MODEL: 'mock/model' };
    const ran = csep(temp, words, env);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      status: 'success',
      processed_count: 2,
      generation: 2,
      error: expect.stringContaining('opencode'),
    });
    expect(ran.stderr).toMatch(/opencode/);
    expect(ran.status).toEqual(1);
  });
});
