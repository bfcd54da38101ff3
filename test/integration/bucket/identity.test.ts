import { chmodSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findRepository } from '../../../src/bucket/identity.ts';
import { file, folder, git, repository, temporaryFolder } from './git-lab.ts';

const elsewhere = { HOME: '/nowhere-in-particular' };
const rootOf = (cwd: string, env: Record<string, string> = elsewhere): string => findRepository(cwd, env).root;

describe('a plain repository', () => {
  test('is its own root, and so is it for every folder inside', () => {
    const repo = repository(join(temporaryFolder(), 'repo'));
    const deep = folder(repo, 'src', 'deep');
    expect(rootOf(repo)).toBe(repo);
    expect(rootOf(deep)).toBe(repo);
  });

  test('is identified by device and inode, which a move keeps', () => {
    const base = temporaryFolder();
    const repo = repository(join(base, 'repo'));
    const before = findRepository(repo, elsewhere);
    const { dev, ino } = statSync(repo, { bigint: true });
    expect(before.identity).toBe(`${dev}:${ino}`);
    renameSync(repo, join(base, 'renamed'));
    expect(findRepository(join(base, 'renamed'), elsewhere)).toEqual({
      root: join(base, 'renamed'),
      identity: before.identity,
    });
  });

  test('counts before its first commit', () => {
    const repo = folder(temporaryFolder(), 'fresh');
    git(repo, 'init', '-q');
    expect(rootOf(folder(repo, 'a'))).toBe(repo);
  });

  test('is found from inside its own .git', () => {
    const repo = repository(join(temporaryFolder(), 'repo'));
    expect(rootOf(join(repo, '.git', 'objects'))).toBe(repo);
  });

  test('hides the repository around it', () => {
    const outer = repository(join(temporaryFolder(), 'outer'));
    const inner = repository(join(outer, 'vendor', 'inner'));
    expect(rootOf(folder(inner, 'x'))).toBe(inner);
    expect(rootOf(join(outer, 'vendor'))).toBe(outer);
  });

  test('has one root whatever links lead to it', () => {
    const base = temporaryFolder();
    const repo = repository(join(base, 'repo'));
    symlinkSync(repo, join(base, 'link'));
    symlinkSync(folder(repo, 'src'), join(base, 'link-into-it'));
    expect(rootOf(join(base, 'link'))).toBe(repo);
    expect(rootOf(join(base, 'link-into-it'))).toBe(repo);
  });

  test('is found whatever GIT_DIR says', () => {
    const base = temporaryFolder();
    const repo = repository(join(base, 'repo'));
    const other = repository(join(base, 'other'));
    expect(rootOf(repo, { ...elsewhere, GIT_DIR: join(other, '.git') })).toBe(repo);
  });
});

describe('linked worktrees', () => {
  test('belong to the main one', () => {
    const base = temporaryFolder();
    const repo = repository(join(base, 'repo'));
    git(repo, 'worktree', 'add', '-q', join(base, 'wt'));
    git(repo, 'worktree', 'add', '-q', join(repo, '.worktrees', 'inside'));
    expect(rootOf(folder(base, 'wt', 'src'))).toBe(repo);
    expect(rootOf(join(repo, '.worktrees', 'inside'))).toBe(repo);
  });

  test('of a bare clone in .bare belong to the folder around it', () => {
    const base = temporaryFolder();
    const origin = repository(join(base, 'origin'));
    const project = folder(base, 'project');
    git(base, 'clone', '-q', '--bare', origin, join(project, '.bare'));
    file(join(project, '.git'), 'gitdir: ./.bare\n');
    git(project, 'worktree', 'add', '-q', join(project, 'main'));
    expect(rootOf(project)).toBe(project);
    expect(rootOf(join(project, 'main'))).toBe(project);
    expect(rootOf(join(project, '.bare'))).toBe(project);
  });

  test('of a plain bare repository belong to the bare repository', () => {
    const base = temporaryFolder();
    const origin = repository(join(base, 'origin'));
    const bare = join(base, 'srv', 'thing.git');
    git(base, 'clone', '-q', '--bare', origin, bare);
    git(bare, 'worktree', 'add', '-q', join(base, 'wt'));
    expect(rootOf(bare)).toBe(bare);
    expect(rootOf(join(bare, 'refs'))).toBe(bare);
    expect(rootOf(join(base, 'wt'))).toBe(bare);
  });

  test('belong to the folder that holds the git folder of --separate-git-dir', () => {
    const base = temporaryFolder();
    const separate = join(base, 'separate.git');
    const repo = repository(join(base, 'repo'), `--separate-git-dir=${separate}`);
    git(repo, 'worktree', 'add', '-q', join(base, 'wt'));
    expect(rootOf(folder(repo, 'src'))).toBe(separate);
    expect(rootOf(join(base, 'wt'))).toBe(separate);
  });

  test('that were pruned by hand count as what lies around them', () => {
    const base = temporaryFolder();
    const repo = repository(join(base, 'repo'));
    const inside = join(repo, 'wt');
    git(repo, 'worktree', 'add', '-q', inside);
    renameSync(repo, join(base, 'moved'));
    expect(rootOf(join(base, 'moved', 'wt'))).toBe(join(base, 'moved'));
  });
});

