import { describe, expect, test } from 'vitest';
import { mergedEnvironment, namesIn, withVariable } from '../../../src/install/env-file.ts';

describe('.env.provider', () => {
  test('gets a variable at its end, and its comments stay', () => {
    expect(withVariable('', 'A', '1')).toBe('A=1\n');
    expect(withVariable('# mine\nB=2', 'A', '1')).toBe('# mine\nB=2\nA=1\n');
  });

  test('has a variable replaced where it counts: in its last line', () => {
    expect(withVariable('A=1\nexport A = 2 # old\n#A=3\nB=4\n', 'A', 'new')).toBe('A=1\nA=new\n#A=3\nB=4\n');
  });

  test('quotes what a reader would take for something else', () => {
    expect(withVariable('', 'A', 'a #b "c" $d \\')).toBe('A="a #b \\"c\\" \\$d \\\\"\n');
  });

  test('takes over the lines of another one, and says where both differ', () => {
    const merged = mergedEnvironment('A=1\nB=2', '# theirs\nA=1\nB=other\nexport C="3"\n');

    expect(merged).toEqual({ text: 'A=1\nB=2\nexport C="3"\n', left: ['B'] });
    expect(mergedEnvironment('', '# theirs\nA=1')).toEqual({ text: '# theirs\nA=1\n', left: [] });
    expect(mergedEnvironment('A=1\n', 'A=1\n')).toEqual({ text: 'A=1\n', left: [] });
  });

  test('tells the names that it sets, not those in comments', () => {
    expect(namesIn('#A=1\r\n export B=2\n=3\nC =\n')).toEqual(['B', 'C']);
  });
});
