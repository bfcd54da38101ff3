import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { withActiveProfile } from '../../../src/config/set-active-profile.ts';

describe('withActiveProfile', () => {
  it('changes the one value and nothing else', () => {
    const text =
      '# top\r\n  active_profile   =  \'old\'   # why\r\n\r\n[profiles.old]\r\nprovider = "dummy"\t\r\n# end';
    expect(withActiveProfile(text, 'new')).toBe(text.replace("'old'", '"new"'));
  });

  it('is not misled by a comment, another table or a text', () => {
    const text = '# active_profile = "a"\nnote = """\nactive_profile = "b"\n"""\n[x]\nactive_profile = "c"\n';
    expect(withActiveProfile(text, 'new')).toBe(
      '# active_profile = "a"\nnote = """\nactive_profile = "b"\n"""\nactive_profile = "new"\n[x]\nactive_profile = "c"\n',
    );
  });

  it('adds the line above the first table and its comment', () => {
    expect(withActiveProfile('# licence\n\n# mine\n[profiles.a]\nprovider = "dummy"\n', 'a')).toBe(
      '# licence\n\nactive_profile = "a"\n# mine\n[profiles.a]\nprovider = "dummy"\n',
    );
  });

  it('adds the line behind the last key of the top level, with the line ends of the file', () => {
    expect(withActiveProfile('schema_version = 3\r\n\r\n[profiles.a]\r\n', 'a')).toBe(
      'schema_version = 3\r\nactive_profile = "a"\r\n\r\n[profiles.a]\r\n',
    );
    expect(withActiveProfile('profiles.a.provider = "dummy"', 'a')).toBe(
      'profiles.a.provider = "dummy"\nactive_profile = "a"\n',
    );
  });

  it('writes any name so that it is read again', () => {
    for (const name of ['two words', 'with "quotes"', 'back\\slash', 'ünïcode', 'tab\t'])
      expect(parse(withActiveProfile('schema_version = 3\n', name))['active_profile']).toBe(name);
  });
});