/** A repository with another one as its submodule `libs/sub`. */
function superproject(base: string): string {
  const origin = repository(join(base, 'origin'));
  const top = repository(join(base, 'super'));
  git(top, 'submodule', '--quiet', 'add', origin, 'libs/sub');
  git(top, 'commit', '-q', '-m', 'submodule');
  return top;
}

describe('submodules', () => {
  test('are repositories of their own', () => {
    const top = superproject(temporaryFolder());
    expect(rootOf(folder(top, 'libs', 'sub', 'src'))).toBe(join(top, 'libs', 'sub'));
    expect(rootOf(join(top, 'libs'))).toBe(top);
    expect(rootOf(join(top, '.git', 'modules', 'libs', 'sub'))).toBe(join(top, 'libs', 'sub'));
  });

  test('are the same ones in a linked worktree of the superproject', () => {
    const base = temporaryFolder();
    const top = superproject(base);
    git(top, 'worktree', 'add', '-q', join(base, 'wt'));
    git(join(base, 'wt'), 'submodule', '--quiet', 'update', '--init');
    expect(rootOf(join(base, 'wt', 'libs', 'sub'))).toBe(join(top, 'libs', 'sub'));
  });

  test('are the same ones in a linked worktree that has them at another path', () => {
    const base = temporaryFolder();
    const top = superproject(base);
    git(top, 'worktree', 'add', '-q', join(base, 'wt'));
    git(join(base, 'wt'), 'submodule', '--quiet', 'update', '--init');
    git(join(base, 'wt'), 'mv', 'libs/sub', 'elsewhere');
    expect(rootOf(join(base, 'wt', 'elsewhere'))).toBe(join(top, 'libs', 'sub'));
  });

  test('that only a linked worktree has checked out are where the main one would have them', () => {
    const base = temporaryFolder();
    const top = superproject(base);
    const clone = join(base, 'clone');
    git(base, 'clone', '-q', top, clone);
    git(clone, 'worktree', 'add', '-q', join(base, 'wt'));
    git(join(base, 'wt'), 'submodule', '--quiet', 'update', '--init');
    expect(rootOf(join(base, 'wt', 'libs', 'sub'))).toBe(join(clone, 'libs', 'sub'));
    rmSync(join(clone, 'libs'), { recursive: true });
    expect(findRepository(join(base, 'wt', 'libs', 'sub'), elsewhere)).toEqual({
      root: join(clone, 'libs', 'sub'),
      identity: null,
    });
  });

  test('whose checkout lies outside the linked worktree are where they are', () => {
    const base = temporaryFolder();
    const top = superproject(base);
    const clone = join(base, 'clone');
    git(base, 'clone', '-q', top, clone);
    git(clone, 'worktree', 'add', '-q', join(base, 'trees', 'wt'));
    git(join(base, 'trees', 'wt'), 'submodule', '--quiet', 'update', '--init');
    const sub = join(base, 'trees', 'wt', 'libs', 'sub');
    const gitFolder = git(sub, 'rev-parse', '--absolute-git-dir');
    git(base, 'config', '--file', join(gitFolder, 'config'), 'core.worktree', folder(base, 'outside'));
    expect(rootOf(sub)).toBe(join(base, 'outside'));
  });

  test('of worktrees of a bare superproject are one', () => {
    const base = temporaryFolder();
    const top = superproject(base);
    const bare = join(base, 'project', '.bare');
    git(base, 'clone', '-q', '--bare', top, bare);
    for (const name of ['one', 'two']) {
      git(bare, 'worktree', 'add', '-q', join(base, 'project', name));
      git(join(base, 'project', name), 'submodule', '--quiet', 'update', '--init');
    }
    const roots = ['one', 'two'].map((name) => rootOf(join(base, 'project', name, 'libs', 'sub')));
    expect(roots).toEqual([join(base, 'project', 'libs', 'sub'), join(base, 'project', 'libs', 'sub')]);
  });

  test('inside submodules are the same ones in a linked worktree', () => {
    const base = temporaryFolder();
    const middle = superproject(base);
    const top = repository(join(base, 'top'));
    git(top, 'submodule', '--quiet', 'add', middle, 'mid');
    git(top, 'submodule', '--quiet', 'update', '--init', '--recursive');
    git(top, 'commit', '-q', '-m', 'submodule');
    git(top, 'worktree', 'add', '-q', join(base, 'wt'));
    git(join(base, 'wt'), 'submodule', '--quiet', 'update', '--init', '--recursive');
    expect(rootOf(join(base, 'wt', 'mid', 'libs', 'sub'))).toBe(join(top, 'mid', 'libs', 'sub'));
    expect(rootOf(join(base, 'wt', 'mid'))).toBe(join(top, 'mid'));
  });

  test('keep their root when a sparse checkout moves core.worktree, and so do their worktrees', () => {
    const base = temporaryFolder();
    const sub = join(superproject(base), 'libs', 'sub');
    git(sub, 'worktree', 'add', '-q', join(base, 'sub-wt'));
    expect(rootOf(join(base, 'sub-wt'))).toBe(sub);
    git(sub, 'sparse-checkout', 'set', '--cone', 'src');
    expect(rootOf(sub)).toBe(sub);
    expect(rootOf(join(base, 'sub-wt'))).toBe(sub);
  });
});

