import { describe, expect, test } from 'vitest';
import { extendRecallMirrors, renderRecallMirrors } from '../../../src/assets/recall-mirror.ts';
import type { RecallRecord } from '../../../src/contracts/recall.ts';

const record = (number: number): RecallRecord => ({
  id: `id${number}`,
  summary: `Note ${number}`,
  content: `First line ${number}\n\nlast "line", 日本語`,
  source_paths: number % 2 ? ['src/a.ts'] : [],
  repo_fingerprint: '',
  cwd: '/repo',
  thread_id: 't',
  turn_id: '',
  source_updated_at: '',
  nested: { b: 1, a: [2] },
});
const records = (from: number, to: number): RecallRecord[] =>
  Array.from({ length: to - from }, (_, index) => record(from + index));

const OLD = '0123456789abcdef';
const NEW = 'fedcba9876543210';

describe('the recall mirrors of a promotion that only adds', () => {
  test.each([
    [1, 2],
    [3, 10],
    [5, 5],
  ])('are, from %i to %i records, the bytes that rendering all of them gives', (before, after) => {
    const state = before === after ? OLD : NEW;
    const extended = extendRecallMirrors(renderRecallMirrors(records(0, before), OLD), records(before, after), state);
    expect(extended?.index.toString()).toEqual(renderRecallMirrors(records(0, after), state).index.toString());
    expect(extended?.markdown.toString()).toEqual(renderRecallMirrors(records(0, after), state).markdown.toString());
  });

  test.each(['{"records":[]}', '{\n  "records": []\n}\n', '{\n  "records": [\n    {}\n  ]\n}\n', ''])(
    'are rendered anew when the old index is %j',
    (index) => {
      const before = { index: Buffer.from(index), markdown: Buffer.from('') };
      expect(extendRecallMirrors(before, records(0, 1), NEW)).toBeUndefined();
    },
  );
});
