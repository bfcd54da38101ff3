import type { KeptKeys } from '../contracts/generation.ts';
import { isRecord } from '../contracts/json.ts';

/** Top-level keys that are ours, per mirror; what else a person or an older program wrote there is kept. */
const OUR_KEYS = {
  'memory/memory.json': ['user', 'global'],
  'recall/index.json': ['records', 'state'],
  'skills/manifest.json': ['skills'],
} as const;

export type KeyedMirror = keyof typeof OUR_KEYS;

/** The keys of a mirror's parsed text that are not ours. */
export function foreignKeys(mirror: KeyedMirror, value: unknown): Record<string, unknown> {
  const ours: readonly string[] = OUR_KEYS[mirror];
  return isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !ours.includes(key))) : {};
}

/** What is kept with `found` on top; a mirror without such keys is not mentioned. A key that is missing is no removal. */
export function withKeys(kept: KeptKeys, mirror: KeyedMirror, found: Record<string, unknown>): KeptKeys {
  return Object.keys(found).length === 0 ? kept : { ...kept, [mirror]: { ...kept[mirror], ...found } };
}
