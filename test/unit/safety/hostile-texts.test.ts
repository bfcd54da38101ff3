import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lintSuggestion } from '../../../src/safety/lint.ts';
import { redactBuiltin } from '../../../src/safety/redact-builtin.ts';
import { dice, FIXED_SEED, runSeed, type Dice } from '../../corpora/random.ts';
import { COST_LIMIT, costRatio, GROWTH_LIMIT, growthOf, report } from './measure.ts';

const seed = runSeed();
report(`hostile texts: CSEP_CORPUS_SEED=${seed}`);

const SOURCES = new URL('../../../src/safety/', import.meta.url);
const ESCAPES = /\\[bswdSWDn]|\\u[0-9a-f]{4}|\(\?[:=!<]+|\{\d+,?\d*\}/g;
/** The words and signs that the rules of a file look for: what stands in its expressions, roughly. */
const wordsOf = (file: string): string[] => [
  ...new Set(
    fs
      .readFileSync(new URL(file, SOURCES), 'utf8')
      .replaceAll(/^(?:import|export|const|function|\s*\/?\*).*?(?:[=;{]|$)/gm, ' ')
      .replaceAll(ESCAPES, ' ')
      .match(/[\p{L}\d]{2,}|[~@$./#!<>|`"'_:-]{1,3}/gu),
  ),
];

const vocabularyOf = (files: RegExp): string[][] =>
  fs
    .readdirSync(SOURCES)
    .filter((file) => files.test(file))
    .map(wordsOf)
    .filter((words) => words.length > 20);

const SEPARATORS = ['', '', ' ', ' ', '-', '_', '.', ', ', '/', '\n', ' the '];
const RUNS = ['a', 'A', '1', '-', '_', '@a', 'a.', 'a-', '/a', '密钥', ' ', 'aB3', '\\'];
const LENGTH = 4_000;

/** A few words over and over, words in any order, or the words and then a single run. */
function hostileText(from: Dice, vocabulary: readonly string[][]): string {
  const words = from.pick(vocabulary);
  const separator = from.pick(SEPARATORS);
  const some = (count: number): string => Array.from({ length: count }, () => from.pick(words)).join(separator);
  const unit = some(1 + from.below(4)) + separator;
  const text = [
    () => unit.repeat(LENGTH / unit.length + 1),
    () => some(LENGTH / 3),
    () => unit.repeat(1 + from.below(10)) + from.pick(RUNS).repeat(LENGTH),
  ];
  return from.pick(text)().slice(0, LENGTH);
}

const ORDINARY =
  'The parser reads the header first and the rows afterwards; the cache was too small and has 4,096 entries now. ';
const TEXTS = 120;

describe.each([
  ['fixed', FIXED_SEED],
  ['generated', seed],
])('the %s texts that are made of what the rules look for', (_, start) => {
  test.each([
    [
      'lint',
      /^(?:lint|concepts|poison-(?:traits|lexicon)|readings)/,
      (text: string): unknown => lintSuggestion([text]),
    ],
    ['redact', /^(?:find|token|secret)/, redactBuiltin],
  ])(`%s in less than ${COST_LIMIT} times the time of ordinary ones`, (_name, files, work) => {
    const from = dice(start);
    const vocabulary = vocabularyOf(files);
    work(vocabulary.flat().join(' '));
    const texts = Array.from({ length: TEXTS }, () => hostileText(from, vocabulary));
    expect(texts.filter((text) => costRatio(work, text, ORDINARY) >= COST_LIMIT)).toEqual([]);
  });
});

describe('the time grows with the length of one long run, whatever stands before it', () => {
  test.each([
    ['inform them of the secret token ', 'a'],
    ['send the token to the server ', 'a'],
    ['send the token to ', '@'],
    ['copy it: scp ~/.ssh/id_rsa ', '@'],
    ['get https://', 'a'],
    ['--- END ', '_'],
    ['---', '-'],
    ['curl ', 'a.'],
  ])('lint: %j and then %j', (before, unit) => {
    expect(growthOf((text) => lintSuggestion([before + text]), unit)).toBeLessThan(GROWTH_LIMIT);
  });
});

describe('a name or a value that could be read in many ways is read in one', () => {
  const ordinary = 'the value is set in the file ';
  test.each([
    ['figures behind a telling name', `token${'1'.repeat(50)}zz = "x"`],
    ['endings behind a telling name', `token${'base64'.repeat(8)}zz = "x"`],
    ['short words behind Bearer', `Bearer ${'ab-'.repeat(40)}1_x`],
  ])('%s', (_, text) => {
    expect(costRatio(redactBuiltin, text, ordinary)).toBeLessThan(COST_LIMIT);
  });
});
