import { findHighEntropy } from '../safety/high-entropy.ts';
import { BUILTIN_FINDERS } from '../safety/redact-builtin.ts';
import type { Notice } from './notice.ts';

/**
 * Lines of a config.toml that hold what looks like a secret: this file is shown, copied into bug reports
 * and committed with dotfiles. At most one notice a line, without the secret.
 */
export function secretNotices(text: string): Notice[] {
  const found = [...BUILTIN_FINDERS, findHighEntropy].flatMap((find) => find(text));
  const lines = new Map(found.map(({ start, kind }) => [text.slice(0, start).split('\n').length, kind]));
  return [...lines]
    .toSorted(([a], [b]) => a - b)
    .map(([line, kind]) => ({
      key: null,
      line,
      column: null,
      problem: `looks like a secret (${kind}): keep it in .env.provider and name its variable in api_key_env`,
    }));
}
