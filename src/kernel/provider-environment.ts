import { attempt } from './disk-failure.ts';
import { factsOf, readText } from './files.ts';
import { homeLayout } from './home.ts';
import type { Environment } from './home.ts';
import type { World } from './world.ts';

/**
 * Keys for reviewers lie in `<home>/.env.provider`; this world's environment has them, for us and for
 * children. Links are not followed.
 *
 * @param warn is told what is wrong with the file, without a word of what is in it
 */
export function withProviderEnvironment(world: World, warn: (problem: string) => void = () => undefined): World {
  const file = homeLayout(world.home).providerEnvironment;
  const text = attempt(() => readText(file, 256 * 1024));
  if (!text.ok) {
    world.diagnostics.log('env-provider-unreadable', { reason: text.failure.reason });
    warn(`${file} is not read (${text.failure.reason}); no key comes from there`);
  }
  const mode = text.ok && text.value !== undefined ? openMode(file) : undefined;
  if (mode !== undefined) {
    world.diagnostics.log('env-provider-open', { mode });
    warn(`${file} holds keys and has mode ${mode}: others can read it (chmod 600 closes it)`);
  }
  const settings = text.ok ? parseEnvironment(text.value ?? '') : {};
  // A variable that is set wins: the file is a default, not a dictator.
  return { ...world, env: { ...settings, ...definedOnly(world.env) } };
}

/** The mode in octal digits, when others than the owner may do anything with the file. Windows has no such modes. */
function openMode(file: string): string | undefined {
  const mode = factsOf(file)?.mode ?? 0;
  return process.platform === 'win32' || (mode & 0o077) === 0 ? undefined : mode.toString(8);
}

const definedOnly = (env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined));

const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/;

/** `KEY=value` lines: optional `export`, quotes, comments. Parsed, never executed; no variable is expanded. */
export function parseEnvironment(text: string): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const line of text.split(/\r\n|\n|\r/)) {
    const [, key, raw] = LINE.exec(line) ?? [];
    if (key !== undefined && raw !== undefined) settings[key] = unquoted(raw.trim());
  }
  return settings;
}

function unquoted(raw: string): string {
  const quote = raw[0];
  if (quote === '"' || quote === "'") {
    const end = closingQuote(raw, quote);
    const inner = raw.slice(1, end === -1 ? undefined : end);
    return quote === '"' ? inner.replaceAll(/\\(["\\$`])/g, '$1') : inner;
  }
  // A number sign starts a comment only after a blank: keys may contain one.
  return raw.replace(/(?:^|\s)#.*$/, '').trimEnd();
}

function closingQuote(raw: string, quote: string): number {
  for (let index = 1; index < raw.length; index++) {
    if (quote === '"' && raw[index] === '\\') index++;
    else if (raw[index] === quote) return index;
  }
  return -1;
}
