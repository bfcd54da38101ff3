import path from 'node:path';
import { isRecord } from '../contracts/json.ts';
import { readText } from '../kernel/files.ts';
import type { Environment } from '../kernel/home.ts';
import { userFolder } from '../kernel/home.ts';
import { realPath } from '../kernel/move-files.ts';
import { parseJsonc } from './jsonc.ts';

/** What of a person's opencode a run of ours needs: how providers are reached. */
const WANTED = ['provider', 'enabled_providers', 'disabled_providers', 'plugin'];

export interface UsersOpencode {
  /** Providers, and what switches them on and off; later files win, as in opencode. */
  settings: Record<string, unknown>;
  /** The agents that the files define. */
  agents: Record<string, unknown>;
  /** Files that are none (of JSON with comments). */
  unreadable: string[];
}

/**
 * Reads the user's opencode configuration: the global files, `OPENCODE_CONFIG`, `~/.opencode`,
 * `OPENCODE_CONFIG_DIR` and `OPENCODE_CONFIG_CONTENT`, in opencode's order. Files of a project do not count:
 * no repository chooses where its sessions are sent.
 */
export function usersOpencode(env: Environment): UsersOpencode {
  const found: UsersOpencode = { settings: {}, agents: {}, unreadable: [] };
  for (const file of configFiles(env)) take(found, readText(realPath(file)), file, env);
  take(found, env['OPENCODE_CONFIG_CONTENT'], 'OPENCODE_CONFIG_CONTENT', env);
  return found;
}

const both = (folder: string): string[] => ['opencode.json', 'opencode.jsonc'].map((name) => path.join(folder, name));

function configFiles(env: Environment): string[] {
  const named = env['OPENCODE_CONFIG'];
  const folder = env['OPENCODE_CONFIG_DIR'];
  return [
    path.join(configFolder(env), 'config.json'),
    ...both(configFolder(env)),
    ...(named ? [named] : []),
    ...both(path.join(userFolder(env), '.opencode')),
    ...(folder ? both(folder) : []),
  ];
}

const xdg = (env: Environment, variable: string, ...otherwise: string[]): string =>
  env[variable] || path.join(userFolder(env), ...otherwise);

/** Where a person's opencode keeps its configuration, on every system. */
const configFolder = (env: Environment): string => path.join(xdg(env, 'XDG_CONFIG_HOME', '.config'), 'opencode');

/** The login: keys and OAuth tokens by provider. */
export const authFile = (env: Environment): string =>
  path.join(xdg(env, 'XDG_DATA_HOME', '.local', 'share'), 'opencode', 'auth.json');

function take(found: UsersOpencode, text: string | undefined, file: string, env: Environment): void {
  if (text === undefined || text.trim() === '') return;
  const parsed = parseJsonc(absoluteReferences(text, path.dirname(file), env));
  if (!isRecord(parsed)) {
    found.unreadable.push(file);
    return;
  }
  const wanted = Object.fromEntries(Object.entries(parsed).filter(([key]) => WANTED.includes(key)));
  found.settings = merged(found.settings, wanted);
  if (isRecord(parsed['agent'])) found.agents = merged(found.agents, parsed['agent']);
}

/** `{file:x}` in a configuration starts from the configuration's folder, which a copy leaves. */
function absoluteReferences(text: string, folder: string, env: Environment): string {
  return text.replaceAll(/\{file:([^}]+)\}/g, (_whole, given: string) => {
    const place = given.trim();
    const absolute = place.startsWith('~/') ? path.join(userFolder(env), place.slice(2)) : path.resolve(folder, place);
    return `{file:${absolute.replaceAll('\\', '/')}}`;
  });
}

/** Tables are merged, everything else is replaced. */
function merged(first: Record<string, unknown>, second: Record<string, unknown>): Record<string, unknown> {
  const result = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = result[key];
    result[key] = isRecord(before) && isRecord(value) ? merged(before, value) : value;
  }
  return result;
}

/** What an agent may lend: how it speaks, never what it may do. */
const LENT = ['prompt', 'temperature', 'top_p', 'options', 'reasoningEffort', 'textVerbosity'];
/** They come with opencode. */
const BUILT_IN = ['build', 'plan'];

/** The user's agent of that name without its tools and permissions; undefined when there is none. */
export function lentAgent(
  name: string,
  { agents }: UsersOpencode,
  env: Environment,
): Record<string, unknown> | undefined {
  const written = promptFile(name, env);
  if (written !== undefined) return { prompt: written };
  const defined = Object.hasOwn(agents, name) ? agents[name] : undefined;
  if (isRecord(defined)) return Object.fromEntries(Object.entries(defined).filter(([key]) => LENT.includes(key)));
  return BUILT_IN.includes(name) ? {} : undefined;
}

/** It reaches opencode in a variable, and Linux lets one have 128 kB. */
const LONGEST_PROMPT = 64 * 1024;

/** The text of `agent/<name>.md` after its front matter. */
function promptFile(name: string, env: Environment): string | undefined {
  if (!/^[\w-]+$/.test(name)) return undefined;
  for (const folder of ['agent', 'agents']) {
    const text = readText(realPath(path.join(configFolder(env), folder, `${name}.md`)), LONGEST_PROMPT);
    if (text !== undefined) return text.replace(/^---\r?\n[\s\S]*?\r?\n---\r?\n/, '').trim();
  }
  return undefined;
}
