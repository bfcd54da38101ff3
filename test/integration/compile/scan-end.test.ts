import { expect, test } from 'vitest';
import type { Backend } from '../../../src/backend/backend.ts';
import { scriptBackend } from '../../../src/backend/script.ts';
import { scanBuckets } from '../../../src/compile/scan.ts';
import { fail } from '../../../src/contracts/failure.ts';
import { memory, tempBucket } from '../../support/temp-bucket.ts';

test('a scan whose time is up ends its agent, gives the envelopes back, and begins no other bucket', async () => {
  const temp = tempBucket();
  temp.deposit('first', [memory('Always run the tests with make verify.')]);
  const end = new AbortController();
  const hanging: Backend = {
    name: 'agent:hanging',
    compile: (_task, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve(fail({ reason: 'aborted', what: 'The compile' })));
        end.abort();
      }),
  };
  const request = {
    backend: hanging.name,
    describe: (failure: { reason: string }) => failure.reason,
    options: async () => ({
      backend: hanging,
      fallback: scriptBackend,
      batchSize: 100,
      report: () => undefined,
      end: end.signal,
    }),
    end: end.signal,
  };
  const first = await scanBuckets(temp.world, request);

  expect(first).toMatchObject([{ error: 'aborted', processed_count: 0 }]);
  expect(temp.readJson('suggestions/pending/first.json')).toMatchObject({ state: 'pending', attempt_count: 0 });
  expect(temp.list('suggestions/processing')).toEqual([]);
  expect(await scanBuckets(temp.world, request)).toEqual([]);
});
