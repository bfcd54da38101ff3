import { describe, expect, test } from 'vitest';
import { checkWords } from '../../../src/commands/check-words.ts';

const scan = { now: { type: 'boolean' }, backend: { type: 'string' } } as const;
const recall = { words: { type: 'positional', required: false }, query: { type: 'string' } } as const;
const rollback = { generation: { type: 'positional', required: true } } as const;

describe('a call', () => {
  test.each([
    ['a value that looks like a flag', recall, ['--query', '--no-verify pytest'], ['--query=--no-verify pytest']],
    ['words behind two dashes', recall, ['--', '--no-verify'], ['--', '--no-verify']],
    ['as many words as come', recall, ['git', 'commit'], ['git', 'commit']],
    ['a negated switch', scan, ['--no-now'], ['--no-now']],
    ['one word where one is asked for', rollback, ['3'], ['3']],
  ])('with %s is read as it is meant', (_, args, given, words) => {
    expect(checkWords(args, given)).toEqual({ ok: true, words });
  });

  test.each([
    ['a word where none belongs', scan, ['now'], '"now" is one word too many'],
    ['a second word where one belongs', rollback, ['3', '4'], '"4" is one word too many'],
    ['an unknown flag', scan, ['--nwo'], 'There is no flag --nwo'],
    ['a flag that is nearly one', scan, ['--bakcend', 'x'], 'There is no flag --bakcend; did you mean --backend?'],
    ['a negated switch that is nearly one', scan, ['--no-nwo'], 'There is no flag --no-nwo; did you mean --no-now?'],
    ['the beginning of a flag', scan, ['--back', 'x'], 'There is no flag --back; did you mean --backend?'],
    ['a value for a switch', scan, ['--now=maybe'], '--now takes no value'],
    ['a flag without its value', scan, ['--backend'], '--backend needs a value'],
    [
      'a dash among the words to look for',
      recall,
      ['git', '--no-verify'],
      'There is no flag --no-verify (words that begin with a dash go behind --)',
    ],
  ])('with %s is refused', (_, args, given, problem) => {
    expect(checkWords(args, given)).toEqual({ ok: false, problem });
  });
});
