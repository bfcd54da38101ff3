import { fc, test as property } from '@fast-check/vitest';
import { parse, stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { placeFinder, tomlPlaces } from '../../../src/config/toml-places.ts';

const seen = (text: string): [string, number, string][] =>
  tomlPlaces(text).map(({ path, line, start, end }) => [path.join('/'), line, text.slice(start, end)]);

const safe = (key: string): boolean => key !== '__proto__';

describe('tomlPlaces', () => {
  it('finds tables, keys and values among comments', () => {
    expect(
      seen('# [no]\na = 1 # b = 2\n\n[t.u] # x\n  "quoted key" = "# no"\nc.d = [1, # ]\n 2]\n[[list]]\ne=true'),
    ).toEqual([
      ['a', 2, '1'],
      ['t/u', 4, ''],
      ['t/u/quoted key', 5, '"# no"'],
      ['t/u/c/d', 6, '[1, # ]\n 2]'],
      ['list', 8, ''],
      ['list/e', 9, 'true'],
    ]);
  });

  it('is not misled by text that looks like keys', () => {
    const text = `a = """\n[b]\nc = 1\n"quoted"\n"""\nd = '''\n[e]'''\nf = {g = "}", h = [1]}\ni = 'C:\\'\n`;
    expect(seen(text).map(([path, line]) => [path, line])).toEqual([
      ['a', 1],
      ['d', 6],
      ['f', 8],
      ['i', 9],
    ]);
  });

  it('counts lines that end with CR LF', () => {
    expect(seen('a = 1\r\n[t]\r\nb = "x"\r\n')).toEqual([
      ['a', 1, '1'],
      ['t', 2, ''],
      ['t/b', 3, '"x"'],
    ]);
  });

  it('finds the nearest thing around a path, and the first below it', () => {
    const placeOf = placeFinder(tomlPlaces('x = 1\n[a.b]\nc = 1\n  d = 2\n'));
    const lineOf = (...path: string[]): number | undefined => placeOf(path)?.line;
    expect(lineOf('a')).toBe(2);
    expect(lineOf('a', 'b', 'd')).toBe(4);
    expect(lineOf('a', 'b', 'd', 'e')).toBe(4);
    expect(lineOf('a', 'z')).toBe(2);
    expect(lineOf('z')).toBeUndefined();
    expect(placeOf(['a', 'b', 'd'])?.column).toBe(3);
  });

  it('ends on anything', () => {
    for (const text of [
      '',
      '=',
      '[',
      ']',
      'a',
      'a =',
      '"',
      "'''",
      '[[',
      'a = [',
      'a = {',
      '\u0000',
      '==\n==',
      'a = "\n',
    ])
      expect(Array.isArray(tomlPlaces(text))).toBe(true);
  });

  property.prop([fc.string({ maxLength: 60 })])('ends on noise', (text) => {
    expect(Array.isArray(tomlPlaces(text))).toBe(true);
  });

  const word = fc.oneof(fc.string({ minLength: 1, maxLength: 8 }), fc.constantFrom('a', 'b-c', 'two words', '.'));
  const value = fc.oneof(
    fc.string({ maxLength: 12 }),
    fc.integer({ min: -9, max: 99 }),
    fc.boolean(),
    fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 }),
  );

  property.prop([
    fc.dictionary(word.filter(safe), fc.dictionary(word.filter(safe), value, { maxKeys: 4 }), { maxKeys: 4 }),
  ])('finds every key that the parser finds, with the text of its value', (tree) => {
    const text = stringify(tree);
    const placeOf = placeFinder(tomlPlaces(text));
    for (const [table, keys] of Object.entries(tree)) {
      for (const [key, given] of Object.entries(keys)) {
        const place = placeOf([table, key]);
        expect(place?.path).toEqual([table, key]);
        expect(parse(`x = ${text.slice(place?.start, place?.end)}`)).toEqual({ x: given });
      }
    }
  });
});
