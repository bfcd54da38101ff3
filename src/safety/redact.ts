import { redactWith, isRedacted, placeholder, type Finder } from './finding.ts';
import { findHighEntropy } from './high-entropy.ts';
import { BUILTIN_FINDERS } from './redact-builtin.ts';
import { secretNameOf } from './secret-names.ts';
import { isSecretLiteral } from './secret-values.ts';
import { findBySecretlint } from './secretlint-rules.ts';

const STAGES: readonly (readonly Finder[])[] = [BUILTIN_FINDERS, [findBySecretlint, findHighEntropy]];

/**
 * The one door for everything that is written or sent: the built-in rules, secretlint's recommended rules, and
 * values that look random. Secrets become `[redacted:<kind>]`; repeating it changes nothing.
 *
 * Hooks use `redactBuiltin`, because loading secretlint's rules takes several milliseconds.
 */
export const redact = (text: string): string => redactWith(text, STAGES);

function redactMember(key: string, value: unknown): unknown {
  const name = typeof value === 'string' ? secretNameOf(key) : undefined;
  if (typeof value !== 'string' || name === undefined || isRedacted(value)) return redactDeep(value);
  return isSecretLiteral(value, name.strength) ? placeholder(name.kind) : redact(value);
}

/** Two keys that differ only in a secret stay two keys. */
function freeKey(taken: Map<string, unknown>, key: string): string {
  let free = key;
  for (let number = 2; taken.has(free); number += 1) free = `${key}-${number}`;
  return free;
}

/**
 * The same for a JSON value: every string passes `redact`, and a member whose key names a secret loses its string.
 * Keys stay, except for secrets inside of them; numbers, booleans and null pass unchanged. The input is not changed.
 */
export function redactDeep(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactDeep);
  if (typeof value !== 'object' || value === null) return value;
  const members = new Map<string, unknown>();
  for (const [key, member] of Object.entries(value))
    members.set(freeKey(members, redact(key)), redactMember(key, member));
  return Object.fromEntries(members);
}
