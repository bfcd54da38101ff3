import type { Status } from '../contracts/status.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { factsOf, readText } from '../kernel/files.ts';
import { homeLayout } from '../kernel/home.ts';
import { parseEnvironment } from '../kernel/provider-environment.ts';

/** Variables that hold keys of the providers we know. */
const KNOWN_KEYS: readonly string[] = ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'MINIMAX_API_KEY'];

/** Which variables `.env.provider` sets: names only, and nothing that could be a part of a value. */
export function readEnvProvider(home: string): Status['env_provider'] {
  const file = homeLayout(home).providerEnvironment;
  const facts = attempt(() => factsOf(file));
  const text = attempt(() => readText(file, 256 * 1024));
  const names = text.ok ? namesIn(text.value ?? '') : [];
  const found = facts.ok ? facts.value : undefined;
  return {
    path: file,
    exists: found !== undefined,
    mode: found ? `0${found.mode.toString(8)}` : null,
    keys_set: KNOWN_KEYS.filter((name) => names.includes(name)),
    keys_unset: KNOWN_KEYS.filter((name) => !names.includes(name)),
    other_keys_set: names.filter((name) => !KNOWN_KEYS.includes(name)),
  };
}

const namesIn = (text: string): string[] =>
  Object.entries(parseEnvironment(text))
    .flatMap(([name, value]) => (value.trim() === '' ? [] : [name]))
    .toSorted();
