import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A temp folder that goes when the test does, by its real path (macOS: /var is a link). */
export function temporaryFolder(): string {
  const made = realpathSync.native(mkdtempSync(join(tmpdir(), 'bucket-test-')));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
const environment = {
  ...Object.fromEntries(kept),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};

const SETTINGS = [
  '-c',
  'init.defaultBranch=main',
  '-c',
  'protocol.file.allow=always',
  '-c',
  'advice.detachedHead=false',
];

/** Runs the real git without anybody's configuration. */
export function git(cwd: string, ...args: string[]): string {
  const output = execFileSync('git', [...SETTINGS, ...args], {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return output.toString('utf8').replace(/\n$/, '');
}

/** A repository with one commit. */
export function repository(top: string, ...initArgs: string[]): string {
  mkdirSync(top, { recursive: true });
  git(top, 'init', '-q', ...initArgs);
  git(top, 'commit', '-q', '--allow-empty', '-m', 'first');
  return top;
}

/** A folder, made with its parents. */
export function folder(...parts: string[]): string {
  const made = join(...parts);
  mkdirSync(made, { recursive: true });
  return made;
}

export function file(path: string, content: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}
