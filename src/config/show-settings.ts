import { isRecord } from '../contracts/json.ts';
import { redact } from '../safety/redact.ts';
import type { Configuration, Source } from './read-settings.ts';
import { dotted, writtenPath } from './written-names.ts';

/** One value of the settings as it is shown. */
export interface ShownValue {
  /** As written: `review.quiet_seconds`. */
  key: string;
  /** Redacted: nobody should keep a secret in there, but somebody will. */
  value: unknown;
  source: Source;
}

/** Every value of the settings with its source, in the order of the settings. */
export function shownValues({ settings, sources }: Configuration): ShownValue[] {
  return leavesOf(settings, []).map(({ path, value }) => {
    const key = dotted(writtenPath(path));
    return { key, value: withoutSecrets(value), source: sources.get(key) ?? { kind: 'default' } };
  });
}

interface Leaf {
  path: readonly string[];
  value: unknown;
}

function leavesOf(value: unknown, path: readonly string[]): Leaf[] {
  if (!isRecord(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

/** A command's or a list's elements one by one; what a key is called says nothing here, `api_key_env` is no key. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  return Array.isArray(value) ? value.map(withoutSecrets) : value;
}

/** `line 3 of config.toml`, `CODEX_SELF_EVOLUTION_COMPILE_BACKEND`, `flag`, `default` */
export function sourceText(source: Source): string {
  switch (source.kind) {
    case 'flag':
    case 'default':
      return source.kind;
    case 'environment':
      return source.variable;
    case 'file':
      return source.line === null ? 'config.toml' : `config.toml, line ${source.line}`;
  }
}
