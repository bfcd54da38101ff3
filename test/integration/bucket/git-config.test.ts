import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { fc, test } from '@fast-check/vitest';
import { gitSetting } from '../../../src/bucket/git-config.ts';
import { git, temporaryFolder } from './git-lab.ts';

/** What git itself reads. */
function asGit(folder: string, text: string): string | undefined {
  const file = join(folder, 'config');
  writeFileSync(file, text);
  // -z ends the value with a NUL, so that line ends inside it survive.
  const all = git(folder, 'config', '--file', file, '--no-includes', '-z', '--list').split('\0').slice(0, -1);
  return all
    .filter((entry) => entry.startsWith('core.worktree\n'))
    .map((entry) => entry.slice('core.worktree\n'.length))
    .at(-1);
}

test('values that git writes are read back, whatever is in them', () => {
  const folder = temporaryFolder();
  const values = [
    '../../../sub',
    ' blanks around ',
    'a # hash',
    'a ; semicolon',
    'quote " inside',
    'back\\slash',
    'tab\tand\nline',
    'ünï/日本',
    '',
  ];
  for (const [index, value] of values.entries()) {
    const file = join(folder, `config-${index}`);
    git(folder, 'config', '--file', file, 'core.worktree', value);
    expect(gitSetting(readFileSync(file, 'utf8'), 'core', 'worktree')).toBe(value);
  }
});

// No tabs inside: older versions of git turn them into blanks, newer ones keep them.
const part = fc.constantFrom(
  'a',
  'b c',
  '"q"',
  '"x # y"',
  ' # comment',
  '\\"',
  '\\\\',
  '\\t',
  ' ',
  '../sub',
  '\\\n',
  'é',
);
const line = fc.oneof(
  fc.array(part, { maxLength: 5 }).map((parts) => `\tworktree = ${parts.join('')}`),
  fc.constantFrom(
    '[core]',
    '[CORE]',
    '[core "sub"]',
    '[other]',
    '# worktree = no',
    '; no',
    '',
    '\tWorkTree=x',
    '[core] worktree = y',
    '\tbare = false',
  ),
);

test.prop([fc.array(line, { minLength: 1, maxLength: 8 })], { numRuns: 60 })(
  'any file that git reads is read as git reads it',
  (lines) => {
    const folder = temporaryFolder();
    const text = `[core]\n${lines.join('\n')}\n`;
    let expected: string | undefined;
    try {
      expected = asGit(folder, text);
    } catch {
      return; // Git refuses the file; then there is nothing to agree on.
    }
    expect(gitSetting(text, 'core', 'worktree') ?? '').toBe(expected ?? '');
  },
);
