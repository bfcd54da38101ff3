import { fc, test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { diffLines } from '../../../src/assets/line-diff.ts';
import { mergeLines } from '../../../src/assets/merge-lines.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 12 });

describe('the difference of two texts', () => {
  test('marks what went and what came', () => {
    const marked = diffLines(['1', '2', '3'], ['1', 'two', '3', '4']).map(({ mark, line }) => mark + line);
    expect(marked).toEqual([' 1', '-2', '+two', ' 3', '+4']);
  });

  prop.prop([text, text])('holds both texts', (before, after) => {
    const lines = diffLines(before, after);
    expect(lines.flatMap(({ mark, line }) => (mark === '+' ? [] : [line]))).toEqual(before);
    expect(lines.flatMap(({ mark, line }) => (mark === '-' ? [] : [line]))).toEqual(after);
  });
});

describe('a three-way merge of lines', () => {
  test('joins changes in different places', () => {
    expect(mergeLines('1\n2\n3\n4', 'one\n2\n3\n4', '1\n2\n3\n4\n5')).toEqual('one\n2\n3\n4\n5');
    expect(mergeLines('1\n2\n3\n4', '1\n3\n4', '1\n2\n3\nfour')).toEqual('1\n3\nfour');
  });

  test('gives up where both changed one place, unless they agree', () => {
    expect(mergeLines('1\n2\n3', '1\nzwei\n3', '1\ntwo\n3')).toBeUndefined();
    expect(mergeLines('1\n2\n3', '1\nzwei\n3', '1\nzwei\n3')).toEqual('1\nzwei\n3');
  });

  prop.prop([text, text])('with only one side changed is that side', (before, after) => {
    const [base, other] = [before.join('\n'), after.join('\n')];
    expect(mergeLines(base, other, base)).toEqual(other);
    expect(mergeLines(base, base, other)).toEqual(other);
  });
});
