import path from 'node:path';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { readText } from '../kernel/files.ts';
import { readForeignFile, removeForeignFile } from '../kernel/foreign-file.ts';
import type { Environment } from '../kernel/home.ts';
import { homeLayout } from '../kernel/home.ts';
import { removeFile } from '../kernel/move-files.ts';
import { parseEnvironment } from '../kernel/provider-environment.ts';
import { runProgram } from '../kernel/run-program.ts';
import { makeFolder, writeDurably } from '../kernel/write-files.ts';
import { mergedEnvironment, withoutVariable, withVariable } from './env-file.ts';
import type { FileChange } from './file-change.ts';

/** Reviewers that a new user chooses among, and the variable that holds the key of each. */
export const PROVIDER_KEYS: Readonly<Record<string, string | null>> = {
  heuristic: null,
  minimax: 'MINIMAX_API_KEY',
  'openai-compatible': 'OPENAI_API_KEY',
  'anthropic-style': 'ANTHROPIC_API_KEY',
  'codex-cli': null,
  'opencode-cli': null,
};

const PROVIDER_VARIABLE = 'CODEX_SELF_EVOLUTION_REVIEWER_PROVIDER';

export interface KeysWish {
  provider?: string | undefined;
  apiKey?: string | undefined;
  /** A repository's old `.env.provider`, whose lines are taken over. */
  adoptFrom?: string | undefined;
  /** The active profile of config.toml. */
  profile?: { name: string; provider: string } | undefined;
}

export interface KeysPlan {
  change: FileChange;
  /** The adopted file goes. */
  gone: string | undefined;
  /** What is done and what is left to do, in words. */
  notes: string[];
}

/** Plans `.env.provider` of the home; keys go nowhere else. */
export function planKeys(home: string, wish: KeysWish, env: Environment): Result<KeysPlan> {
  const file = homeLayout(home).providerEnvironment;
  const before = readText(file);
  const adopted = planAdoption(file, before ?? '', wish.adoptFrom, env);
  if (!adopted.ok) return adopted;
  const { text, gone, notes } = adopted.value;
  const chosen = withChoice(text, wish);
  if (!chosen.ok) return chosen;
  const told = chosen.value === text ? [] : toldChoice(file, wish);
  // A file that a person has left empty stays.
  const after = chosen.value === '' && before !== '' ? undefined : chosen.value;
  const change = { path: file, before, after, secret: true };
  return succeed({ change, gone, notes: [...notes, ...told, ...missingKey(file, chosen.value, wish.provider, env)] });
}

/** Who reviews where no variable says so. */
const reviewsAnyway = ({ profile }: KeysWish): string => profile?.provider ?? 'heuristic';

function toldChoice(file: string, wish: KeysWish): string[] {
  const { provider = '', apiKey, profile } = wish;
  if (apiKey === undefined && provider === reviewsAnyway(wish))
    return [`${file}: the line that named another reviewer is taken out; ${provider} reviews.`];
  const withKey = apiKey === undefined ? '' : ' with its key';
  const outranked = `it counts more than the profile ${profile?.name ?? ''} of config.toml (see csep config show)`;
  return [
    `${file}: ${provider}${withKey}`,
    ...(profile && provider !== profile.provider ? [`${provider} reviews: ${outranked}`] : []),
  ];
}

/** Found out at once, and not by sessions that nobody has reviewed. */
function missingKey(file: string, text: string, provider = '', env: Environment): string[] {
  const name = PROVIDER_KEYS[provider];
  if (!name || env[name]?.trim() || parseEnvironment(text)[name]?.trim()) return [];
  return [
    `${provider} has no key yet, and reviews nothing without one: csep install --provider ${provider} --api-key-from-stdin, or a line ${name}=… in ${file}.`,
  ];
}

/**
 * A reviewer that reviews anyway gets no line, and one that names another goes: the variable would count more
 * than a profile that is made later.
 */
function withReviewer(text: string, provider: string, wish: KeysWish): string {
  if (provider === reviewsAnyway(wish)) return withoutVariable(text, PROVIDER_VARIABLE);
  return withVariable(text, PROVIDER_VARIABLE, provider);
}

function withChoice(text: string, wish: KeysWish): Result<string> {
  const { provider, apiKey } = wish;
  if (provider !== undefined && !Object.hasOwn(PROVIDER_KEYS, provider))
    return fail({ reason: 'usage', detail: `--provider is one of ${Object.keys(PROVIDER_KEYS).join(', ')}` });
  const chosen = provider === undefined ? text : withReviewer(text, provider, wish);
  if (apiKey === undefined) return succeed(chosen);
  const name = provider === undefined ? null : PROVIDER_KEYS[provider];
  if (!name) return fail({ reason: 'usage', detail: 'a key needs a --provider that takes one' });
  if (apiKey.trim() === '' || /[\r\n]/.test(apiKey.trim()))
    return fail({ reason: 'usage', detail: 'the key must be one line that is not empty' });
  return succeed(withVariable(chosen, name, apiKey.trim()));
}

/**
 * A file that git knows stays: to remove it is a change of the repository, and its keys are in the history
 * anyway. So does one that says something else than the home does.
 */
function planAdoption(
  file: string,
  before: string,
  from: string | undefined,
  env: Environment,
): Result<{ text: string; gone: string | undefined; notes: string[] }> {
  if (from === undefined) return succeed({ text: before, gone: undefined, notes: [] });
  const theirs = readForeignFile(from);
  if (!theirs) return fail({ reason: 'file-missing', path: from });
  if (path.resolve(from) === file)
    return fail({ reason: 'usage', detail: '--adopt-env names the file of the home itself' });
  const { text, left } = mergedEnvironment(before, theirs.text);
  const isTracked = isKnownToGit(from, env);
  const gone = isTracked || left.length > 0 ? undefined : from;
  return succeed({ text, gone, notes: [`${from}: taken over into ${file}. ${adviceOn(isTracked, left)}`] });
}

function adviceOn(isTracked: boolean, left: readonly string[]): string {
  if (isTracked)
    return 'It stays: git tracks it, so its keys are in the history. Replace them at the provider, then git rm it.';
  if (left.length > 0) return `It stays: the home sets ${left.join(', ')} otherwise.`;
  return 'It goes; if anybody else could read it, replace its keys at the provider.';
}

function isKnownToGit(file: string, env: Environment): boolean {
  const argv = ['git', '-C', path.dirname(path.resolve(file)), 'ls-files', '--error-unmatch', path.basename(file)];
  return runProgram({ argv, env }).status === 0;
}

/** Writes the home's file, or removes it where nothing is left in it, then removes the adopted one. */
export function writeKeys({ change, gone }: KeysPlan): void {
  if (change.after === undefined) removeFile(change.path);
  else if (change.after !== change.before) {
    makeFolder(path.dirname(change.path));
    writeDurably(change.path, change.after, { mode: 0o600 });
  }
  if (gone !== undefined) removeForeignFile(gone);
}