test('two folders have one root exactly when git says that they share a repository', () => {
  const base = temporaryFolder();
  const repo = repository(join(base, 'repo'));
  const bare = join(base, 'bare.git');
  git(base, 'clone', '-q', '--bare', repo, bare);
  git(repo, 'submodule', '--quiet', 'add', repo, 'sub');
  git(repo, 'commit', '-q', '-m', 'submodule');
  git(repo, 'worktree', 'add', '-q', join(base, 'wt'));
  git(bare, 'worktree', 'add', '-q', join(base, 'bare-wt'));
  git(join(repo, 'sub'), 'worktree', 'add', '-q', join(base, 'sub-wt'));
  repository(join(base, 'sep'), `--separate-git-dir=${join(base, 'sep.git')}`);
  const folders = [
    'repo',
    'repo/.git',
    'repo/sub',
    'wt',
    'bare.git',
    'bare-wt',
    'sub-wt',
    'sep',
    'sep.git',
    'bare.git/refs',
  ].map((name) => join(base, name));
  const commonFolders = folders.map((cwd) => git(cwd, 'rev-parse', '--path-format=absolute', '--git-common-dir'));
  const roots = folders.map((cwd) => rootOf(cwd));
  for (const [i, common] of commonFolders.entries()) {
    const sameForGit = folders.filter((_, j) => commonFolders[j] === common);
    const sameForUs = folders.filter((_, j) => roots[j] === roots[i]);
    expect(sameForUs).toEqual(sameForGit);
  }
});

