import { fc, test as propertyTest } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { eachTerm } from '../../../src/assets/recall-terms.ts';

function termsOf(text: string): string[] {
  const terms: string[] = [];
  eachTerm(text, (term) => terms.push(term));
  return terms;
}

function countedTerms(text: string): string[] {
  const terms: string[] = [];
  eachTerm(text, (term, counts) => {
    if (counts) terms.push(term);
  });
  return terms;
}

describe('words', () => {
  test('forms of a word are one term', () => {
    expect(countedTerms('Deployments deployed deploying')).toEqual(['deploy', 'deploy', 'deploy']);
  });
  test('irregular forms and short forms are filed under their base', () => {
    expect(countedTerms('written wrote write')).toEqual(
      ['write', 'write', 'write'].map(() => countedTerms('write')[0]),
    );
    expect(countedTerms('repo config dirs')).toEqual(countedTerms('repository configuration directory'));
  });
  test('stop words and punctuation are no terms', () => {
    expect(termsOf('What is it, and how do you do this?! …—“”')).toEqual([]);
  });
  test('not and no stay: in commands they are the topic', () => {
    expect(countedTerms('do not use no cache')).toEqual(['not', 'us', 'no', 'cach']);
  });
  test('possessives and contractions lose their apostrophe', () => {
    expect(countedTerms("the user’s file, don't")).toEqual(['user', 'file']);
  });
  test('accents, full width and case make no difference', () => {
    expect(countedTerms('Café ＦＵＬＬ')).toEqual(['cafe', 'full']);
  });
});

describe('identifiers', () => {
  test.each(['readOnly', 'read-only', 'read_only', 'READ_ONLY', 'readonly'])('%s is filed as one name', (name) => {
    expect(termsOf(name)).toContain('readonli');
  });
  test('their parts are filed too', () => {
    expect(countedTerms('parseURLPath')).toEqual(['pars', 'url', 'path']);
    expect(countedTerms('max_retry_count')).toEqual(['maximum', 'retri', 'count']);
  });
  test('paths are kept whole and split', () => {
    const terms = termsOf('src/assets/recall-terms.ts');
    expect(terms).toEqual(
      expect.arrayContaining(['src/assets/recall-terms.ts', 'asset', 'recallterm', 'recal', 'term']),
    );
  });
  test('dotted names and double colons are kept whole and split', () => {
    expect(termsOf('foo.barBaz() std::vector')).toEqual(
      expect.arrayContaining(['foo.barbaz', 'barbaz', 'bar', 'baz', 'std::vector', 'vector']),
    );
  });
  test('flags are kept with their dashes', () => {
    expect(termsOf('git commit --no-verify -m x')).toEqual(expect.arrayContaining(['--no-verify', '-m', 'verifi']));
  });
  test('a dash within a word makes no flag', () => {
    expect(termsOf('well-known a-b')).not.toContain('-b');
  });
  test('error codes are kept whole', () => {
    expect(termsOf('ERR_MODULE_NOT_FOUND E0308 TS2345 #123')).toEqual(
      expect.arrayContaining(['errmodulenotfound', 'e0308', 'ts2345', '123']),
    );
  });
  test('versions are found by their beginnings, and not by their minor numbers', () => {
    expect(termsOf('v10.2.3-rc.1')).toEqual(['10.2.3-rc.1', '10.2.3', '10.2', '10']);
    expect(termsOf('v10')).toContain('10');
  });
  test('a path that begins with a version keeps its names', () => {
    expect(countedTerms('1.2.3/foo')).toContain('foo');
  });
});

describe('scripts without spaces', () => {
  test('runs become pairs, cut where the script changes', () => {
    expect(countedTerms('東京タワーに行く')).toEqual(['東京', 'タワ', 'ワー', 'に', '行', 'く']);
    expect(countedTerms('한국어')).toEqual(['한국', '국어']);
  });
  test('Latin words inside are words', () => {
    expect(countedTerms('使用npm安装')).toEqual(['使用', 'npm', '安装']);
  });
  test('single characters are filed as well, without length', () => {
    expect(termsOf('緑茶')).toContain('茶');
    expect(countedTerms('茶')).toEqual(['茶']);
  });
  test('half-width katakana is katakana', () => {
    expect(countedTerms('ｶﾀｶﾅ')).toEqual(countedTerms('カタカナ'));
  });
  test('characters beyond the basic plane stay whole', () => {
    expect(countedTerms('𠮷野')).toEqual(['𠮷野']);
  });
});

describe('emoji', () => {
  test('an emoji is a term, whatever its skin tone and variant', () => {
    expect(countedTerms('👍🏽 ✅️ fix')).toEqual(['👍', '✅', 'fix']);
  });
});

describe('hostile input', () => {
  test('lone surrogates and control characters separate words', () => {
    expect(countedTerms('abc\ud800def\u0000ghi\udc00')).toEqual(['abc', 'def', 'ghi']);
  });
  test('blobs are no terms', () => {
    expect(termsOf('a'.repeat(10_000))).toEqual([]);
    expect(termsOf(`${'ab/'.repeat(5_000)}end`)).toContain('end');
  });
  test('regular expressions and SQL are only words', () => {
    expect(countedTerms(`(a+)+$ [unclosed`)).toEqual(['unclos']);
    expect(countedTerms(`'; DROP TABLE records; --`)).toEqual(['drop', 'tabl', 'record']);
  });
  propertyTest.prop([fc.string({ unit: 'binary', maxLength: 300 })])(
    'any string has terms of bounded length',
    (text) => {
      for (const term of termsOf(text)) {
        expect(term.length).toBeGreaterThan(0);
        expect(term.length).toBeLessThanOrEqual(64);
      }
    },
  );
});
