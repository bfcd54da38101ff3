import path from 'node:path';
import type { Scope } from '../contracts/suggestion.ts';
import { listNames } from '../kernel/files.ts';
import type { BucketLayout } from '../kernel/home.ts';
import { flatName } from './names.ts';

/** The mirrors that people edit, and whose entries they show. */
export const MEMORY_MIRRORS = { 'memory/USER.md': 'user', 'memory/MEMORY.md': 'global' } as const satisfies Record<
  string,
  Scope
>;
export type MemoryMirror = keyof typeof MEMORY_MIRRORS;
export const EDITED_MIRRORS: readonly MemoryMirror[] = ['memory/USER.md', 'memory/MEMORY.md'];

/** Edits of one mirror that were moved out of a promotion's way. */
export const keptEdits = (layout: BucketLayout, name: string): string[] =>
  listNames(layout.edits)
    .filter((entry) => entry.endsWith(`.${flatName(name)}`))
    .map((entry) => path.join(layout.edits, entry));

export const hasKeptEdits = (layout: BucketLayout): boolean => {
  const names = listNames(layout.edits);
  return EDITED_MIRRORS.some((mirror) => names.some((entry) => entry.endsWith(`.${flatName(mirror)}`)));
};