describe('outside git', () => {
  test('a folder is its own root', () => {
    const plain = folder(temporaryFolder(), 'notes', 'today');
    expect(rootOf(plain)).toBe(plain);
  });

  test('a folder that has been deleted still has a root', () => {
    const base = temporaryFolder();
    const repo = repository(join(base, 'repo'));
    expect(rootOf(join(repo, 'gone', 'deeper'))).toBe(repo);
    expect(findRepository(join(base, 'gone'), elsewhere)).toEqual({ root: join(base, 'gone'), identity: null });
  });

  test('what git would not accept either is passed over', () => {
    const base = temporaryFolder();
    const noHead = folder(base, 'no-head');
    folder(noHead, '.git', 'objects');
    const broken = folder(base, 'broken');
    file(join(broken, '.git'), 'gitdir: /nowhere/at/all\n');
    const nonsense = folder(base, 'nonsense');
    writeFileSync(join(nonsense, '.git'), Buffer.from([0, 255, 13, 10, 0]));
    const huge = folder(base, 'huge');
    writeFileSync(join(huge, '.git'), `gitdir: ${'x'.repeat(1_000_000)}`);
    const loop = folder(base, 'loop');
    symlinkSync('.git', join(loop, '.git'));
    for (const cwd of [noHead, broken, nonsense, huge, loop]) expect(rootOf(cwd)).toBe(cwd);
  });

  test('what is broken inside a repository belongs to that repository', () => {
    const repo = repository(join(temporaryFolder(), 'repo'));
    const broken = folder(repo, 'vendor', 'thing');
    file(join(broken, '.git'), 'gitdir: ../../nothing\n');
    expect(rootOf(broken)).toBe(repo);
    const noHead = folder(repo, 'vendor', 'no-head');
    folder(noHead, '.git', 'objects');
    expect(rootOf(noHead)).toBe(repo);
  });

  test('a git folder whose common folder is gone counts for nothing', () => {
    const base = temporaryFolder();
    const repo = repository(join(base, 'repo'));
    writeFileSync(join(repo, '.git', 'commondir'), '../nowhere\n');
    expect(rootOf(repo)).toBe(repo);
    expect(rootOf(folder(repo, 'src'))).toBe(join(repo, 'src'));
  });

  test.each([
    ['', 'an empty path'],
    ['\0', 'a NUL byte'],
    ['/a\0b', 'a NUL byte inside'],
    [`/${'x/'.repeat(40_000)}`, 'a path of 80,000 characters'],
    ['relative/path', 'a relative path'],
  ])('nonsense is no reason to throw: %#', (cwd) => {
    expect(findRepository(cwd, elsewhere).root).toEqual(expect.any(String));
  });

  test('an unreadable configuration leaves the git folder itself as the root', () => {
    const base = temporaryFolder();
    const separate = join(base, 'separate.git');
    const repo = repository(join(base, 'repo'), `--separate-git-dir=${separate}`);
    rmSync(join(separate, 'config'));
    mkdirSync(join(separate, 'config'));
    chmodSync(join(separate, 'config'), 0o000);
    expect(rootOf(repo)).toBe(separate);
  });
});

describe('a home folder under version control', () => {
  test('is a repository for those who work in it, not for everything below', () => {
    const home = repository(join(temporaryFolder(), 'home'));
    const env = { HOME: home };
    expect(rootOf(home, env)).toBe(home);
    expect(rootOf(folder(home, 'notes'), env)).toBe(join(home, 'notes'));
    const project = repository(join(home, 'code', 'project'));
    expect(rootOf(folder(project, 'src'), env)).toBe(project);
  });

  test('does not take in its linked worktrees', () => {
    const home = repository(join(temporaryFolder(), 'home'));
    git(home, 'worktree', 'add', '-q', join(home, 'wt'));
    expect(rootOf(join(home, 'wt'), { HOME: home })).toBe(join(home, 'wt'));
  });

  test('is recognised through a link', () => {
    const base = temporaryFolder();
    const home = repository(join(base, 'home'));
    symlinkSync(home, join(base, 'link'));
    expect(rootOf(folder(home, 'notes'), { HOME: join(base, 'link') })).toBe(join(home, 'notes'));
  });

  test('kept by a bare repository with core.worktree is not the root of that repository', () => {
    const home = folder(temporaryFolder(), 'home');
    const dotfiles = join(home, '.dotfiles');
    git(home, 'init', '-q', '--bare', dotfiles);
    git(dotfiles, 'config', 'core.bare', 'false');
    git(dotfiles, 'config', 'core.worktree', home);
    expect(basename(rootOf(dotfiles, { HOME: home }))).toBe('.dotfiles');
  });
});
